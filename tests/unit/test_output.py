"""The JSON object of an answer, as the contract has it."""

from __future__ import annotations

import dataclasses
import json

import pytest

from fakes.stores import outcome
from fakes.tasks import EVERY_TASK, PLAIN, QUEUE, RECEIPT, SHORT, TAGS, record
from onhand.domain.answers import (
    Check,
    Classification,
    Edit,
    Extraction,
    Rewriting,
    Summary,
    SummaryPart,
    Tagging,
    Value,
)
from onhand.domain.errors import AppError, all_errors
from onhand.domain.output import output_object

KEYS = [
    "schema",
    "id",
    "kind",
    "answer",
    "confidence",
    "lane",
    "route",
    "model",
    "device",
    "seconds",
    "read",
    "error",
]


def of(answer, task, **more):
    return output_object(record(task=task, outcome=outcome(answer), **more))


def test_a_classification_has_the_form_of_the_contract():
    told = of(
        Classification(label="billing", scores={"billing": 0.91, "technical": 0.09}),
        QUEUE,
        name="r17",
    )
    assert list(told) == KEYS
    assert told == {
        "schema": 1,
        "id": "r17",
        "kind": "classify",
        "answer": {"label": "billing", "scores": {"billing": 0.91, "technical": 0.09}},
        "confidence": 0.5,
        "lane": "check",
        "route": "local",
        "model": "starter-135m",
        "device": "cpu",
        "seconds": 0.25,
        "read": 1.0,
        "error": None,
    }


@pytest.mark.parametrize(
    ("answer", "task", "told"),
    [
        (
            Tagging(labels=("a", "c"), scores={"a": 0.9}),
            TAGS,
            {"labels": ["a", "c"], "scores": {"a": 0.9}},
        ),
        (
            Extraction(
                fields={
                    "total": (
                        Value(
                            text="27.10", start=512, end=517, confidence=0.97, value="27.10"
                        ),
                        Value(
                            text="EUR",
                            start=None,
                            end=None,
                            confidence=0.5,
                            value="EUR",
                            inferred=True,
                        ),
                    ),
                    "company": (),
                }
            ),
            RECEIPT,
            {
                "fields": {
                    "total": [
                        {
                            "text": "27.10",
                            "start": 512,
                            "end": 517,
                            "confidence": 0.97,
                            "value": "27.10",
                        },
                        {
                            "text": "EUR",
                            "start": None,
                            "end": None,
                            "confidence": 0.5,
                            "value": "EUR",
                            "inferred": True,
                        },
                    ],
                    "company": [],
                }
            },
        ),
        (
            Rewriting(
                text="New",
                checks=(Check(name="numbers", ok=False, detail="12"),),
                edits=(Edit(start=0, end=3, text="New"),),
            ),
            PLAIN,
            {
                "text": "New",
                "checks": [{"name": "numbers", "ok": False, "detail": "12"}],
                "edits": [{"start": 0, "end": 3, "text": "New"}],
            },
        ),
        (
            Summary(text="Short.", parts=(SummaryPart(sentence=0, start=0, end=812),)),
            SHORT,
            {"text": "Short.", "parts": [{"sentence": 0, "start": 0, "end": 812}]},
        ),
    ],
    ids=["tagging", "extraction", "rewriting", "summary"],
)
def test_an_answer_has_the_form_of_the_contract(answer, task, told):
    assert of(answer, task)["answer"] == told


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_the_object_is_plain_json(task):
    told = output_object(record("some text", task))
    assert json.loads(json.dumps(told, allow_nan=False)) == told


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.code)
def test_a_failure_tells_code_title_and_way_out(kind):
    told = output_object(record(error=kind.code, error_detail="page 3", name="r1"))
    assert told["error"] == {
        "code": kind.code,
        "title": f"{kind.title}: page 3",
        "hint": kind.hint,
    }
    assert told["kind"] == "classify"
    assert {each for each in KEYS if told[each] is not None} == {
        "schema",
        "id",
        "kind",
        "error",
    }


def test_a_failure_of_a_later_version_keeps_its_code():
    told = output_object(record(error="cloud_asleep", error_detail=""))
    assert told["error"]["code"] == "cloud_asleep"
    assert told["error"]["hint"]


def test_an_unknown_confidence_is_null():
    unsure = outcome(Classification(label="billing", scores={}), confidence=None)
    assert output_object(record(outcome=unsure))["confidence"] is None


def test_a_single_text_is_called_by_its_number_in_the_history():
    kept = dataclasses.replace(record(), id=17)
    assert output_object(kept)["id"] == "r17"
    assert output_object(record())["id"] is None
    assert output_object(dataclasses.replace(kept, name="mine"))["id"] == "mine"


def test_errors_are_known_to_all_who_read_output():
    assert all(isinstance(kind.code, str) and kind.code for kind in all_errors())
    assert len({kind.code for kind in all_errors()}) == len(all_errors())
    assert issubclass(all_errors()[0], AppError)

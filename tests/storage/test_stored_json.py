"""Records as rows: nothing is lost on the way, and later versions are understood."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import NOON, answer_of, outcome
from fakes.tasks import EVERY_TASK, QUEUE, record
from onhand.domain.answers import (
    Check,
    Classification,
    Edit,
    Extraction,
    Lane,
    Outcome,
    Rewriting,
    Summary,
    SummaryPart,
    Tagging,
    Value,
)
from onhand.domain.errors import DataDamaged
from onhand.domain.tasks import (
    Classify,
    Example,
    Extract,
    Field,
    FieldType,
    Keep,
    Label,
    Rewrite,
    Summarise,
)
from onhand.storage.stored_json import (
    decode_answer,
    decode_outcome,
    decode_task,
    decode_time,
    encode_answer,
    encode_outcome,
    encode_task,
    encode_time,
    storable,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = TEXTS.filter(str.strip)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
OFFSETS = st.integers(0, 10**7)
ANSWER_DATA = st.one_of(TEXTS, st.lists(TEXTS), st.dictionaries(TEXTS, st.lists(TEXTS)))
COMMON = {
    "instruction": TEXTS,
    "name": TEXTS,
    "id": TEXTS,
    "examples": st.lists(
        st.builds(Example, text=TEXTS, answer=ANSWER_DATA), max_size=3
    ).map(tuple),
}
LABELS = st.lists(
    st.builds(Label, name=NAMES, meaning=TEXTS),
    min_size=2,
    max_size=5,
    unique_by=lambda label: label.name,
).map(tuple)
PLAIN_FIELDS = st.builds(
    Field,
    name=NAMES,
    description=TEXTS,
    type=st.sampled_from([each for each in FieldType if each is not FieldType.CHOICE]),
    multiline=st.booleans(),
    many=st.booleans(),
    required=st.booleans(),
)
CHOICES = st.builds(
    Field,
    name=NAMES,
    type=st.just(FieldType.CHOICE),
    choices=st.lists(NAMES, min_size=1, max_size=3).map(tuple),
)
FIELDS = st.lists(
    st.one_of(PLAIN_FIELDS, CHOICES),
    min_size=1,
    max_size=4,
    unique_by=lambda field: field.name,
).map(tuple)
TASKS = st.one_of(
    st.builds(
        Classify,
        **COMMON,
        labels=LABELS,
        multiple=st.booleans(),
        costs=st.dictionaries(TEXTS, NUMBERS, max_size=3),
    ),
    st.builds(Extract, **COMMON, fields=FIELDS),
    st.builds(Rewrite, **COMMON, keep=st.lists(st.sampled_from(Keep)).map(tuple)),
    st.builds(Summarise, **COMMON),
)
SCORES = st.dictionaries(TEXTS, NUMBERS, max_size=4)
VALUES = st.builds(
    Value,
    text=TEXTS,
    start=st.none() | OFFSETS,
    end=st.none() | OFFSETS,
    confidence=NUMBERS,
    value=TEXTS,
    inferred=st.booleans(),
)
ANSWERS = st.one_of(
    st.builds(Classification, label=TEXTS, scores=SCORES),
    st.builds(Tagging, labels=st.lists(TEXTS, max_size=3).map(tuple), scores=SCORES),
    st.builds(
        Extraction,
        fields=st.dictionaries(TEXTS, st.lists(VALUES, max_size=3).map(tuple), max_size=3),
    ),
    st.builds(
        Rewriting,
        text=TEXTS,
        checks=st.lists(
            st.builds(Check, name=TEXTS, ok=st.booleans(), detail=TEXTS), max_size=3
        ).map(tuple),
        edits=st.lists(
            st.builds(Edit, start=OFFSETS, end=OFFSETS, text=TEXTS), max_size=3
        ).map(tuple),
    ),
    st.builds(
        Summary,
        text=TEXTS,
        parts=st.lists(
            st.builds(SummaryPart, sentence=OFFSETS, start=OFFSETS, end=OFFSETS), max_size=3
        ).map(tuple),
        checks=st.lists(
            st.builds(Check, name=TEXTS, ok=st.booleans(), detail=TEXTS), max_size=2
        ).map(tuple),
    ),
)
OUTCOMES = st.builds(
    Outcome,
    answer=ANSWERS,
    confidence=st.none() | NUMBERS,
    lane=st.sampled_from(Lane),
    model=TEXTS,
    device=TEXTS,
    seconds=NUMBERS,
    read=NUMBERS,
    route=TEXTS,
    notes=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(TASKS)
def test_every_task_comes_back(task):
    assert decode_task(encode_task(task)) == task


@given(OUTCOMES)
def test_every_outcome_comes_back(given_outcome):
    assert decode_outcome(encode_outcome(given_outcome)) == given_outcome


@given(ANSWER_DATA)
def test_every_right_answer_comes_back(answer):
    assert decode_answer(encode_answer(answer)) == answer


@given(
    st.datetimes(
        min_value=datetime(1, 1, 3),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(9999, 12, 29),  # noqa: DTZ001
        timezones=st.integers(-1439, 1439).map(
            lambda off: timezone(timedelta(minutes=off))
        ),
    )
)
def test_every_moment_comes_back(moment):
    assert decode_time(encode_time(moment)) == moment


@given(st.lists(st.datetimes(timezones=st.just(NOON.tzinfo))))
def test_moments_sort_as_text(moments):
    assert [decode_time(text) for text in sorted(map(encode_time, moments))] == sorted(
        moments
    )


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_keys_of_later_versions_are_passed_over(task):
    stored = json.loads(encode_task(task))
    stored["mood"] = stored["task"]["mood"] = "sunny"
    assert decode_task(json.dumps(stored)) == task
    said = outcome(answer_of(task, "some text"))
    stored = json.loads(encode_outcome(said))
    stored["mood"] = stored["answer"]["mood"] = {"deep": [1]}
    assert decode_outcome(json.dumps(stored)) == said


def test_keys_that_earlier_versions_did_not_write_have_their_defaults():
    stored = json.loads(encode_task(QUEUE))
    for key in ("multiple", "none", "costs", "examples", "name", "id"):
        del stored["task"][key]
    older = decode_task(json.dumps(stored))
    assert older == Classify(instruction=QUEUE.instruction, labels=QUEUE.labels)


@pytest.mark.parametrize(
    "decode", [decode_task, decode_outcome, decode_answer, decode_time]
)
@given(text=st.text())
def test_what_cannot_be_read_is_told_to_be_damaged(decode, text):
    try:
        decode(text)
    except DataDamaged:
        return
    assert decode is not decode_task


@pytest.mark.parametrize(
    ("kind", "task"),
    [("dream", {}), ("classify", {"instruction": "x", "labels": []}), ("extract", {})],
)
def test_a_stored_task_that_breaks_a_rule_is_damaged(kind, task):
    with pytest.raises(DataDamaged):
        decode_task(json.dumps({"format": 1, "kind": kind, "task": task}))


@given(st.text())
def test_halves_of_characters_are_replaced_one_by_one(text):
    kept = storable(text)
    kept.encode()
    assert len(kept) == len(text)
    assert all(
        a == b or a == "\N{REPLACEMENT CHARACTER}" for a, b in zip(kept, text, strict=True)
    )


def test_a_task_with_halves_of_characters_can_be_kept():
    odd = dataclasses.replace(QUEUE, instruction="bad \ud800 half")
    assert decode_task(encode_task(odd)).instruction == "bad \N{REPLACEMENT CHARACTER} half"


def test_a_record_says_nothing_that_it_was_not_told():
    fields = {each.name for each in dataclasses.fields(record())}
    assert {"id", "at", "task", "outcome", "correction", "job", "row", "name"} <= fields

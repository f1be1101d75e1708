"""`models compare` and `models use --undo`, as somebody types them."""

from __future__ import annotations

import dataclasses

from fakes.command_line import LARGE
from fakes.policies import READERS
from fakes.stores import FakeModels, FakeTasks, outcome
from fakes.tasks import QUEUE, record
from onhand.domain.answers import Classification
from onhand.domain.errors import TextTooLong
from onhand.domain.policies import read_policies


def test_the_model_before_is_gone_back_to(desk):
    said = desk.run("models use --undo")
    assert (said.code, "There is no model to go back to" in said.err) == (2, True)
    desk.run("models use large")
    assert desk.settings.load().previous_model == "tiny-1m"
    assert desk.run("models use large").code == 0  # which changes nothing
    assert desk.run("models use --undo --json").objects[0]["model"] == "tiny-1m"
    assert desk.run("models use --undo --json").objects[0]["model"] == "large-1b"
    desk.models = FakeModels(LARGE)
    assert desk.run("models use --undo").code == 3
    assert desk.settings.load().model == "large-1b"
    assert desk.run("models use").code == 2
    assert desk.run("models use tiny --undo").code == 2


def test_two_models_are_compared(desk):
    desk.run("classify text --label billing --label technical")
    desk.run("history correct r1 technical")
    desk.run("extract 'Inn, cash' --field way")
    desk.run("history pin r2")
    desk.answering.answers = {
        "large": Classification(label="technical", scores={"technical": 1.0})
    }
    said = desk.run("models compare tiny large")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[:4] == [
        "2 pinned and corrected texts were answered by both models.",
        "The same answer: 0 of 2.",
        "Right, of 1 that you corrected: tiny-1m 0, large-1b 1.",
        "These are not enough to say which is right more often.",
    ]
    assert lines[4] == "tiny-1m: 0.25 s an answer, 1 MB of memory."
    assert "r1\tclassify\ttext\tbilling\ttechnical\ttechnical" in lines
    assert len(desk.history.stored) == 2
    (shown,) = desk.run("models compare tiny large --json --limit 1").objects
    assert shown["models"][1]["right"] == 1
    assert (shown["texts"], shown["finding"], shown["p"]) == (1, "too_few", 1.0)
    (item,) = shown["changing"]
    assert (item["id"], item["answers"]) == ("r1", ["billing", "technical"])


def test_a_plain_difference_is_told_with_what_speaks_against_it(desk):
    wrong = Classification(label="billing", scores={})
    made = dataclasses.replace(outcome(wrong), model="tiny-1m")
    for number in range(6):
        entry = record(f"text {number}", correction="technical", outcome=made)
        desk.history.add(entry)
    desk.answering.answers = {
        "tiny": wrong,
        "large": Classification(label="technical", scores={}),
    }
    for order in ("tiny large", "large tiny"):
        said = desk.run(f"models compare {order}").out
        assert "large-1b is right more often, hardly by chance (p = 0.031)." in said
        assert "because tiny-1m was wrong, so it looks worse here than it is." in said
    desk.answering.answers = {}
    for number in range(20):
        desk.history.add(record(f"text {number + 6}", correction="billing"))
    assert (
        "The difference may be chance (p = 1)." in desk.run("models compare tiny large").out
    )


def test_where_nothing_is_kept_samples_are_offered(desk):
    said = desk.run("models compare tiny large")
    assert (said.code, "Nothing is pinned or corrected yet" in said.err) == (2, True)
    assert "--samples" in said.err
    desk.tasks = FakeTasks(dataclasses.replace(QUEUE, id="onhand-sentiment"))
    said = desk.run("models compare tiny large --samples")
    assert said.out.startswith("5 texts that come with the program were answered")
    assert "The same answer: 5 of 5." in said.out


def test_what_one_model_cannot_answer_is_told(desk):
    desk.history.add(record("one", pinned=True))
    desk.answering.failing = TextTooLong("9000 tokens")
    said = desk.run("models compare tiny large")
    assert "large-1b: 2.0 GB of memory, no answer for 1." in said.out


def test_a_fixed_model_is_neither_changed_nor_undone(desk, tmp_path):
    desk.run("models use large")
    desk.run("models use tiny")
    held = read_policies(READERS["linux"](tmp_path, {"Model": "tiny-1m"}).read())
    desk.settings.policies = held
    for how in ("large", "--undo"):
        said = desk.run(f"models use {how}")
        assert said.code == 7
        assert "managed by your organisation" in said.err
    assert desk.settings.load().model == "tiny-1m"

"""`history`, as somebody types it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from fakes.stores import NOON
from fakes.tasks import PLAIN, QUEUE, RECEIPT, TAGS, record
from onhand.domain.answers import Extraction, Value
from onhand.domain.errors import DataTooNew
from onhand.domain.tasks import identity


@pytest.fixture
def kept(desk):
    """A desk with three entries."""
    desk.history.add(record("I was charged twice"))
    desk.history.add(record("Inn 27.10", RECEIPT))
    desk.history.add(record("it dont work", PLAIN))
    return desk


def test_entries_are_listed_newest_first(kept):
    said = kept.run("history search")
    assert [line.split("\t")[0] for line in said.out.splitlines()] == ["r3", "r2", "r1"]
    assert "I was charged twice" in said.out


def test_entries_with_all_words_are_found(kept):
    assert kept.run("history search twice charged").out.startswith("r1\t")
    said = kept.run("history search nowhere")
    assert (said.code, said.out) == (0, "")
    assert "No entry has all these words." in said.err


def test_entries_can_be_narrowed_and_paged(kept):
    assert kept.run("history search --kind extract").out.startswith("r2\t")
    said = kept.run("history search --limit 1")
    assert "--before r3" in said.err
    assert kept.run("history search --limit 1 --before r3").out.startswith("r2\t")


def test_a_terminal_gets_a_table_in_which_every_entry_is_one_line(kept):
    kept.history.add(record("two\nlines " * 100))
    said = kept.run("history search", terminal=True)
    assert len(said.out.splitlines()) == 2 + 4


def test_entries_are_objects_where_json_is_wanted(kept):
    found = kept.run("history search --json").objects
    assert [each["id"] for each in found] == ["r3", "r2", "r1"]
    assert found[2]["text"] == "I was charged twice"
    assert found[2]["task"] == "Ticket queue"
    assert found[2]["pinned"] is False
    assert found[2]["correction"] is None


@pytest.mark.parametrize("name", ["r1", "1"])
def test_an_entry_is_shown_whole(kept, name):
    said = kept.run(f"history show {name}")
    assert "Ticket queue: classify" in said.out
    assert "I was charged twice" in said.out
    assert kept.run(f"history show {name} --json").objects[0]["id"] == "r1"


def test_an_entry_that_failed_tells_why(desk):
    desk.history.add(record(error="too_long", error_detail="9000 tokens"))
    assert "9000 tokens" in desk.run("history show r1").out
    assert "(too_long)" in desk.run("history search").out


@pytest.mark.parametrize(("name", "code"), [("r9", 2), ("x", 2), ("r0", 2), ("-1", 2)])
def test_an_entry_that_is_not_there_is_refused(kept, name, code):
    said = kept.run(f"history show {name}")
    assert said.code == code
    assert len(said.err.splitlines()) == 2


def test_a_label_is_corrected(kept):
    said = kept.run("history correct r1 billing")
    assert said.code == 0
    assert "r1 is corrected to: billing" in said.err
    assert kept.history.get(1).correction == "billing"
    assert kept.history.corrections(record().task_id)[0].answer == "billing"
    assert "Corrected to: billing" in kept.run("history show r1").out
    assert "billing (corrected)" in kept.run("history search twice").out


def test_an_answer_is_confirmed(kept):
    said = kept.run("history correct r1 --right")
    assert "r1 is right: technical" in said.err
    assert kept.history.get(1).correction == "technical"
    assert "technical (right)" in kept.run("history search twice").out
    assert kept.run("history correct r1 billing --right").code == 2


def test_what_has_no_answer_cannot_be_right(desk):
    desk.history.add(record(error="too_long"))
    said = desk.run("history correct r1 --right")
    assert said.code == 2
    assert "no answer" in said.err


def test_several_labels_are_corrected_even_to_none(desk):
    desk.history.add(record("cheap", TAGS))
    desk.run("history correct r1 price taste")
    assert desk.history.get(1).correction == ["price", "taste"]
    said = desk.run("history correct r1")
    assert desk.history.get(1).correction == []
    assert "none of the labels" in said.err


def test_fields_that_are_not_named_keep_what_was_found(desk):
    found = Value(text="Inn", start=0, end=3, confidence=0.5, value="Inn")
    answered = record("Inn 27.10", RECEIPT)
    assert answered.outcome is not None
    outcome = dataclasses.replace(
        answered.outcome, answer=Extraction(fields={"company": (found,), "way": ()})
    )
    desk.history.add(dataclasses.replace(answered, outcome=outcome))
    desk.run("history correct r1 way=cash way=card")
    assert desk.history.get(1).correction == {"company": ["Inn"], "way": ["cash", "card"]}
    desk.run("history correct r1 company=")
    assert desk.history.get(1).correction == {"company": [], "way": ["cash", "card"]}


def test_a_text_is_corrected_from_standard_input(kept):
    kept.run("history correct r3 -", stdin=b"Es geht nicht.\n")
    assert kept.history.get(3).correction == "Es geht nicht.\n"


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("r1", "one label"),
        ("r1 billing technical", "one label"),
        ("r1 nonsense", "must be one of billing, technical"),
        ("r2 cash", "FIELD=VALUE"),
        ("r2", "FIELD=VALUE"),
        ("r2 colour=red", "company, way"),
        ("r3 ' '", "must be a text"),
        ("r9 billing", "no such entry"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(kept, line, cause):
    said = kept.run(f"history correct {line}")
    assert said.code == 2
    assert cause in said.err
    assert all(each.correction is None for each in kept.history.stored)


def test_an_entry_is_pinned_and_unpinned(kept):
    assert "r1 is pinned." in kept.run("history pin r1").err
    assert kept.history.get(1).pinned
    assert "★" in kept.run("history search twice").out
    assert kept.run("history pin r1 --off --json").objects[0]["pinned"] is False
    assert kept.run("history pin r9").code == 2


def test_a_history_that_cannot_be_opened_tells_why(desk):
    def refuse(*_: object, **__: object) -> list[object]:
        raise DataTooNew("version 9")

    desk.history.search = refuse
    said = desk.run("history search")
    assert said.code == 6
    assert "newer version" in said.err


def test_a_correction_of_a_task_without_a_name_is_listed(desk):
    desk.history.add(record("text", dataclasses.replace(QUEUE, name="")))
    assert "\tclassify\t" in desk.run("history search").out


def test_the_history_is_narrowed_to_a_task_a_lane_a_model_and_days(desk):
    for number, task in enumerate((QUEUE, RECEIPT, QUEUE)):
        given = record(f"text {number}", task, at=NOON + timedelta(days=number))
        made = dataclasses.replace(given.outcome, model=f"m{number}")
        desk.history.add(dataclasses.replace(given, outcome=made))

    def found(options):
        said = desk.run(f"history search --json {options}")
        assert said.code == 0
        return [each["id"] for each in said.objects]

    assert found(f"--task '{QUEUE.name}'") == ["r3", "r1"]
    assert found(f"--task {identity(RECEIPT)}") == ["r2"]
    assert found("--by m1") == ["r2"]
    assert found("--lane check") == ["r3", "r2", "r1"]
    assert found("--lane sure") == []
    assert found("--since 2026-03-02") == ["r3", "r2"]
    assert found("--until 2026-03-02") == ["r2", "r1"]
    assert found("--since 2026-03-02 --until 2026-03-02 --kind extract") == ["r2"]
    exported = desk.run("history export --by m2").objects
    assert [each["text"] for each in exported] == ["text 2"]
    assert "No entry is like this." in desk.run("history search --by m9").err
    for wrong in ("--since tomorrow", "--until 9999-12-31", "--lane fast", "--task none"):
        assert desk.run(f"history search {wrong}").code == 2

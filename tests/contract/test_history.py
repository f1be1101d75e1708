"""What every history keeps and finds: the one in memory and the one in SQLite."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from fakes.histories import open_database
from fakes.stores import NOON, STARTER, FakeHistory
from fakes.tasks import EVERY_TASK, PLAIN, QUEUE, RECEIPT, SHORT, TAGS, record
from onhand.domain.answers import Lane, plain
from onhand.domain.errors import RecordUnknown
from onhand.domain.tasks import Example, Kind, identity, version
from onhand.services.history_ports import Narrowed
from onhand.services.measuring import bare
from onhand.storage.history import SqliteHistory


@pytest.fixture(params=["fake", "sqlite"])
def history(request, tmp_path):
    if request.param == "fake":
        yield FakeHistory()
        return
    database = open_database(tmp_path / "history.db")
    yield SqliteHistory(database)
    database.close()


def found(history, words, *, kind=None, limit=50, before=None):
    records = history.search(words, kind=kind, limit=limit, before=before)
    return [each.text for each in records]


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_a_record_comes_back_as_it_was_stored(history, task):
    given = record("Zürich 😀\r\ncash", task, name="n1", pinned=True)
    number = history.add(given)
    assert history.get(number) == dataclasses.replace(given, id=number)


def test_a_failure_comes_back_with_its_cause(history):
    number = history.add(record(error="too_long", error_detail="9000 tokens"))
    stored = history.get(number)
    assert stored.outcome is None
    assert (stored.error, stored.error_detail) == ("too_long", "9000 tokens")


def test_numbers_go_up(history):
    numbers = [history.add(record(f"text {each}")) for each in range(3)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 0


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_is_not_there_is_said_to_be_unknown(history, number):
    history.add(record())
    for ask in (
        lambda: history.get(number),
        lambda: history.correct(number, "billing", NOON),
        lambda: history.pin(number, pinned=True),
    ):
        with pytest.raises(RecordUnknown):
            ask()


def test_the_newest_comes_first(history):
    for text in ("first", "second", "third"):
        history.add(record(text))
    assert found(history, "") == ["third", "second", "first"]


def test_pages_follow_each_other_without_gap_or_repetition(history):
    for number in range(7):
        history.add(record(f"text {number}"))
    seen: list[str] = []
    before = None
    while page := history.search("text", kind=None, limit=3, before=before):
        seen += [each.text for each in page]
        before = page[-1].id
    assert seen == [f"text {number}" for number in reversed(range(7))]


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("charged", True),
        ("CHARGED twice", True),
        ("twice charged", True),
        ("harge", True),
        ("ch tw", True),
        ("queue", True),
        ("billing", True),
        ("charged refund", False),
        ("ch zz", False),
        ("zzz", False),
        ("   ", True),
        ("", True),
    ],
)
def test_all_words_must_be_in_text_answer_or_task_name(history, words, hit):
    history.add(record("I was charged twice, it's absurd"))
    assert bool(found(history, words)) is hit


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        '"a',
        "a*",
        "AND",
        "OR NOT",
        "text:x",
        "(",
        "-x",
        "%",
        "_",
        "\\",
        "a\0b",
        "^a",
    ],
)
def test_words_are_only_words_whatever_they_look_like(history, words):
    history.add(record("nothing of the kind"))
    assert found(history, words) == []
    history.add(record(f"here it is: {words}."))
    assert len(found(history, words)) == 1


def test_a_pasted_page_finds_the_record_that_holds_it(history):
    page = " ".join(f"word{number}" for number in range(2000)) + " " + "x" * 5000
    history.add(record(page))
    history.add(record("another text"))
    assert found(history, page) == [page]


def test_one_kind_can_be_asked_for(history):
    for task in (QUEUE, RECEIPT, PLAIN, SHORT, TAGS):
        history.add(record(f"of {task.name}", task))
    assert found(history, "", kind=Kind.EXTRACT) == ["of Receipt"]
    assert found(history, "of", kind=Kind.CLASSIFY) == ["of Tags", "of Ticket queue"]


def test_answers_that_the_user_judged_are_found_by_task_and_version(history):
    for number in range(4):
        history.add(record(f"text {number}", correction="technical"))
    history.add(record("not judged"))
    history.add(record("of another version", task_version="v0", correction="technical"))
    history.add(record("of another task", TAGS, correction=["price"]))
    history.add(record("failed", error="too_long", correction="technical"))
    asked = (identity(QUEUE), version(QUEUE))
    judged = history.judged(*asked, 10)
    assert [each.text for each in judged] == ["text 3", "text 2", "text 1", "text 0"]
    assert {each.correction for each in judged} == {"technical"}
    assert [each.text for each in history.judged(*asked, 2)] == ["text 3", "text 2"]


def test_failures_are_found_by_their_text(history):
    history.add(record("an endless text", error="too_long"))
    assert found(history, "endless") == ["an endless text"]


def test_a_correction_is_kept_with_the_record_and_with_its_task(history):
    number = history.add(record("It is down again"))
    history.add(record("Another", TAGS))
    history.correct(number, "technical", NOON)
    assert history.get(number).correction == "technical"
    (correction,) = history.corrections(identity(QUEUE))
    assert (correction.text, correction.answer, correction.at) == (
        "It is down again",
        "technical",
        NOON,
    )
    assert history.corrections(identity(TAGS)) == []


@pytest.mark.parametrize(
    "answer", ["billing", ["price"], [], {"company": ["Inn", "Bar"]}, {}]
)
def test_a_correction_of_any_form_comes_back(history, answer):
    number = history.add(record())
    history.correct(number, answer, NOON)
    assert history.get(number).correction == answer
    assert [each.answer for each in history.corrections(identity(QUEUE))] == [answer]


def test_the_last_correction_counts(history):
    first, second = (history.add(record(text)) for text in ("one", "two"))
    history.correct(first, "billing", NOON)
    history.correct(second, "billing", NOON + timedelta(minutes=1))
    history.correct(first, "technical", NOON + timedelta(minutes=2))
    assert [(each.text, each.answer) for each in history.corrections(identity(QUEUE))] == [
        ("two", "billing"),
        ("one", "technical"),
    ]


def test_a_corrected_record_is_found_by_the_right_answer(history):
    number = history.add(record("Help!"))
    history.correct(number, "warehouse", NOON)
    assert found(history, "warehouse") == ["Help!"]
    history.correct(number, "reception", NOON)
    assert found(history, "warehouse") == []


def test_a_pin_can_be_set_and_taken_off(history):
    number = history.add(record())
    history.pin(number, pinned=True)
    assert history.get(number).pinned
    history.pin(number, pinned=False)
    assert not history.get(number).pinned


def test_pinned_entries_are_listed_newest_first(history):
    numbers = [history.add(record(f"text {each}")) for each in range(5)]
    for number in (numbers[3], numbers[0], numbers[4]):
        history.pin(number, pinned=True)
    history.pin(numbers[0], pinned=False)
    assert [each.id for each in history.pinned(9)] == [numbers[4], numbers[3]]
    assert [each.id for each in history.pinned(1)] == [numbers[4]]
    assert all(each.pinned for each in history.pinned(9))


def test_corrected_entries_are_listed_newest_first(history):
    numbers = [history.add(record(f"text {each}")) for each in range(5)]
    for number in (numbers[3], numbers[0], numbers[4]):
        history.correct(number, "billing", NOON)
    found = history.corrected(2)
    assert [each.id for each in found] == [numbers[4], numbers[3]]
    assert [each.correction for each in found] == ["billing", "billing"]
    assert len(history.corrected(9)) == 3


def test_labelled_texts_are_examples_of_their_task(history):
    history.teach("queue", [Example(text="Zürich\n😀", answer="billing")], NOON)
    history.teach("other", [Example(text="one", answer="a")], NOON)
    [found] = history.corrections("queue")
    assert (found.text, found.answer, found.at) == ("Zürich\n😀", "billing", NOON)


def test_a_text_that_is_taught_again_gets_its_new_label(history):
    twice = [Example(text="one", answer="a"), Example(text="two", answer="a")]
    history.teach("queue", twice, NOON)
    history.teach("queue", [Example(text="one", answer="b")], NOON + timedelta(hours=1))
    found = [(each.text, each.answer) for each in history.corrections("queue")]
    assert found == [("two", "a"), ("one", "b")]


def test_a_correction_of_an_entry_stands_beside_what_was_taught(history):
    number = history.add(record("one", QUEUE))
    task_id = history.get(number).task_id
    history.teach(task_id, [Example(text="two", answer="technical")], NOON)
    history.correct(number, "billing", NOON + timedelta(hours=1))
    found = [(each.text, each.answer) for each in history.corrections(task_id)]
    assert found == [("two", "technical"), ("one", "billing")]


def test_examples_are_removed_one_by_one(history):
    number = history.add(record("one", QUEUE))
    task_id = history.get(number).task_id
    taught = [Example(text=text, answer="technical") for text in ("two", "three")]
    history.teach(task_id, taught, NOON)
    history.correct(number, "billing", NOON + timedelta(hours=1))
    two, three, one = history.corrections(task_id)
    assert (two.record, one.record) == (None, number)
    assert history.unteach("other", [two.id]) == 0
    assert history.unteach(task_id, [two.id, one.id, 2**70, 0]) == 2
    assert history.unteach(task_id, [two.id]) == 0
    assert [each.text for each in history.corrections(task_id)] == ["three"]
    assert history.get(number).correction is None
    assert found(history, "one") == ["one"]
    assert found(history, "billing") == []
    assert history.judged(task_id, history.get(number).task_version, 9) == []
    history.correct(number, "technical", NOON)
    assert history.get(number).correction == "technical"
    assert three.id in {each.id for each in history.corrections(task_id)}


def test_entries_are_narrowed_to_task_lane_model_and_days(history):
    for number, (task, lane, model) in enumerate(
        (
            (QUEUE, Lane.SURE, "small"),
            (RECEIPT, Lane.CHECK, "small"),
            (QUEUE, Lane.CHECK, "large"),
            (QUEUE, Lane.HARD, "large"),
        )
    ):
        given = record(f"text {number}", task, at=NOON + timedelta(days=number))
        made = dataclasses.replace(given.outcome, lane=lane, model=model)
        history.add(dataclasses.replace(given, outcome=made))
    history.add(record("text 4", error="too_long", at=NOON + timedelta(days=4)))

    def numbers(words="", **only):
        found = history.search(
            words, kind=None, limit=9, before=None, only=Narrowed(**only)
        )
        return [each.text.removeprefix("text ") for each in found]

    assert numbers(task_id=identity(QUEUE)) == ["4", "3", "2", "0"]
    assert numbers(lane=Lane.CHECK) == ["2", "1"]
    assert numbers(model="large") == ["3", "2"]
    assert numbers(model="none") == []
    assert numbers(since=NOON + timedelta(days=3)) == ["4", "3"]
    assert numbers(until=NOON + timedelta(days=1)) == ["0"]
    assert numbers(model="small", lane=Lane.SURE, task_id=identity(QUEUE)) == ["0"]
    assert numbers("text", model="large", lane=Lane.HARD) == ["3"]
    assert numbers("3", since=NOON, until=NOON + timedelta(days=9)) == ["3"]


def test_the_tasks_and_models_that_there_are_can_be_asked_for(history):
    assert history.occurring().models == []
    for model in ("b", "a", "b"):
        given = record(f"by {model}", TAGS if model == "a" else QUEUE)
        made = dataclasses.replace(given.outcome, model=model)
        history.add(dataclasses.replace(given, outcome=made))
    history.add(record("failed", RECEIPT, error="too_long"))
    found = history.occurring()
    assert found.models == ["a", "b"]
    assert found.tasks == {identity(each): each for each in (QUEUE, TAGS, RECEIPT)}


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_an_entry_of_figures_alone_comes_back_and_says_so(history, task):
    number = history.add(bare(record("a canary", task, name="n1")))
    kept = history.get(number)
    assert kept.bare
    assert not history.get(history.add(record("whole", task))).bare
    assert (kept.text, kept.name, kept.task.examples) == ("", "", ())
    assert plain(kept.outcome.answer) == ""
    assert kept.outcome.model == STARTER.id
    assert kept.task_id == identity(task)
    assert found(history, "canary") == []

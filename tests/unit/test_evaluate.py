"""Measuring models on labelled texts."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from fakes.engine import FakeEngine
from fakes.school import Classroom
from fakes.stores import (
    FakeClock,
)
from fakes.tasks import PLAIN, QUEUE, TAGS
from onhand.domain.errors import EngineFailed, ModelMissing, UsageError
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.side_by_side import difference
from onhand.domain.tasks import Example, Extract, Field, FieldType
from onhand.domain.teaching import UnknownLabels
from onhand.services.calibrating import Calibrations
from onhand.services.evaluate import Evaluate
from onhand.services.ports import InstalledModel
from onhand.services.teach import Teach

SMALL = InstalledModel(id="small", title="Small", path=Path("small.gguf"), bytes=10)
LARGE = InstalledModel(id="large", title="Large", path=Path("large.gguf"), bytes=40)
ROWS = [
    Example(
        text=f"charged {number}" if number % 2 else f"crash {number}",
        answer="billing" if number % 2 else "technical",
    )
    for number in range(20)
]


class Bench(Classroom):
    """Models to measure, at hand."""

    def __init__(self):
        keywords = {"billing": "charged", "technical": "crash"}
        super().__init__(FakeEngine(keywords=keywords), SMALL, LARGE)
        self.evaluate = Evaluate(
            models=self.models,
            answering=self.answering,
            calibrations=Calibrations(self.history, self.heads),
            history=self.history,
            memory=lambda model: 2 * model.bytes,
        )

    def __call__(self, rows=ROWS, wanted=("small", "large"), task=QUEUE, **more):
        cancel = more.pop("cancel", None) or CancelToken()
        return self.evaluate(task, rows, wanted, cancel, **more)


@pytest.fixture
def bench():
    return Bench()


def test_every_model_answers_every_text(bench):
    small, large = bench()
    assert [small.model, large.model] == ["small", "large"]
    assert (small.memory, large.bytes) == (20, 40)
    assert small.accuracy == large.accuracy == 1.0
    assert [each.right for each in small.answers] == [each.answer for each in ROWS]
    assert all(each.confidence is not None for each in small.answers)


def test_without_a_name_the_selected_model_is_measured(bench):
    [only] = bench(wanted=())
    assert only.model == "small"


def test_afterwards_the_selected_model_answers_again(bench):
    bench(wanted=["large"])
    assert Path(bench.engine.state().model) == SMALL.path


def test_a_group_that_fails_is_answered_one_by_one(bench):
    def fail_once(far):
        bench.engine.failing = EngineFailed("once") if far.done == 16 else None

    [only] = bench(wanted=["small"], on_progress=fail_once)
    assert (only.right, only.failed) == (20, 0)


def test_an_engine_that_fails_on_everything_ends_it(bench):
    class Broken(FakeEngine):
        def score(self, request, cancel):
            raise EngineFailed("always")

    bench.engine.score = Broken().score
    with pytest.raises(EngineFailed):
        bench()


def teaching(bench):
    """Teaches the models of the bench."""
    return Teach(
        answering=bench.answering,
        models=bench.models,
        heads=bench.heads,
        history=bench.history,
        clock=FakeClock(),
    )


def test_what_was_taught_answers_and_texts_that_taught_are_counted(bench):
    bench.engine.keywords = {"billing": "never", "technical": "never"}
    ends = ["aeiou", "aeiuo", "aeoiu", "aeoui", "aeuio", "aeuoi", "aieou", "aieuo", "aioeu"]
    rows = [
        Example(text=f"{word} {end}", answer=label)
        for word, label in (("bill", "billing"), ("crash", "technical"))
        for end in ends
    ]
    teach = teaching(bench)
    [before] = bench(rows, ["small"])
    teach(QUEUE, rows, cancel=CancelToken())
    [after, other] = bench([*rows, Example(text="crash uoiea", answer="technical")])
    assert (before.taught, before.seen) == (0, 0)
    assert (after.taught, after.seen) == (len(rows), len(rows))
    assert (other.taught, other.seen) == (0, 0)
    assert after.accuracy > before.accuracy


def test_texts_that_the_model_is_shown_with_their_answers_are_counted(bench):
    shown = QUEUE.examples[0]
    [found] = bench([*ROWS, shown], ["small"])
    assert (found.taught, found.seen) == (0, 1)
    many = dataclasses.replace(QUEUE, examples=(*ROWS, shown))
    [found] = bench([*ROWS, shown], ["small"], many)
    assert (found.taught, found.seen) == (0, 0)
    teaching(bench)(many, (), cancel=CancelToken())
    [found] = bench([*ROWS[:5], shown], ["small"], many)
    assert found.seen == (6 if found.taught else 0)


def test_progress_counts_all_answers_and_tells_the_time_left(bench):
    told = []
    bench(on_progress=told.append)
    assert [each.done for each in told] == [0, 16, 20, 20, 36, 40]
    assert {each.total for each in told} == {40}
    assert {each.note for each in told} == {"Small", "Large"}
    assert told[1].seconds_left is not None


def test_it_can_be_stopped(bench):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        bench(cancel=cancel)


def test_written_texts_are_measured_by_the_words_that_can_stay(bench):
    bench.engine.writes = lambda text: text.replace("hall", "room")
    rows = [
        Example(text="The hall is cold today", answer="The  room is cold today "),
        Example(text="The hall is warm today", answer="The room is hot today"),
        Example(text="A door", answer="Something else altogether"),
    ]
    [found] = bench(rows, ["small"], PLAIN)
    assert found.written
    assert [each.stays for each in found.answers] == [1.0, 0.8, 0.0]
    assert (found.score, found.right, found.failed) == (pytest.approx(0.6), 1, 0)
    low, high = found.score_interval
    assert 0 < low < found.score < high < 1
    assert (found.labels, found.confusion) == ((), {})
    assert [each.is_right for each in found.judged] == [True, False, False]


def test_a_text_of_which_nothing_was_written_keeps_no_word(bench):
    task = dataclasses.replace(PLAIN, instruction="Write. " * 5000)
    [found] = bench([Example(text="A door", answer="A door")], ["small"], task)
    assert (found.failed, found.score, found.accuracy) == (1, 0.0, 0.0)
    assert found.seconds(0.5) == 0.0


def test_what_taught_a_task_that_writes_is_told(bench):
    bench.engine.writes = "Note: {}".format
    bench.engine.imitates = lambda _, text: f"Short: {text}"
    rows = [
        Example(text=f"Door {at} sticks", answer=f"Short: Door {at} sticks")
        for at in range(20)
    ]
    before, _ = bench(rows, task=PLAIN)
    teaching(bench)(PLAIN, rows, cancel=CancelToken())
    after, large = bench(rows, task=PLAIN)
    assert (before.taught, before.seen, after.taught, after.seen) == (0, 0, 20, 20)
    assert before.score < after.score == 1.0
    assert difference(after, large) == difference(large, after) < 0.001


BOOKING = Extract(
    instruction="Find it.",
    fields=(Field(name="party", many=True), Field(name="total", type=FieldType.AMOUNT)),
)


def test_fields_are_measured_value_by_value(bench):
    bench.engine.patterns = {"party": r"\b[A-Z][a-z]+", "total": r"[\d.]+(?= EUR)"}
    rows = [
        Example(text="for Ann, Bob 12.50 EUR", answer={"party": ["bob", "Ann"]}),
        Example(text="for Ann 12.50 EUR", answer={"party": ["Ann"], "total": ["12.5"]}),
        Example(text="for nobody", answer={}),
        Example(text="from Ann", answer={"party": ["Zoe"]}),
    ]
    [found] = bench(rows, ["small"], BOOKING)
    assert found.fields == ("party", "total")
    assert [each.given for each in found.answers] == [
        (("party", "bob"), ("party", "Ann"), ("total", "12.50")),
        (("party", "Ann"), ("total", "12.5")),
        (),
        (("party", "Ann"),),
    ]
    assert [each.is_right for each in found.answers] == [False, True, True, False]
    assert [[one.is_right for one in each.fields] for each in found.answers] == [
        *([True, False], [True, True], [True, True], [False, True]),
    ]
    assert found.score == found.micro_f1 == pytest.approx(2 * 4 / (5 + 6))
    assert (found.accuracy, found.bare, len(found.judged)) == (0.5, 1, 8)
    party, total = found.labels
    assert (party.label, party.texts, party.given, party.found) == ("party", 4, 4, 3)
    assert (total.label, total.texts, total.given, total.found) == ("total", 1, 2, 1)
    assert found.calibration_error is not None


def test_a_text_without_an_answer_has_no_field_right(bench):
    bench.engine.patterns = {"party": r"\b[A-Z]\w+"}
    rows = [
        Example(text="for Ann", answer={"party": ["Ann"]}),
        Example(text="word " * 5000, answer={}),
    ]
    task = dataclasses.replace(BOOKING, instruction="Find it. " * 2000)
    [found] = bench(rows, ["small"], task)
    assert found.failed == len(rows)
    assert not any(each.is_right or each.answered for each in found.judged)
    assert (found.accuracy, found.micro_f1, found.calibration_error) == (0.0, 0.0, None)


def test_what_was_taught_of_fields_is_measured_and_counted(bench):
    bench.engine.patterns = {"party": r"(?<=for )\d+", "total": r"[\d.]+(?= EUR)"}
    rows = [
        Example(
            text=f"Table for {at % 7 + 2} guests, {at}.00 EUR",
            answer={"party": [f"{at % 7 + 2} guests"], "total": [f"{at}.00"]},
        )
        for at in range(1, 25)
    ]
    task = dataclasses.replace(BOOKING, fields=(Field(name="party"), BOOKING.fields[1]))
    before, _ = bench(rows, task=task)
    teaching(bench)(task, rows, cancel=CancelToken())
    after, large = bench(rows, task=task)
    assert (before.taught, before.seen, after.taught, after.seen) == (0, 0, 24, 24)
    assert (before.score, after.score) == (0.5, 1.0)
    assert difference(after, large) < 0.001
    assert difference(after, large) == difference(large, after)
    assert difference(large, before) == 1.0


def test_any_number_of_labels_is_right_where_all_are_in_whatever_order(bench):
    bench.engine.keywords = {"price": "cheap", "taste": "good", "neither": "bus"}
    rows = [
        Example(text="cheap, and good", answer=["taste", "price"]),
        Example(text="cheap", answer=["price"]),
        Example(text="by bus", answer=["neither"]),
        Example(text="good", answer=["price", "taste"]),
    ]
    [found] = bench(rows, ["small"], TAGS)
    assert found.several
    assert [each.right for each in found.answers] == [
        *(("price", "taste"), ("price",), (), ("price", "taste"))
    ]
    assert [each.given for each in found.answers] == [
        *(("price", "taste"), ("price",), (), ("taste",))
    ]
    assert (found.accuracy, found.bare) == (0.75, 1)
    assert all(each.confidence is not None for each in found.answers)
    with pytest.raises(UnknownLabels, match="service"):
        bench([Example(text="slow", answer=["taste", "service"])], task=TAGS)


def test_what_was_taught_of_several_labels_is_measured_and_counted(bench):
    bench.engine.keywords = {"price": "never", "taste": "never", "neither": "never"}
    words = {(): "dddddd", ("price",): "bbbbbb", ("taste",): "cccccc"}
    ends = ("".join(order) for order in itertools.permutations("aeiou"))
    rows = [
        Example(text=f"{word} {end}", answer=list(labels))
        for end in itertools.islice(ends, 14)
        for labels, word in words.items()
    ]
    task = dataclasses.replace(TAGS, examples=())
    teach = teaching(bench)
    [before] = bench(rows, ["small"], task)
    teach(task, rows, cancel=CancelToken())
    [after] = bench(rows, ["small"], task)
    assert (before.taught, before.seen) == (0, 0)
    assert (after.taught, after.seen) == (len(rows), len(rows))
    assert after.accuracy > before.accuracy
    assert after.micro_f1 > before.micro_f1


def test_nothing_to_measure_with_is_said(bench):
    with pytest.raises(UsageError, match="no labelled text"):
        bench([Example(text="  ", answer="billing")])
    with pytest.raises(UnknownLabels, match="weather"):
        bench([Example(text="sun", answer="weather")])
    with pytest.raises(ModelMissing):
        bench(wanted=["none"])


class Impatient:
    """Somebody who wants the thread at once, twice."""

    def __init__(self):
        self.served = 0

    def watch(self, listener):
        if self.served < 2:
            listener()
        return lambda: None

    def serve(self):
        self.served += 1


def test_it_makes_way_and_comes_to_the_same(bench):
    way = Impatient()
    made_way = bench(way=way)
    assert way.served > 2
    assert [each.accuracy for each in made_way] == [each.accuracy for each in bench()]

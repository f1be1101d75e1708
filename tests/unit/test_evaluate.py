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
from fakes.tasks import QUEUE, RECEIPT, TAGS
from onhand.domain.errors import EngineFailed, ModelMissing, UsageError
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.tasks import Example
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


def test_other_kinds_of_tasks_are_refused(bench):
    with pytest.raises(UsageError, match="choose labels"):
        bench(task=RECEIPT)


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

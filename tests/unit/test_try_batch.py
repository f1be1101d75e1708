"""A trial before a batch."""

from __future__ import annotations

import itertools

import pytest

from fakes.stores import STARTER, FakeClock, FakeRows, FakeTaskRunner
from fakes.tasks import QUEUE, SHORT
from onhand.domain.errors import EngineFailed, ModelMissing
from onhand.domain.progress import Cancelled, CancelToken
from onhand.services.part_rows import Part, PartRows
from onhand.services.try_batch import ROWS, TryBatch


class Bench:
    """A trial over fakes; a look at the watch takes a second."""

    def __init__(self):
        self.runner = FakeTaskRunner()
        self.cancel = CancelToken()
        seconds = itertools.count()
        self.trial = TryBatch(
            runner=self.runner,
            select_model=lambda: STARTER,
            clock=FakeClock(),
            stopwatch=lambda: float(next(seconds)),
        )

    def run(self, *texts, task=SHORT, part="", **more):
        source = FakeRows(*texts)
        if part:
            source = PartRows(source, Part.read(part))
        return self.trial(task, source, cancel=self.cancel, **more)


@pytest.fixture
def bench():
    return Bench()


def test_twenty_rows_from_all_over_the_input_are_answered(bench):
    trial = bench.run(*[f"text {number:03}" for number in range(600)])
    positions = [each.row for each in trial.records]
    assert len(positions) == ROWS
    assert positions == sorted(positions)
    assert positions[0] < 60
    assert positions[-1] > 500
    assert all(each.outcome and each.job is None for each in trial.records)
    assert (trial.total, trial.told) == (600, "Read from memory.")


def test_few_rows_are_tried_all_with_their_errors(bench):
    trial = bench.run("one", "", None, "endless", task=QUEUE)
    errors = [each.error for each in trial.records]
    assert errors == [None, "empty_text", "input_unreadable", "too_long"]


def test_the_time_goes_by_the_length_of_the_texts(bench):
    assert bench.run(*[f"{n:04}" for n in range(20)]).seconds == pytest.approx(1.0)
    assert bench.run(*[f"{n:04}" for n in range(200)]).seconds == pytest.approx(10.0)


def test_rows_that_repeat_cost_no_time(bench):
    trial = bench.run(*[f"{n:04}" for n in range(20)] * 50)
    tried = {each.text for each in trial.records}
    assert trial.seconds == pytest.approx(20 / len(tried))


def test_an_input_without_rows_takes_no_time(bench):
    trial = bench.run()
    assert (trial.records, trial.total, trial.seconds) == ((), 0, 0.0)


def test_only_the_rows_that_are_wanted_are_looked_at(bench):
    assert bench.run(*["text"] * 50, limit=7).total == 7


def test_of_a_part_only_its_rows_are_tried_and_counted(bench):
    trial = bench.run(*[f"{n:04}" for n in range(600)], part="3/8")
    assert {each.row % 8 for each in trial.records} == {2}
    assert trial.records[-1].row > 400
    assert (trial.total, trial.told) == (75, "Read from memory.")
    assert trial.seconds == pytest.approx(75 / ROWS)


def test_a_trial_can_be_stopped(bench):
    bench.cancel.cancel()
    with pytest.raises(Cancelled):
        bench.run("one")


def test_an_engine_that_does_not_work_is_told(bench):
    bench.runner.broken = True
    with pytest.raises(EngineFailed):
        bench.run("one")


def test_a_missing_model_is_told(bench):
    def missing():
        raise ModelMissing

    trial = TryBatch(runner=bench.runner, select_model=missing, clock=FakeClock())
    with pytest.raises(ModelMissing):
        trial(SHORT, FakeRows("one"), cancel=CancelToken())

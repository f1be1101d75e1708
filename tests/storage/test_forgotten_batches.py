"""Entries of a batch that are forgotten while it runs: no row is ever missing silently."""

from __future__ import annotations

import pytest

from fakes.histories import KEY, open_database
from fakes.stores import NOON, FakeClock, FakeRows, FakeSink, FakeTaskRunner
from fakes.tasks import QUEUE, SHORT
from fakes.two_models import LARGE, SMALL, TwoModels, numbers
from onhand.domain.batch_errors import EntriesForgotten
from onhand.domain.errors import JobChanged
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import identity
from onhand.services.keeping_ports import Which
from onhand.services.part_rows import Part, PartRows
from onhand.services.run_batch import RunBatch
from onhand.storage.backups import Backups, Places
from onhand.storage.forgetting import StoredForgetting
from onhand.storage.jobs import SqliteJobs
from onhand.storage.memory_jobs import MemoryJobs
from onhand.storage.prefix_folder import PrefixFolder

COUNT = 1000
SOME = Which(ids=tuple(range(3, 13)))
EVERYTHING = Which(all=True)
OF_THE_TASK = Which(task_id=identity(QUEUE))


class Desk:
    """Batches over a history from which something is forgotten meanwhile."""

    def __init__(self, folder):
        places = Places(
            history=folder / "onhand.db",
            slots=folder / "onhand.keys",
            folder=folder / "backups",
        )
        self.database = open_database(places.history)
        self.jobs = SqliteJobs(self.database, folder / "locks")
        self.forget = StoredForgetting(
            self.database,
            Backups(places, lambda: (KEY,), lambda: NOON),
            PrefixFolder(folder / "prefixes", lambda: KEY),
            lambda: NOON,
        )
        self.runner = TwoModels()
        self.sink = FakeSink()

    def run(self, texts, task=QUEUE, *, at=None, which=None, runner=None, **more):
        """Run a batch; so soon as so many rows are done, something is forgotten."""
        due = [which] if which is not None else []

        def look(far):
            if due and far.done >= at:
                self.forget(due.pop())

        run_batch = RunBatch(
            runner=runner or self.runner,
            select_model=self.select,
            jobs=self.jobs,
            private_jobs=MemoryJobs,
            clock=FakeClock(),
            keep_model=self.runner.use,
            find_model=self.runner.find,
        )
        return run_batch(
            task,
            texts if hasattr(texts, "rows") else FakeRows(*texts),
            self.sink,
            cancel=CancelToken(),
            on_progress=look,
            **more,
        )

    def select(self):
        self.runner.use(LARGE)
        return LARGE


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.database.close()


def test_rows_that_are_gone_are_never_left_out_of_the_output(desk):
    texts = numbers(COUNT)
    with pytest.raises(EntriesForgotten):
        desk.run(texts, at=500, which=SOME)
    assert desk.sink.written is None
    [job] = desk.jobs.all()
    assert (job.finished, job.done) == (False, COUNT - 10)
    desk.runner.asked[LARGE.id].clear()
    job = desk.run(texts)
    assert (job.finished, job.done) == (True, COUNT)
    assert [each.text for each in desk.sink.written] == texts


@pytest.mark.parametrize("which", [SOME, Which(ids=(COUNT,)), Which(ids=(1,))])
def test_wherever_they_were(desk, which):
    texts = numbers(COUNT)
    with pytest.raises(EntriesForgotten):
        desk.run(texts, at=COUNT, which=which)
    assert desk.sink.written is None
    assert desk.run(texts).done == len(desk.sink.written) == COUNT


def test_a_rerun_asks_about_the_missing_rows_alone(desk):
    texts = [f"text {number}" for number in range(40)]
    runner = FakeTaskRunner()
    with pytest.raises(EntriesForgotten):
        desk.run(texts, SHORT, at=40, which=Which(ids=(4, 5)), runner=runner)
    runner.asked.clear()
    assert desk.run(texts, SHORT, runner=runner).done == 40
    assert sum(runner.asked) == 2


@pytest.mark.parametrize("which", [EVERYTHING, OF_THE_TASK])
@pytest.mark.parametrize("first", ["", SMALL.id])
@pytest.mark.parametrize("at", [300, COUNT])
def test_a_batch_of_which_nothing_is_left_says_so_and_begins_anew(desk, which, first, at):
    texts = numbers(COUNT)
    with pytest.raises(EntriesForgotten) as caught:
        desk.run(texts, at=at, which=which, first=first)
    assert caught.value.hint
    assert desk.sink.written is None
    assert desk.jobs.all() == []
    assert desk.run(texts, first=first).done == len(desk.sink.written) == COUNT


@pytest.mark.parametrize("first", ["", SMALL.id])
def test_a_batch_that_is_forgotten_before_it_learned_says_so(desk, first):
    with pytest.raises(EntriesForgotten):
        desk.run(numbers(COUNT), at=0, which=EVERYTHING, first=first)
    assert desk.jobs.all() == []


def test_a_part_and_a_limit_are_whole_without_the_other_rows(desk):
    texts = numbers(100)
    assert desk.run(PartRows(FakeRows(*texts), Part(2, 3))).done == 33
    assert [each.row for each in desk.sink.written] == list(range(1, 100, 3))
    desk.run(texts, limit=10)
    assert [each.row for each in desk.sink.written] == list(range(10))


def test_a_row_that_comes_round_once_more_is_answered_again_at_once(desk):
    texts = numbers(100)
    desk.run(texts, at=100, which=Which(ids=(3,)))
    assert [each.text for each in desk.sink.written] == texts


def test_a_part_or_a_limited_batch_with_missing_rows_is_not_whole(desk):
    texts = numbers(COUNT)
    with pytest.raises(EntriesForgotten):
        desk.run(texts, limit=500, at=500, which=SOME)
    desk.forget(EVERYTHING)
    desk.sink.written = None
    part = PartRows(FakeRows(*texts), Part(1, 2))
    with pytest.raises(EntriesForgotten):
        desk.run(part, at=500, which=Which(ids=(COUNT, COUNT + 1)))
    assert desk.sink.written is None


def test_an_input_that_got_shorter_meanwhile_is_told_as_what_it_is(desk):
    source = FakeRows(*numbers(COUNT))

    class Shrinking(FakeTaskRunner):
        def answer_many(self, task, texts, cancel, learned=None):
            source.texts = source.texts[:700]
            return super().answer_many(task, texts, cancel, learned)

    with pytest.raises(JobChanged, match="the input was changed"):
        desk.run(source, runner=Shrinking())
    assert desk.sink.written is None


def test_of_a_batch_that_is_gone_nothing_is_left_to_strip(desk):
    job = desk.run(numbers(5))
    desk.forget(EVERYTHING)
    desk.jobs.strip(job.id)
    assert desk.jobs.all() == []


def test_what_was_learned_goes_with_forgotten_texts(desk):
    texts = numbers(COUNT)
    with pytest.raises(EntriesForgotten):
        desk.run(texts, at=500, which=SOME, first=SMALL.id)
    [job] = desk.jobs.all()
    assert job.plan.learned is None
    assert job.plan.first.learned is None
    assert (job.plan.first.found, job.plan.first.passed) == (None, 0)
    again = desk.run(texts, first=SMALL.id).plan
    assert again.first.found.pays

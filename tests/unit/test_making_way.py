"""A long run makes way for others, loses nothing, and always gets on."""

from __future__ import annotations

import pytest

from fakes.stores import STARTER, FakeClock, FakeJobs, FakeRows, FakeSink, FakeTaskRunner
from fakes.tasks import QUEUE
from fakes.ways import FakeWay
from onhand.domain.progress import Cancelled, CancelToken, ignore_progress
from onhand.services.chunking import MOST
from onhand.services.making_way import MOST_BREAKS, MakingWay
from onhand.services.run_batch import RunBatch
from onhand.services.sampling import SIZE


class Decoding(FakeTaskRunner):
    """An engine that decodes a request in steps, at each of which somebody may come.

    Attributes:
        before: called with the number of the step, counted over all requests.
    """

    def __init__(self, way: FakeWay, steps: int = 3) -> None:
        super().__init__()
        self.before = lambda step: None
        self._way = way
        self._steps = steps
        self._step = 0

    def _decode(self, cancel, what):
        for _ in range(self._steps):
            self._step += 1
            self.before(self._step)
            if cancel.cancelled:
                self._way.events.append(f"{what} broken off")
                raise Cancelled
            self._way.events.append("decoded")

    def learn(self, task, groups, cancel, on_progress=ignore_progress):
        """Found out in steps."""
        self._decode(cancel, "learning")
        return super().learn(task, groups, cancel, on_progress)

    def answer_many(self, task, texts, cancel, learned=None):
        """Answered in steps."""
        self._decode(cancel, "texts")
        answers = super().answer_many(task, texts, cancel, learned)
        self._way.events.append("answered")
        return answers


@pytest.fixture
def way():
    return FakeWay()


@pytest.fixture
def runner(way):
    return Decoding(way)


def ask(runner, way, cancel=None):
    return MakingWay(runner, way).answer_many(QUEUE, ["one"], cancel or CancelToken())


def test_who_comes_is_served_before_the_next_decode(runner, way):
    runner.before = lambda step: way.come() if step == 2 else None
    assert len(ask(runner, way)) == 1
    assert way.events == [
        "decoded",
        "comes",
        "texts broken off",
        "served",
        *["decoded"] * 3,
        "answered",
    ]
    assert way.listeners == []


def test_who_waits_already_goes_first(runner, way):
    way.come()
    ask(runner, way)
    assert way.events == ["comes", "served", *["decoded"] * 3, "answered"]


def test_a_request_that_is_broken_off_again_and_again_is_finished_all_the_same(runner, way):
    runner.before = lambda step: way.come()
    ask(runner, way)
    assert way.events.count("texts broken off") == MOST_BREAKS
    assert way.events[-1] == "answered"
    ask(runner, way)
    assert way.events.count("comes") == way.events.count("served") + runner._steps


def test_learning_from_many_groups_may_be_broken_off_more_often(runner, way):
    runner.before = lambda step: way.come()
    found = MakingWay(runner, way).learn(QUEUE, [["one"]] * 4, CancelToken())
    assert found is not None
    assert way.events.count("learning broken off") == 4 * MOST_BREAKS


@pytest.mark.parametrize("step", [1, 3])
def test_the_users_own_stop_is_no_making_way(runner, way, step):
    cancel = CancelToken()
    runner.before = lambda now: cancel.cancel() if now == step else None
    with pytest.raises(Cancelled):
        ask(runner, way, cancel)
    assert "served" not in way.events
    assert "answered" not in way.events
    assert way.listeners == []


def test_what_was_stopped_before_it_began_asks_for_nothing(runner, way):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        ask(runner, way, cancel)
    assert way.events == []


def test_who_is_served_stops_a_part_of_what_the_user_may_stop(way):
    cancel, tokens = CancelToken(), []

    class Asked(FakeTaskRunner):
        def answer_many(self, task, texts, cancel, learned=None):
            """Answered; the token is kept."""
            tokens.append(cancel)
            return super().answer_many(task, texts, cancel, learned)

    ask(Asked(), way, cancel)
    [token] = tokens
    assert token.whole is cancel
    assert cancel.whole is cancel


def test_a_batch_that_is_interrupted_all_the_time_loses_no_row_and_doubles_none(
    runner, way
):
    runner.before = lambda step: way.come() if step % 2 else None
    jobs, sink = FakeJobs(), FakeSink()
    texts = [f"text {number}" for number in range(3 * SIZE)]
    run_batch = RunBatch(
        runner=runner,
        select_model=lambda: STARTER,
        jobs=jobs,
        private_jobs=FakeJobs,
        clock=FakeClock(),
    )
    job = run_batch(QUEUE, FakeRows(*texts), sink, cancel=CancelToken(), way=way)
    assert (job.done, job.failed, job.finished) == (len(texts), 0, True)
    assert [each.text for each in sink.written] == texts
    assert sum(jobs.chunks) == len(texts)
    assert max(jobs.chunks) <= MOST
    decodes = 0
    for event in way.events:
        decodes = 0 if event in ("comes", "served") else decodes + (event == "decoded")
        assert decodes <= 2 * runner._steps


def test_a_batch_keeps_its_model_whoever_switches_meanwhile(way, runner):
    selected, used = [STARTER], []
    runner.before = lambda step: way.come() if step == 2 else None
    way.on_serve = lambda: used.append("another")
    batch = RunBatch(
        runner=runner,
        select_model=lambda: selected[0],
        jobs=FakeJobs(),
        private_jobs=FakeJobs,
        clock=FakeClock(),
        keep_model=lambda model: used.append(model.id),
    )
    job = batch(QUEUE, FakeRows("one", "two"), FakeSink(), cancel=CancelToken(), way=way)
    assert job.failed == 0
    assert used[used.index("another") + 1] == STARTER.id
    assert used[-1] == STARTER.id

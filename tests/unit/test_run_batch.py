"""Running a task on many texts."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fakes.batches import rows_together
from fakes.stores import STARTER, FakeClock, FakeJobs, FakeRows, FakeSink, FakeTaskRunner
from fakes.tasks import EVERY_TASK, PLAIN, QUEUE, SHORT
from onhand.domain.answers import Lane
from onhand.domain.calibration import UNJUDGED, Calibration
from onhand.domain.errors import (
    DiskFull,
    EngineFailed,
    JobChanged,
    Locked,
    ModelMissing,
    ModelUnusable,
    OutputExists,
    OutputUnwritable,
    UsageError,
)
from onhand.domain.heads import Learned
from onhand.domain.progress import Cancelled, CancelToken, ignore_progress
from onhand.domain.tasks import version
from onhand.services.blaming import MOST_FAILURES_IN_A_ROW
from onhand.services.ports import InstalledModel
from onhand.services.run_batch import RunBatch
from onhand.services.sampling import SIZE

WORDS = ["good", "a longer text", "", "  ", None, "poison", "hiccup", "endless text"]


CHUNK = rows_together("text")
"""How many texts of four letters the engine is asked about at once."""

TOTAL = 2 * CHUNK + 6


def numbered(count):
    """So many texts that differ, as long as "text"."""
    return [f"{number:04}" for number in range(count)]


class Desk:
    """A RunBatch with everything around it, each part at hand."""

    def __init__(self):
        self.runner = FakeTaskRunner()
        self.jobs = FakeJobs()
        self.private = []
        self.model = dataclasses.replace(STARTER, stamp="one")
        self.sink = FakeSink()
        self.cancel = CancelToken()
        self.calibration = UNJUDGED
        seconds = itertools.count()
        self.run_batch = RunBatch(
            runner=self.runner,
            select_model=lambda: self.model,
            jobs=self.jobs,
            private_jobs=self.new_private_jobs,
            clock=FakeClock(),
            stopwatch=lambda: float(next(seconds)),
            calibration=lambda task, model: self.calibration,
        )

    def new_private_jobs(self):
        self.private.append(FakeJobs())
        return self.private[-1]

    def run(self, texts, task=QUEUE, **more):
        source = texts if isinstance(texts, FakeRows) else FakeRows(*texts)
        return self.run_batch(task, source, self.sink, cancel=self.cancel, **more)


@pytest.fixture
def desk():
    return Desk()


def told(records):
    """What the output says of each row, seconds and dates left out."""
    lines = []
    for each in records:
        outcome = each.outcome and dataclasses.replace(each.outcome, seconds=0.0)
        lines.append(
            (each.row, each.name, each.text, outcome, each.error, each.error_detail)
        )
    return lines


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_every_row_gets_its_answer_in_order(desk, task):
    texts = [f"text number {number}" for number in range(70)]
    job = desk.run(texts, task)
    assert [(each.row, each.text) for each in desk.sink.written] == list(enumerate(texts))
    assert all(each.outcome and each.task == task for each in desk.sink.written)
    assert (job.finished, job.done, job.failed) == (True, 70, 0)
    assert desk.jobs.all() == [job]


def test_rows_are_asked_for_in_chunks(desk):
    desk.run(numbered(CHUNK * 2 + 5))
    assert desk.runner.asked == [CHUNK, CHUNK, 5]
    assert desk.jobs.chunks == desk.runner.asked


def test_texts_that_are_written_are_stored_one_by_one(desk):
    desk.run(numbered(3), PLAIN)
    assert desk.jobs.chunks == [1, 1, 1]


def test_an_input_without_rows_gives_an_empty_output(desk):
    job = desk.run([])
    assert desk.sink.written == []
    assert (job.finished, job.done) == (True, 0)


def test_a_row_that_cannot_be_answered_becomes_a_row_with_an_error(desk):
    job = desk.run(["good", "", None, " \n", "endless", "good too"])
    assert [each.error for each in desk.sink.written] == [
        None,
        "empty_text",
        "input_unreadable",
        "empty_text",
        "too_long",
        None,
    ]
    assert "line is broken" in desk.sink.written[2].error_detail
    assert desk.sink.written[4].error_detail == "9000 tokens"
    assert (job.done, job.failed) == (6, 4)


@pytest.mark.parametrize("task", [QUEUE, SHORT], ids=["chunks", "one by one"])
def test_one_poisonous_row_becomes_one_error(desk, task):
    texts = [f"text {number}" for number in range(40)]
    texts[7] = texts[35] = "poison"
    job = desk.run(texts, task)
    failed = [each.row for each in desk.sink.written if each.error]
    assert failed == [7, 35]
    assert {desk.sink.written[row].error for row in failed} == {"engine_crashed"}
    assert job.failed == 2


@pytest.mark.parametrize("task", [QUEUE, SHORT], ids=["chunks", "one by one"])
def test_one_text_that_does_not_fit_spoils_no_other(desk, task):
    desk.runner.refuses_groups = True
    desk.run(["good", "endless", "good", "endless"], task)
    assert [each.error for each in desk.sink.written] == [None, "too_long"] * 2


def test_an_engine_that_failed_once_is_asked_again(desk):
    job = desk.run(["one", "hiccup", "three"])
    assert desk.runner.asked == [3, 3]
    assert job.failed == 0


def test_an_engine_that_never_works_stops_the_batch_with_nothing_stored(desk):
    desk.runner.broken = True
    with pytest.raises(EngineFailed, match="one after another"):
        desk.run(numbered(100))
    assert desk.jobs.all()[0].done == 0
    assert desk.sink.written is None


@pytest.mark.parametrize("task", [QUEUE, SHORT], ids=["chunks", "one by one"])
def test_what_was_answered_before_the_engine_broke_is_kept(desk, task):
    desk.run_batch(
        task,
        FakeRows(*numbered(200)),
        desk.sink,
        cancel=desk.cancel,
        limit=0,
    )
    desk.sink.written = None

    def break_it(progress):
        desk.runner.broken = progress.done >= 2 * CHUNK

    with pytest.raises(EngineFailed):
        desk.run(numbered(200), task, on_progress=break_it)
    assert desk.jobs.all()[0].done == 2 * CHUNK
    assert desk.jobs.all()[0].failed == 0
    desk.runner.broken = False
    assert desk.run(numbered(200), task).failed == 0


def test_a_few_poisonous_rows_at_the_end_are_errors_of_theirs(desk):
    texts = ["good"] * 5 + ["poison"] * (MOST_FAILURES_IN_A_ROW - 1)
    assert desk.run(texts, SHORT).failed == MOST_FAILURES_IN_A_ROW - 1


@pytest.mark.parametrize("error", [ModelUnusable, DiskFull, KeyboardInterrupt])
def test_a_batch_that_was_interrupted_goes_on_where_it_was(desk, error):
    texts = [f"text {number}" for number in range(100)]
    desk.jobs.fail_at, desk.jobs.failing = 3, error()
    with pytest.raises(error):
        desk.run(texts)
    assert desk.sink.written is None
    desk.runner.asked.clear()
    job = desk.run(texts)
    assert sum(desk.runner.asked) == 100 - 2 * CHUNK
    assert [each.row for each in desk.sink.written] == list(range(100))
    assert (job.done, job.finished) == (100, True)


@given(
    texts=st.lists(st.sampled_from(WORDS), max_size=80),
    cuts=st.lists(st.integers(1, 5), max_size=6),
    task=st.sampled_from([QUEUE, SHORT]),
)
def test_however_often_it_is_interrupted_the_output_is_the_same(texts, cuts, task):
    assume(texts.count("poison") < MOST_FAILURES_IN_A_ROW)
    unbroken = Desk()
    unbroken.run(texts, task)
    broken = Desk()
    for cut in cuts:
        broken.jobs.fail_at = len(broken.jobs.chunks) + cut
        try:
            broken.run(texts, task)
        except KeyboardInterrupt:
            continue
        break
    else:
        broken.jobs.fail_at = 0
        broken.run(texts, task)
    assert told(broken.sink.written) == told(unbroken.sink.written)
    assert [each.row for each in broken.sink.written] == list(range(len(texts)))


def test_stopping_unwinds_and_keeps_what_is_done(desk):
    def stop(progress):
        if progress.done:
            desk.cancel.cancel()

    with pytest.raises(Cancelled):
        desk.run(numbered(100), on_progress=stop)
    assert desk.jobs.all()[0].done == CHUNK
    desk.cancel = CancelToken()
    assert desk.run(numbered(100)).done == 100


def test_a_job_freezes_what_it_began_with(desk):
    desk.run(["text"])
    plan = desk.jobs.all()[0].plan
    assert (plan.task, plan.task_version) == (QUEUE, version(QUEUE))
    assert (plan.model, plan.model_id) == (STARTER.path, STARTER.id)
    assert plan.calibration == desk.calibration
    assert plan.learned == Learned({"billing": -1.0, "technical": -1.0})
    assert desk.runner.learned == [plan.learned]


def test_what_a_batch_learns_comes_from_a_sample_and_stays_after_a_kill(desk):
    texts = [f"text {number}" for number in range(500)]
    desk.jobs.fail_at = 4
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts)
    job = desk.run(texts)
    assert desk.runner.sampled == [SIZE]
    assert all(each == job.plan.learned for each in desk.runner.learned)
    assert [each.text for each in desk.sink.written] == texts


def test_a_batch_keeps_the_calibration_that_it_began_with(desk):
    desk.calibration = Calibration(judged=40, slope=0.5, height=4.0, limit=0.1)
    desk.jobs.fail_at = 2
    with pytest.raises(KeyboardInterrupt):
        desk.run(numbered(100))
    desk.calibration = Calibration(judged=41, slope=0.5, height=-4.0)
    desk.run(numbered(100))
    assert {(each.outcome.lane, each.outcome.judged) for each in desk.sink.written} == {
        (Lane.SURE, 40)
    }


def test_rows_that_cannot_be_read_are_in_no_sample(desk):
    desk.run(["one", None, "", "two"])
    assert desk.runner.sampled == [2]


def test_tasks_with_nothing_to_learn_learn_nothing(desk):
    job = desk.run(["one"], task=SHORT)
    assert job.plan.learned is None


@pytest.mark.parametrize("what", ["input", "task", "model", "file", "column"])
def test_an_unfinished_job_is_not_mixed_with_another(desk, what):
    texts = numbered(100)
    desk.jobs.fail_at = 2
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts)
    source, task = FakeRows(*texts), QUEUE
    match what:
        case "input":
            source = FakeRows(*texts, "another")
        case "task":
            task = dataclasses.replace(QUEUE, instruction="Which one?")
        case "model":
            desk.model = InstalledModel(
                id="other", title="Other", path=STARTER.path.with_name("o.gguf"), bytes=1
            )
            desk.runner.model = "other"
        case "file":
            desk.model = dataclasses.replace(STARTER, stamp="another")
        case "column":
            source = OtherColumn(*texts)
    with pytest.raises(JobChanged) as caught:
        desk.run(source, task)
    assert caught.value.detail
    assert "--replace" in caught.value.hint
    assert desk.sink.written is None
    job = desk.run(source, task, replace=True)
    assert job.done == len(desk.sink.written) == len(source.texts)


def test_a_model_that_changes_meanwhile_stops_the_batch(desk):
    def change(progress):
        if progress.done:
            desk.runner.model = "other"

    with pytest.raises(JobChanged, match="the model is other, was starter-135m"):
        desk.run(numbered(100), on_progress=change)
    assert desk.jobs.all()[0].done == CHUNK
    desk.runner.model = STARTER.id
    assert desk.run(numbered(100)).failed == 0


class OtherColumn(FakeRows):
    """Rows whose text has another name."""

    @property
    def column(self):
        return "body"


def test_a_file_that_is_not_ours_is_not_replaced_unasked(desk):
    desk.sink.there_before = True
    with pytest.raises(OutputExists):
        desk.run(["text"])
    assert desk.jobs.all() == []
    assert desk.run(["text"], replace=True).finished


def test_our_own_output_is_replaced_by_a_new_run(desk):
    desk.run(["text"])
    assert desk.run(["text", "another"]).done == 2
    assert len(desk.sink.written) == 2


def test_an_input_is_never_its_own_output(desk):
    source = FakeRows("text", path=desk.sink.path)
    with pytest.raises(UsageError, match="replace the input"):
        desk.run(source, replace=True)


def test_a_place_that_cannot_be_written_is_told_before_any_work(desk):
    desk.sink.writable = False
    with pytest.raises(OutputUnwritable):
        desk.run(["text"])
    assert desk.runner.asked == []
    assert desk.jobs.all() == []


def test_an_output_that_another_program_holds_at_the_end_is_only_written_again(desk):
    def hold(progress):
        desk.sink.writable = progress.done < 3

    with pytest.raises(OutputUnwritable):
        desk.run(numbered(3), on_progress=hold)
    assert (desk.jobs.all()[0].done, desk.jobs.all()[0].finished) == (3, False)
    desk.sink.writable = True
    desk.runner.asked.clear()
    job = desk.run(numbered(3))
    assert (job.finished, desk.runner.asked) == (True, [])
    assert [each.text for each in desk.sink.written] == numbered(3)


def test_an_output_never_lies_in_the_folder_that_is_read(desk):
    source = FakeRows("text", path=desk.sink.path.parent)
    with pytest.raises(UsageError, match="would lie in the folder that is read"):
        desk.run(source)


def test_a_missing_model_is_told_before_any_work(desk):
    def missing():
        raise ModelMissing

    run_batch = RunBatch(
        runner=desk.runner,
        select_model=missing,
        jobs=desk.jobs,
        private_jobs=desk.new_private_jobs,
        clock=FakeClock(),
    )
    with pytest.raises(ModelMissing):
        run_batch(QUEUE, FakeRows("text"), desk.sink, cancel=desk.cancel)
    assert desk.jobs.all() == []


def test_a_job_that_another_works_on_is_left_alone(desk):
    seen = []

    def look(progress):
        if not seen:
            seen.append(progress)
            with pytest.raises(Locked):
                desk.run_batch(
                    QUEUE,
                    FakeRows("text"),
                    FakeSink(),
                    cancel=CancelToken(),
                    on_progress=ignore_progress,
                )

    assert desk.run(["text"], on_progress=look).finished
    assert seen


def test_only_as_many_rows_as_asked_for_are_answered(desk):
    job = desk.run(numbered(100), limit=40)
    assert sum(desk.runner.asked) == job.done == len(desk.sink.written) == 40


def test_a_job_that_goes_on_with_a_smaller_limit_writes_no_more_than_that(desk):
    desk.jobs.fail_at = 3
    with pytest.raises(KeyboardInterrupt):
        desk.run(numbered(100))
    desk.run(numbered(100), limit=10)
    assert [each.row for each in desk.sink.written] == list(range(10))


def test_a_private_batch_leaves_nothing_in_the_journal(desk):
    job = desk.run(["one", "", "three"], private=True)
    assert (job.finished, job.done, job.failed) == (True, 3, 1)
    assert len(desk.sink.written) == 3
    assert desk.jobs.all() == []
    assert desk.jobs.chunks == []
    desk.sink.written = None
    desk.run(["one"], private=True)
    first, second = desk.private
    assert first is not second


def test_progress_tells_how_far_and_how_long(desk):
    steps = []
    desk.run(numbered(TOTAL), on_progress=steps.append)
    assert [(each.done, each.total) for each in steps] == [
        (0, TOTAL),
        (0, TOTAL),
        (CHUNK, TOTAL),
        (2 * CHUNK, TOTAL),
        (TOTAL, TOTAL),
    ]
    assert steps[1].note == f"reading a sample: {TOTAL} of {TOTAL} texts"
    assert [each.seconds_left for each in steps[:2]] == [None, None]
    lefts = [each.seconds_left for each in steps[2:]]
    assert lefts == pytest.approx([(CHUNK + 6) / CHUNK, 6 / CHUNK, 0.0])


def test_progress_of_a_resumed_job_begins_where_it_was(desk):
    steps = []
    desk.jobs.fail_at = 2
    with pytest.raises(KeyboardInterrupt):
        desk.run(numbered(TOTAL))
    desk.run(numbered(TOTAL), on_progress=steps.append)
    assert steps[0].done == CHUNK
    assert steps[0].note == f"going on after row {CHUNK}"
    assert steps[0].seconds_left is None
    assert steps[1].seconds_left == pytest.approx(6 / CHUNK)


def test_nothing_of_a_text_is_logged(desk, caplog):
    desk.run(["my secret is poison", "another secret hiccup"])
    assert "secret" not in caplog.text
    assert "tried again" in caplog.text

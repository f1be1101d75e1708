"""A smaller model that is asked first in a batch."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.stores import FakeClock, FakeJobs, FakeRows, FakeSink
from fakes.tasks import QUEUE, SHORT, TAGS
from fakes.two_models import LARGE, SMALL, TwoModels, is_easy, numbers
from fakes.ways import FakeWay
from onhand.domain.calibration import UNJUDGED, Calibration
from onhand.domain.cascading import Worth
from onhand.domain.errors import JobChanged, ModelMissing, UsageError
from onhand.domain.progress import Cancelled, CancelToken
from onhand.services.part_rows import Part, PartRows
from onhand.services.run_batch import RunBatch
from onhand.services.smaller_first import LEAST_ROWS, STRETCH
from unit.test_run_batch import told


class Jobs(FakeJobs):
    """A journal that can be interrupted when something is noted, too."""

    notes_left = -1

    def note_first(self, job, first):
        self.notes_left -= 1
        if self.notes_left == 0:
            raise KeyboardInterrupt
        return super().note_first(job, first)


class Desk:
    """A RunBatch with two models."""

    def __init__(self):
        self.runner = TwoModels()
        self.jobs = Jobs()
        self.sink = FakeSink()
        self.cancel = CancelToken()
        self.measures = False
        self.stamp = ""
        self.calibrations = {}
        seconds = itertools.count()
        self.run_batch = RunBatch(
            runner=self.runner,
            select_model=self.select,
            jobs=self.jobs,
            private_jobs=FakeJobs,
            clock=FakeClock(),
            stopwatch=lambda: float(next(seconds)),
            measures=lambda: self.measures,
            calibration=lambda task, model: self.calibrations.get(model, UNJUDGED),
            keep_model=self.runner.use,
            find_model=self.find,
        )

    def find(self, name):
        return dataclasses.replace(self.runner.find(name), stamp=self.stamp)

    def select(self):
        self.runner.use(LARGE)
        return LARGE

    def run(self, texts, task=QUEUE, *, first=SMALL.id, **more):
        source = texts if hasattr(texts, "rows") else FakeRows(*texts)
        return self.run_batch(
            task, source, self.sink, cancel=self.cancel, first=first, **more
        )

    def models(self):
        return [each.outcome.model for each in self.sink.written if each.outcome]


@pytest.fixture
def desk():
    return Desk()


COUNT = LEAST_ROWS + 100
OTHER = dataclasses.replace(LARGE, id="other", path=LARGE.path.with_name("other"))


def due(texts):
    return [SMALL.id if is_easy(text) else LARGE.id for text in texts]


def test_the_smaller_model_answers_what_it_is_sure_of(desk):
    texts = numbers(COUNT)
    job = desk.run(texts)
    assert desk.models() == due(texts)
    assert [each.text for each in desk.sink.written] == texts
    first = job.plan.first
    assert (first.model_id, first.model) == (SMALL.id, SMALL.path)
    assert (first.found.worth, first.found.agreement) == (Worth.PAYS, 1.0)
    assert first.found.share == pytest.approx(0.6, abs=0.1)
    assert first.answered == 300
    assert (job.done, job.failed, job.finished) == (COUNT, 0, True)
    assert desk.jobs.all() == [job]


def test_each_model_is_loaded_for_its_turn_only(desk):
    desk.run(numbers(COUNT))
    assert desk.runner.turns == [LARGE.id, SMALL.id, LARGE.id]
    # The sample is read by both, the rest by the larger one where it has to.
    assert len(desk.runner.asked[SMALL.id]) == COUNT
    asked = desk.runner.asked[LARGE.id]
    assert len(asked) == len(set(asked))
    assert not any(map(is_easy, asked[200:]))


def test_what_is_saved_counts_what_the_sample_took(desk):
    first = desk.run(numbers(COUNT)).plan.first
    sampled = round(first.found.share * first.found.texts)
    assert first.saved == pytest.approx((300 - sampled) * 1.0 - COUNT * 0.2)


def test_each_model_answers_with_what_it_learned(desk):
    job = desk.run(numbers(COUNT))
    assert desk.runner.learned == {
        LARGE.id: job.plan.learned,
        SMALL.id: job.plan.first.learned,
    }
    assert job.plan.learned != job.plan.first.learned


def test_each_answer_has_the_lane_of_the_model_that_gave_it(desk):
    desk.calibrations[SMALL.id] = Calibration(judged=40, limit=0.2)
    desk.calibrations[LARGE.id] = Calibration(judged=50, limit=0.2)
    job = desk.run(numbers(COUNT))
    judged = {(each.outcome.model, each.outcome.judged) for each in desk.sink.written}
    assert judged == {(SMALL.id, 40), (LARGE.id, 50)}
    assert job.plan.first.calibration == desk.calibrations[SMALL.id]


@pytest.mark.parametrize(
    ("texts", "change", "why"),
    [
        (numbers(LEAST_ROWS - 1), {}, Worth.TOO_FEW),
        (numbers(40) * 20, {}, Worth.TOO_FEW),
        (numbers(COUNT), {"quick": 0.9}, Worth.NO_TIME),
        (numbers(COUNT), {"always": True}, Worth.NEVER_SURE),
        ([], {}, Worth.TOO_FEW),
        (["poison"] * 500, {}, Worth.TOO_FEW),
    ],
)
def test_where_it_does_not_pay_the_chosen_model_answers_alone(desk, texts, change, why):
    for name in change:
        setattr(desk.runner, name, change[name])
    notes = []
    job = desk.run(texts, on_progress=lambda far: notes.append(far.note))
    assert set(desk.models()) <= {LARGE.id}
    first = job.plan.first
    assert (first.found.worth, first.answered, first.saved) == (why, 0, 0.0)
    assert any(note.startswith("small is not asked first: ") for note in notes)
    assert job.done == len(texts)


def test_how_much_may_differ_is_what_the_task_promises(desk):
    desk.calibrations[LARGE.id] = dataclasses.replace(UNJUDGED, promised=0.02)
    strict = desk.run(numbers(COUNT)).plan.first.found
    assert strict.worth is Worth.NEVER_SURE
    desk.calibrations[LARGE.id] = dataclasses.replace(UNJUDGED, promised=0.6)
    loose = desk.run(numbers(COUNT), replace=True).plan.first.found
    assert (loose.pays, loose.share) == (True, 1.0)
    assert loose.agreement == pytest.approx(0.8, abs=0.1)


def test_how_far_it_is_is_told(desk):
    seen = []
    desk.run(numbers(COUNT), on_progress=seen.append)
    notes = [each.note for each in seen]
    first = [
        at for at, note in enumerate(notes) if note.startswith("small is asked first:")
    ]
    rest = notes.index("large answers the rest")
    assert first
    assert max(first) < rest
    assert seen[max(first)].note == f"small is asked first: {COUNT} texts so far"
    assert all(seen[at].seconds_left >= 0 for at in first)
    assert seen[rest].done == 300
    assert (seen[-1].done, seen[-1].total) == (COUNT, COUNT)


def test_rows_that_say_the_same_are_asked_about_once(desk):
    texts = numbers(COUNT) + numbers(COUNT)
    job = desk.run(texts)
    assert desk.models() == due(texts)
    for asked in desk.runner.asked.values():
        assert len(asked) == len(set(asked))
    first = job.plan.first
    sampled = round(first.found.share * first.found.texts)
    assert first.answered == 600
    assert first.saved == pytest.approx(300 - sampled - COUNT * 0.2)


def test_what_it_cannot_answer_is_passed_on(desk):
    texts = numbers(COUNT)
    texts[7], texts[450], texts[460] = "bitter 0000", "bitter 0001", "poison 0000"
    texts[470], texts[480], texts[490] = "", None, "endless 0000"
    job = desk.run(texts)
    written = desk.sink.written
    assert [written[at].outcome.model for at in (7, 450)] == [LARGE.id] * 2
    # The smaller one can answer what crashes the larger one.
    assert written[460].outcome.model == SMALL.id
    errors = {each.row: each.error for each in written if each.error}
    assert errors == {470: "empty_text", 480: "input_unreadable", 490: "too_long"}
    assert (job.done, job.failed) == (COUNT, 3)


@settings(max_examples=30, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.sampled_from(["add", "ask", "note"]), st.integers(1, 40)), max_size=5
    ),
    odd=st.lists(
        st.tuples(
            st.integers(0, COUNT - 1),
            st.sampled_from(["", None, "bitter", "poison 0001", "endless", "text 0000"]),
        ),
        max_size=12,
    ),
)
def test_however_often_it_is_interrupted_the_output_is_the_same(cuts, odd):
    texts = numbers(COUNT)
    for at, text in odd:
        texts[at] = text
    unbroken, broken = Desk(), Desk()
    unbroken.run(texts)
    for what, after in cuts:
        broken.jobs.fail_at = len(broken.jobs.chunks) + after if what == "add" else 0
        broken.jobs.notes_left = after if what == "note" else -1
        broken.runner.dies_at = broken.runner._calls + after if what == "ask" else 0
        try:
            broken.run(texts)
        except KeyboardInterrupt:
            continue
        break
    else:
        broken.jobs.fail_at, broken.jobs.notes_left, broken.runner.dies_at = 0, -1, 0
        broken.run(texts)
    assert told(broken.sink.written) == told(unbroken.sink.written)
    assert [each.row for each in broken.sink.written] == list(range(COUNT))
    first, other = broken.jobs.all()[0].plan.first, unbroken.jobs.all()[0].plan.first
    assert first == other


def test_what_was_decided_stays_after_a_kill(desk):
    texts = numbers(3 * STRETCH)
    desk.jobs.notes_left = 4
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts)
    [begun] = desk.jobs.all()
    assert begun.plan.first.found.pays
    assert begun.plan.first.passed == 2 * STRETCH
    asked = len(desk.runner.asked[SMALL.id])
    desk.runner.quick = 5.0
    job = desk.run(texts)
    assert job.plan.first.found == begun.plan.first.found
    # Of the last stretch only what it had passed on is asked about again.
    assert len(desk.runner.asked[SMALL.id]) - asked == STRETCH * 2 // 5
    assert desk.models() == due(texts)


def test_it_can_be_stopped_and_gone_on_with(desk):
    texts = numbers(COUNT)

    def stop(far):
        if far.note.startswith("small is asked first") and far.done > 50:
            desk.cancel.cancel()

    with pytest.raises(Cancelled):
        desk.run(texts, on_progress=stop)
    assert 0 < desk.jobs.all()[0].done < 300
    desk.cancel = CancelToken()
    assert desk.run(texts).done == COUNT
    assert desk.models() == due(texts)


@pytest.mark.parametrize(
    ("begun", "wanted", "said"),
    [
        (SMALL.id, "", "small was asked first"),
        ("", SMALL.id, "no smaller model was asked first"),
    ],
)
def test_a_job_is_gone_on_with_by_the_same_models_only(desk, begun, wanted, said):
    texts = numbers(COUNT)
    desk.jobs.fail_at = 3
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts, first=begun)
    with pytest.raises(JobChanged, match=said):
        desk.run(texts, first=wanted)
    assert desk.run(texts, first=wanted, replace=True).done == COUNT


@pytest.mark.parametrize("task", [SHORT, TAGS], ids=lambda task: task.name)
def test_only_a_choice_of_one_label_can_be_answered_so(desk, task):
    with pytest.raises(UsageError, match="only where a task chooses one label"):
        desk.run(numbers(3), task)
    assert desk.jobs.all() == []


def test_a_job_is_not_gone_on_with_by_another_file_of_the_smaller_model(desk):
    texts = numbers(COUNT)
    desk.jobs.fail_at = 3
    desk.stamp = "one"
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts)
    desk.stamp = "another"
    with pytest.raises(JobChanged, match="the file of small is another one"):
        desk.run(texts)


def test_a_model_that_is_no_smaller_is_refused(desk):
    with pytest.raises(UsageError, match="large is no smaller than large"):
        desk.run(numbers(3), first=LARGE.id)


def test_without_other_models_there_is_none_to_ask_first(desk):
    run_batch = RunBatch(
        runner=desk.runner,
        select_model=desk.select,
        jobs=desk.jobs,
        private_jobs=FakeJobs,
        clock=FakeClock(),
    )
    with pytest.raises(ModelMissing):
        run_batch(QUEUE, FakeRows("a"), desk.sink, cancel=desk.cancel, first="small")


def test_an_update_keeps_the_answers_of_both(desk):
    texts = numbers(COUNT)
    begun = desk.run(texts).plan.first
    for asked in desk.runner.asked.values():
        asked.clear()
    texts[3], texts[4] = "new 0000", "new 0004"
    job = desk.run(texts, update=True)
    assert desk.models() == due(texts)
    first = job.plan.first
    # This job read no sample, so none of it is taken off what was saved.
    assert (first.found, first.answered) == (dataclasses.replace(begun.found, texts=0), 301)
    assert first.saved == pytest.approx(1 * 1.0 - 2 * 0.2)
    assert desk.runner.asked == {
        SMALL.id: ["new 0000", "new 0004"],
        LARGE.id: ["new 0004"],
    }


def test_an_update_without_the_smaller_model_keeps_nothing_of_it(desk):
    texts = numbers(COUNT)
    desk.run(texts)
    job = desk.run(texts, update=True, first="")
    assert set(desk.models()) == {LARGE.id}
    assert job.plan.first is None


def test_an_update_keeps_nothing_of_another_file_of_the_smaller_model(desk):
    texts = numbers(COUNT)
    desk.stamp = "one"
    desk.run(texts)
    desk.stamp = "another"
    for asked in desk.runner.asked.values():
        asked.clear()
    job = desk.run(texts, update=True)
    assert job.plan.first.model_stamp == "another"
    assert len(desk.runner.asked[SMALL.id]) == COUNT


def test_an_update_with_a_smaller_model_keeps_what_the_larger_one_said(desk):
    texts = numbers(COUNT)
    desk.run(texts, first="")
    desk.run([*texts, *numbers(COUNT, 1000)], update=True)
    assert desk.models() == [LARGE.id] * COUNT + due(numbers(COUNT, 1000))


def test_what_was_forgotten_meanwhile_is_found_out_anew(desk):
    texts = numbers(COUNT)
    job = desk.run(texts)
    before = job.plan.first
    dropped = dataclasses.replace(before, learned=None)
    desk.jobs.note_first(job.id, dropped)
    again = desk.run(texts, update=True).plan.first
    assert (again.learned, again.found) == (before.learned, before.found)
    assert desk.models() == due(texts)


def test_after_a_lesson_an_update_answers_all_rows(desk):
    texts = numbers(COUNT)
    desk.run(texts)
    desk.runner.taught = 50
    job = desk.run(texts, update=True)
    assert (job.plan.learned.taught, job.plan.first.learned.taught) == (50, 50)


def test_where_only_figures_may_stay_nothing_learned_stays(desk):
    desk.measures = True
    job = desk.run(numbers(COUNT))
    assert desk.models() == due(numbers(COUNT))
    [left] = desk.jobs.all()
    assert (left.plan.learned, left.plan.first.learned) == (None, None)
    assert left.plan.first.answered == job.plan.first.answered == 300
    assert all(each.bare for each in desk.jobs.records(job.id))


def test_a_private_batch_leaves_nothing(desk):
    job = desk.run(numbers(COUNT), private=True)
    assert job.plan.first.answered == 300
    assert desk.jobs.all() == []


def test_parts_learn_from_the_same_rows_and_say_the_same(desk):
    texts = numbers(2 * COUNT)
    found = []
    for number in (1, 2):
        desk.sink = FakeSink()
        desk.jobs = desk.run_batch._jobs = Jobs()
        job = desk.run(PartRows(FakeRows(*texts), Part(number, 2)))
        found.append(job.plan.first.found)
        assert desk.models() == due(texts[number - 1 :: 2])
    assert found[0] == found[1]


def test_a_limit_holds_for_both(desk):
    texts = numbers(2 * COUNT)
    job = desk.run(texts, limit=COUNT)
    assert desk.models() == due(texts[:COUNT])
    assert job.done == COUNT
    assert set(desk.runner.asked[SMALL.id]) == set(texts[:COUNT])


def test_the_right_model_goes_on_after_somebody_was_served(desk):
    texts = numbers(COUNT)
    way = FakeWay()
    way.on_serve = lambda: desk.runner.use(OTHER)
    desk.run(texts, way=way, on_progress=lambda _: way.come())
    assert way.events.count("served") > 10
    assert desk.models() == due(texts)

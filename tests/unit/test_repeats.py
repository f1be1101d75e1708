"""Rows with the same text are answered once, rows that did not change not again."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import FakeRows
from fakes.tasks import QUEUE, SHORT
from onhand.domain.heads import Learned
from onhand.services import repeats
from onhand.services.batch_ports import Row
from onhand.services.repeats import AHEAD, HELD, Repeats
from unit.test_run_batch import Desk, numbered, told


@pytest.fixture
def desk():
    return Desk()


@pytest.mark.parametrize("task", [QUEUE, SHORT], ids=["chunks", "one by one"])
def test_the_engine_is_asked_once_for_all_rows_with_a_text(desk, task):
    texts = numbered(40) * 30
    job = desk.run(texts, task)
    assert sum(desk.runner.asked) == 40
    assert [each.text for each in desk.sink.written] == texts
    assert job.done == 1200
    first, again = desk.sink.written[3], desk.sink.written[43]
    assert again.outcome == dataclasses.replace(first.outcome, seconds=0.0)


def test_a_text_that_cannot_be_answered_fails_wherever_it_stands(desk):
    job = desk.run(["endless", "good", "endless", "poison", "poison", "good"])
    errors = [each.error for each in desk.sink.written]
    assert errors == [
        "too_long",
        None,
        "too_long",
        "engine_crashed",
        "engine_crashed",
        None,
    ]
    assert job.failed == 4


def test_many_repetitions_of_the_last_text_are_all_answered(desk):
    desk.run(["one"] * (3 * HELD + 7))
    assert sum(desk.runner.asked) == 1
    assert len(desk.sink.written) == 3 * HELD + 7
    assert max(desk.jobs.chunks) <= HELD + 1


def test_what_was_answered_before_a_stop_is_not_asked_again(desk):
    texts = numbered(60) * 2
    desk.jobs.fail_at = 2
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts)
    before = sum(desk.jobs.chunks)
    desk.runner.asked.clear()
    desk.run(texts)
    assert sum(desk.runner.asked) == 60 - before


@given(st.lists(st.sampled_from(["a", "b", "c", "", "endless", None]), max_size=60))
def test_every_row_has_the_answer_that_its_text_has_alone(texts):
    desk = Desk()
    desk.run(texts, SHORT)
    alone = Desk()
    for record in desk.sink.written:
        alone.run([texts[record.row]], SHORT)
        [single] = alone.sink.written
        assert told([record])[0][2:] == told([single])[0][2:]


def test_only_so_many_texts_are_remembered(monkeypatch):
    known = Repeats()
    for number in range(repeats.MOST + 50):
        known.learn(str(number), KeyError)
    known.take()
    rows = [Row(position=0, name="", text="0"), Row(position=1, name="", text="99")]
    assert [row.text for row in known.sifted(rows)] == ["0"]


NOTHING_HOLDS = "there are no answers that still hold: every row is answered"


def updated(desk, texts, task=QUEUE, **more):
    desk.runner.asked.clear()
    steps = []
    job = desk.run(texts, task, update=True, on_progress=steps.append, **more)
    return job, sum(desk.runner.asked), steps[0].note


def test_an_update_asks_only_about_rows_that_changed(desk):
    texts = numbered(100)
    first = desk.run(texts)
    changed = ["new at the top", *texts[:50], "changed", *texts[51:]]
    job, asked, note = updated(desk, changed)
    assert asked == 2
    assert note == f"rows with the same text keep their answers of batch {first.id}"
    assert [each.text for each in desk.sink.written] == changed
    assert (job.done, job.plan.learned) == (101, first.plan.learned)


def test_an_update_with_another_task_asks_about_all_rows_and_says_so(desk):
    texts = numbered(10)
    desk.run(texts)
    other = dataclasses.replace(QUEUE, instruction="Which desk?")
    _, asked, note = updated(desk, texts, other)
    assert (asked, note) == (10, NOTHING_HOLDS)
    _, asked, _ = updated(desk, texts, QUEUE)
    assert asked == 0


def test_an_update_without_an_earlier_batch_says_nothing_of_a_change(desk):
    assert updated(desk, numbered(10))[1:] == (10, NOTHING_HOLDS)


def test_an_update_with_another_file_under_the_name_of_the_model_asks_about_all(desk):
    texts = numbered(10)
    desk.run(texts)
    desk.model = dataclasses.replace(desk.model, stamp="another")
    assert updated(desk, texts)[1] == 10
    assert updated(desk, texts)[1] == 0


def test_an_update_after_the_task_was_taught_asks_about_all_rows(desk):
    texts = numbered(10)
    desk.run(texts)
    taught = Learned({"billing": -1.0, "technical": -1.0}, taught=40)
    desk.runner.learn = lambda *_: taught
    _, asked, _ = updated(desk, texts)
    assert asked == 10
    assert updated(desk, texts)[1] == 0


def test_an_update_goes_on_with_an_input_that_changed_after_a_stop(desk):
    texts = numbered(100)
    desk.jobs.fail_at = 4
    with pytest.raises(KeyboardInterrupt):
        desk.run(texts)
    before = sum(desk.jobs.chunks)
    job, asked, _ = updated(desk, [*texts, "one more"])
    assert asked == 101 - before
    assert (job.done, job.finished) == (101, True)


def test_an_update_of_nothing_is_a_batch(desk):
    job, asked, _ = updated(desk, ["one", "two"])
    assert (job.done, asked) == (2, 2)


def test_rows_that_moved_far_keep_their_answers_as_far_as_is_looked(desk):
    texts = numbered(AHEAD)
    desk.run(texts)
    _, asked, _ = updated(desk, texts[100:] + texts[:100])
    assert asked == 0


def test_a_source_in_memory_repeats_itself(desk):
    source = FakeRows("one", "one")
    desk.run(source)
    assert desk.sink.written[1].outcome.seconds == 0.0


@pytest.mark.parametrize("more", [{}, {"update": True}], ids=["on", "update again"])
def test_an_update_that_was_stopped_keeps_the_other_answers_as_well(desk, more):
    texts = numbered(150)
    first = desk.run(texts)
    changed = [*(f"changed {number}" for number in range(100)), *texts[100:]]
    desk.jobs.fail_at = len(desk.jobs.chunks) + 2
    with pytest.raises(KeyboardInterrupt):
        desk.run(changed, update=True)
    [stopped, _] = desk.jobs.all()
    assert (stopped.plan.earlier, 0 < stopped.done < 100) == (first.id, True)
    desk.runner.asked.clear()
    job = desk.run(changed, **more)
    assert sum(desk.runner.asked) == 100 - stopped.done
    assert job.id == stopped.id
    assert [each.text for each in desk.sink.written] == changed


def test_an_update_keeps_the_answers_of_the_job_that_has_all_of_them(desk):
    texts = numbered(150)
    first = desk.run(texts)
    desk.jobs.fail_at = len(desk.jobs.chunks) + 2
    with pytest.raises(KeyboardInterrupt):
        desk.run([f"changed {number}" for number in range(150)], update=True)
    job, asked, _ = updated(desk, texts)
    assert (job.plan.earlier, asked) == (first.id, 0)

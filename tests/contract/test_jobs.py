"""What every journal of batch jobs does: in memory and in SQLite."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from fakes.histories import open_database
from fakes.stores import NOON, STARTER, FakeJobs
from fakes.tasks import PLAIN, QUEUE, RECEIPT, record
from onhand.domain.batch_errors import EntriesForgotten
from onhand.domain.calibration import UNJUDGED, Calibration
from onhand.domain.cascading import Foreseen, Worth
from onhand.domain.errors import JobChanged, Locked, UsageError
from onhand.domain.field_weights import FieldWeights
from onhand.domain.heads import Head, Learned
from onhand.domain.tasks import version
from onhand.services.batch_ports import First, JobPlan
from onhand.storage.jobs import PAGE, SqliteJobs
from onhand.storage.memory_jobs import MemoryJobs

LEARNED = Learned(
    {"billing": -0.5, "technical": -1.0},
    Head(weights=((0.5, -0.25), (1e-9, 3.0)), bias=(0.125, -2.0)),
)
PLAN = JobPlan(
    task=RECEIPT,
    task_version=version(RECEIPT),
    source=Path("/in put.jsonl"),
    fingerprint="f1",
    target=Path("/Ausgänge/out.jsonl"),
    column="text",
    model=STARTER.path,
    model_id=STARTER.id,
    model_stamp="s1",
    learned=LEARNED,
    calibration=Calibration(judged=40, slope=0.5, height=-1.0, promised=0.1, limit=0.25),
    earlier=7,
)


FIRST = First(
    model=Path("/models/tiny.gguf"),
    model_id="tiny",
    model_stamp="f1",
    learned=Learned({"billing": -0.25, "technical": -2.0}, LEARNED.head, taught=7),
    calibration=Calibration(judged=31, slope=0.75, promised=0.1),
    found=Foreseen(
        worth=Worth.PAYS,
        threshold=0.1 + 0.2,
        share=1 / 3,
        agreement=0.97,
        seconds=0.5,
        asked=0.1,
        alone=0.7,
        texts=200,
    ),
    passed=1000,
    answered=321,
    saved=-1.5,
)


@pytest.fixture(params=["fake", "memory", "sqlite"])
def jobs(request, tmp_path):
    match request.param:
        case "fake":
            yield FakeJobs()
        case "memory":
            yield MemoryJobs()
        case _:
            database = open_database(tmp_path / "history.db")
            yield SqliteJobs(database, tmp_path / "locks")
            database.close()


def rows(job, *positions, **more):
    return [record(f"row {each}", job=job.id, row=each, **more) for each in positions]


def test_a_new_job_holds_its_plan_and_nothing_else(jobs):
    job = jobs.open(PLAN, NOON)
    assert job.plan == PLAN
    assert job.started == NOON
    assert (job.finished, job.done, job.failed) == (False, 0, 0)
    assert jobs.done_among(job.id, range(9)) == set()
    assert list(jobs.records(job.id)) == []


def test_what_was_learned_of_fields_and_of_writing_is_written_down_too(jobs):
    weights = FieldWeights(0.5, -1.5, {7: 0.25}, frozenset({(1, 2), (3, 4)}))
    of_fields = Learned({}, taught=20, fields={"total": weights})
    for learned in (Learned({}), of_fields, Learned({}, taught=30, shown=("a1", "b2"))):
        plan = dataclasses.replace(PLAN, learned=None, target=Path(f"/{learned.taught}"))
        job = jobs.open(plan, NOON)
        assert jobs.freeze(job.id, learned).plan.learned == learned
        jobs.close(job.id)
        assert jobs.open(plan, NOON).plan.learned == learned


def test_what_was_learned_is_written_down_once(jobs):
    job = jobs.open(dataclasses.replace(PLAN, learned=None), NOON)
    jobs.add(rows(job, 0))
    frozen = jobs.freeze(job.id, LEARNED)
    assert (frozen.plan.learned, frozen.done) == (LEARNED, 1)
    assert jobs.freeze(job.id, Learned({"a": -9.0})) == frozen
    jobs.close(job.id)
    assert jobs.open(PLAN, NOON).plan.learned == LEARNED


def test_what_is_known_of_the_smaller_model_is_noted(jobs):
    begun = First(model=FIRST.model, model_id=FIRST.model_id, model_stamp="f1")
    job = jobs.open(dataclasses.replace(PLAN, first=begun), NOON)
    assert job.plan.first == begun
    jobs.add(rows(job, 0))
    jobs.note_first(job.id, dataclasses.replace(FIRST, passed=0))
    noted = jobs.note_first(job.id, FIRST)
    assert (noted.plan.first, noted.plan.learned, noted.done) == (FIRST, LEARNED, 1)
    jobs.close(job.id)
    assert jobs.open(dataclasses.replace(PLAN, first=begun), NOON).plan.first == FIRST
    assert jobs.note_first(job.id, begun).plan.first == begun


def test_what_was_found_out_and_is_forgotten_is_not_noted_again(jobs):
    begun = First(model=FIRST.model, model_id=FIRST.model_id)
    job = jobs.open(dataclasses.replace(PLAN, first=begun), NOON)
    with pytest.raises(EntriesForgotten):
        jobs.note_first(job.id, FIRST)
    assert jobs.all()[0].plan.first == begun


def test_a_job_that_is_not_there_any_more_is_told(jobs):
    job = dataclasses.replace(jobs.open(PLAN, NOON), id=99)
    with pytest.raises(EntriesForgotten):
        jobs.freeze(99, LEARNED)
    with pytest.raises(EntriesForgotten):
        jobs.note_first(99, dataclasses.replace(FIRST, passed=0))
    with pytest.raises(EntriesForgotten):
        jobs.add(rows(job, 0))
    jobs.strip(99)
    assert [each.done for each in jobs.all()] == [0]


def test_what_the_smaller_model_learned_goes_with_the_texts(jobs):
    job = jobs.open(dataclasses.replace(PLAN, task=QUEUE, first=FIRST), NOON)
    jobs.finish(job.id)
    jobs.strip(job.id)
    [left] = jobs.all()
    assert left.plan.first == dataclasses.replace(FIRST, learned=None)


def test_a_smaller_model_whose_file_was_replaced_is_told(jobs):
    jobs.close(jobs.open(dataclasses.replace(PLAN, first=FIRST), NOON).id)
    other = dataclasses.replace(FIRST, model_stamp="f2")
    with pytest.raises(JobChanged, match="the file of tiny is another one than when"):
        jobs.open(dataclasses.replace(PLAN, first=other), NOON)


def test_a_plan_from_before_model_files_were_told_apart_is_gone_on_with(tmp_path):
    database = open_database(tmp_path / "history.db")
    jobs = SqliteJobs(database, tmp_path / "locks")
    plan = dataclasses.replace(PLAN, first=FIRST)
    jobs.close(jobs.open(plan, NOON).id)
    with database.writing() as connection:
        connection.execute(
            "UPDATE jobs SET plan ="
            " json_remove(plan, '$.model_stamp', '$.first.model_stamp')"
        )
    begun = jobs.open(plan, NOON).plan
    assert (begun.model_stamp, begun.first.model_stamp) == ("", "")
    assert begun == dataclasses.replace(
        plan, model_stamp="", first=dataclasses.replace(FIRST, model_stamp="")
    )
    database.close()


def test_a_plan_from_before_a_smaller_model_could_be_asked_can_be_read(tmp_path):
    database = open_database(tmp_path / "history.db")
    jobs = SqliteJobs(database, tmp_path / "locks")
    jobs.close(jobs.open(PLAN, NOON).id)
    with database.writing() as connection:
        connection.execute("UPDATE jobs SET plan = json_remove(plan, '$.first')")
    assert jobs.open(PLAN, NOON).plan == PLAN
    database.close()


def test_a_plan_survives_any_file_name(jobs):
    odd = Path(b"/\xff\xfe 'quoted\".jsonl".decode(errors="surrogateescape"))
    first = dataclasses.replace(FIRST, model=odd)
    plan = dataclasses.replace(PLAN, target=odd, source=odd, model=odd, first=first)
    assert jobs.open(plan, NOON).plan == plan


def test_an_unfinished_job_goes_on_where_it_was(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.add(rows(job, 0, 1))
    jobs.add(rows(job, 2, error="too_long"))
    jobs.close(job.id)
    again = jobs.open(PLAN, NOON.replace(hour=23))
    assert (again.id, again.started, again.done, again.failed) == (job.id, NOON, 3, 1)
    assert jobs.done_among(again.id, range(9)) == {0, 1, 2}
    assert jobs.done_among(again.id, [7, 2]) == {2}
    assert jobs.done_among(again.id, []) == set()


def test_what_was_learned_since_does_not_count(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.close(job.id)
    now = dataclasses.replace(PLAN, learned=None, calibration=UNJUDGED)
    assert jobs.open(now, NOON).plan == PLAN


def test_a_plan_from_before_there_were_calibrations_can_be_read(tmp_path):
    database = open_database(tmp_path / "history.db")
    jobs = SqliteJobs(database, tmp_path / "locks")
    jobs.open(PLAN, NOON)
    with database.writing() as connection:
        connection.execute(
            "UPDATE jobs SET plan = json_set(plan, '$.calibration', 'default')"
        )
    [job] = jobs.all()
    assert job.plan == dataclasses.replace(PLAN, calibration=UNJUDGED)
    database.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fingerprint": "f2"}, "the input was changed"),
        ({"source": Path("/other.jsonl")}, "the input is"),
        ({"column": "body"}, "the column is 'body', was 'text'"),
        ({"task": PLAIN}, "the task was changed"),
        ({"model": Path("/models/other.gguf")}, "the model is"),
        (
            {"model_stamp": "s2"},
            "the model file is another one than when the batch began",
        ),
        ({"first": FIRST}, "no smaller model was asked first"),
    ],
)
def test_a_job_that_began_differently_is_not_gone_on_with(jobs, change, said):
    job = jobs.open(PLAN, NOON)
    jobs.add(rows(job, 0))
    jobs.close(job.id)
    with pytest.raises(JobChanged, match=said) as caught:
        jobs.open(dataclasses.replace(PLAN, **change), NOON)
    assert isinstance(caught.value, UsageError)
    assert jobs.open(PLAN, NOON).done == 1


def test_an_unfinished_job_can_be_given_up(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.add(rows(job, 0))
    jobs.close(job.id)
    other = dataclasses.replace(PLAN, task=QUEUE)
    new = jobs.open(other, NOON, replace=True)
    assert (new.id == job.id, new.done, new.plan) == (False, 0, other)
    jobs.close(new.id)
    assert jobs.open(other, NOON).id == new.id
    assert len(list(jobs.records(job.id))) == 1


def test_a_job_that_was_given_up_is_told_from_one_that_can_be_gone_on_with(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.add(rows(job, 0))
    jobs.close(job.id)
    new = jobs.open(dataclasses.replace(PLAN, task=QUEUE), NOON, replace=True)
    assert [(each.id, each.given_up, each.goes_on) for each in jobs.all()] == [
        (new.id, False, True),
        (job.id, True, False),
    ]
    jobs.finish(new.id)
    done, left = jobs.all()
    assert (done.finished, done.given_up, done.goes_on) == (True, False, False)
    assert (left.finished, left.given_up, left.done) == (False, True, 1)


def test_after_a_finished_job_a_new_one_begins(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.finish(job.id)
    jobs.close(job.id)
    new = jobs.open(dataclasses.replace(PLAN, fingerprint="f2"), NOON)
    assert new.id != job.id
    assert [(each.id, each.finished) for each in jobs.all()] == [
        (new.id, False),
        (job.id, True),
    ]


def test_jobs_of_other_outputs_do_not_meddle(jobs):
    first = jobs.open(PLAN, NOON)
    second = jobs.open(dataclasses.replace(PLAN, target=Path("/two.jsonl")), NOON)
    jobs.add(rows(first, 0))
    jobs.add(rows(second, 0, 1, error="too_long"))
    assert jobs.done_among(first.id, range(9)) == {0}
    assert [(each.id, each.done, each.failed) for each in jobs.all()] == [
        (second.id, 2, 2),
        (first.id, 1, 0),
    ]


def test_a_job_is_worked_on_once_at_a_time(jobs):
    job = jobs.open(PLAN, NOON)
    with pytest.raises(Locked):
        jobs.open(PLAN, NOON)
    with pytest.raises(Locked):
        jobs.open(PLAN, NOON, replace=True)
    jobs.close(job.id)
    assert jobs.open(PLAN, NOON).id == job.id


def test_a_refused_job_stays_open_to_others(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.close(job.id)
    for _ in range(2):
        with pytest.raises(JobChanged):
            jobs.open(dataclasses.replace(PLAN, fingerprint="f2"), NOON)


def test_closing_twice_does_no_harm(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.close(job.id)
    jobs.close(job.id)


def test_answers_come_in_the_order_of_the_input(jobs):
    job = jobs.open(PLAN, NOON)
    count = PAGE + 3
    for position in reversed(range(count)):
        jobs.add(rows(job, position, name=f"n{position}"))
    stored = list(jobs.records(job.id))
    assert [each.row for each in stored] == list(range(count))
    assert stored[1].name == "n1"


def test_a_row_that_has_an_answer_keeps_it(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.add(rows(job, 0))
    jobs.add([*rows(job, 0, error="too_long"), *rows(job, 1)])
    assert [(each.row, each.error) for each in jobs.records(job.id)] == [
        (0, None),
        (1, None),
    ]


def test_of_a_job_that_is_over_only_figures_stay_if_that_is_wanted(jobs):
    job = jobs.open(PLAN, NOON)
    jobs.add(rows(job, 0, 1, task=RECEIPT, name="n"))
    jobs.add([record("bad", RECEIPT, job=job.id, row=2, error="x", error_detail="d")])
    jobs.finish(job.id)
    jobs.strip(job.id)
    first, second, failed = jobs.records(job.id)
    assert first.bare
    assert second.bare
    assert (first.name, first.task.examples) == ("", ())
    assert (failed.text, failed.error, failed.error_detail) == ("", "x", "")
    [left] = jobs.all()
    assert (left.finished, left.done, left.failed) == (True, 3, 1)
    assert left.plan.learned is None

"""What was forgotten is nowhere, not even for who has the key."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.canaries import opened
from fakes.histories import KEY, open_database
from fakes.stores import NOON
from fakes.tasks import QUEUE, SHORT, record
from onhand.domain.cascading import Foreseen, Worth
from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.heads import Head, Learned
from onhand.domain.measured import measured
from onhand.domain.priors import Prior
from onhand.domain.task_samples import Sample, Seen, numbers
from onhand.domain.tasks import identity, version
from onhand.domain.teaching import Lesson, Taught, Verdict
from onhand.services.batch_ports import First, JobPlan
from onhand.services.keeping_ports import Which
from onhand.storage.backups import Backups, Places
from onhand.storage.drafts import SqliteDrafts
from onhand.storage.forgetting import StoredForgetting
from onhand.storage.heads import SqliteHeads
from onhand.storage.history import SqliteHistory
from onhand.storage.jobs import SqliteJobs
from onhand.storage.measurements import SqliteMeasurements
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.priors import SqlitePriors
from onhand.storage.task_samples import SqliteSamples

CANARY = "xylophone quagmire"
PARTS = (b"xylophone", b"quagmire", b"phone qua", b"xyl", b"gmi")

UNDER, SHORT_PART = "under the encryption of ", 4


def is_noise(name):
    """Whether what is seen is a database as it lies there, encrypted."""
    return name.endswith(".db") and not name.startswith(UNDER)


class Kept:
    """A history with backups and everything else that holds texts."""

    def __init__(self, folder):
        self.folder = folder
        self.places = Places(
            history=folder / "data" / "onhand.db",
            slots=folder / "data" / "onhand.keys",
            folder=folder / "backups",
        )
        self.at = NOON
        self.backups = Backups(self.places, lambda: (KEY,), lambda: self.at)
        self.database = open_database(self.places.history)
        self.history = SqliteHistory(self.database)
        self.drafts = SqliteDrafts(self.database)
        self.prefixes = PrefixFolder(folder / "data" / "prefixes", lambda: KEY)
        self.forget = StoredForgetting(
            self.database, self.backups, self.prefixes, lambda: self.at
        )

    def everything(self):
        """All that lies on the disk, as somebody with the key sees it."""
        self.database.close()
        for path in self.folder.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()
                if path.suffix == ".db":
                    yield UNDER + path.name, opened(path, KEY)

    def hits(self, *parts):
        """Where parts are found; a short one stands in noise by chance, so not there."""
        return [
            (name, part)
            for name, content in self.everything()
            for part in parts
            if part in content and (len(part) > SHORT_PART or not is_noise(name))
        ]


PLAN = JobPlan(
    task=QUEUE,
    task_version=version(QUEUE),
    source=Path("/in.jsonl"),
    fingerprint="f1",
    target=Path("/out.jsonl"),
    column="text",
    model=Path("/model"),
    model_id="model",
)


@pytest.fixture
def kept(tmp_path):
    kept = Kept(tmp_path)
    yield kept
    kept.database.close()


def fill(kept):
    """Ordinary entries around one with the canary, in two backups."""
    for number in range(20):
        kept.history.add(record(f"ordinary text {number}"))
    number = kept.history.add(record(f"a {CANARY} b"))
    kept.history.correct(number, "billing", NOON)
    kept.backups.make()
    kept.at += timedelta(hours=1)
    kept.drafts.save(f"a {CANARY} b", NOON)
    for other in range(20):
        kept.history.add(record(f"further text {other}"))
    kept.backups.make()
    return number


def test_the_check_would_find_what_is_there(kept):
    fill(kept)
    found = {name for name, _ in kept.hits(PARTS[0])}
    assert len(found) == 3
    plain = [content for name, content in kept.everything() if name not in found]
    assert not any(PARTS[0] in content for content in plain)


@pytest.mark.parametrize("way", ["one", "all", "older", "task"])
def test_nothing_of_it_is_left_anywhere(kept, way, tmp_path):
    number = fill(kept)
    kept.prefixes.cache(object())
    (tmp_path / "data" / "prefixes" / "a.prefix").write_bytes(CANARY.encode())
    kept.at += timedelta(days=100)
    which = {
        "one": Which(ids=(number,)),
        "all": Which(all=True),
        "older": Which(older=90),
        "task": Which(task_id=record().task_id),
    }[way]
    taken = 1 if way == "one" else 41
    assert kept.forget.count(which) == taken
    gone = kept.forget(which)
    assert (gone.entries, gone.backups, gone.unreadable) == (taken, 2, ())
    assert kept.hits(*PARTS) == []
    left = kept.history.search("", kind=None, limit=99, before=None)
    assert len(left) == 41 - taken
    assert kept.history.corrections(record().task_id) == []
    assert kept.drafts.load() == ""
    if way == "one":
        assert len(kept.history.search("ordinary", kind=None, limit=99, before=None)) == 20


def test_other_tasks_keep_what_is_theirs(kept):
    kept.history.add(record("queue text", QUEUE))
    other = kept.history.add(record("short text", SHORT))
    priors = SqlitePriors(kept.database)
    prior = Prior.of_neutral([(0.5, 0.5)])
    priors.save(record("", QUEUE).task_version, "model", prior, priors.mark())
    priors.save(record("", SHORT).task_version, "model", prior, priors.mark())
    kept.forget(Which(task_id=identity(QUEUE)))
    assert kept.history.get(other).text == "short text"
    assert priors.load(record("", QUEUE).task_version, "model") is None
    assert priors.load(record("", SHORT).task_version, "model") == prior


@pytest.mark.parametrize("way", ["task", "all"])
def test_what_was_learned_from_texts_goes_with_them(kept, way):
    kept.history.add(record("queue text", QUEUE))
    samples = SqliteSamples(kept.database)
    seen = Seen(numbers([1.0]), (0.0,))
    for task in (QUEUE, SHORT):
        samples.begin(record("", task).task_version, "model", Sample((), (seen,)))
        samples.add(record("", task).task_version, "model", seen)
    task_id = identity(QUEUE)
    kept.forget(Which(all=True) if way == "all" else Which(task_id=task_id))
    left = samples.load(record("", SHORT).task_version, "model")
    assert samples.load(record("", QUEUE).task_version, "model") is None
    assert left == (None if way == "all" else Sample((), (seen,), (seen,)))
    with kept.database.reading() as connection:
        [count] = connection.execute("SELECT count(*) FROM sample_texts").fetchone()
    assert count == (0 if way == "all" else 1)


@pytest.mark.parametrize("which", [{"ids": (1,)}, {"older": 5}, {"task_id": True}, {}])
def test_that_a_lesson_was_undone_outlives_the_texts_but_not_the_task(kept, which):
    old = dataclasses.replace(record("old", QUEUE), at=NOON - timedelta(days=10))
    kept.at = NOON
    kept.history.add(old)
    kept.history.add(record("new", QUEUE))
    heads = SqliteHeads(kept.database)
    lesson = Lesson(verdict=Verdict.ADOPTED, examples=20)
    for _ in range(2):
        heads.save(QUEUE, "tiny", Taught(learned=Learned({}), lesson=lesson, at=NOON))
    heads.undo(QUEUE, "tiny", NOON)
    if "task_id" in which:
        which = {"task_id": identity(QUEUE)}
    kept.forget(Which(**which) if which else Which(all=True))
    assert heads.load(QUEUE, "tiny") is None
    stays = "ids" in which or "older" in which
    assert heads.undone(QUEUE, "tiny") == (NOON if stays else None)


def test_only_what_is_older_goes(kept):
    kept.at = NOON
    kept.history.add(dataclasses.replace(record("old"), at=NOON - timedelta(days=10)))
    kept.history.add(dataclasses.replace(record("new"), at=NOON - timedelta(days=1)))
    assert kept.forget(Which(older=5)).entries == 1
    found = kept.history.search("", kind=None, limit=9, before=None)
    assert [each.text for each in found] == ["new"]


def test_measurements_go_with_their_task_with_their_age_or_with_everything(kept):
    store = SqliteMeasurements(kept.database)
    tried = [Evaluation("tiny", "Tiny", 1, 1, (Answered(right="a", given="a"),))]
    rows = [
        measured(tried[0], "v1", "sample", NOON - timedelta(days=days)) for days in (10, 1)
    ]
    kept.at = NOON
    store.add(identity(QUEUE), rows)
    store.add(identity(SHORT), rows)
    kept.forget(Which(task_id=identity(QUEUE)))
    assert store.of(identity(QUEUE)) == []
    assert [each.at for each in store.of(identity(SHORT))] == [each.at for each in rows]
    kept.forget(Which(older=5))
    assert [each.at for each in store.of(identity(SHORT))] == [rows[1].at]
    kept.forget(Which(all=True))
    assert store.of(identity(SHORT)) == []


def test_a_number_that_was_forgotten_is_not_given_again(kept):
    numbers = [kept.history.add(record()) for _ in range(3)]
    kept.forget(Which(ids=(numbers[-1],)))
    assert kept.history.add(record()) == numbers[-1] + 1


def test_a_backup_that_cannot_be_read_is_told_and_goes_when_that_is_wanted(kept):
    number = fill(kept)
    newest = kept.places.folder / kept.backups.all()[0].name
    content = bytearray(newest.read_bytes())
    content[5000] ^= 1
    newest.write_bytes(content)
    gone = kept.forget(Which(ids=(number,)))
    assert (gone.backups, gone.unreadable) == (1, (str(newest),))
    assert newest.read_bytes() == bytes(content)
    gone = kept.forget(Which(ids=(number,)), delete_unreadable=True)
    assert gone.unreadable == ()
    assert not newest.exists()
    assert kept.hits(*PARTS) == []


def test_of_a_stripped_batch_nothing_is_left_but_figures(kept, tmp_path):
    jobs = SqliteJobs(kept.database, tmp_path / "locks")
    plan = dataclasses.replace(PLAN, task=SHORT, target=tmp_path / "out.jsonl")
    job = jobs.open(plan, NOON)
    jobs.add([record(CANARY, SHORT, job=job.id, row=row, name=CANARY) for row in range(30)])
    assert kept.hits(*PARTS)
    jobs.finish(job.id)
    jobs.strip(job.id)
    jobs.close(job.id)
    assert kept.hits(*PARTS) == []
    assert len(list(jobs.records(job.id))) == 30


def test_what_a_batch_learned_is_dropped_and_learned_again_when_it_is_needed(kept):
    jobs = SqliteJobs(kept.database, kept.folder / "locks")
    learned = Learned({"billing": -0.5}, Head(weights=((0.5,),), bias=(0.1,)))
    plan = dataclasses.replace(PLAN, learned=learned)
    job = jobs.open(plan, NOON)
    jobs.add([record(f"row {each}", QUEUE, job=job.id, row=each) for each in (0, 1)])
    jobs.close(job.id)
    kept.backups.make()
    [entry, _] = kept.history.search("row", kind=None, limit=9, before=None)
    kept.forget(Which(ids=(entry.id,)))
    job = jobs.open(plan, NOON)
    assert job.done == 1
    assert job.plan.learned is None
    again = Learned({"billing": -0.7}, Head(weights=((0.25,),), bias=(0.2,)))
    assert jobs.freeze(job.id, again).plan.learned == again
    jobs.close(job.id)


@pytest.mark.parametrize("finished", [False, True])
def test_what_a_smaller_model_learned_is_dropped_as_well(kept, finished):
    jobs = SqliteJobs(kept.database, kept.folder / "locks")
    learned = Learned({"billing": -0.5}, Head(weights=((0.5,),), bias=(0.1,)))
    found = Foreseen(worth=Worth.PAYS, threshold=0.8, share=0.5)
    first = First(
        model=Path("/small"), model_id="s", learned=learned, found=found, passed=9
    )
    plan = dataclasses.replace(PLAN, first=first)
    job = jobs.open(plan, NOON)
    jobs.add([record(f"row {each}", QUEUE, job=job.id, row=each) for each in (0, 1)])
    if finished:
        jobs.finish(job.id)
    jobs.close(job.id)
    [entry, _] = kept.history.search("row", kind=None, limit=9, before=None)
    kept.forget(Which(ids=(entry.id,)))
    [left] = jobs.all()
    # A finished job keeps its figures; one that goes on finds out anew whether it pays.
    due = dataclasses.replace(first, learned=None)
    if not finished:
        due = dataclasses.replace(due, found=None, passed=0)
    assert left.plan.first == due


def test_forgetting_leaves_plans_without_a_smaller_model_as_they_are(kept):
    jobs = SqliteJobs(kept.database, kept.folder / "locks")
    job = jobs.open(PLAN, NOON)
    jobs.add([record(f"row {each}", QUEUE, job=job.id, row=each) for each in (0, 1)])
    jobs.close(job.id)
    with kept.database.writing() as connection:
        connection.execute("UPDATE jobs SET plan = json_remove(plan, '$.first')")
    [entry, _] = kept.history.search("row", kind=None, limit=9, before=None)
    kept.forget(Which(ids=(entry.id,)))
    assert jobs.all()[0].plan == PLAN

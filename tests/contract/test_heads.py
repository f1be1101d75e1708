"""What every memory of what tasks were taught does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fakes.heads import FakeHeads
from onhand.domain.errors import DataDamaged
from onhand.domain.field_weights import FieldWeights
from onhand.domain.heads import Head, Learned
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.task_writing import task_text
from onhand.domain.tasks import Classify, Extract, Field, Label, Rewrite
from onhand.domain.teaching import Lesson, Taught, Verdict
from onhand.storage.heads import HeadFiles, KeptHeads, SqliteHeads
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.task_examples import TaskExamples

TASK = Classify(
    instruction="Which?", name="Queue", labels=(Label(name="a"), Label(name="b"))
)
OTHER = replace(TASK, instruction="Which one?")
TAUGHT = Taught(
    learned=Learned(
        {"a": -0.5, "b": -1.25},
        Head(weights=((0.5, -0.25), (1e-9, 3.0)), bias=(0.1, -2.0), own=0.3, temperature=1),
        20,
    ),
    lesson=Lesson(verdict=Verdict.ADOPTED, examples=20, before=9, after=18, only=(1, 10)),
    at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
    held_out=((0.75, 0.25), (0.5, 0.5)),
    labels=(0, 1),
)
SEVERAL = replace(
    TAUGHT,
    lesson=replace(TAUGHT.lesson, f1=(0.5, 0.75), chance=0.001),
    labels=(),
    right=((), (0, 1)),
)
FIELDS = replace(
    TAUGHT,
    learned=Learned(
        {},
        taught=20,
        fields={
            "a b": FieldWeights(0.5, -1.5, {7: 0.25, 2047: -1e-7}, frozenset({(1, 2)}))
        },
    ),
    lesson=replace(TAUGHT.lesson, f1=(0.5, 0.75), chance=0.001, fields=True),
    held_out=(),
    labels=(),
)
WRITTEN = replace(
    TAUGHT,
    learned=Learned({}, taught=20, shown=("0123456789abcdef", "f" * 16)),
    lesson=replace(TAUGHT.lesson, edits=(0.5, 0.25), chance=0.001),
    held_out=(),
    labels=(),
)
LATER = replace(TAUGHT, at=datetime(2026, 4, 4, 5, 6, tzinfo=UTC))
WHEN = datetime(2026, 5, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(params=["fake", "sqlite", "files", "kept"])
def heads(request, database, tmp_path):
    files = HeadFiles(tmp_path / "heads")
    return {
        "fake": FakeHeads,
        "sqlite": lambda: SqliteHeads(database),
        "files": lambda: files,
        "kept": lambda: KeptHeads(SqliteHeads(database), files),
    }[request.param]()


def test_at_first_nothing_was_taught(heads):
    assert heads.load(TASK, "tiny") is None
    assert heads.undo(TASK, "tiny", WHEN) is False
    assert heads.undone(TASK, "tiny") is None


def test_what_was_taught_comes_back_whole(heads):
    heads.save(TASK, "tiny", TAUGHT)
    assert heads.load(TASK, "tiny") == TAUGHT
    assert heads.load(TASK, "tiny") == TAUGHT


def test_what_was_taught_of_fields_comes_back_whole(heads):
    task = Extract(instruction="Find it.", fields=(Field(name="a b"),))
    heads.save(task, "tiny", FIELDS)
    assert heads.load(task, "tiny") == FIELDS


def test_what_was_taught_of_writing_comes_back_whole(heads):
    task = Rewrite(instruction="Say it.")
    heads.save(task, "tiny", WRITTEN)
    assert heads.load(task, "tiny") == WRITTEN


def test_what_was_taught_of_several_labels_comes_back_whole(heads):
    task = replace(TASK, multiple=True)
    heads.save(task, "tiny", SEVERAL)
    assert heads.load(task, "tiny") == SEVERAL


def test_it_holds_for_one_version_of_a_task_and_one_model(heads):
    heads.save(TASK, "tiny", TAUGHT)
    assert heads.load(OTHER, "tiny") is None
    assert heads.load(TASK, "large") is None


def test_the_last_lesson_counts_and_is_undone(heads):
    heads.save(TASK, "tiny", TAUGHT)
    heads.save(OTHER, "tiny", TAUGHT)
    heads.save(TASK, "tiny", LATER)
    assert heads.load(TASK, "tiny") == LATER
    assert heads.undo(TASK, "tiny", WHEN) is True
    # Files keep one lesson only.
    assert heads.load(TASK, "tiny") == (None if isinstance(heads, HeadFiles) else TAUGHT)
    assert heads.load(OTHER, "tiny") == TAUGHT


def test_when_a_lesson_was_undone_is_remembered(heads):
    heads.save(TASK, "tiny", TAUGHT)
    assert heads.undo(TASK, "tiny", WHEN)
    assert heads.load(TASK, "tiny") is None
    assert heads.undone(TASK, "tiny") == WHEN
    assert heads.undone(OTHER, "tiny") is heads.undone(TASK, "large") is None
    # There is nothing left to undo, and nothing to remember of that.
    assert heads.undo(TASK, "tiny", WHEN + timedelta(days=1)) is False
    assert heads.undone(TASK, "tiny") == WHEN
    heads.save(TASK, "tiny", LATER)
    assert heads.load(TASK, "tiny") == LATER
    assert heads.undone(TASK, "tiny") == WHEN
    assert heads.undo(TASK, "tiny", WHEN + timedelta(days=2))
    assert heads.undone(TASK, "tiny") == WHEN + timedelta(days=2)


def test_when_a_lesson_came_to_nothing_is_remembered_likewise(heads):
    heads.pass_over(TASK, "tiny", WHEN)
    assert heads.load(TASK, "tiny") is None
    assert heads.undone(TASK, "tiny") == WHEN
    assert heads.undone(OTHER, "tiny") is heads.undone(TASK, "large") is None
    heads.save(TASK, "tiny", TAUGHT)
    heads.pass_over(TASK, "tiny", WHEN + timedelta(days=1))
    assert heads.load(TASK, "tiny") == TAUGHT
    assert heads.undone(TASK, "tiny") == WHEN + timedelta(days=1)


def test_a_lesson_can_be_undone_without_a_trace(heads):
    heads.save(TASK, "tiny", TAUGHT)
    assert heads.undo(TASK, "tiny", None)
    assert heads.undone(TASK, "tiny") is None


@pytest.mark.parametrize("content", [b"", b"yesterday", b"\xff"])
def test_a_mark_that_cannot_be_read_tells_nothing(tmp_path, content):
    files = HeadFiles(tmp_path / "heads")
    files.save(TASK, "tiny", TAUGHT)
    files.undo(TASK, "tiny", WHEN)
    [path] = (tmp_path / "heads").iterdir()
    path.write_bytes(content)
    assert files.undone(TASK, "tiny") is None
    files.forget()
    assert list((tmp_path / "heads").iterdir()) == []


def test_what_an_undone_lesson_was_is_not_kept(database):
    heads = SqliteHeads(database)
    heads.save(TASK, "tiny", TAUGHT)
    heads.undo(TASK, "tiny", WHEN)
    with database.reading() as connection:
        [row] = connection.execute("SELECT taught FROM heads").fetchall()
    assert row["taught"] == "2026-05-04T05:06:00.000000+00:00"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"learned": 3}'])
def test_what_cannot_be_read_was_not_taught(database, tmp_path, content):
    rows, files = SqliteHeads(database), HeadFiles(tmp_path / "heads")
    for heads in (rows, files):
        heads.save(TASK, "tiny", TAUGHT)
    with database.writing() as connection:
        connection.execute("UPDATE heads SET taught = ?", (content,))
    [path] = (tmp_path / "heads").iterdir()
    path.write_text(content)
    assert rows.load(TASK, "tiny") is None
    assert files.load(TASK, "tiny") is None


def test_what_was_taught_before_labels_were_several_is_still_known(database):
    heads = SqliteHeads(database)
    heads.save(TASK, "tiny", TAUGHT)
    with database.writing() as connection:
        [row] = connection.execute("SELECT taught FROM heads").fetchall()
        stored = json.loads(row["taught"])
        del stored["right"], stored["lesson"]["f1"], stored["lesson"]["chance"]
        del stored["learned"]["head"]["knows_none"]
        connection.execute("UPDATE heads SET taught = ?", (json.dumps(stored),))
    assert SqliteHeads(database).load(TASK, "tiny") == TAUGHT


def test_where_there_is_no_key_numbers_go_into_a_file_for_its_owner_alone(tmp_path):
    history, folder = FakeHeads(), tmp_path / "heads"
    history.failing = HistoryKeyless()
    heads = KeptHeads(history, HeadFiles(folder))
    heads.save(TASK, "tiny", TAUGHT)
    assert heads.load(TASK, "tiny") == TAUGHT
    [path] = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert heads.undo(TASK, "tiny", WHEN) is True
    assert heads.load(TASK, "tiny") is None
    assert heads.undone(TASK, "tiny") == WHEN
    # Once there is a key, it still holds.
    assert KeptHeads(FakeHeads(), HeadFiles(folder)).undone(TASK, "tiny") == WHEN


def test_a_history_that_is_damaged_is_not_worked_around(tmp_path):
    history = FakeHeads()
    history.failing = DataDamaged("in a test")
    heads = KeptHeads(history, HeadFiles(tmp_path / "heads"))
    with pytest.raises(DataDamaged):
        heads.save(TASK, "tiny", TAUGHT)
    assert not (tmp_path / "heads").exists()


def test_what_a_task_was_taught_goes_with_it_and_comes_back(database, tmp_path):
    heads = SqliteHeads(database)
    own = OwnTasks(tmp_path / "tasks", TaskExamples(database))
    mine = replace(TASK, id="mine")
    own.keep(mine, task_text(mine, examples=False))
    for each in (TAUGHT, LATER, LATER):
        heads.save(mine, "starter", each)
    heads.undo(mine, "starter", WHEN)
    heads.save(OTHER, "starter", LATER)
    removed = own.remove(mine)
    assert heads.load(mine, "starter") is None
    assert heads.load(OTHER, "starter") == LATER
    assert heads.undone(mine, "starter") is None
    assert [each.model for each in removed.lessons] == ["starter"] * 3
    own.put_back(removed)
    assert heads.load(mine, "starter") == LATER
    assert heads.undone(mine, "starter") == WHEN
    assert heads.undo(mine, "starter", None)
    assert heads.load(mine, "starter") == TAUGHT

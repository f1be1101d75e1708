"""The history's file: its settings, its versions, and what becomes of a bad one."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from contextlib import closing, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database as Steps

from fakes.histories import look_into, open_database
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import (
    AppError,
    DataDamaged,
    DataFolderUnwritable,
    DataTooNew,
    DiskFull,
    Locked,
)
from onhand.storage.cipher import errors
from onhand.storage.database import SCHEMA
from onhand.storage.history import SqliteHistory
from onhand.storage.migrations import steps
from onhand.storage.sqlite_failures import known_failure

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


@pytest.fixture
def history(path):
    database = open_database(path)
    yield SqliteHistory(database)
    database.close()


def snapshot(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_nothing_is_made_before_it_is_needed(path):
    open_database(path).close()
    assert not path.parent.exists()


@POSIX
def test_only_the_owner_can_look_into_the_folder(path, history):
    history.add(record())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for each in path.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_the_connection_is_durable_and_patient(path):
    database = open_database(path)
    with database.reading() as connection:
        values = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_the_version_of_the_schema_is_the_number_of_its_steps(path, history):
    history.add(record())
    with closing(look_into(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (applied,) = connection.execute(
            "SELECT count(*) FROM _sqlite_migrations"
        ).fetchone()
    with closing(Steps(memory=True)) as empty:
        known = len(steps.pending(empty))
    assert version == SCHEMA == applied == known


def test_a_transaction_that_fails_leaves_nothing(path):
    database = open_database(path)

    def fail():
        with database.writing() as connection:
            connection.execute("INSERT INTO tasks (digest, task) VALUES ('a', 'b')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM tasks").fetchone()[0] == 0
    database.close()


def test_a_closed_database_opens_again(path, history):
    history.add(record())
    database = open_database(path)
    for _ in range(2):
        with database.reading() as connection:
            assert connection.execute("SELECT count(*) FROM records").fetchone()[0] == 1
        database.close()


def test_a_bug_in_a_statement_stays_a_bug(path):
    database = open_database(path)
    with pytest.raises(errors()), database.reading() as connection:
        connection.execute("SELEKT 1")
    database.close()


@pytest.mark.parametrize("clean", [True, False], ids=["closed", "with a journal left"])
def test_a_newer_history_is_refused_and_not_touched(path, history, clean):
    history.add(record())
    with closing(look_into(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
        connection.execute("CREATE TABLE novelty (what)")
        if clean:
            history._database.close()
        else:
            # As a killed process would leave it: copied while it is open.
            content = snapshot(path.parent)
            del content[f"{path.name}.open"]
    if not clean:
        history._database.close()
        path = path.parent.parent / "copy" / path.name
        path.parent.mkdir()
        for name, data in content.items():
            (path.parent / name).write_bytes(data)
        (path.parent / f"{path.name}-shm").unlink(missing_ok=True)
    before = snapshot(path.parent)
    newer = open_database(path)
    for _ in range(2):
        with pytest.raises(DataTooNew, match=str(SCHEMA + 1)), newer.reading():
            pass
    after = snapshot(path.parent)
    shared_memory = f"{path.name}-shm"
    after.pop(shared_memory, None)
    if not after.get(f"{path.name}-wal", b"x"):
        del after[f"{path.name}-wal"]
    before.pop(shared_memory, None)
    assert after == before


def test_an_older_history_is_brought_up_to_date(path):
    path.parent.mkdir()
    first = "m002_jobs"
    with closing(look_into(path)) as connection:
        old = Steps(connection, execute_plugins=False)
        steps.apply(old, stop_before=first)
        connection.execute("PRAGMA application_id = 0x4F4E4844")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO tasks (digest, task) VALUES ('kept', 'kept')")
    database = open_database(path)
    with database.reading() as connection:
        assert connection.execute("SELECT task FROM tasks").fetchone()[0] == "kept"
        assert connection.execute("SELECT count(*) FROM search").fetchone()[0] == 0
    database.close()


def test_a_database_of_another_program_is_left_alone(path):
    path.parent.mkdir()
    with closing(look_into(path)) as connection:
        connection.execute("CREATE TABLE records (mine)")
    before = snapshot(path.parent)
    with pytest.raises(DataDamaged, match="not a history"), open_database(path).writing():
        pass
    assert snapshot(path.parent) == before


@given(content=st.binary(min_size=1, max_size=3000))
@settings(max_examples=50)
def test_random_bytes_are_told_to_be_damaged_and_left_as_they_are(
    content, tmp_path_factory
):
    path = tmp_path_factory.mktemp("damaged") / "history.db"
    path.write_bytes(content)
    for use in (
        lambda: SqliteHistory(open_database(path)).add(record()),
        lambda: SqliteHistory(open_database(path)).get(1),
    ):
        with pytest.raises(DataDamaged):
            use()
    assert path.read_bytes() == content


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a small history."""
    path = tmp_path_factory.mktemp("whole") / "history.db"
    database = open_database(path)
    history = SqliteHistory(database)
    for number in range(20):
        history.add(record(f"text {number} " * 20))
    history.correct(3, "billing", NOON)
    database.close()
    return path.read_bytes()


@given(
    damage=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1
    ),
    begin=st.integers(0, 200),
)
@settings(max_examples=60)
def test_damage_inside_is_told_or_harmless_but_never_a_crash(
    whole, tmp_path_factory, damage, begin
):
    path = tmp_path_factory.mktemp("damaged") / "history.db"
    content = bytearray(whole)
    for place, value in damage:
        content[begin + int(place * (len(content) - begin))] = value
    path.write_bytes(bytes(content))
    database = open_database(path)
    history = SqliteHistory(database)
    for use in (
        lambda: history.search("text", kind=None, limit=50, before=None),
        lambda: history.search("xt", kind=None, limit=50, before=None),
        lambda: history.search("", kind=None, limit=50, before=None),
        lambda: history.get(7),
        lambda: history.correct(7, "billing", NOON),
        lambda: history.corrections(record().task_id),
        lambda: history.add(record()),
    ):
        with suppress(AppError):
            use()
    database.close()


@pytest.mark.parametrize("what", ["file in the way", "file above", "folder in the way"])
def test_a_folder_that_cannot_be_used_is_told(tmp_path, what):
    path = tmp_path / "data" / "history.db"
    match what:
        case "file in the way":
            path.parent.write_text("I am a file")
        case "file above":
            tmp_path.joinpath("data").write_text("I am a file")
            path = tmp_path / "data" / "deeper" / "history.db"
        case _:
            path.mkdir(parents=True)
            path.joinpath("something").touch()
    with pytest.raises(DataFolderUnwritable):
        SqliteHistory(open_database(path)).add(record())


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write all")
def test_a_folder_without_permission_is_told(path, history):
    path.parent.mkdir(mode=0o500)
    with pytest.raises(DataFolderUnwritable):
        history.add(record())


def test_it_works_again_once_the_cause_is_gone(tmp_path):
    blocked = tmp_path / "data"
    blocked.write_text("I am a file")
    history = SqliteHistory(open_database(blocked / "history.db"))
    with pytest.raises(DataFolderUnwritable):
        history.add(record())
    blocked.unlink()
    assert history.add(record()) == 1
    history._database.close()


def test_a_writer_that_does_not_end_is_told_as_a_lock(path, history):
    history.add(record())
    with closing(look_into(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with history._database.reading() as connection:
            connection.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(Locked):
            history.add(record())
        assert history.get(1).id == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_READ, DataDamaged),
        (sqlite3.SQLITE_IOERR_SHORT_READ, DataDamaged),
        (sqlite3.SQLITE_CORRUPT_VTAB, DataDamaged),
        (sqlite3.SQLITE_READONLY_DBMOVED, DataFolderUnwritable),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, DataFolderUnwritable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Locked),
    ],
)
def test_what_sqlite_says_is_told_in_our_words(path, code, kind):
    path.parent.mkdir()
    error = sqlite3.OperationalError("whatever")
    error.sqlite_errorcode = code
    assert isinstance(known_failure(error, path), kind)


def test_a_change_that_a_power_cut_left_half_done_is_undone(path, history):
    history.add(record("kept"))
    history._database.close()
    with closing(look_into(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM records")
        connection.execute("CREATE TABLE big AS SELECT randomblob(200000) AS b")
        # As the power cut leaves it: copied while it is written.
        content = snapshot(path.parent)
    assert content[f"{path.name}-journal"]
    place = path.parent.parent / "cut" / path.name
    place.parent.mkdir()
    for name, data in content.items():
        (place.parent / name).write_bytes(data)
    database = open_database(place)
    found = SqliteHistory(database).search("", kind=None, limit=9, before=None)
    database.close()
    assert [each.text for each in found] == ["kept"]

"""A plain history becomes an encrypted one, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from fakes.histories import KEY, look_into, open_database
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import DataDamaged, DataTooNew, Locked
from onhand.storage.cipher import keyed
from onhand.storage.database import SCHEMA, Database, Driver
from onhand.storage.encrypting import encrypt_plain, is_plain
from onhand.storage.history import SqliteHistory

CHILD = """
import sys
from pathlib import Path
from onhand.storage.encrypting import encrypt_plain
sys.stdout.write("go\\n"); sys.stdout.flush()
encrypt_plain(Path(sys.argv[1]), bytes(range(32)))
"""


def write_plain(path, count=30):
    """A history as a version without encryption wrote it."""
    plain = Driver(
        connect=lambda path, read_only: keyed(path, None, read_only=read_only),
        errors=lambda: (),
    )
    database = Database(path, plain)
    history = SqliteHistory(database)
    for number in range(count):
        history.add(record(f"planted canary {number}"))
    history.correct(3, "billing", NOON)
    database.close()


def texts(path):
    database = open_database(path)
    found = SqliteHistory(database).search("canary", kind=None, limit=999, before=None)
    database.close()
    return [each.text for each in found]


def test_a_plain_history_is_encrypted_when_it_is_opened(tmp_path):
    path = tmp_path / "history.db"
    write_plain(path)
    assert is_plain(path)
    assert len(texts(path)) == 30
    assert not is_plain(path)
    database = open_database(path)
    assert len(SqliteHistory(database).corrections(record().task_id)) == 1
    assert SqliteHistory(database).add(record()) == 31
    database.close()
    for each in tmp_path.iterdir():
        assert b"canary" not in each.read_bytes(), each.name
    assert {each.name for each in tmp_path.iterdir()} == {"history.db"}


def test_the_old_content_is_overwritten(tmp_path):
    path, link = tmp_path / "history.db", tmp_path / "link"
    write_plain(path)
    link.hardlink_to(path)
    encrypt_plain(path, KEY)
    assert not any(link.read_bytes())


@pytest.mark.parametrize("case", ["newer", "foreign", "damaged"])
def test_what_cannot_be_copied_is_told_and_left_as_it_is(tmp_path, case):
    path = tmp_path / "history.db"
    write_plain(path)
    if case == "damaged":
        content = bytearray(path.read_bytes())
        content[4096 * 3 : 4096 * 6] = b"\xff" * (4096 * 3)
        path.write_bytes(content)
    else:
        pragma = f"user_version = {SCHEMA + 1}" if case == "newer" else "application_id = 1"
        with closing(look_into(path, None)) as connection:
            connection.execute(f"PRAGMA {pragma}")
    before = path.read_bytes()
    with pytest.raises(DataTooNew if case == "newer" else DataDamaged):
        encrypt_plain(path, KEY)
    if case != "damaged":
        assert path.read_bytes() == before
    assert is_plain(path)
    assert {each.name for each in tmp_path.iterdir()} == {"history.db"}


def test_a_history_that_is_open_elsewhere_waits(tmp_path):
    path = tmp_path / "history.db"
    write_plain(path)
    with closing(look_into(path, None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM corrections")
        with closing(look_into(path, None)) as impatient:
            impatient.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(Locked):
            encrypt_plain(path, KEY)
        other.execute("ROLLBACK")
    assert len(texts(path)) == 30


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("turn", range(int(os.environ.get("ONHAND_KILLS", "6"))))
def test_a_kill_leaves_the_old_one_or_the_new_one(tmp_path, turn):
    path = tmp_path / "history.db"
    write_plain(path, 200)
    argv = [sys.executable, "-c", CHILD, path]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        time.sleep(0.012 * turn)
        child.send_signal(signal.SIGKILL)
    assert len(texts(path)) == 200
    assert not is_plain(path)
    assert {each.name for each in tmp_path.iterdir()} <= {"history.db", "history.db.lock"}


LOCKED_OUT = """
import sys
from contextlib import closing
from pathlib import Path
from onhand.storage.cipher import errors, keyed
with closing(keyed(Path(sys.argv[1]), bytes(range(32)))) as connection:
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except errors():
        mode = "refused"
sys.stdout.write(mode)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_looking_at_a_history_lets_go_of_no_lock_on_it(tmp_path):
    path = tmp_path / "history.db"
    # Closing any descriptor of a file drops the locks that this process has on it; then
    # another process takes the journal away from under who still writes into it.
    first, second = open_database(path), open_database(path)
    SqliteHistory(first).add(record("a"))
    assert not is_plain(path)
    SqliteHistory(second).add(record("b"))
    second.close()
    argv = [sys.executable, "-c", LOCKED_OUT, path]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    assert done.stdout in {"wal", "refused"}
    first.close()

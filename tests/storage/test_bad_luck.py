"""A few rounds of what `tests/benchmarks/reliability.py` does at length."""

# ruff: noqa: S311 - moments and places, no secrets

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import reliability
from fakes.histories import open_database
from onhand.domain.errors import DataFolderUnwritable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def test_a_kill_while_writing_loses_nothing_that_was_told(tmp_path):
    assert reliability.kill_writers(tmp_path, 5, random.Random(1)) == 0


def test_flipped_bits_and_cut_files_are_noticed(tmp_path):
    assert reliability.damage(tmp_path, 12, 6, random.Random(2)) == 0


def test_a_torn_journal_leaves_a_history_that_opens(tmp_path):
    assert reliability.tear(tmp_path, 12, random.Random(3)) == 0


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fakes.histories import open_database
from fakes.tasks import record
from onhand.storage.history import SqliteHistory
database = open_database(Path(sys.argv[1]))
history = SqliteHistory(database)
for number in range(25):
    history.add(record(f"entry {number}"))
database.close()
"""


def test_two_instances_write_into_one_history_from_its_first_moment(tmp_path):
    path = tmp_path / "history.db"
    tests = Path(__file__).parents[1]
    argv = [sys.executable, "-c", WRITER, str(path), str(tests)]
    writers = [subprocess.Popen(argv) for _ in range(2)]
    assert [each.wait() for each in writers] == [0, 0]
    assert sorted(reliability.numbers(path)) == [*range(1, 51)]


@pytest.fixture
def own_disk(tmp_path):
    """A disk of its own that can be made read-only; only the superuser can have one."""
    mount, folder = shutil.which("mount"), tmp_path / "disk"
    folder.mkdir()
    argv = [mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only the superuser can make a disk")
    if subprocess.run(argv, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be made here")
    yield folder
    subprocess.run([shutil.which("umount"), str(folder)], check=True)


def remount(folder, how):
    argv = [shutil.which("mount"), "-o", f"remount,{how}", str(folder)]
    subprocess.run(argv, check=True)


def test_a_read_only_disk_is_told_and_leaves_the_encrypted_history_whole(own_disk):
    path = own_disk / "data" / "history.db"
    reliability.write(path, 5)
    before = path.read_bytes()
    remount(own_disk, "ro")
    database = open_database(path)
    for use in (database.reading, database.writing):
        with pytest.raises(DataFolderUnwritable), use():
            pass
    database.close()
    assert path.read_bytes() == before
    remount(own_disk, "rw")
    assert len(reliability.numbers(path)) == 5

"""One holder at a time, and none for ever."""

from __future__ import annotations

import pytest

from onhand.domain.errors import DataFolderUnwritable, Locked
from onhand.storage.file_lock import FileLock


def test_a_lock_has_one_holder_until_it_is_released(tmp_path):
    first, second = (FileLock(tmp_path / "locks" / "x.lock") for _ in range(2))
    first.acquire()
    with pytest.raises(Locked):
        second.acquire()
    with pytest.raises(Locked):
        second.acquire(wait=0.05)
    first.release()
    second.acquire()
    with pytest.raises(Locked):
        first.acquire()
    second.release()


def test_releasing_leaves_nothing_behind(tmp_path):
    lock = FileLock(tmp_path / "locks" / "x.lock")
    with lock.held():
        pass
    lock.release()
    assert list((tmp_path / "locks").iterdir()) == []


def test_a_file_that_is_there_already_is_no_lock(tmp_path):
    (tmp_path / "x.lock").write_text("left from a kill")
    FileLock(tmp_path / "x.lock").acquire()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "locks").write_text("I am a file")
    with pytest.raises(DataFolderUnwritable):
        FileLock(tmp_path / "locks" / "x.lock").acquire()

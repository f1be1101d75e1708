"""A disk that fills up while a batch runs: told, nothing lost, and gone on with later."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from fakes.batches import assert_whole, output, run, stored, write_input
from fakes.histories import open_database
from fakes.hub import FILE, REPO, REVISION, FakeHub, model_bytes
from fakes.net import NET, FakeLedger, Getting, spec_of
from fakes.stores import FakeClock, FakeRows
from fakes.tasks import QUEUE, record
from onhand.batch_wiring import open_output
from onhand.domain.errors import DiskFull
from onhand.domain.fetching import Fetch, Route
from onhand.domain.primitives import Prompt
from onhand.domain.progress import CancelToken
from onhand.domain.receipts import CHUNK_BYTES
from onhand.engine.llama.prefix_files import PrefixFiles
from onhand.net.client import NetClient
from onhand.services.settling import settle
from onhand.storage.history import SqliteHistory
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.safe_files import replace_data_file

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX"),
]

ROWS = 600
DISK_FULL = 8


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 8 MB of its own; only the superuser can have one.

    Four hold the journal of these rows no more, once its own log is as long as it gets.
    """
    mount = shutil.which("mount")
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only the superuser can make a small disk")
    argv = [mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(argv, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be made here")
    yield folder
    subprocess.run([shutil.which("umount"), str(folder)], check=True)


def fill(folder, *, leave):
    """Fill a disk up to `leave` bytes; returns the file that does it."""
    filler = folder / "filler"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    filler.write_bytes(b"x" * (free - leave))
    return filler


@pytest.fixture
def expected(tmp_path):
    write_input(tmp_path / "expected", ROWS)
    assert run(tmp_path / "expected") == 0
    return output(tmp_path / "expected")


def test_a_disk_that_fills_up_stops_the_batch_and_loses_nothing(small_disk, expected):
    write_input(small_disk, ROWS)
    filler = fill(small_disk, leave=500_000)
    assert run(small_disk) == DISK_FULL
    kept = stored(small_disk)
    assert 0 < len(kept) < ROWS
    assert not (small_disk / "out.jsonl").exists()
    filler.unlink()
    assert run(small_disk) == 0
    assert output(small_disk) == expected
    assert stored(small_disk)[: len(kept)] == kept
    assert_whole(small_disk)


@pytest.mark.parametrize("leave", [0, 4096, 20_000, 60_000])
def test_a_disk_that_is_full_from_the_beginning_is_told(small_disk, expected, leave):
    write_input(small_disk, ROWS)
    filler = fill(small_disk, leave=leave)
    assert run(small_disk) == DISK_FULL
    filler.unlink()
    assert run(small_disk) == 0
    assert output(small_disk) == expected


def test_output_that_finds_no_room_does_not_appear(small_disk, expected, tmp_path):
    write_input(small_disk, ROWS)
    (tmp_path / "data").mkdir()
    (small_disk / "data").symlink_to(tmp_path / "data")
    filler = fill(small_disk, leave=8192)
    assert run(small_disk) == DISK_FULL
    assert {each.name for each in small_disk.iterdir()} == {"data", "filler", "in.jsonl"}
    filler.unlink()
    assert run(small_disk) == 0
    assert output(small_disk) == expected


def test_an_answer_that_finds_no_room_is_not_kept_and_the_next_one_is(small_disk):
    database = open_database(small_disk / "data" / "history.db")
    history = SqliteHistory(database)
    history.add(record("before"))
    filler = fill(small_disk, leave=0)
    with pytest.raises(DiskFull):
        history.add(record("x" * 1_000_000))
    assert [each.text for each in history.search("", kind=None, limit=9, before=None)] == [
        "before"
    ]
    filler.unlink()
    history.add(record("after"))
    assert [each.text for each in history.search("", kind=None, limit=9, before=None)] == [
        "after",
        "before",
    ]
    database.close()


def test_small_files_that_find_no_room_stay_as_they_were(small_disk):
    path = small_disk / "settings.json"
    replace_data_file(path, b"before")
    filler = fill(small_disk, leave=0)
    with pytest.raises(DiskFull):
        replace_data_file(path, b"x" * 1_000_000)
    texts = [f"{number:x}" * 500 for number in range(4000)]
    for name in ("out.jsonl", "out.csv", "out.xlsx"):
        results = (record(text, row=row) for row, text in enumerate(texts))
        with pytest.raises(DiskFull):
            open_output(small_disk / name).write(results, FakeRows(*texts), QUEUE)
    assert path.read_bytes() == b"before"
    assert {each.name for each in small_disk.iterdir()} == {filler.name, path.name}


def test_a_decoded_prefix_leaves_room_for_what_matters(small_disk):
    cache = PrefixFolder(small_disk / "prefixes", lambda: b"k" * 32).cache(
        Prompt(system="", before="")
    )
    files, state = PrefixFiles(cache, b"model"), memoryview(bytes(200_000))
    filler = fill(small_disk, leave=1_000_000)
    assert files.write((1,), state, lambda: True)
    assert files.take((1,)) is None
    filler.unlink()
    assert files.write((1,), state, lambda: True)
    assert files.take((1,)) == state


def test_decoded_prefixes_on_a_disk_that_cannot_be_written_are_no_failure(small_disk):
    store = PrefixFolder(small_disk / "prefixes", lambda: b"k" * 32)
    cache = store.cache(Prompt(system="", before=""))
    files, state = PrefixFiles(cache, b"model"), memoryview(b"state")
    files.write((1,), state, lambda: True)
    argv = [shutil.which("mount"), "-o", "remount,ro", str(small_disk)]
    if subprocess.run(argv, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be made read-only here")
    assert store.cache(cache.lasting) == cache
    assert files.take((1,)) is None
    assert files.write((2,), state, lambda: True)
    store.forget()
    assert {each.suffix for each in (small_disk / "prefixes").iterdir()} == {".prefix"}


@pytest.mark.parametrize("largest", [20_000, 200_000, 400_000])
def test_a_quota_that_is_used_up_is_told_like_a_full_disk(tmp_path, expected, largest):
    folder = tmp_path / "folder"
    write_input(folder, ROWS)
    assert run(folder, "--largest-file", str(largest)) == DISK_FULL
    assert not (folder / "out.jsonl").exists()
    assert run(folder) == 0
    assert output(folder) == expected
    assert_whole(folder)


def test_a_download_on_a_disk_that_fills_up_goes_on_when_there_is_room(
    small_disk, loopback
):
    data = model_bytes(2_000_000)
    with FakeHub(data) as hub:
        getting = Getting(small_disk, spec_of(data), data=data)
        place = getting.shelf.claim(getting.downloads.expected(spec_of(data)))
        with place as held:
            wanted = Fetch(
                repo=REPO,
                revision=REVISION,
                file=FILE,
                expected=held.expected,
                part=str(held.part),
                notes=str(held.notes),
                reserve=0,
                route=Route(endpoint=hub.endpoint, hosts=("localhost",)),
            )
            client = NetClient(NET, ledger=FakeLedger(), clock=FakeClock())
            filler = fill(small_disk, leave=1_200_000)
            with pytest.raises(DiskFull):
                held.raise_if_no_room()
            with pytest.raises(DiskFull):
                client.fetch(wanted, CancelToken(), lambda _: None)
            kept = held.part.stat().st_size
            assert 500_000 <= kept < len(data)
            filler.unlink()
            client.fetch(wanted, CancelToken(), lambda _: None)
            assert settle(held, FakeClock(), CancelToken()).sha256 == hub.sha256
        assert kept - hub.starts[1] <= CHUNK_BYTES
    assert [each.id for each in getting.models.installed()] == ["tiny-1m"]

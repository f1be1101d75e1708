"""Files of decoded prefixes: what was not written here, whole, is not read."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.primitives import PrefixCache
from onhand.engine.llama.prefix_files import CHUNK, LARGEST, MAGIC, MOST, ROOM, PrefixFiles

KEY, MAKER = b"k" * 32, b"a model"
TOKENS = (1, 2, 70_000)
STATE = b"what llama.cpp remembers" * 40
HEADER = len(MAGIC) + 32 + 8 + 12
LENGTH_AT = len(MAGIC) + 32
TAG = 16

posix = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


def always():
    return True


def files_in(folder, *, key=KEY, maker=MAKER):
    return PrefixFiles(PrefixCache(folder=str(folder), key=key), maker)


@pytest.fixture
def files(tmp_path):
    return files_in(tmp_path)


def write(files, state=STATE, tokens=TOKENS, go_on=always):
    return files.write(tokens, memoryview(state), go_on)


def saved(folder):
    [file] = folder.glob("*.prefix")
    return file


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A file as it is written, and the folder in which it lies."""
    folder = tmp_path_factory.mktemp("good")
    write(files_in(folder))
    return saved(folder).read_bytes(), saved(folder)


def is_taken(good, content):
    """Whether a file with this content is taken; all is as it was afterwards."""
    whole, file = good
    file.write_bytes(content)
    try:
        return files_in(file.parent).take(TOKENS) is not None
    finally:
        for left in file.parent.iterdir():
            left.unlink()
        file.write_bytes(whole)


def test_a_state_comes_back_as_it_was_written(files, tmp_path):
    assert files.take(TOKENS) is None
    assert write(files)
    assert files.take(TOKENS) == STATE
    files.put_back(TOKENS, touch=True)
    assert files_in(tmp_path).take(TOKENS) == STATE


def test_nothing_of_a_state_is_in_its_file_and_no_two_files_are_alike(files, tmp_path):
    write(files)
    first = saved(tmp_path).read_bytes()
    write(files)
    second = saved(tmp_path).read_bytes()
    assert b"llama" not in first
    assert first[HEADER:] != second[HEADER:]
    assert first[: HEADER - 12] == second[: HEADER - 12]


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_states_of_any_size_come_back(files, size):
    state = os.urandom(size)
    assert write(files, state)
    assert files.take(TOKENS) == state


@posix
def test_a_file_is_for_its_owner_alone(files, tmp_path):
    write(files)
    assert stat.S_IMODE(saved(tmp_path).stat().st_mode) == 0o600


def test_neither_name_nor_header_tell_the_tokens(files, tmp_path):
    write(files)
    write(files_in(tmp_path, key=b"x" * 32))
    one, other = tmp_path.glob("*.prefix")
    assert one.name != other.name
    assert one.read_bytes()[:HEADER] != other.read_bytes()[:HEADER]


@pytest.mark.parametrize(
    "tokens", [(), (1, 2), (1, 2, 70_001), (2, 1, 70_000), (*TOKENS, 1)]
)
def test_other_tokens_have_other_files(files, tokens):
    write(files)
    assert files.take(tokens) is None
    assert files.take(TOKENS) == STATE


@pytest.mark.parametrize("other", [{"key": b"x" * 32}, {"maker": b"another model"}])
def test_another_key_or_model_has_other_files_and_trusts_none_of_these(
    files, tmp_path, other
):
    write(files)
    stranger = files_in(tmp_path, **other)
    assert stranger.take(TOKENS) is None
    ours = saved(tmp_path)
    write(stranger)
    theirs = next(each for each in tmp_path.glob("*.prefix") if each != ours)
    theirs.write_bytes(ours.read_bytes())
    assert stranger.take(TOKENS) is None
    assert not theirs.exists()


def test_no_bit_of_header_or_tag_can_be_another(good):
    whole, _ = good
    places = [*range(HEADER), *range(len(whole) - TAG, len(whole))]
    for place in places:
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            assert not is_taken(good, changed), (place, bit)
    assert is_taken(good, whole)


@given(st.data())
def test_whatever_is_done_to_a_file_is_noticed(good, data):
    whole, _ = good
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    changed = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
    assert is_taken(good, changed) == (changed == whole)


@given(st.integers(0, 2**64 - 1))
def test_a_length_that_is_not_that_of_the_state_is_refused(good, length):
    whole, _ = good
    told = length.to_bytes(8, "little")
    changed = whole[:LENGTH_AT] + told + whole[LENGTH_AT + 8 :]
    assert is_taken(good, changed) == (length == len(STATE))


@pytest.mark.parametrize("size", [0, HEADER, HEADER + TAG, LARGEST + HEADER + TAG + 1])
def test_a_file_of_no_size_that_can_be_is_dropped(files, tmp_path, size):
    write(files)
    os.truncate(saved(tmp_path), size)
    assert files.take(TOKENS) is None
    assert [*tmp_path.iterdir()] == []


def test_what_is_off_is_told_without_what_it_holds(files, tmp_path, caplog):
    write(files)
    os.truncate(saved(tmp_path), 100)
    files.take(TOKENS)
    assert [each.getMessage() for each in caplog.records] == ["a saved prefix was dropped"]


def test_a_state_that_ends_the_process_is_not_there_the_next_time(files, tmp_path):
    write(files)
    assert files.take(TOKENS) == STATE
    next_time = files_in(tmp_path)
    assert next_time.take(TOKENS) is None
    assert write(next_time)
    assert [each.suffix for each in tmp_path.iterdir()] == [".prefix"]


def test_a_file_that_was_dropped_is_gone(files, tmp_path):
    write(files)
    files.take(TOKENS)
    files.drop(TOKENS)
    files.put_back(TOKENS, touch=True)
    assert [*tmp_path.iterdir()] == []


def test_only_what_may_be_seen_is(files, tmp_path):
    write(files)
    os.utime(saved(tmp_path), (1000, 1000))
    files.take(TOKENS)
    files.put_back(TOKENS, touch=False)
    assert saved(tmp_path).stat().st_mtime == 1000
    files.take(TOKENS)
    files.put_back(TOKENS, touch=True)
    assert saved(tmp_path).stat().st_mtime > 1000


@pytest.mark.parametrize("looks", range(5))
def test_writing_can_be_broken_off_and_leaves_nothing(files, tmp_path, looks):
    left = iter(range(looks))
    state = bytes(3 * CHUNK)
    finished = write(files, state, go_on=lambda: next(left, None) is not None)
    assert finished == (looks == 4)  # the header and three pieces
    assert len([*tmp_path.iterdir()]) == finished


def test_a_folder_that_is_not_there_is_no_failure(tmp_path, caplog):
    files = files_in(tmp_path / "gone")
    assert write(files)
    assert files.take(TOKENS) is None
    assert [each.levelname for each in caplog.records] == ["WARNING"]


@contextmanager
def largest_file(size):
    """No file of this process may grow beyond a size."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@posix
@pytest.mark.parametrize("size", [0, 10, HEADER + 100, CHUNK + 1000])
def test_no_half_file_is_left_where_there_is_no_room(files, tmp_path, size):
    with largest_file(size):
        assert write(files, bytes(2 * CHUNK))
    assert [*tmp_path.iterdir()] == []
    assert write(files)
    assert files.take(TOKENS) == STATE


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="not for root")
def test_a_folder_that_cannot_be_written_is_no_failure(files, tmp_path):
    write(files)
    tmp_path.chmod(0o500)
    try:
        assert files.take(TOKENS) is None
        assert write(files, tokens=(1,))
    finally:
        tmp_path.chmod(0o700)
    assert files.take(TOKENS) == STATE


def test_a_state_that_is_too_large_is_not_written(files, tmp_path):
    assert write(files, bytes(LARGEST + 1))
    assert [*tmp_path.iterdir()] == []


def old(folder, name, *, size=0, time=1000):
    file = folder / name
    file.touch()
    os.truncate(file, size)  # it takes no room on the disk
    os.utime(file, (time, time))
    return file


def test_the_least_recently_used_go_when_all_are_too_large(files, tmp_path):
    oldest, older, newer = (
        old(tmp_path, f"{number}.prefix", size=ROOM // 3, time=number)
        for number in (1, 2, 3)
    )
    write(files)
    assert not oldest.exists()
    assert older.exists()
    assert newer.exists()
    assert files.take(TOKENS) == STATE


def test_the_least_recently_used_go_when_there_are_too_many(files, tmp_path):
    (tmp_path / "key").touch()
    for number in range(MOST + 5):
        old(tmp_path, f"{number}.prefix", time=1000 + number)
    write(files)
    left = {int(each.stem) for each in tmp_path.glob("?*.prefix") if each.stem.isdecimal()}
    assert left == set(range(6, MOST + 5))
    assert (tmp_path / "key").exists()
    assert files.take(TOKENS) == STATE


def test_what_a_killed_process_left_goes_after_a_while(files, tmp_path):
    now = tmp_path / "now"
    now.touch()
    recent = now.stat().st_mtime - 60
    old(tmp_path, "a.1.part")
    old(tmp_path, "b.trying")
    old(tmp_path, "c.2.part", time=recent)
    old(tmp_path, "d.trying", time=recent)
    write(files)
    names = {each.name for each in tmp_path.iterdir()} - {saved(tmp_path).name}
    assert names == {"now", "c.2.part", "d.trying"}


@posix
def test_a_link_is_not_followed(files, tmp_path):
    write(files)
    outside = tmp_path / "outside"
    file = saved(tmp_path)
    file.rename(outside)
    file.symlink_to(outside)
    assert files.take(TOKENS) is None
    assert outside.exists()
    assert not file.is_symlink()


@posix
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_not_waited_for(files, tmp_path, make):
    write(files)
    file = saved(tmp_path)
    file.unlink()
    make(file)
    assert files.take(TOKENS) is None
    assert write(files)

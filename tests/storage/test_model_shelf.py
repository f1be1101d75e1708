"""The user's own model folder: what is kept there was compared, and nothing else is."""

from __future__ import annotations

import dataclasses
import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import FakeClock
from onhand.domain.errors import DiskFull, Locked, ModelMissing, ModelUnusable
from onhand.domain.model_errors import WrongChecksum
from onhand.domain.part_notes import Chunk, Head, encoded, read_notes
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.receipts import CHUNK_BYTES, ExpectedFile, wrong_chunks
from onhand.services.settling import settle
from onhand.storage.model_shelf import ModelShelf

NAME = "tiny.gguf"
MODEL = b"GGUF" + hashlib.shake_128(b"model").digest(3 * CHUNK_BYTES)


def expected(data=MODEL, **changes):
    right = ExpectedFile(
        name=NAME,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        source="a test",
        licence="MIT",
    )
    return dataclasses.replace(right, **changes)


def pieces(data, length=100_000):
    return [data[start : start + length] for start in range(0, len(data), length)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def shelf(folder, tmp_path):
    return ModelShelf(folder, tmp_path / "locks", reserve=0)


def put(shelf, data=MODEL, wanted=None):
    with shelf.claim(wanted or expected(data)) as place:
        place.write(pieces(data), CancelToken())
        return settle(place, FakeClock(), CancelToken())


def lying(folder):
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


def test_a_right_file_gets_its_name_and_a_receipt(shelf, folder):
    receipt = put(shelf)
    assert (folder / NAME).read_bytes() == MODEL
    assert lying(folder) == ["receipts/tiny.gguf.json", "tiny.gguf"]
    assert shelf.receipt(NAME) == receipt
    assert (receipt.verified, receipt.licence, receipt.source) == (True, "MIT", "a test")
    assert (receipt.bytes, receipt.modified) == shelf.modified(NAME)
    assert len(receipt.chunks) == 4
    assert receipt.chunks[3] == hashlib.sha256(MODEL[3 * CHUNK_BYTES :]).hexdigest()
    assert shelf.leftovers() == []


def test_a_hundred_of_a_hundred_flipped_bits_are_refused(shelf, folder):
    small = MODEL[:50_000]
    for number in range(100):
        wrong = bytearray(small)
        wrong[number * 499] ^= 1 << number % 8
        with pytest.raises(WrongChecksum):
            put(shelf, bytes(wrong), expected(small))
        assert lying(folder) == ["tiny.gguf.bad"]
    assert shelf.leftovers() == [folder / "tiny.gguf.bad"]
    put(shelf, small)
    assert lying(folder) == ["receipts/tiny.gguf.json", "tiny.gguf"]


def test_a_flipped_bit_is_in_one_chunk(shelf):
    receipt = put(shelf)
    wrong = bytearray(MODEL)
    wrong[CHUNK_BYTES + 5] ^= 4
    shelf.path(NAME).write_bytes(wrong)
    measured = shelf.measure(shelf.path(NAME), receipt.chunk_bytes, CancelToken())
    assert wrong_chunks(receipt.expected(), measured) == (1,)


@pytest.mark.parametrize("length", [0, 3, len(MODEL) - 1, len(MODEL) + 1])
def test_a_file_of_another_length_is_refused(shelf, folder, length):
    with pytest.raises(WrongChecksum):
        put(shelf, (MODEL + b"x")[:length], expected())
    assert NAME not in lying(folder)


def test_of_an_unknown_file_at_least_the_beginning_must_be_right(shelf, folder):
    unknown = expected(bytes=0, sha256="", trusted=False)
    with pytest.raises(ModelUnusable):
        put(shelf, b"PK\3\4" + MODEL, unknown)
    assert not put(shelf, MODEL, unknown).verified
    assert (folder / NAME).read_bytes() == MODEL


@pytest.mark.parametrize(
    "name",
    [
        *("", "x", "../x.gguf", "a/x.gguf", "/x.gguf", "a\\x.gguf", "C:x.gguf"),
        *(".x.gguf", "x\n.gguf", "x" * 300 + ".gguf"),
    ],
)
def test_no_name_leads_out_of_the_folder(shelf, name):
    with pytest.raises(ModelUnusable), shelf.claim(expected(name=name)):
        pass


def test_a_place_has_one_holder(shelf):
    with shelf.claim(expected()):
        with pytest.raises(Locked), shelf.claim(expected()):
            pass
        with shelf.claim(expected(name="other.gguf")):
            pass
    with shelf.claim(expected()):
        pass


def test_what_was_broken_off_leaves_nothing(shelf, folder):
    cancel = CancelToken()

    def blocks():
        yield MODEL[:1000]
        cancel.cancel()
        yield MODEL[1000:]

    with shelf.claim(expected()) as place, pytest.raises(Cancelled):
        place.write(blocks(), cancel)
    assert lying(folder) == []


def test_a_disk_without_room_for_all_and_some_more_is_told_before(folder, tmp_path):
    shelf = ModelShelf(folder, tmp_path / "locks", reserve=1 << 60)
    with shelf.claim(expected()) as place, pytest.raises(DiskFull, match="2 MB more"):
        place.raise_if_no_room()


def test_a_link_in_the_place_of_the_part_is_not_followed(shelf, folder, tmp_path):
    folder.mkdir()
    (tmp_path / "victim").write_text("mine")
    (folder / "tiny.gguf.part").symlink_to(tmp_path / "victim")
    put(shelf)
    assert (tmp_path / "victim").read_text() == "mine"


def test_what_is_removed_is_gone_with_all_that_belongs_to_it(shelf, folder):
    put(shelf)
    with shelf.claim(expected()) as place:
        place.write([b"x" * 5000], CancelToken())
    assert shelf.remove(NAME) >= len(MODEL) + 5000
    assert lying(folder) == []
    assert shelf.receipt(NAME) is None
    with pytest.raises(ModelMissing):
        shelf.measure(shelf.path(NAME), CHUNK_BYTES, CancelToken())


@pytest.mark.skipif(os.name == "nt", reason="an open file has to stay there")
def test_a_file_that_is_in_use_can_be_removed_and_read_on(shelf, folder):
    put(shelf)
    with (folder / NAME).open("rb") as reader:
        shelf.remove(NAME)
        assert reader.read() == MODEL


def test_a_part_with_notes_is_unfinished_and_one_without_is_left_over(shelf, folder):
    folder.mkdir()
    (folder / "a.gguf.part").write_bytes(MODEL)
    head = Head(bytes=len(MODEL), sha256="", chunk_bytes=CHUNK_BYTES)
    lines = encoded(head) + encoded(Chunk(number=1, sha256="x")) + b'{"type":"chu'
    (folder / "a.gguf.part.jsonl").write_bytes(lines)
    (folder / "b.gguf.part").write_bytes(b"")
    (folder / "c.gguf.part.jsonl").write_bytes(lines)
    [part] = shelf.unfinished()
    assert (part.name, part.done, part.total) == ("a.gguf", CHUNK_BYTES, len(MODEL))
    assert [each.name for each in shelf.leftovers()] == ["b.gguf.part", "c.gguf.part.jsonl"]


def test_only_the_chunks_that_are_noted_as_missing_are_fetched_again(shelf):
    put(shelf)
    with shelf.claim(expected()) as place:
        place.take_down()
        measured = place.measure(CancelToken())
        place.note_missing(measured, [1, 3])
        notes = read_notes(place.notes.read_bytes())
        assert notes is not None
        assert notes.missing() == [
            (CHUNK_BYTES, 2 * CHUNK_BYTES),
            (3 * CHUNK_BYTES, len(MODEL)),
        ]
        assert settle(place, FakeClock(), CancelToken()).verified


def test_a_receipt_that_is_damaged_counts_as_none(shelf, folder):
    put(shelf)
    for content in (b"", b"{}", b"[" * 9000, b"\xff", b'{"file": "other.gguf"}'):
        (folder / "receipts" / "tiny.gguf.json").write_bytes(content)
        assert shelf.receipt(NAME) is None


@given(st.binary(max_size=400))
def test_any_bytes_can_stand_in_the_notes(data):
    read_notes(data)
    head = encoded(Head(bytes=10, sha256="", chunk_bytes=4))
    notes = read_notes(head + data)
    assert notes is not None
    assert 0 <= notes.done <= 10


@given(st.sets(st.integers(0, 9)), st.integers(1, 100))
def test_what_has_arrived_and_what_is_missing_are_all_there_is(here, size):
    head = Head(bytes=size, sha256="", chunk_bytes=10)
    lines = b"".join(encoded(Chunk(number=number, sha256="x")) for number in here)
    notes = read_notes(encoded(head) + lines)
    if max(here, default=0) >= -(-size // 10):
        return
    assert notes.done + sum(end - start for start, end in notes.missing()) == size

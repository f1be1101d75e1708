"""The header of a model file: read with bounds, whatever the file says."""

from __future__ import annotations

import os
import random
import struct

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fakes.tiny_gguf import ARRAY, damaged, header_length, number, text, tiny_gguf, value
from onhand.domain.errors import ModelUnusable
from onhand.domain.model_header import ModelHeader
from onhand.gguf.main import reply
from onhand.gguf.reader import MOST_TENSORS, MOST_VALUES, read_header

TINY = tiny_gguf()
COPIES = int(os.environ.get("ONHAND_DAMAGED_HEADERS", "800"))
"""So many damaged copies are read; a hundred thousand take some minutes."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.gguf"


def refused(path, data, why="it "):
    path.write_bytes(data)
    with pytest.raises(ModelUnusable, match=why) as caught:
        read_header(path)
    assert caught.value.exit_code == 10
    assert len(caught.value.detail) < 400


def header(*, values=(), count=None, tensors=0, version=3):
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, count or len(values))
    return head + b"".join(values)


def test_a_header_is_read(path):
    path.write_bytes(TINY)
    assert read_header(path) == ModelHeader(
        architecture="llama",
        name="tiny",
        licence="mit",
        quantisation="F32",
        parameters=123_200,
        tensors=21,
        context=512,
    )


def test_a_file_that_is_cut_off_anywhere_is_refused(path):
    for length in [*range(0, header_length(TINY), 37), len(TINY) - 1]:
        refused(path, TINY[:length])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "middle of its header"),
        (b"GGML" + TINY[4:], "does not begin"),
        (header(version=1), "version 1"),
        (header(version=0x03000000), "version 50331648"),
        (header(tensors=MOST_TENSORS + 1), "claims to have 100001 tensors"),
        (header(tensors=2**64 - 1), "tensors"),
        (header(count=MOST_VALUES + 1), "values"),
        (header(count=2**63), "values"),
        (header(values=[struct.pack("<Q", 2**40), b"x" * 20]), "characters in a text"),
        (header(values=[value("a.b", 8, struct.pack("<Q", 2**63))]), "characters"),
        (header(values=[value("a.b", 99, b"\0" * 20)]), "unknown type 99"),
        # 51 bytes on which the reader of the format's makers never returned.
        (header(values=[value("a.b", ARRAY, struct.pack("<IQ", 4, 2**63 - 1))]), "list"),
        (header(values=[value("a.b", ARRAY, struct.pack("<IQ", 9, 2**63 - 1))]), "type 9"),
        (header(values=[value("a.b", ARRAY, struct.pack("<IQ", 8, 2**63 - 1))]), "texts"),
        (header(values=[number("a.b", 1), number("a.b", 1)]), "twice"),
        (header(values=[number("general.alignment", 3)]), "multiples of 3"),
        (header(values=[number("general.alignment", 0)]), "multiples of 0"),
        (header(values=[number("general.architecture", 3)]), "which architecture"),
        (header(), "which architecture"),
        (TINY.replace(b"blk.1.attn_norm", b"blk.0.attn_norm"), "two tensors"),
    ],
)
def test_a_header_that_breaks_a_rule_is_refused_with_a_sentence(path, data, why):
    refused(path, data, why)


def tensor(*, dimensions=(1,), kind=0, offset=0):
    return (
        text("x")
        + struct.pack(f"<I{len(dimensions)}Q", len(dimensions), *dimensions)
        + struct.pack("<IQ", kind, offset)
    )


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (tensor(dimensions=()), "0 dimensions"),
        (tensor(dimensions=(1, 1, 1, 1, 1)), "5 dimensions"),
        (tensor(dimensions=(0,)), "0 numbers in a row"),
        (tensor(dimensions=(2**40, 2**40)), "numbers in a row"),
        (tensor(offset=1), "begins where none may"),
        (tensor(offset=2**63), "cut off"),
        (tensor(dimensions=(2**30,)), "cut off"),
        (tensor(dimensions=(2**30,), kind=77), "cut off"),
    ],
)
def test_a_table_of_tensors_that_cannot_be_is_refused(path, table, why):
    refused(path, header(tensors=1) + table + b"\0" * 200, why)


def test_a_part_of_a_model_is_none(path):
    values = [
        value("general.architecture", 8, text("llama")),
        number("split.count", 3),
    ]
    refused(path, header(values=values), "several parts")


def test_long_texts_are_cut(path):
    values = [value("general.architecture", 8, text("a" * 5000))]
    path.write_bytes(header(values=values))
    assert len(read_header(path).architecture) == 200


def test_damaged_copies_are_read_or_refused(path):
    chance = random.Random(5)  # noqa: S311 - the same copies each time
    known = []
    for _ in range(COPIES):
        path.write_bytes(damaged(TINY, chance)[1])
        said = reply(path)
        assert (said.header is None) == bool(said.reason)
        known.append(said.header is not None)
    assert any(known)
    assert not all(known)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400))
@example(b"GGUF\3\0\0\0" + b"\xff" * 16)
def test_any_bytes_behind_the_magic_are_read_or_refused(path, data):
    path.write_bytes(b"GGUF" + struct.pack("<I", 3) + data)
    said = reply(path)
    assert said.header is None
    assert said.reason


def test_what_cannot_be_read_is_told(tmp_path):
    assert reply(tmp_path).reason
    assert reply(tmp_path / "none.gguf").reason

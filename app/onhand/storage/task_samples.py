"""The sample port over a database."""

from __future__ import annotations

import struct
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.task_samples import MOST, Sample, Seen

if TYPE_CHECKING:
    from onhand.storage.database import Database


class _StoredSeen(msgspec.Struct, frozen=True):
    """A text; numbers of its state as bytes, a quarter of what they take in lists."""

    state: bytes
    logprobs: tuple[float, ...]


class _StoredSample(msgspec.Struct, frozen=True):
    names: tuple[bytes, ...]
    neutral: tuple[_StoredSeen, ...]


class SqliteSamples:
    """Samples in SQLite, by version of the task and model."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, task_version: str, model: str) -> Sample | None:
        """That of a task with a model; None where nothing usable is known.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: the database
                cannot be read.
        """
        of = (task_version, model)
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT sample FROM samples WHERE task_version = ? AND model = ?", of
            ).fetchone()
            rows = connection.execute(
                "SELECT seen FROM sample_texts WHERE task_version = ? AND model = ?"
                " ORDER BY id",
                of,
            ).fetchall()
        sample = None if row is None else _decoded(row["sample"])
        if sample is None:
            return None
        for each in rows:
            seen = _decoded_text(each["seen"])
            sample = sample if seen is None else sample.with_text(seen)
        return sample

    def begin(self, task_version: str, model: str, sample: Sample) -> None:
        """Keep one, in place of an earlier one; its texts are not kept by this.

        Raises:
            As `load`; it is as it was then.
        """
        of = (task_version, model)
        stored = _StoredSample(
            tuple(map(_bytes_of, sample.names)), tuple(map(_stored, sample.neutral))
        )
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM sample_texts WHERE task_version = ? AND model = ?", of
            )
            connection.execute(
                "INSERT INTO samples (task_version, model, sample) VALUES (?, ?, ?)"
                " ON CONFLICT (task_version, model) DO UPDATE SET sample = excluded.sample",
                (*of, msgspec.msgpack.encode(stored)),
            )

    def add(self, task_version: str, model: str, seen: Seen) -> None:
        """Keep one more text of one that is there.

        Raises:
            As `load`; it is as it was then.
        """
        of = (task_version, model)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO sample_texts (task_version, model, seen)"
                " SELECT task_version, model, ? FROM samples"
                " WHERE task_version = ? AND model = ?",
                (msgspec.msgpack.encode(_stored(seen)), *of),
            )
            connection.execute(
                "DELETE FROM sample_texts WHERE id IN (SELECT id FROM sample_texts"
                " WHERE task_version = ? AND model = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
                (*of, MOST),
            )


def _stored(seen: Seen) -> _StoredSeen:
    return _StoredSeen(_bytes_of(seen.state), seen.logprobs)


def _decoded(content: bytes) -> Sample | None:
    with suppress(msgspec.MsgspecError, ValueError):
        found = msgspec.msgpack.decode(content, type=_StoredSample)
        return Sample(
            tuple(map(_from_bytes, found.names)), tuple(map(_seen, found.neutral))
        )
    return None


def _decoded_text(content: bytes) -> Seen | None:
    with suppress(msgspec.MsgspecError, ValueError):
        return _seen(msgspec.msgpack.decode(content, type=_StoredSeen))
    return None


def _seen(stored: _StoredSeen) -> Seen:
    return Seen(_from_bytes(stored.state), stored.logprobs)


def _bytes_of(state: array[float]) -> bytes:
    """Little-endian, four bytes a number."""
    return struct.pack(f"<{len(state)}f", *state)


def _from_bytes(content: bytes) -> array[float]:
    if len(content) % 4:
        raise ValueError(len(content))
    return array("f", struct.unpack(f"<{len(content) // 4}f", content))

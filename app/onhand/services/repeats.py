"""Rows that say the same as another row: the engine is asked once for all of them."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from onhand.domain.answers import Outcome
from onhand.domain.errors import AppError, EmptyText, InputUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from onhand.services.batch_ports import Row
    from onhand.services.history_ports import Record

MOST = 10_000
"""Texts whose answers are remembered, the latest ones: some megabytes."""

HELD = 1000
"""Rows that wait at most for an answer that another row is about to get."""

AHEAD = 2000
"""Answers known before are read so many rows ahead, for rows that have moved."""


class Repeats:
    """The answers to the latest texts, whether given in this run or known before."""

    def __init__(self, known: Iterable[Record] = ()) -> None:
        """`known` are answers in the order of the input, of this job or of one like it."""
        self._known = iter(known)
        self._read = 0
        self._answers: dict[bytes, Outcome | AppError | None] = {}
        self._asked: set[bytes] = set()
        self._held: list[tuple[Row, bytes]] = []

    def sifted(self, rows: Iterable[Row]) -> Iterator[Row | None]:
        """The rows that the engine has to be asked about.

        None stands where those that are held should be taken.
        """
        for row in rows:
            self._read_on(row.position)
            if fault(row):
                yield row
                continue
            key = _key(row.text)
            if key not in self._answers and key not in self._asked:
                self._asked.add(key)
                yield row
                continue
            self._held.append((row, key))
            if len(self._held) >= HELD:
                yield None

    def learn(self, text: str, answer: Outcome | AppError | None) -> None:
        """Remember the answer to a text; None: it has none for now, nor have its like."""
        key = _key(text)
        self._asked.discard(key)
        self._answers[key] = answer

    def take(self) -> list[tuple[Row, Outcome | AppError | None]]:
        """The held rows that have an answer now; they are held no longer."""
        taken = [
            (row, _again(self._answers[key]))
            for row, key in self._held
            if key in self._answers
        ]
        self._held = [each for each in self._held if each[1] not in self._answers]
        while len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
        return taken

    def _read_on(self, position: int) -> None:
        """Learn what was known of the rows up to some behind this one."""
        while self._read <= position + AHEAD:
            record = next(self._known, None)
            if record is None:
                self._read = position + AHEAD + 1
                return
            self._read = record.row
            if record.outcome is not None and record.text:
                self._answers[_key(record.text)] = record.outcome


def fault(row: Row) -> AppError | None:
    """Why a row has nothing to ask the engine."""
    if row.error:
        return InputUnreadable(row.error)
    return None if row.text.strip() else EmptyText()


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()


def _again(answer: Outcome | AppError | None) -> Outcome | AppError | None:
    """The answer for one more row, which costs no time."""
    if not isinstance(answer, Outcome):
        return answer
    return dataclasses.replace(answer, seconds=0.0)

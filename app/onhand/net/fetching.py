"""One download, from what is missing to the last byte: ranges, retries, pauses."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Protocol

from onhand.domain.model_errors import NetworkFailed, WrongChecksum
from onhand.net.answers import Unreachable
from onhand.net.part_file import PartFile, PartGone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from onhand.domain.fetching import Fetch, Patience
    from onhand.net.answers import Head

MOST_WRONG = 3
"""A chunk that came so often with another hash than it should have is given up."""


class Session(Protocol):
    """Connections to the Hub. Redirects are followed anew with each request."""

    def get(
        self, headers: dict[str, str]
    ) -> AbstractContextManager[tuple[Head, Iterator[bytes]]]:
        """Ask for the file; the answer and its bytes.

        Raises:
            Unreachable: there is no answer, or the bytes end before they should.
            WrongChecksum: the Hub says that its file has another size.
        """
        ...


class Listener(Protocol):
    """Who is told how far it is."""

    def arrived(self, done: int, received: int) -> None:
        """Bytes came."""
        ...

    def pausing(self, done: int, pause: float, reason: str) -> None:
        """It goes on after so many seconds."""
        ...


class Fetching:
    """Fetches what is missing of one file."""

    def __init__(self, wanted: Fetch, session: Session, listener: Listener) -> None:
        self._wanted = wanted
        self._session = session
        self._listener = listener
        self._patience = wanted.patience
        self._failures = 0
        self._most = 0
        self._received = 0
        self._wrong: dict[int, int] = {}

    def run(self) -> None:
        """Fetch until all is here and on the disk.

        Raises:
            NetworkFailed, WrongChecksum, DiskFull, DataFolderUnwritable: it cannot be;
                what has arrived is kept.
        """
        part = PartFile(self._wanted)
        self._most = part.done
        try:
            while (span := part.missing()) is not None:
                try:
                    self._ask(part, *span)
                except Unreachable as failure:
                    self._recover(failure, part)
                except PartGone:
                    part.abandon()
                    self._recover(Unreachable("the part was removed; begun anew"), part)
                    part = PartFile(self._wanted)
            part.close()
        finally:
            part.abandon()

    def _ask(self, part: PartFile, start: int, end: int) -> None:
        """One request for one range; takes as much as comes.

        Raises:
            Unreachable: that is less than was asked for.
        """
        headers = {}
        if start > 0 or end < part.size:
            headers["Range"] = f"bytes={start}-{'' if end == part.size else end - 1}"
            if part.etag:
                headers["If-Range"] = part.etag
        with self._session.get(headers) as (head, blocks):
            head.raise_if_refused()
            if head.is_compressed:
                raise Unreachable(f"{head.host} sends other bytes", passing=False)
            if head.status == 416:
                part.start_over()
                raise Unreachable(f"{head.host} has no such range")
            self._raise_if_other(head)
            self._position(part, head, start)
            self._take(part, blocks, end if head.status == 206 else part.end)

    def _raise_if_other(self, head: Head) -> None:
        """What is offered must have the size of what is wanted."""
        size, right = head.size(), self._wanted.expected.bytes
        if size is not None and size != right:
            raise WrongChecksum(
                f"{head.host} offers {size} bytes, {self._wanted.expected.name} has {right}"
            )

    def _position(self, part: PartFile, head: Head, asked: int) -> None:
        """Have the part go on where the bytes of an answer begin."""
        if head.status == 206:
            span = head.span()
            if span is None or span[0] != asked:
                raise Unreachable(f"{head.host} sends another range than was asked for")
        else:
            # All of it: the server knows no ranges, or has another file than before.
            if not head.etag or head.etag != part.etag:
                part.start_over()
            part.seek(0)
        part.begin(head.etag)

    def _take(self, part: PartFile, blocks: Iterator[bytes], end: int) -> None:
        """Add bytes to the part, up to `end` or what comes."""
        for block in blocks:
            self._received += len(block)
            for number in part.add(block):
                self._count_wrong(number)
            self._listener.arrived(min(part.done, part.size), self._received)
            if part.position >= end:
                return
        raise Unreachable("the connection ended early")

    def _count_wrong(self, number: int) -> None:
        self._wrong[number] = self._wrong.get(number, 0) + 1
        if self._wrong[number] >= MOST_WRONG:
            raise WrongChecksum(f"chunk {number} arrives damaged each time")

    def _recover(self, failure: Unreachable, part: PartFile) -> None:
        """Pause before the next try; the count of failures begins anew with each progress.

        Raises:
            NetworkFailed: there is none.
        """
        patience = self._patience
        self._failures = 1 if part.done > self._most else self._failures + 1
        self._most = max(self._most, part.done)
        tries = patience.tries if self._received else patience.first_tries
        if not failure.passing or self._failures >= tries:
            raise NetworkFailed(failure.reason) from failure
        if failure.wish > patience.longest_wish:
            raise NetworkFailed(
                f"{failure.reason}, and wants {failure.wish / 60:.0f} minutes of peace"
            ) from failure
        pause = max(failure.wish, pause_before(self._failures, patience))
        self._listener.pausing(part.done, pause, failure.reason)
        time.sleep(pause)


def pause_before(failures: int, patience: Patience) -> float:
    """Seconds before the next try, so that not all come back at the same moment."""
    doubled: float = patience.first_pause * 2 ** min(failures - 1, 30)
    longest = min(patience.longest_pause, doubled)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - nothing is secret here

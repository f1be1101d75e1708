"""What the answer of a server means for a download."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524})
"""States of a server that pass."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_WHY = {
    401: "wants to know who is asking (401)",
    403: "does not give it to you (403)",
    404: "does not have it (404)",
    407: "is behind a proxy that wants another name or password (407)",
    410: "does not have it any more (410)",
    429: "has too many requests (429)",
    451: "must not give it to you (451)",
}

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class Unreachable(Exception):
    """The other side cannot be reached, broke off, or cannot answer now.

    Attributes:
        reason: why, in words.
        passing: whether it may go better the next time.
        wish: seconds after which the server wants to be asked again.
    """

    def __init__(self, reason: str, *, passing: bool = True, wish: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing
        self.wish = wish


@dataclass(frozen=True, kw_only=True)
class Head:
    """Status and headers of an answer; the names of headers are in small letters."""

    host: str
    status: int
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        """The server's mark for this state of the file, if it can be relied on."""
        etag = self.headers.get("etag", "")
        return etag if etag.startswith('"') else ""

    @property
    def length(self) -> int | None:
        """Bytes that follow, where that is told."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    @property
    def is_compressed(self) -> bool:
        """Whether the bytes are others than those of the file."""
        return self.headers.get("content-encoding", "identity") != "identity"

    def span(self) -> tuple[int, int | None] | None:
        """First byte and size of the file, of a part of it; None where that is not told."""
        found = _RANGE.fullmatch(self.headers.get("content-range", "").strip())
        if found is None:
            return None
        return int(found[1]), None if found[3] == "*" else int(found[3])

    def size(self) -> int | None:
        """The size of the whole file, where that is told."""
        if self.status == 206:
            span = self.span()
            return span[1] if span else None
        return self.length

    def raise_if_refused(self) -> None:
        """Pass where there is something to read.

        Raises:
            Unreachable: there is not.
        """
        if self.status in (200, 206, 416):
            return
        why = _WHY.get(self.status, f"answers with status {self.status}")
        raise Unreachable(
            f"{self.host} {why}",
            passing=self.status in AGAIN,
            wish=retry_after(
                self.headers.get("retry-after", ""), self.headers.get("date", "")
            ),
        )


def retry_after(text: str, date: str) -> float:
    """Seconds that a server wants to be left alone; 0 where it does not say so.

    Args:
        text: a number, or a time on the server's clock.
        date: what time that is there now.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        pause = parsedate_to_datetime(text) - parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
    return max(0.0, pause.total_seconds())


def is_allowed(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a host is one of these, or below one of these."""
    host = host.lower().rstrip(".")
    return any(
        host == each or host.endswith(f".{each}")
        for each in (name.lower().strip().strip(".") for name in hosts)
        if each
    )

"""Which rows of a batch the engine is asked about at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from onhand.services.batch_ports import Row

FULL = 256
"""Tokens of a chunk, about: what the engine decodes at once, so that it is full.

Longer chunks are no faster (`app/decisions/011-a-batch-makes-way.md`), and whoever waits
for one, or loses it, would wait for more and lose more.
"""

MOST = 32
"""Rows of a chunk at most."""

AROUND = 7
"""Control words around each text and what is asked behind it, about."""

BYTES = 4
"""Bytes of a token, about, in any script."""


def chunked(rows: Iterable[Row | None], *, behind: str | None) -> Iterator[list[Row]]:
    """Rows in chunks, nearly in their order; all of them are held for no longer than that.

    A long text stands alone and lets the short ones around it share a chunk.

    Args:
        rows: the rows, read as they are needed; None ends a chunk, though it be empty.
        behind: what is asked behind each text, where the engine gains by several texts at
            once; None: each is alone.
    """
    asked = AROUND + len((behind or "").encode(errors="replace")) // BYTES
    chunk: list[Row] = []
    size = 0
    for row in rows:
        if row is None:
            yield chunk
            chunk, size = [], 0
            continue
        tokens = asked + len(row.text.encode(errors="replace")) // BYTES
        if behind is None or tokens >= FULL:
            yield [row]
            continue
        if chunk and (size + tokens > FULL or len(chunk) == MOST):
            yield chunk
            chunk, size = [], 0
        chunk.append(row)
        size += tokens
    if chunk:
        yield chunk

"""Tokens on their way into a batch, and cutting many of them into batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH = 256
"""Tokens decoded at once at most; between two batches progress is told."""

ALIGNED = 16
"""Batches have a multiple of so many tokens, where they can: kernels work on blocks."""

OUTPUTS = 32
"""Outputs taken from one batch at most: each costs a row as long as the vocabulary."""


@dataclass(frozen=True)
class Entry:
    """One token to decode: where it goes, and whether its outputs are wanted.

    Attributes:
        also: more sequences that get it, if all of them hold the same tokens before it.
    """

    token: int
    position: int
    sequence: int
    output: bool = False
    also: tuple[int, ...] = ()


def chunks(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Entries cut into batches that have neither too many tokens nor too many outputs.

    As few as possible and about equally long, since a short one costs more a token.
    """
    size = _even(len(entries))
    start = outputs = 0
    for index, entry in enumerate(entries):
        if index - start == size or (outputs == OUTPUTS and entry.output):
            yield entries[start:index]
            start, outputs = index, 0
        outputs += entry.output
    if start < len(entries):
        yield entries[start:]


def _even(tokens: int) -> int:
    """How long batches are when so many tokens are cut into as few as possible."""
    batches = max(1, -(-tokens // BATCH))
    return min(BATCH, -(-tokens // (batches * ALIGNED)) * ALIGNED)

"""How fast a model reads and writes here, and what its process takes meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from onhand.domain.primitives import Probe, Probed
from onhand.engine.llama.process import footprint

if TYPE_CHECKING:
    from onhand.engine.llama.context import Context


def probe(request: Probe, context: Context) -> Probed:
    """Read tokens at once, and some one by one; what they mean does not matter.

    Raises:
        Cancelled, TextTooLong, EngineFailed: as for decoding.
    """
    tokens = [token % context.model.size for token in range(1000, 1000 + request.read)]
    sequence = context.take()
    begin = time.perf_counter()
    context.feed(sequence, tokens, 0, output=True)
    between = time.perf_counter()
    for step in range(request.steps):
        context.feed(sequence, tokens[:1], len(tokens) + step, output=True)
    end = time.perf_counter()
    context.drop(sequence)
    return Probed(
        read=request.read / (between - begin),
        write=request.steps / (end - between),
        memory=footprint(),
    )

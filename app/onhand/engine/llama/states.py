"""What llama.cpp remembers of a sequence, as bytes and back (`llama_state_seq_*`)."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from onhand.engine.llama.bindings import native

if TYPE_CHECKING:
    from onhand.engine.llama.context import Context


def state_of(context: Context, sequence: int) -> memoryview:
    """A copy of a sequence's state; empty where llama.cpp cannot give one."""
    size = native.llama_state_seq_get_size(context.handle, sequence)
    buffer = (ctypes.c_uint8 * size)()
    got = native.llama_state_seq_get_data(context.handle, buffer, size, sequence)
    return memoryview(buffer).cast("B")[: got if got == size else 0]


def restore(context: Context, state: memoryview, tokens: int) -> int | None:
    """A new sequence from a state that `state_of` gave for one of so many tokens.

    llama.cpp checks layers, types and sizes, but trusts the numbers in it: let nobody else
    have written it.

    Returns:
        The sequence; None where the state is refused or is not what it should be, and the
        context is as it was.
    """
    sequence = context.take()
    buffer = (ctypes.c_uint8 * len(state)).from_buffer(state)
    read = native.llama_state_seq_set_data(context.handle, buffer, len(state), sequence)
    memory = native.llama_get_memory(context.handle)
    first = native.llama_memory_seq_pos_min(memory, sequence)
    last = native.llama_memory_seq_pos_max(memory, sequence)
    if (read, first, last) != (len(state), 0, tokens - 1):
        context.drop(sequence)
        return None
    context.adopt(sequence, tokens)
    return sequence

"""The context: sequences of tokens in the model's memory, and decoding them in batches."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from onhand.domain.engine_errors import OutOfMemory
from onhand.domain.errors import EngineFailed, TextTooLong
from onhand.domain.progress import Cancelled
from onhand.engine.llama.batching import BATCH, Entry, chunks
from onhand.engine.llama.bindings import native
from onhand.engine.llama.tap import Tap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from onhand.engine.llama.model import Model

Floats = npt.NDArray[np.float32]

SEQUENCES = 32
"""Sequences that may exist at once; llama.cpp keeps an output's row for each of them."""


def _ignore(_: int) -> None:
    """Nobody watches."""


class Stop:
    """A flag that native code polls; `set` and `clear` may be called from any thread."""

    def __init__(self) -> None:
        # WORKAROUND: llama.cpp polls a callback between operations, thousands of times a
        # batch. A Python callback would take the interpreter's lock each time. strlen() of
        # this buffer is 0 (go on) while its first byte is zero and 1 (stop) otherwise: the
        # same signature for our purpose, without Python.
        self._flag = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("msvcrt" if hasattr(ctypes, "windll") else None)
        self.callback = ctypes.cast(library.strlen, native.ggml_abort_callback)
        self.data = ctypes.cast(self._flag, ctypes.c_void_p)

    def set(self) -> None:
        """Make the running batch end soon."""
        self._flag[0] = b"\x01"

    def clear(self) -> None:
        """Let batches run."""
        self._flag[0] = b"\x00"

    @property
    def is_set(self) -> bool:
        """Whether somebody asked to stop."""
        return self._flag[0] != b"\x00"


class Context:
    """Memory for the sequences of one model, all in one pool of cells.

    Use it from one thread only.
    """

    def __init__(
        self,
        model: Model,
        *,
        size: int,
        threads: int,
        stop: Stop,
        on_batch: Callable[[int], None] = _ignore,
    ) -> None:
        parameters = native.llama_context_default_params()
        parameters.n_ctx = size
        parameters.n_batch = BATCH
        parameters.n_ubatch = BATCH
        parameters.n_seq_max = SEQUENCES
        parameters.n_threads = threads
        parameters.n_threads_batch = threads
        parameters.kv_unified = True
        parameters.abort_callback = stop.callback
        parameters.abort_callback_data = stop.data
        parameters.no_perf = True
        self.tap = Tap(native.llama_model_n_layer(model.handle), model.width)
        parameters.cb_eval = self.tap.callback
        handle = native.llama_init_from_model(model.handle, parameters)
        if not handle:
            raise OutOfMemory(f"a context of {size} tokens does not fit in")
        self.model = model
        self.handle = handle
        self.size = int(native.llama_n_ctx(handle))
        self._memory = native.llama_get_memory(handle)
        self._stop = stop
        self._threads = threads
        self._batch = native.llama_batch_init(BATCH, 0, SEQUENCES)
        self._free = list(range(SEQUENCES - 1, -1, -1))
        self._own: dict[int, tuple[int, int]] = {}
        self.on_batch = on_batch

    def use_threads(self, threads: int) -> None:
        """Use so many threads from now on."""
        if threads != self._threads:
            native.llama_set_n_threads(self.handle, threads, threads)
            self._threads = threads

    def close(self) -> None:
        """Give the memory back; before the model's."""
        native.llama_batch_free(self._batch)
        native.llama_free(self.handle)

    def take(self) -> int:
        """An empty sequence."""
        sequence = self._free.pop()
        self._own[sequence] = (0, 0)
        return sequence

    @property
    def free_sequences(self) -> int:
        """How many more sequences can be taken."""
        return len(self._free)

    @property
    def room(self) -> int:
        """How many more tokens fit; those that sequences share count once."""
        return self.size - sum(end - start for start, end in self._own.values())

    def portions(
        self, sizes: Sequence[int], *, most: int, spare: int = 0
    ) -> Iterator[slice]:
        """Cut a list into portions that fit at once, one after the other.

        Args:
            sizes: how many tokens each thing takes, in a sequence of its own.
            most: things in a portion at most; a portion has one at least.
            spare: tokens that are to stay free.
        """
        start = total = 0
        room = self.room - spare
        for index, size in enumerate(sizes):
            if index > start and (total + size > room or index - start >= most):
                yield slice(start, index)
                start, total = index, 0
            total += size
        if start < len(sizes):
            yield slice(start, len(sizes))

    def drop(self, sequence: int) -> None:
        """Forget a sequence; before the one that it was forked from."""
        native.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        self._free.append(sequence)
        del self._own[sequence]

    def adopt(self, sequence: int, end: int) -> None:
        """Take note that an empty sequence was filled, up to a position, by other means."""
        self._own[sequence] = (0, end)

    def fork(self, sequence: int) -> int:
        """A new sequence that shares all tokens of another; nothing is copied."""
        new = self.take()
        native.llama_memory_seq_cp(self._memory, sequence, new, -1, -1)
        end = self._own[sequence][1]
        self._own[new] = (end, end)
        return new

    def cut(self, sequence: int, position: int) -> None:
        """Forget the tokens of a sequence from a position on."""
        native.llama_memory_seq_rm(self._memory, sequence, position, -1)
        self._own[sequence] = (min(self._own[sequence][0], position), position)

    def drop_all_but(self, kept: Iterable[int]) -> None:
        """Forget all sequences but some that are not forks of others."""
        for sequence in self._own.keys() - {*kept}:
            self.drop(sequence)

    def clear(self) -> None:
        """Forget everything."""
        native.llama_memory_clear(self._memory, False)
        self._free = list(range(SEQUENCES - 1, -1, -1))
        self._own = {}

    def feed(
        self, sequence: int, tokens: Sequence[int], position: int, *, output: bool
    ) -> Floats:
        """Append tokens to a sequence.

        Returns:
            The logits behind the last where `output` says so: (0 or 1, vocabulary).

        Raises:
            Cancelled, TextTooLong: as for `decode`.
        """
        last = len(tokens) - 1
        return self.decode(
            [
                Entry(token, position + offset, sequence, output=output and offset == last)
                for offset, token in enumerate(tokens)
            ]
        )

    def decode(self, entries: Sequence[Entry]) -> Floats:
        """Decode entries in order.

        Returns:
            The logits of those whose output is wanted: (outputs, vocabulary).

        Raises:
            Cancelled: the stop flag was set.
            TextTooLong: the sequences together have no room.
            EngineFailed: llama.cpp refused; what the context holds is unknown.
            After any of them the sequences of these entries have to be dropped.
        """
        native.llama_set_embeddings(self.handle, False)
        return self._each(entries, self._logits, self.model.size)

    def decode_states(self, entries: Sequence[Entry]) -> Floats:
        """As `decode`, but returns the last layer's hidden states: (outputs, width)."""
        native.llama_set_embeddings(self.handle, True)
        return self._each(entries, self._state, self.model.width)

    def _each(
        self, entries: Sequence[Entry], output: Callable[[int], Floats], width: int
    ) -> Floats:
        rows: list[Floats] = []
        for chunk in chunks(entries):
            self._fill(chunk)
            self._run()
            for entry in chunk:
                start, end = self._own[entry.sequence][0], entry.position + 1
                self._own[entry.sequence] = (start, end)
                for sequence in entry.also:
                    self._own[sequence] = (end, end)
            rows += [output(index) for index, entry in enumerate(chunk) if entry.output]
            self.on_batch(len(chunk))
        return np.stack(rows) if rows else np.empty((0, width), np.float32)

    def _fill(self, chunk: Sequence[Entry]) -> None:
        batch = self._batch
        batch.n_tokens = len(chunk)
        for index, entry in enumerate(chunk):
            batch.token[index] = entry.token
            batch.pos[index] = entry.position
            batch.n_seq_id[index] = 1 + len(entry.also)
            for place, sequence in enumerate((entry.sequence, *entry.also)):
                batch.seq_id[index][place] = sequence
            batch.logits[index] = entry.output

    def _run(self) -> None:
        result = native.llama_decode(self.handle, self._batch)
        if result == 0 and not self._stop.is_set:
            return
        if self._stop.is_set:
            raise Cancelled
        if result == 1:
            raise TextTooLong(f"{self.size} tokens fit")
        raise EngineFailed(f"llama_decode gave {result}")

    def _logits(self, index: int) -> Floats:
        pointer = native.llama_get_logits_ith(self.handle, index)
        return np.ctypeslib.as_array(pointer, (self.model.size,)).copy()

    def _state(self, index: int) -> Floats:
        pointer = native.llama_get_embeddings_ith(self.handle, index)
        return np.ctypeslib.as_array(pointer, (self.model.width,)).copy()


def log_softmax(logits: Floats) -> Floats:
    """Log-probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result

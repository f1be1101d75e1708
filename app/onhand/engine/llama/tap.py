"""Hidden states, taken from batches on their way through the layers of a model.

llama.cpp asks for each step of a batch whether somebody wants to see it (`cb_eval` in
include/llama.h, ggml_backend_sched_eval_callback in ggml/include/ggml-backend.h). While
nobody does, that costs half a millisecond a batch. Its own way to hidden states has the
vocabulary's scores computed for every token of the batch, and knows the last layer alone.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from onhand.engine.llama.bindings import FOLDER, native

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

DEPTH = 0.85
"""Share of the layers behind which the mean over a text's tokens is taken."""

LAST = b"result_norm"
"""What llama.cpp calls the states that the scores of the vocabulary come from."""

LAYER = b"l_out-%d"
"""What it calls those behind a layer; both in all of its dense models (src/models)."""


class Seen:
    """What was taken from some batches, in the order of their tokens."""

    def __init__(self) -> None:
        self._last: list[Floats] = []
        self._layer: list[Floats] = []

    def take(self, name: bytes, rows: Floats) -> None:
        """Keep the rows of a batch."""
        (self._last if name == LAST else self._layer).append(rows)

    def states(self, lengths: Sequence[int], own: Sequence[int]) -> list[Floats] | None:
        """A state for each text: that behind its last token, and the mean of its tokens'.

        Args:
            lengths: tokens of each text with the question behind it; all were in the
                batches, one text after the other, with outputs behind their last tokens.
            own: how many of them are the text itself.

        Returns:
            None where this model's steps have other names: nothing was taken.
        """
        if not self._last or not self._layer:
            return None
        last, layer = np.concatenate(self._last), np.concatenate(self._layer)
        ends = np.cumsum(lengths)
        return [
            np.concatenate([last[row], layer[end - length :][: max(1, count)].mean(axis=0)])
            for row, (end, length, count) in enumerate(zip(ends, lengths, own, strict=True))
        ]


class Tap:
    """Hands out what comes out of two layers, while somebody asks for it.

    Attributes:
        callback: for the context's parameters; it has to live as long as the context.
    """

    def __init__(self, layers: int, width: int) -> None:
        """For a model with so many layers, and so many numbers in a state."""
        self._names = frozenset({LAST, LAYER % round(DEPTH * layers)})
        self._width = width
        self._seen: Seen | None = None
        self.callback = native.ggml_backend_sched_eval_callback(self._step)

    @contextmanager
    def opened(self) -> Iterator[Seen]:
        """Take what the batches inside compute."""
        self._seen = Seen()
        try:
            yield self._seen
        finally:
            self._seen = None

    def _step(self, tensor: int, ask: bool, _: object) -> bool:
        """Whether a step is wanted, before it; whether to go on, behind a wanted one."""
        if self._seen is None:
            return False
        name = _library().ggml_get_name(tensor)
        if ask or name not in self._names:
            return name in self._names
        rows = np.empty(_library().ggml_nbytes(tensor) // 4, np.float32)
        _library().ggml_backend_tensor_get(tensor, rows.ctypes.data, 0, rows.nbytes)
        self._seen.take(name, rows.reshape(-1, self._width))
        return True


@cache
def _library() -> ctypes.CDLL:
    folder = FOLDER / "lib"
    names = ("libggml-base.so.0", "libggml-base.so", "libggml-base.dylib", "ggml-base.dll")
    library = ctypes.CDLL(
        str(next(folder / name for name in names if (folder / name).exists()))
    )
    library.ggml_get_name.restype = ctypes.c_char_p
    library.ggml_get_name.argtypes = [ctypes.c_void_p]
    library.ggml_nbytes.restype = ctypes.c_size_t
    library.ggml_nbytes.argtypes = [ctypes.c_void_p]
    library.ggml_backend_tensor_get.restype = None
    library.ggml_backend_tensor_get.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_size_t,
    ]
    return library

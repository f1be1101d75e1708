"""A loaded model: its vocabulary, and the words of its chat format."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from onhand.domain.errors import ModelMissing, ModelUnusable
from onhand.engine.llama.bindings import native

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC = b"GGUF"
_PIECE_BYTES = 512
_SAMPLES, _SAMPLE_BYTES = 16, 1 << 16

LONGEST_RUN = 500
"""Characters of one kind in a row that llama.cpp is given at once."""

_LONG = re.compile(rf"\S{{{LONGEST_RUN}}}|\s{{{LONGEST_RUN}}}")
_MARKS = r"!-/:-@\[-`{-~\u2010-\u205e\u3000-\u303f\uff01-\uff0f"
_RUN = re.compile(rf"\s+|\d+|[{_MARKS}]+|[^\s\d{_MARKS}]+")
"""Blanks, digits, marks, letters with their accents."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """How many layers go on a device, the output counting as one."""

    device: int
    layers: int


class Model:
    """One GGUF file in memory. Use it from one thread only.

    Raises:
        ModelMissing: the file is not there.
        ModelUnusable: it is not a whole model of a known architecture.
    """

    def __init__(
        self, path: Path, *, repack: bool, placement: Placement | None = None
    ) -> None:
        """Load it, on the processor alone or with layers on a device."""
        raise_if_no_model(path)
        self._stamp = _stamp(path.stat())
        native.llama_backend_init()
        parameters = native.llama_model_default_params()
        parameters.n_gpu_layers = 0
        parameters.use_extra_bufts = repack
        if placement is not None:
            parameters.n_gpu_layers = placement.layers
            devices = (ctypes.c_void_p * 2)(placement.device, None)
            parameters.devices = ctypes.cast(devices, ctypes.c_void_p)
        handle = native.llama_model_load_from_file(str(path).encode(), parameters)
        if not handle:
            raise ModelUnusable(f"{path.name} is damaged, cut off, or of an unknown kind")
        self.path = path
        self.handle = handle
        self.vocabulary = native.llama_model_get_vocab(handle)
        self.size = native.llama_vocab_n_tokens(self.vocabulary)
        self.width = native.llama_model_n_embd(handle)

    def close(self) -> None:
        """Give the memory back."""
        native.llama_model_free(self.handle)

    @property
    def trained_context(self) -> int:
        """The longest context that the model was made for, in tokens."""
        return int(native.llama_model_n_ctx_train(self.handle))

    @property
    def shares_prefixes(self) -> bool:
        """Whether sequences can share a decoded prefix; not so with recurrent layers."""
        return not (
            native.llama_model_is_recurrent(self.handle)
            or native.llama_model_is_hybrid(self.handle)
        )

    @cached_property
    def identity(self) -> str:
        """Tells the weights in memory from all others; "" where the file has changed since.

        A digest of the whole file would take seconds, each time. This one is of its size,
        its time to the nanosecond, its number in the file system, and pieces from all over
        it: two files that agree in all that are one.
        """
        try:
            return identity_of(self.path, self._stamp)
        except OSError:
            return ""

    @cached_property
    def architecture(self) -> str:
        """`general.architecture` of the file."""
        return self.metadata("general.architecture")

    @cached_property
    def template(self) -> str:
        """The chat template in the file; "" without one. It is read, never run."""
        found = native.llama_model_chat_template(self.handle, None)
        return found.decode(errors="replace") if found else ""

    def metadata(self, key: str) -> str:
        """A value from the file's header as text; "" where there is none."""
        return _metadata(self.handle, key)

    def tokens(self, text: str, *, control: bool = False) -> list[int]:
        """The tokens of a text; control tokens are recognised only with `control`."""
        if len(text) <= LONGEST_RUN or not _LONG.search(text):
            return self._tokens(text, control=control)
        return [
            token
            for piece in without_long_runs(text)
            for token in self._tokens(piece, control=control)
        ]

    def _tokens(self, text: str, *, control: bool) -> list[int]:
        data = text.encode(errors="replace")
        room = len(data) + 8
        buffer = (native.llama_token * room)()
        count = native.llama_tokenize(
            self.vocabulary, data, len(data), buffer, room, False, control
        )
        if count < 0:
            buffer = (native.llama_token * -count)()
            count = native.llama_tokenize(
                self.vocabulary, data, len(data), buffer, -count, False, control
            )
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        """The bytes that a token stands for; empty for control tokens."""
        return self.pieces[token]

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes of every token of the vocabulary."""
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        spell = native.llama_token_to_piece
        vocabulary = self.vocabulary
        found = []
        for token in range(self.size):
            length = spell(vocabulary, token, buffer, _PIECE_BYTES, 0, False)
            found.append(buffer.raw[:length] if length > 0 else b"")
        return found

    def ends(self, token: int) -> bool:
        """Whether a token ends the model's turn."""
        return bool(native.llama_vocab_is_eog(self.vocabulary, token))

    @cached_property
    def end_of_turn(self) -> int:
        """The token with which the model ends its turn."""
        token = native.llama_vocab_eot(self.vocabulary)
        return int(token if token >= 0 else native.llama_vocab_eos(self.vocabulary))

    @cached_property
    def opening(self) -> list[int]:
        """What a sequence begins with: the BOS token of models that want one."""
        if not native.llama_vocab_get_add_bos(self.vocabulary):
            return []
        return [int(native.llama_vocab_bos(self.vocabulary))]


def without_long_runs(text: str) -> Iterator[str]:
    """A text in pieces, which is cut where many characters of one kind follow each other.

    llama.cpp cuts a text into words by regular expressions. Those of some models go one
    call deeper with each character of a run, and end the process in a row of some ten
    thousand dashes. No text of words has such runs, so none is cut.
    """
    start = 0
    for run in _RUN.finditer(text):
        for cut in range(run.start() + LONGEST_RUN, run.end(), LONGEST_RUN):
            yield text[start:cut]
            start = cut
    yield text[start:]


def shape_of(path: Path) -> tuple[int, int]:
    """Layers of a model, and bytes that a token of context takes; from its header alone.

    Raises:
        ModelMissing, ModelUnusable: it is not there, or no model.
    """
    raise_if_no_model(path)
    parameters = native.llama_model_default_params()
    parameters.vocab_only = True
    handle = native.llama_model_load_from_file(str(path).encode(), parameters)
    if not handle:
        raise ModelUnusable(f"{path.name} is damaged, cut off, or of an unknown kind")
    try:
        name = _metadata(handle, "general.architecture")
        layers, width, heads, shared = (
            int(_metadata(handle, f"{name}.{key}") or 0)
            for key in (
                "block_count",
                "embedding_length",
                "attention.head_count",
                "attention.head_count_kv",
            )
        )
    except ValueError as error:
        raise ModelUnusable(f"{path.name} has a header that cannot be read") from error
    finally:
        native.llama_model_free(handle)
    # Keys and values of 16 bits.
    return layers, 4 * layers * width * (shared or heads) // max(1, heads)


def _metadata(handle: int, key: str) -> str:
    """A value of a header as text; "" where there is none."""
    buffer = ctypes.create_string_buffer(1 << 10)
    length = native.llama_model_meta_val_str(handle, key.encode(), buffer, len(buffer))
    return buffer.value.decode(errors="replace") if length > 0 else ""


def identity_of(path: Path, stamp: tuple[int, int, int] | None = None) -> str:
    """What tells a file from all others; "" where it does not have the expected stamp.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        found = _stamp(os.fstat(file.fileno()))
        if stamp is not None and found != stamp:
            return ""
        digest = hashlib.blake2b(repr(found).encode(), digest_size=16)
        for number in range(_SAMPLES):
            file.seek(found[0] * number // _SAMPLES)
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def raise_if_no_model(path: Path) -> None:
    """Look at a file before native code does, so that common mishaps have a name.

    Raises:
        ModelMissing, ModelUnusable: it is not there, or certainly no model.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError as error:
        raise ModelMissing(f"{path.name} is not there") from error
    except OSError as error:
        raise ModelUnusable(f"{path.name}: {error.strerror}") from error
    if not start:
        raise ModelUnusable(f"{path.name} is empty")
    if start != _MAGIC:
        raise ModelUnusable(f"{path.name} is not a GGUF file")

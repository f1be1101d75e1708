"""Storing the weights of a model in another layout (llama.cpp's `llama_model_quantize`)."""

from __future__ import annotations

import ctypes
from types import MappingProxyType
from typing import TYPE_CHECKING

from onhand.domain.errors import EngineFailed
from onhand.domain.layouts import Layout
from onhand.engine.llama.bindings import native
from onhand.engine.llama.model import raise_if_no_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE_TYPES: Mapping[Layout, int] = MappingProxyType(
    {
        Layout.Q4_0: native.LLAMA_FTYPE_MOSTLY_Q4_0,
        Layout.Q8_0: native.LLAMA_FTYPE_MOSTLY_Q8_0,
        Layout.IQ4_NL: native.LLAMA_FTYPE_MOSTLY_IQ4_NL,
    }
)


def requantise(source: Path, target: Path, layout: Layout) -> None:
    """Write `source` in another layout to `target`.

    Raises:
        ModelMissing, ModelUnusable: `source` is not there, or no model.
        EngineFailed: it cannot be read as a model, or `target` cannot be written.
    """
    raise_if_no_model(source)
    parameters = native.llama_model_quantize_default_params()
    parameters.ftype = _FILE_TYPES[layout]
    parameters.allow_requantize = True
    result = native.llama_model_quantize(
        str(source).encode(), str(target).encode(), ctypes.byref(parameters)
    )
    if result:
        raise EngineFailed(f"{source.name} cannot be stored as {layout}")

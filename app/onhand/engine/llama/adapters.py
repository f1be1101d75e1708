"""LoRA adapters: small files that change what a model says, for a task."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.engine_errors import AdapterUnusable
from onhand.domain.errors import ModelMissing, ModelUnusable
from onhand.engine.llama.bindings import native
from onhand.engine.llama.model import identity_of, raise_if_no_model

if TYPE_CHECKING:
    from onhand.engine.llama.context import Context
    from onhand.engine.llama.model import Model


class Adapters:
    """The adapters that were asked for; each is loaded once, and one is in use at most."""

    def __init__(self, model: Model, context: Context) -> None:
        self._model = model
        self._context = context
        self._loaded: dict[str, int] = {}
        self.used = ""

    def use(self, path: str) -> bool:
        """Answer with an adapter, or with none for ""; tells whether that is a change.

        Raises:
            AdapterUnusable: it is not there, is none, or is made for another model.
        """
        identity = self._identity(path) if path else ""
        if identity == self.used:
            return False
        if identity and identity not in self._loaded:
            self._loaded[identity] = self._load(Path(path))
        self._set([self._loaded[identity]] if identity else [])
        self.used = identity
        return True

    def _identity(self, path: str) -> str:
        """What tells the file from all others, and its contents from earlier ones."""
        try:
            raise_if_no_model(Path(path))
            return f"{path} {identity_of(Path(path))}"
        except (ModelMissing, ModelUnusable, OSError, ValueError) as error:
            detail = getattr(error, "detail", "") or f"{Path(path).name}: {error}"
            raise AdapterUnusable(detail) from error

    def _load(self, path: Path) -> int:
        handle = native.llama_adapter_lora_init(self._model.handle, str(path).encode())
        if not handle:
            raise AdapterUnusable(
                f"{path.name} is damaged, or not made for {self._model.path.name}"
                f" (architecture or shape differ)"
            )
        return int(ctypes.cast(handle, ctypes.c_void_p).value or 0)

    def _set(self, handles: list[int]) -> None:
        count = len(handles)
        pointers = (ctypes.c_void_p * count)(*handles)
        scales = (ctypes.c_float * count)(*[1.0] * count)
        array = ctypes.cast(pointers, ctypes.POINTER(native.llama_adapter_lora_p_ctypes))
        native.llama_set_adapters_lora(self._context.handle, array, count, scales)

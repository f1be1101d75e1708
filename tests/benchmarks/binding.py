"""llama-cpp-python to measure against: its own chat completion, and outlines on top of it.

The package is the one that the engine loads its library from, so both sides run the same
kernels. It keeps the prompt's beginning from one request to the next. `outlines` is not
among the pinned packages; this was written for 1.3.3
(`uv pip install outlines==1.3.3 numba`).
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
from pathlib import Path
from typing import Any

import llama_cpp

CONTEXT = 4096


class Binding:
    """A loaded model, asked through `create_chat_completion`."""

    def __init__(self, model: Path, kernels: Path | None) -> None:
        """`kernels` is the module to load first, where the library has none built in."""
        if kernels is not None:
            folder = Path(llama_cpp.__file__).parent / "lib"
            load = ctypes.CDLL(str(folder / "libggml.so.0")).ggml_backend_load
            load.restype, load.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
            load(os.fsencode(kernels))
        threads = len(os.sched_getaffinity(0))
        self._model = llama_cpp.Llama(
            str(model),
            n_ctx=CONTEXT,
            n_threads=threads,
            n_threads_batch=threads,
            verbose=False,
        )

    def chat(self, system: str, user: str, *, limit: int, **more: Any) -> str:
        """What it answers, greedily; takes what `llama_server.Peer` takes."""
        wanted: dict[str, Any] = {}
        if "response_format" in more:
            form = more["response_format"]["json_schema"]["schema"]
            wanted["response_format"] = {"type": "json_object", "schema": form}
        if "grammar" in more:
            grammar = llama_cpp.LlamaGrammar.from_string(more["grammar"], verbose=False)
            wanted["grammar"] = grammar
        answer = self._model.create_chat_completion(
            messages=[
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            temperature=0.0,
            max_tokens=limit,
            **wanted,
        )
        return str(answer["choices"][0]["message"]["content"])


class Outlines(Binding):
    """The same model, asked through outlines; what an answer may be is compiled once."""

    def __init__(self, model: Path, kernels: Path | None) -> None:
        super().__init__(model, kernels)
        self._outlines = importlib.import_module("outlines")
        self._types = importlib.import_module("outlines.types")
        self._inputs = importlib.import_module("outlines.inputs")
        self._wrapped = self._outlines.from_llamacpp(self._model)
        self._generators: dict[str, Any] = {}

    def chat(self, system: str, user: str, *, limit: int, **more: Any) -> str:
        """What it answers, greedily; takes what `llama_server.Peer` takes."""
        wanted: Any = None
        if "response_format" in more:
            form = more["response_format"]["json_schema"]["schema"]
            wanted = self._types.JsonSchema(form, whitespace_pattern=" ?")
        if "grammar" in more:
            _, options = more["grammar"].split(" ::= ")
            wanted = self._types.Choice([json.loads(each) for each in options.split(" | ")])
        key = repr(more)
        if key not in self._generators:
            self._generators[key] = self._outlines.Generator(self._wrapped, wanted)
        asked = self._inputs.Chat(
            [{"role": "system", "content": system}, {"role": "user", "content": user}]
        )
        return str(self._generators[key](asked, max_tokens=limit, temperature=0.0))

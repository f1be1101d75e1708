"""The engine's runtime on llama.cpp: loads, proves itself, answers."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from onhand.domain.errors import AppError, EngineFailed, ModelUnusable, TextTooLong
from onhand.domain.primitives import (
    Count,
    Counted,
    Embed,
    EngineState,
    Fill,
    Reply,
    Request,
    Score,
    Write,
)
from onhand.domain.progress import Cancelled
from onhand.engine.llama import backend
from onhand.engine.llama.bindings import native
from onhand.engine.llama.context import Context, Stop
from onhand.engine.llama.embed import Embedder
from onhand.engine.llama.fill import Filler
from onhand.engine.llama.model import Model
from onhand.engine.llama.prefixes import Prefixes
from onhand.engine.llama.prompting import Assembler
from onhand.engine.llama.score import Scorer
from onhand.engine.llama.write import Writer

if TYPE_CHECKING:
    from onhand.domain.ladder import Rung
    from onhand.engine.protocol import Load
    from onhand.engine.runtime import Listener

TRIAL_TOKENS = 64
"""Length of the trial batch: kernels for many tokens are others than those for one."""

TRIAL_STEPS = 4


class LlamaRuntime:
    """One model at a time; everything but `stop` and `resume` on one thread."""

    def __init__(self) -> None:
        self._silence = native.llama_log_callback(_say_nothing)
        native.llama_log_set(self._silence, None)
        self._stop = Stop()
        self._loaded: _Loaded | None = None

    def fingerprint(self) -> str:
        """Names processor and library."""
        return backend.fingerprint()

    def rungs(self) -> tuple[Rung, ...]:
        """The ways to run here, best first on paper."""
        return backend.rungs()

    def load(self, load: Load) -> None:
        """Load a model; once in a process, since kernels cannot be unloaded.

        Raises:
            ModelMissing, ModelUnusable: the file is not there, or no model.
            EngineFailed: there is not enough memory.
        """
        backend.load(load.rung)
        model = Model(Path(load.model), load.rung)
        if not model.shares_prefixes:
            raise ModelUnusable(
                f"a model of the kind '{model.architecture}' cannot go on from one text in "
                "several ways, which every answer here needs; take a dense one"
            )
        self._loaded = _Loaded(model, load, self._stop)

    def prove(self) -> EngineState:
        """Run a batch as large as real ones, and a few single steps; measures both."""
        loaded = self._need()
        context = loaded.context
        tokens = [token % loaded.model.size for token in range(1000, 1000 + TRIAL_TOKENS)]
        sequence = context.take()
        begin = time.perf_counter()
        context.feed(sequence, tokens, 0, output=True)
        between = time.perf_counter()
        for step in range(TRIAL_STEPS):
            context.feed(sequence, tokens[:1], TRIAL_TOKENS + step, output=True)
        end = time.perf_counter()
        context.drop(sequence)
        loaded.speeds = (TRIAL_TOKENS / (between - begin), TRIAL_STEPS / (end - between))
        return self.state()

    def state(self) -> EngineState:
        """What is loaded."""
        loaded = self._need()
        read_speed, write_speed = loaded.speeds
        return EngineState(
            model=str(loaded.model.path),
            architecture=loaded.model.architecture,
            context=loaded.context.size,
            device=loaded.rung.device,
            variant=loaded.rung.variant,
            read_speed=read_speed,
            write_speed=write_speed,
        )

    def answer(self, request: Request, listener: Listener) -> Reply:
        """Answer a request; afterwards the context holds nothing but prompts' prefixes.

        Raises:
            TextTooLong, EngineFailed: it cannot be answered.
            Cancelled: `stop` was called.
        """
        loaded = self._need()
        loaded.context.on_batch = listener.on_batch
        try:
            return loaded.answer(request, listener)
        except (TextTooLong, Cancelled):
            loaded.prefixes.recover()
            raise
        except AppError:
            loaded.prefixes.forget()
            raise

    def stop(self) -> None:
        """Make the running batch end; from any thread."""
        self._stop.set()

    def resume(self) -> None:
        """Let batches run again; from any thread."""
        self._stop.clear()

    def _need(self) -> _Loaded:
        if self._loaded is None:
            raise EngineFailed("no model was loaded")
        return self._loaded


class _Loaded:
    """A model with its context and what answers on them."""

    def __init__(self, model: Model, load: Load, stop: Stop) -> None:
        self.model = model
        self.rung = load.rung
        self.speeds = (0.0, 0.0)
        size = min(load.context, model.trained_context or load.context)
        self.context = Context(
            model, size=size, threads=load.threads or _cores(), stop=stop
        )
        assembler = Assembler(model)
        self.prefixes = Prefixes(self.context, assembler)
        self._scorer = Scorer(self.context, assembler, self.prefixes)
        self._filler = Filler(self.context, assembler, self.prefixes)
        self._writer = Writer(self.context, assembler, self.prefixes)
        self._embedder = Embedder(self.context, assembler, self.prefixes)

    def answer(self, request: Request, listener: Listener) -> Reply:
        match request:
            case Score():
                return self._scorer(request)
            case Fill():
                return self._filler(request)
            case Write():
                return self._writer(request, listener.on_text)
            case Embed():
                return self._embedder(request)
            case Count():
                return Counted(
                    tokens=tuple(len(self.model.tokens(text)) for text in request.texts)
                )
            case _:
                assert_never(request)


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _say_nothing(_level: int, _text: bytes, _data: object) -> None:
    """llama.cpp may print prompts in its log: keep it quiet."""

"""The engine's runtime on llama.cpp: loads, proves itself, answers."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from onhand.domain.engine_errors import OutOfMemory
from onhand.domain.errors import AppError, EngineFailed, ModelUnusable, TextTooLong
from onhand.domain.primitives import (
    Count,
    Counted,
    Embed,
    EngineState,
    Fill,
    PrefixCache,
    Probe,
    Probed,
    Reply,
    Request,
    Score,
    Write,
    WriteEach,
)
from onhand.domain.progress import Cancelled
from onhand.domain.train_request import Train, Trained
from onhand.domain.weigh_request import Weigh, Weighed
from onhand.engine.llama import backend
from onhand.engine.llama.adapters import Adapters
from onhand.engine.llama.bindings import native
from onhand.engine.llama.context import Context, Stop
from onhand.engine.llama.costs import Costs
from onhand.engine.llama.embed import Embedder
from onhand.engine.llama.fill import Filler
from onhand.engine.llama.hearing import Hearing
from onhand.engine.llama.layouts import requantise
from onhand.engine.llama.model import Model
from onhand.engine.llama.prefix_files import PrefixFiles
from onhand.engine.llama.prefixes import Prefixes
from onhand.engine.llama.probe import probe
from onhand.engine.llama.process import cores
from onhand.engine.llama.prompting import Assembler
from onhand.engine.llama.score import Scorer
from onhand.engine.llama.train import train
from onhand.engine.llama.weigh import weigh
from onhand.engine.llama.write import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onhand.domain.ladder import Rung
    from onhand.engine.protocol import Ask, Load, Requantise
    from onhand.engine.runtime import Listener

TRIAL_TOKENS = 64
"""Length of the trial batch: kernels for many tokens are others than those for one."""

TRIAL_STEPS = 4


class LlamaRuntime:
    """One model at a time; everything but `stop` and `resume` on one thread."""

    def __init__(self) -> None:
        self._hearing = Hearing()
        self._listener = native.llama_log_callback(self._hearing)
        native.llama_log_set(self._listener, None)
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
            OutOfMemory: there is not enough memory.
            EngineFailed: the rung's kernels or device cannot be used.
        """
        with self._heard(load.model):
            self._load(load)

    def _load(self, load: Load) -> None:
        kernels = load.kernels or load.rung
        backend.load(kernels)
        placement = None if load.kernels is None else backend.place(load)
        path = Path(load.model)
        model = Model(path, repack=kernels.repack, placement=placement)
        if not model.shares_prefixes:
            raise ModelUnusable(
                f"a model of the kind '{model.architecture}' cannot go on from one text in "
                "several ways, which every answer here needs; take a dense one"
            )
        self._loaded = _Loaded(model, load, self._stop)

    @contextmanager
    def _heard(self, model: str) -> Iterator[None]:
        """Say that there was no memory, where llama.cpp says that and then gives up."""
        self._hearing.short_of_memory = False
        try:
            yield
        except (EngineFailed, ModelUnusable, MemoryError) as error:
            if not self._hearing.short_of_memory and not isinstance(error, MemoryError):
                raise
            raise OutOfMemory(f"{Path(model).name} got no more of it") from error

    def requantise(self, wish: Requantise) -> None:
        """Store a model's weights in another layout; no model needs to be loaded.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: there is no new file, or half of one.
        """
        requantise(Path(wish.source), Path(wish.target), wish.layout)

    def prove(self) -> EngineState:
        """Run a batch as large as real ones, and a few single steps; measures both."""
        loaded = self._need()
        trial = Probe(read=TRIAL_TOKENS, steps=TRIAL_STEPS)
        loaded.learn_speeds(probe(trial, loaded.context))
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

    def attend(self, ask: Ask) -> None:
        """Take in how a request is to be answered: with which adapter and threads.

        Raises:
            AdapterUnusable: the adapter cannot be used.
        """
        loaded = self._need()
        loaded.use_threads(saving=ask.saving)
        # Where nothing is decoded with the model's weights, no adapter matters.
        if not isinstance(ask.request, Count | Probe | Train | Weigh):
            with self._heard(loaded.model.path.name):
                loaded.use_adapter(ask.adapter)

    def answer(
        self, request: Request, listener: Listener, cache: PrefixCache | None = None
    ) -> Reply:
        """Answer a request; afterwards the context holds nothing but prompts' prefixes.

        Raises:
            TextTooLong, EngineFailed: it cannot be answered.
            Cancelled: `stop` was called.
        """
        loaded = self._need()
        loaded.context.on_batch = listener.on_batch
        loaded.use_cache(cache)
        try:
            with self._heard(loaded.model.path.name):
                return loaded.answer(request, listener)
        except (TextTooLong, Cancelled):
            loaded.prefixes.recover()
            raise
        except AppError:
            loaded.prefixes.forget()
            raise

    @property
    def unsettled(self) -> bool:
        """Whether prefixes are to be written into a cache."""
        return self._loaded is not None and self._loaded.prefixes.unsettled

    def settle(self, go_on: Callable[[], bool]) -> None:
        """Write them, as long as `go_on` says so."""
        self._need().prefixes.settle(go_on)

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
        size = min(load.context, model.trained_context or load.context)
        self._threads = load.threads or cores()
        self.context = Context(model, size=size, threads=self._threads, stop=stop)
        self._adapters = Adapters(model, self.context)
        assembler = Assembler(model)
        self.prefixes = Prefixes(self.context, assembler)
        self._scorer = Scorer(self.context, assembler, self.prefixes)
        self._filler = Filler(self.context, assembler, self.prefixes)
        self._writer = Writer(self.context, assembler, self.prefixes)
        self._embedder = Embedder(self.context, assembler, self.prefixes)
        self.learn_speeds(Probed(read=load.speeds[0], write=load.speeds[1]))

    def learn_speeds(self, probed: Probed) -> None:
        """Take in how fast this model is here."""
        self.speeds = (probed.read, probed.write)
        self._writer.costs = Costs.of(probed.read, probed.write)

    def use_threads(self, *, saving: bool) -> None:
        """Use all threads, or half of them."""
        half = max(1, self._threads // 2)
        self.context.use_threads(half if saving else self._threads)

    def use_adapter(self, adapter: str) -> None:
        """Answer with an adapter from now on; "" for none."""
        if self._adapters.use(adapter):
            self.prefixes.change()

    def use_cache(self, cache: PrefixCache | None) -> None:
        """Say where decoded prefixes lie."""
        files = PrefixFiles(cache, self._maker) if cache and self.model.identity else None
        self.prefixes.keep_in(files, cache.lasting if cache else None)

    @property
    def _maker(self) -> bytes:
        """What decodes: another one of these comes to other states from the same tokens.

        Some models scale their positions by the size of the context.
        """
        parts = (self.model.identity, self._fingerprint, self.rung.name)
        adapter = (self._adapters.used,) if self._adapters.used else ()
        return repr((*parts, self.context.size, *adapter)).encode()

    @cached_property
    def _fingerprint(self) -> str:
        return backend.fingerprint()

    def answer(self, request: Request, listener: Listener) -> Reply:
        reply: Reply
        match request:
            case Score():
                reply = self._scorer(request)
            case Fill():
                reply = self._filler(request)
            case Write():
                reply = self._writer(request, listener.on_text)
            case WriteEach():
                reply = self._writer.each(request, listener.on_whole)
            case Embed():
                reply = self._embedder(request)
            case Count() | Train() | Weigh():
                reply = _computed(request, self.model)
            case Probe():
                reply = probe(request, self.context)
            case _:
                assert_never(request)
        return reply


def _computed(request: Count | Train | Weigh, model: Model) -> Counted | Trained | Weighed:
    """What needs nothing decoded: how long texts are, what labelled ones teach."""
    match request:
        case Count():
            return Counted(tokens=tuple(len(model.tokens(text)) for text in request.texts))
        case Train():
            return train(request, model.width)
        case Weigh():
            return weigh(request)

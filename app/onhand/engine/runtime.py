"""What the engine process needs from a runtime, and what a runtime tells while it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.ladder import Rung
    from onhand.domain.primitives import EngineState, PrefixCache, Reply, Request, Written
    from onhand.engine.protocol import Ask, Load, Requantise


class Listener(Protocol):
    """Who is told how a request goes on."""

    def on_text(self, text: str) -> None:
        """A piece was written."""
        ...

    def on_whole(self, index: int, written: Written) -> None:
        """One of several texts was written, that at `index`."""
        ...

    def on_batch(self, tokens: int) -> None:
        """A batch of so many tokens was decoded."""
        ...


class Runtime(Protocol):
    """What answers: llama.cpp, or a stand-in in tests. All but `stop` on one thread."""

    def fingerprint(self) -> str:
        """Names processor and library."""
        ...

    def rungs(self) -> tuple[Rung, ...]:
        """The ways to run here, best first on paper."""
        ...

    def load(self, load: Load) -> None:
        """Load a model.

        Raises:
            AppError: it cannot be loaded.
        """
        ...

    def requantise(self, wish: Requantise) -> None:
        """Store a model's weights in another layout; no model needs to be loaded.

        Raises:
            ModelUnusable, EngineFailed: there is no new file, or half of one.
        """
        ...

    def prove(self) -> EngineState:
        """Run a batch as large as real ones; returns the state with measured speeds."""
        ...

    def state(self) -> EngineState:
        """What is loaded."""
        ...

    def attend(self, ask: Ask) -> None:
        """Take in how a request is to be answered: with which adapter and threads.

        Raises:
            AppError: the adapter cannot be used.
        """
        ...

    def answer(
        self, request: Request, listener: Listener, cache: PrefixCache | None = None
    ) -> Reply:
        """Answer a request; its prompt's prefix may come from a cache.

        Raises:
            AppError: it cannot be answered.
            Cancelled: `stop` was called.
        """
        ...

    @property
    def unsettled(self) -> bool:
        """Whether there is something to write into a cache."""
        ...

    def settle(self, go_on: Callable[[], bool]) -> None:
        """Write it, as long as `go_on` says so; the rest is left for the next time."""
        ...

    def stop(self) -> None:
        """Make `answer` end soon; from any thread."""
        ...

    def resume(self) -> None:
        """Forget an earlier `stop`; from any thread."""
        ...

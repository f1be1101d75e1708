"""Making way: what a long run asks of the engine is put off while somebody waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from onhand.domain.progress import Cancelled, CancelToken, ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.errors import AppError
    from onhand.domain.heads import Learned
    from onhand.domain.progress import OnProgress
    from onhand.domain.tasks import Task
    from onhand.services.ports import TaskRunner

Result = TypeVar("Result")

MOST_BREAKS = 3
"""So often is a request broken off for others; then it is finished first."""


def _nothing() -> None:
    """Nothing was changed by those who were served."""


class Way(Protocol):
    """Others who want the thread on which a long run works."""

    def watch(self, listener: Callable[[], None], /) -> Callable[[], None]:
        """Call `listener`, from any thread, when somebody waits; at once if somebody does.

        Returns what takes it off again.
        """
        ...

    def serve(self) -> None:
        """Do what they wait for, on this thread, until nobody waits."""
        ...


class NobodyWaits:
    """The way of a run that has its thread to itself."""

    def watch(self, _listener: Callable[[], None], /) -> Callable[[], None]:
        """There is nothing to listen to."""
        return self.serve

    def serve(self) -> None:
        """Nobody waits."""


class Yielding:
    """Breaks off for others, serves them, and asks again.

    The engine ends a request within milliseconds, so those who wait do so for less than one
    decode. What it had done of the request is lost; a request that was broken off
    `MOST_BREAKS` times runs to its end, so a long run always gets on. A model that is being
    loaded is not lost: those who wait need it as well, most often.
    """

    def __init__(self, way: Way, resume: Callable[[], object] = _nothing) -> None:
        """`resume` is called before each request: others may have changed the model."""
        self._way = way
        self._resume = resume

    def until_done(
        self,
        ask: Callable[[CancelToken], Result],
        cancel: CancelToken,
        *,
        breaks: int = MOST_BREAKS,
    ) -> Result:
        """What `ask` gives, asked again each time that it was broken off for others."""
        for _ in range(breaks):
            self._way.serve()
            self._resume()
            token = CancelToken(part_of=cancel)
            forget = cancel.listen(token.cancel)
            cancel.raise_if_cancelled()
            ignore = self._way.watch(token.cancel)
            try:
                return ask(token)
            except Cancelled:
                cancel.raise_if_cancelled()
            finally:
                ignore()
                forget()
        self._way.serve()
        self._resume()
        return ask(cancel)


class MakingWay:
    """A task runner that breaks off for others, serves them, and asks again."""

    def __init__(
        self, runner: TaskRunner, way: Way, resume: Callable[[], object] = _nothing
    ) -> None:
        """`resume` makes the engine use again what it used before others were served."""
        self._runner = runner
        self._yielding = Yielding(way, resume)

    def learn(
        self,
        task: Task,
        groups: Sequence[Sequence[str]],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Learned | None:
        """See `TaskRunner`."""
        return self._yielding.until_done(
            lambda token: self._runner.learn(task, groups, token, on_progress),
            cancel,
            # The runner remembers the groups that are done.
            breaks=MOST_BREAKS * max(1, len(groups)),
        )

    def answer_many(
        self,
        task: Task,
        texts: Sequence[str],
        cancel: CancelToken,
        learned: Learned | None = None,
    ) -> list[Outcome | AppError]:
        """See `TaskRunner`."""
        return self._yielding.until_done(
            lambda token: self._runner.answer_many(task, texts, token, learned),
            cancel,
        )

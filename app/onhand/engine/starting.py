"""What a new engine says before it answers: that it runs, and that a model is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, EngineFailed, ModelUnusable
from onhand.engine.connection import Ended, Silent
from onhand.engine.protocol import VERSION, Failed, Hello, Loaded, Ready

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.primitives import EngineState
    from onhand.domain.progress import CancelToken
    from onhand.engine.connection import Connection

KILLED = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""Ends that came from outside, at logging out for example, and say nothing of a rung."""

KERNEL_FAULTS = (
    *("SIGILL", "SIGSEGV", "SIGBUS", "SIGFPE", "it hung"),
    *("illegal instruction", "access violation"),
)
"""Ends that point at the build of the kernels; that an engine was killed does not."""


def greeting(connection: Connection, patience: float, cancel: CancelToken) -> Hello:
    """The first event of a new engine.

    Raises:
        EngineFailed: it did not start, or is another version.
        Cancelled: the user stopped it.
    """
    try:
        event = connection.next_event(patience, cancel)
    except (Ended, Silent) as failure:
        raise EngineFailed(f"it did not start ({_words(failure)})") from failure
    if not isinstance(event, Hello) or event.version != VERSION:
        raise EngineFailed("it speaks another version of the protocol")
    return event


def want_loaded(connection: Connection, patience: float, cancel: CancelToken) -> None:
    """Wait until the model is in memory.

    Raises:
        Ended: the process died before.
        AppError: it cannot be loaded.
        Cancelled: the user stopped it.
    """
    try:
        event = connection.next_event(patience, cancel)
    except Silent as failure:
        raise ModelUnusable(f"loading it took over {patience:.0f} seconds") from failure
    match event:
        case Loaded():
            return
        case Failed(code=code, detail=detail):
            raise AppError.from_code(code, detail)
        case _:
            raise EngineFailed("it answered out of turn")


def of_file(how: str) -> AppError:
    """What it means that an engine died while it loaded a model.

    Of the file, not of its kernels, unless it was killed from outside.
    """
    if how in KILLED:
        return EngineFailed(f"{how} while it loaded the model")
    return ModelUnusable(f"loading it ended the engine ({how})")


def of_trial(model: Path, failure: Ended | Silent) -> ModelUnusable:
    """What it means that the trial of a model that nobody vouches for failed."""
    how = f"ended with {failure.how}" if isinstance(failure, Ended) else "took too long"
    return ModelUnusable(f"{model.name}: its trial batch {how}; nobody vouches for it")


def is_illegal(failure: Ended) -> bool:
    """Whether it met an instruction that the processor does not have."""
    return failure.how == "SIGILL" or "illegal instruction" in failure.how


def _words(failure: Ended | Silent) -> str:
    return failure.how if isinstance(failure, Ended) else "no greeting"


def ready(connection: Connection, patience: float, cancel: CancelToken) -> EngineState:
    """The state of an engine whose model is in memory.

    Raises:
        Ended, Silent: the trial was too much for it.
        AppError: it refused.
        Cancelled: the user stopped it.
    """
    match connection.next_event(patience, cancel):
        case Ready(state=state):
            return state
        case Failed(code=code, detail=detail):
            raise AppError.from_code(code, detail)
        case _:
            raise EngineFailed("it answered out of turn")


def is_kernel_fault(how: str) -> bool:
    """Whether an end points at the build of the kernels."""
    return any(fault in how for fault in KERNEL_FAULTS)

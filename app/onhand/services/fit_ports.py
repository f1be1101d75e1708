"""What knowing whether a model fits needs from outside, as protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.catalog import ModelSpec
    from onhand.domain.fit import Memory


@dataclass(frozen=True, kw_only=True)
class RunningEngine:
    """An engine with a model, of this program or of another window or command.

    Attributes:
        model: path of the model file.
        own: whether this program runs it.
        private: bytes of memory that would be free if it ended.
        mapped: bytes of its model's file that are in memory; they are shared.
    """

    model: str
    own: bool
    private: int
    mapped: int


class Machine(Protocol):
    """What this machine has now. Cheap enough to be asked before each start."""

    def memory(self) -> Memory:
        """What memory a new process could take."""
        ...

    def size_of(self, file: Path) -> int:
        """Bytes of a file; 0 where it is not there."""
        ...

    def disk_free(self) -> int:
        """Bytes free where the user's models lie."""
        ...

    def kills(self) -> int:
        """How many processes the system has ended for want of memory since it started."""
        ...

    def engines(self) -> Sequence[RunningEngine]:
        """The engines that run with this data folder; what is dead is not told."""
        ...


class EngineRegister(Protocol):
    """Where engines that run are noted, so that other windows and commands count them."""

    def enter(self, pid: int, model: Path) -> None:
        """A process holds a model now; where that cannot be noted nothing happens."""
        ...

    def leave(self, pid: int) -> None:
        """It is about to end."""
        ...


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a model is on this machine, measured by loading, reading and writing.

    Attributes:
        machine: what stands for processor and library.
        rung: what it ran on, device and build, in words.
        device: what was wished for at that time, the setting `device`.
        context: tokens of context that it was loaded with.
        load: seconds until it was ready.
        read, write: tokens a second.
        page: seconds for a page with a short answer.
        memory: bytes that the engine took; 0 where that cannot be told.
    """

    machine: str
    rung: str
    device: str
    context: int
    load: float
    read: float
    write: float
    page: float
    memory: int = 0


class MeasuredStore(Protocol):
    """What was measured of models on this machine."""

    def load(self, model: Path, device: str) -> Measured | None:
        """What is known of a file; None where it holds no more.

        That is so when the file, the library, the processor or the device has changed.
        """
        ...

    def save(self, model: Path, measured: Measured) -> None:
        """Keep what was measured; a folder that cannot be written is no failure."""
        ...


class KnownModels(Protocol):
    """The catalogue."""

    def known(self) -> tuple[ModelSpec, ...]:
        """All models of the catalogue, smallest first."""
        ...

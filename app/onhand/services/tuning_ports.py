"""What tuning a model needs from outside, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from onhand.domain.layouts import Layout, Tuning
    from onhand.domain.progress import CancelToken
    from onhand.services.ports import Engine, InstalledModel


class Workshop(Protocol):
    """Stores models in other layouts, and lends engines to try them."""

    def requantise(
        self, source: Path, target: Path, layout: Layout, cancel: CancelToken
    ) -> None:
        """Write a model in another layout to `target`.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: `target` may be there in part.
            Cancelled: likewise; the user stopped it.
        """
        ...

    def engine(self, model: Path) -> AbstractContextManager[Engine]:
        """An engine that answers with a model, beside the one of the program."""
        ...


class TuningStore(Protocol):
    """What was found out about the layouts of models on this machine."""

    def machine(self) -> str:
        """What stands for processor and library; "" before the engine ran here."""
        ...

    def load(self, model: InstalledModel) -> Tuning | None:
        """What is known of a model; None where nothing holds on this machine any more."""
        ...

    def save(self, model: InstalledModel, tuning: Tuning) -> None:
        """Keep what was found out.

        Raises:
            DataFolderUnwritable, DiskFull: it is as it was.
        """
        ...

    def forget(self, model: InstalledModel) -> int:
        """Know nothing of a model, and remove its layout's file; tells the bytes freed."""
        ...

    def prepare(self, model: InstalledModel) -> None:
        """Make room for the files of a model's layouts.

        Raises:
            DataFolderUnwritable, DiskFull: there is none.
        """
        ...

    def place(self, model: InstalledModel, layout: Layout) -> Path:
        """Where the file of a layout can be written; never that of the one in use."""
        ...

    def remove(self, file: Path) -> None:
        """Remove the file of a layout; one that is not there is no failure."""
        ...

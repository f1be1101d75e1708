"""What bringing in models and trusting them needs from outside, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from onhand.domain.progress import ignore_progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.domain.model_header import ModelHeader
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.receipts import Measured
    from onhand.domain.trust import CheckedFile, FileStamp


class ModelSources(Protocol):
    """Files anywhere on this machine, a stick among them. Nothing is written there."""

    def models_in(self, path: Path) -> list[Path]:
        """The model files of a folder, by name; the file itself where it is one.

        Raises:
            ModelMissing: there is nothing there, or no model in it.
        """
        ...

    def stamp(self, path: Path) -> FileStamp:
        """What tells whether a file is as it was.

        Raises:
            ModelMissing: there is none.
        """
        ...

    def blocks(self, path: Path) -> Iterator[bytes]:
        """All of a file, piece by piece.

        Raises:
            ModelUnusable: it cannot be read, or no longer.
        """
        ...

    def sha256(
        self, path: Path, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> str:
        """The digest of all of a file; progress counts bytes.

        Raises:
            ModelUnusable: it cannot be read.
            Cancelled: the user stopped it.
        """
        ...

    def measure(
        self,
        path: Path,
        chunk_bytes: int,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Measured:
        """Digests of a file and of its chunks; progress counts bytes.

        Raises:
            ModelUnusable: it cannot be read.
            Cancelled: the user stopped it.
        """
        ...


class CheckedFiles(Protocol):
    """Where it is remembered what was found out about files."""

    def load(self, path: Path) -> CheckedFile | None:
        """What is known about the file at a path, when it had the stamp in it."""
        ...

    def save(self, path: Path, checked: CheckedFile) -> None:
        """Remember it; where that cannot be done it is found out again, and no failure."""
        ...


class HeaderReader(Protocol):
    """Reads the header of a file that nobody vouches for."""

    def __call__(self, path: Path) -> ModelHeader:
        """What it says.

        Raises:
            ModelMissing: the file is not there.
            ModelUnusable: it is no whole GGUF file of a single model.
        """
        ...

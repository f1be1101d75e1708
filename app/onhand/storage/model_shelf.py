"""The user's own model folder: parts, receipts, and how a part becomes a model.

For a model `x.gguf` there may be `x.gguf.part` (what has arrived), `x.gguf.part.jsonl`
(what is noted about it), `x.gguf.bad` (what was wrong), and `receipts/x.gguf.json`. Only
what was compared gets the name `x.gguf`, in one step, and nothing else is ever loaded.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import DataFolderUnwritable, ModelMissing, ModelUnusable
from onhand.domain.part_notes import read_notes
from onhand.domain.progress import ignore_progress
from onhand.domain.receipts import ExpectedFile, Measured, Receipt
from onhand.services.model_ports import Unfinished
from onhand.storage.file_lock import FileLock
from onhand.storage.measuring import measured
from onhand.storage.model_place import BAD, NOTES, PART, ModelPlace
from onhand.storage.safe_files import (
    failures_as,
    is_file,
    private_folder,
    replace_data_file,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.progress import CancelToken, OnProgress

SUFFIX = ".gguf"

RESERVE = 512_000_000
"""Bytes that are left free on the disk for everything else."""

LONGEST_NAME = 200
"""Characters of a file name; with our endings it must fit what file systems allow."""

_log = logging.getLogger(__name__)


class ModelShelf:
    """The shelf port over a folder."""

    def __init__(self, folder: Path, locks: Path, *, reserve: int = RESERVE) -> None:
        """`locks` is where processes keep each other off; `reserve` bytes stay free."""
        self._folder = folder
        self._locks = locks
        self._reserve = reserve

    @property
    def reserve(self) -> int:
        """Bytes that shall stay free on the disk."""
        return self._reserve

    @contextmanager
    def claim(self, expected: ExpectedFile) -> Iterator[ModelPlace]:
        """Hold the place of a file for the length of a block.

        Raises:
            Locked: another process holds it.
            ModelUnusable: no model file can have this name.
            DataFolderUnwritable, DiskFull: there is no place for it.
        """
        _raise_if_no_name(expected.name)
        private_folder(self._folder)
        with self._lock(expected.name).held():
            yield ModelPlace(
                expected, self.path(expected.name), self._reserve, self.write_receipt
            )

    def path(self, name: str) -> Path:
        """Where a file of this name lies, or would lie."""
        return self._folder / name

    def holds(self, path: Path) -> bool:
        """Whether a file lies on this shelf, and not somewhere else."""
        return path.parent == self._folder and not path.is_symlink()

    def receipt(self, name: str) -> Receipt | None:
        """What is written down about a file; None where nothing is, or it is unreadable."""
        try:
            found = msgspec.json.decode(self._receipt(name).read_bytes(), type=Receipt)
        except (OSError, ValueError, RecursionError):
            return None
        return found if found.file == name and found.chunk_bytes > 0 else None

    def write_receipt(self, receipt: Receipt) -> None:
        """Write down what is known about a file, in place of what was.

        Raises:
            DiskFull, DataFolderUnwritable: all is as it was.
        """
        replace_data_file(self._receipt(receipt.file), msgspec.json.encode(receipt))

    def modified(self, name: str) -> tuple[int, int] | None:
        """Size of a file and when it was last written (ns); None where there is none."""
        try:
            found = self.path(name).stat()
        except (OSError, ValueError):
            return None
        return found.st_size, found.st_mtime_ns

    def measure(
        self,
        path: Path,
        chunk_bytes: int,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Measured:
        """Read any file as it lies on the disk, whole; progress counts bytes.

        Raises:
            ModelMissing: there is none.
            DataFolderUnwritable: it cannot be read.
            Cancelled: the user stopped it.
        """
        if not is_file(path):
            raise ModelMissing(f"there is no file {path}")
        with failures_as(DataFolderUnwritable, path):
            return measured(path, chunk_bytes, cancel, on_progress)

    def unfinished(self) -> list[Unfinished]:
        """The files of which a part is here, by name."""
        found = []
        for part in self._ending(f"{SUFFIX}{PART}"):
            name = part.name.removesuffix(PART)
            try:
                notes = read_notes(self.path(name + NOTES).read_bytes())
            except OSError:
                notes = None
            if notes is not None:
                found.append(Unfinished(name=name, done=notes.done, total=notes.head.bytes))
        return found

    def leftovers(self) -> list[Path]:
        """What lies in the folder and belongs to no file any more."""
        known = {each.name for each in self.unfinished()}
        orphans = [
            each
            for ending in (PART, NOTES)
            for each in self._ending(f"{SUFFIX}{ending}")
            if each.name.removesuffix(ending) not in known
        ]
        receipts = self._receipt("").parent
        lonely = [
            each
            for each in (sorted(receipts.iterdir()) if receipts.is_dir() else ())
            if not is_file(self.path(each.name.removesuffix(".json")))
        ]
        return [*orphans, *self._ending(f"{SUFFIX}{BAD}"), *lonely]

    def remove(self, name: str) -> int:
        """Remove a file with all that belongs to it; tells the bytes freed.

        Raises:
            Locked: another process is at it.
            DataFolderUnwritable: it cannot be removed.
        """
        path = self.path(name)
        with self.claim(ExpectedFile(name=name, bytes=0, sha256="")) as place:
            with failures_as(DataFolderUnwritable, path):
                freed = path.stat().st_size if is_file(path) else 0
                path.unlink(missing_ok=True)
            with suppress(OSError):
                self._receipt(name).unlink(missing_ok=True)
            freed += place.discard()
            settle(self._folder)
        return freed

    def _lock(self, name: str) -> FileLock:
        return FileLock(self._locks / f"model-{name}.lock")

    def _receipt(self, name: str) -> Path:
        return self._folder / "receipts" / f"{name}.json"

    def _ending(self, ending: str) -> list[Path]:
        try:
            return sorted(
                each for each in self._folder.iterdir() if each.name.endswith(ending)
            )
        except OSError:
            return []


def _raise_if_no_name(name: str) -> None:
    """Names come from packs and from the network: none may lead out of the folder."""
    parts = {PurePosixPath(name).name, PureWindowsPath(name).name}
    if (
        parts != {name}
        or not name.lower().endswith(SUFFIX)
        or name.startswith(".")
        or len(name) > LONGEST_NAME
        or not name.isprintable()
    ):
        raise ModelUnusable(f"{name[:LONGEST_NAME]!r} cannot be the name of a model file")

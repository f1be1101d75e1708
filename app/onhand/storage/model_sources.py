"""Model files anywhere on this machine, to be read and never written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from onhand.domain.errors import ModelMissing, ModelUnusable
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.trust import FileStamp
from onhand.storage.measuring import measured
from onhand.storage.safe_files import failures_as, is_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.receipts import Measured

BLOCK_BYTES = 1 << 20
SUFFIX = ".gguf"


class ModelSources:
    """The source port over the file system."""

    def models_in(self, path: Path) -> list[Path]:
        """The model files of a folder, by name; the file itself where it is one.

        Raises:
            ModelMissing: there is nothing there, or no model in it.
        """
        if is_file(path):
            return [path]
        try:
            inside = sorted(path.iterdir())
        except (OSError, ValueError) as error:
            raise ModelMissing(f"there is no file or folder {path}") from error
        found = [each for each in inside if each.suffix.lower() == SUFFIX and is_file(each)]
        if not found:
            raise ModelMissing(f"there is no GGUF file in {path}")
        return found

    def stamp(self, path: Path) -> FileStamp:
        """What tells whether a file is as it was.

        Raises:
            ModelMissing: there is none.
        """
        try:
            found = path.stat()
        except (OSError, ValueError) as error:
            raise ModelMissing(f"there is no file {path}") from error
        return FileStamp(
            bytes=found.st_size,
            modified=found.st_mtime_ns,
            changed=found.st_ctime_ns,
            number=found.st_ino,
        )

    def blocks(self, path: Path) -> Iterator[bytes]:
        """All of a file, piece by piece.

        Raises:
            ModelUnusable: it cannot be read, or no longer.
        """
        try:
            with path.open("rb", buffering=0) as file:
                while block := file.read(BLOCK_BYTES):
                    yield block
        except OSError as error:
            raise ModelUnusable(f"{path}: {error.strerror or error}") from error

    def sha256(
        self, path: Path, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> str:
        """The digest of all of a file; progress counts bytes.

        Raises:
            ModelUnusable: it cannot be read.
            Cancelled: the user stopped it.
        """
        digest, done, total = hashlib.sha256(), 0, self.stamp(path).bytes
        for block in self.blocks(path):
            cancel.raise_if_cancelled()
            digest.update(block)
            done += len(block)
            on_progress(Progress(done=done, total=total))
        return digest.hexdigest()

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
        with failures_as(ModelUnusable, path):
            return measured(path, chunk_bytes, cancel, on_progress)

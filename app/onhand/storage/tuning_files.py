"""What is known of the layouts of models: a small JSON file, and the files it names."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import DataFolderUnwritable, DiskFull
from onhand.domain.layouts import Tuning
from onhand.storage.safe_files import (
    failures_as,
    is_file,
    private_folder,
    replace_data_file,
)

if TYPE_CHECKING:
    from onhand.domain.layouts import Layout
    from onhand.services.ports import InstalledModel, LadderStore

ROOM = 4.0
"""Free space that trying the layouts takes, as a multiple of the model's file."""


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """A tuning, and which file it was measured for."""

    model_bytes: int
    model_time: int
    tuning: Tuning


class TuningFiles:
    """The tuning port over a folder."""

    def __init__(self, folder: Path, ladder: LadderStore) -> None:
        """`ladder` knows what the engine runs on."""
        self._folder = folder
        self._ladder = ladder

    def machine(self) -> str:
        """What stands for processor and library; "" before the engine ran here."""
        record = self._ladder.load()
        return record.fingerprint if record is not None else ""

    def load(self, model: InstalledModel) -> Tuning | None:
        """What is known of a model; None where nothing holds any more."""
        known = self._all().get(str(model.path))
        if known is None or _identity(model) != (known.model_bytes, known.model_time):
            return None
        tuning = known.tuning
        if tuning.machine != self.machine():
            return None
        if tuning.layout is not None and not is_file(Path(tuning.file)):
            return None
        return tuning

    def save(self, model: InstalledModel, tuning: Tuning) -> None:
        """Keep what was found out.

        Raises:
            DataFolderUnwritable, DiskFull: it is as it was.
        """
        size, time = _identity(model)
        known = _Known(model_bytes=size, model_time=time, tuning=tuning)
        self._write({**self._all(), str(model.path): known})

    def forget(self, model: InstalledModel) -> int:
        """Know nothing of a model, and remove its layout's file; tells the bytes freed."""
        known = self._all()
        gone = known.pop(str(model.path), None)
        if gone is None:
            return 0
        self._write(known)
        file = Path(gone.tuning.file)
        freed = file.stat().st_size if gone.tuning.file and is_file(file) else 0
        if gone.tuning.file:
            self.remove(file)
        return freed

    def prepare(self, model: InstalledModel) -> None:
        """Make room for the files of a model's layouts.

        Raises:
            DataFolderUnwritable, DiskFull: there is none.
        """
        private_folder(self._folder)
        with failures_as(DataFolderUnwritable, self._folder):
            free = shutil.disk_usage(self._folder).free
        needed = int(ROOM * model.bytes)
        if free < needed:
            raise DiskFull(f"{needed // 10**6} MB are needed, {free // 10**6} MB are free")

    def place(self, model: InstalledModel, layout: Layout) -> Path:
        """Where the file of a layout can be written; never that of the one in use."""
        known = self.load(model)
        file = self._folder / f"{model.path.stem}.{layout}.gguf"
        # An engine may have it mapped; writing over it would end that.
        if known is not None and known.file == str(file):
            return file.with_suffix(".again.gguf")
        return file

    def remove(self, file: Path) -> None:
        """Remove the file of a layout; one that is not there is no failure."""
        with suppress(OSError):
            file.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        return self._folder / "layouts.json"

    def _all(self) -> dict[str, _Known]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, _Known])
        except (OSError, msgspec.MsgspecError, RecursionError):
            return {}

    def _write(self, known: dict[str, _Known]) -> None:
        replace_data_file(self._file, msgspec.json.encode(known))


def _identity(model: InstalledModel) -> tuple[int, int]:
    """What tells whether a model's file is another one now."""
    try:
        found = model.path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns

"""What this computer offers: folders, the time, a log, a screen."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import onhand
from onhand.domain.errors import (
    AppError,
    DataDamaged,
    DataFolderUnwritable,
    DiskFull,
    SystemLibraryMissing,
)
from onhand.domain.progress import Cancelled

if TYPE_CHECKING:
    from types import TracebackType

MODEL_FOLDERS = "ONHAND_MODELS"
"""The environment variable that names more folders with models."""

_LAST_STANDARD = 2
"""The number of standard error, behind input and output."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a disk, a quota or the largest file size is used up."""

LOG_LIMIT = 500_000
"""A log that has grown beyond so many bytes becomes the old one."""

DEBIAN = (
    "apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0"
    " libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1"
    " libxcb-render-util0 libxcb-shape0"
)
FEDORA = (
    "dnf install mesa-libEGL mesa-libGL libxkbcommon dbus-libs fontconfig glib2"
    " libxkbcommon-x11 xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms"
    " xcb-util-renderutil"
)
_LIBRARY = re.compile(r"\b(lib[\w.+-]+\.so[\w.]*)")


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The places in one data folder. Nothing is made before `prepare`."""

    data: Path

    @classmethod
    def of(cls, chosen: Path | None) -> Paths:
        """The places in the folder that the user chose, or in the usual one."""
        if chosen is not None:
            return cls(data=chosen.absolute())
        from platformdirs import user_data_path  # noqa: PLC0415 - slow, and not always needed

        return cls(data=user_data_path("onhand", appauthor=False, roaming=False))

    @property
    def database(self) -> Path:
        """The history and the journal of batches."""
        return self.data / "onhand.db"

    @property
    def keys(self) -> Path:
        """What the key of the history is wrapped in."""
        return self.data / "onhand.keys"

    @property
    def backups(self) -> Path:
        """Copies of the history: beside the data folder, not in it."""
        return self.data.with_name(f"{self.data.name}-backups")

    @property
    def settings(self) -> Path:
        """The settings that differ from the defaults."""
        return self.data / "settings.json"

    @property
    def ladder(self) -> Path:
        """Which builds of the engine run on this computer."""
        return self.data / "engine.json"

    @property
    def tasks(self) -> Path:
        """The user's own tasks."""
        return self.data / "tasks"

    @property
    def models(self) -> Path:
        """The user's models."""
        return self.data / "models"

    @property
    def layouts(self) -> Path:
        """Models whose weights were stored anew for this computer."""
        return self.models / "layouts"

    @property
    def prefixes(self) -> Path:
        """Decoded prefixes of tasks."""
        return self.data / "prefixes"

    @property
    def logs(self) -> Path:
        """What the program says of itself; no user text."""
        return self.data / "logs"

    @property
    def engine_log(self) -> Path:
        """What native code prints."""
        return self.logs / "engine.log"

    def model_folders(self) -> tuple[Path, ...]:
        """All folders in which to look for models."""
        named = os.environ.get(MODEL_FOLDERS, "").split(os.pathsep)
        # Unlike that of Path, this one leaves alone what it cannot expand.
        more = [os.path.expanduser(each) for each in named if each.strip()]  # noqa: PTH111
        return (self.models, *map(Path, more))

    def prepare(self) -> None:
        """Make the folders, for their owner's eyes alone; those that are there stay.

        Raises:
            DataFolderUnwritable, DiskFull: something is missing still.
        """
        for folder in (self.data, self.tasks, self.models, self.logs):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                kind = DiskFull if error.errno in _NO_ROOM else DataFolderUnwritable
                raise kind(f"{folder}: {error.strerror or error}") from error
        if not os.access(self.data, os.W_OK | os.X_OK):
            raise DataFolderUnwritable(str(self.data))


class SystemClock:
    """The time of day as this computer knows it."""

    def now(self) -> datetime:
        """The current time, in the zone of this computer."""
        return datetime.now(UTC).astimezone()  # noqa: TID251 - this is the clock


def find_data() -> Path:
    """The folder that holds `resources/` and `models.json`.

    They are packed beside the installed program; in a working copy they lie at its top.

    Raises:
        DataDamaged: they are in neither place.
    """
    package = Path(onhand.__file__).resolve().parent
    for folder in (package / "_data", package.parents[1]):
        if (folder / "models.json").is_file() and (folder / "resources").is_dir():
            return folder
    raise DataDamaged(
        f"the program's own files are missing beside {package}; install it again"
    )


def keep_standard_streams_apart() -> None:
    """Take the places of closed standard streams, or a file of ours would get them."""
    with suppress(OSError):
        while (taken := os.open(os.devnull, os.O_RDWR)) <= _LAST_STANDARD:
            pass
        os.close(taken)


def described(error: BaseException) -> str:
    """Kind and place of a failure; not its message, which may quote the user's text."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at {', '.join(places) or 'an unknown place'}"


class Log:
    """Lets the program's loggers write to a file while it is open, and tells it of bugs.

    Where the file cannot be written nothing is logged, and nothing else happens.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "onhand.log"
        self._logger = logging.getLogger("onhand")
        self._handler = _QuietFileHandler(self._file, encoding="utf-8", delay=True)
        form = "%(asctime)s %(levelname)s %(name)s %(message)s"
        self._handler.setFormatter(logging.Formatter(form))

    def __enter__(self) -> Log:
        with suppress(OSError):
            if self._file.stat().st_size > LOG_LIMIT:
                self._file.replace(self._file.with_suffix(".old.log"))
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.addHandler(self._handler)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, AppError | Cancelled):
            self._logger.error("%s", described(error))
        self._logger.removeHandler(self._handler)
        self._handler.close()


class _QuietFileHandler(logging.FileHandler):
    """Logs to a file, or to nowhere if it cannot be written."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base's name
        """A log that cannot be written must not disturb the work."""


def raise_if_no_screen() -> None:
    """Look for a screen and for the libraries that Qt needs to use it.

    Qt itself would end the program without a word to its user.

    Raises:
        SystemLibraryMissing: there is none, or a library is missing.
    """
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise SystemLibraryMissing(
            "there is no screen, DISPLAY and WAYLAND_DISPLAY are empty"
        )
    _raise_if_unloadable("libqxcb.so")


def as_missing_library(error: ImportError | OSError) -> SystemLibraryMissing | None:
    """What a failed import means to people; None unless a library is missing."""
    found = _LIBRARY.search(str(error))
    if found is None or "cannot open shared object file" not in str(error):
        return None
    return SystemLibraryMissing(
        f"{found[1]} is missing; on Debian and Ubuntu '{DEBIAN}' brings it, on Fedora"
        f" '{FEDORA}'"
    )


def _raise_if_unloadable(plugin: str) -> None:
    import ctypes  # noqa: PLC0415 - only a window needs it

    spec = find_spec("PySide6")
    if spec is None or spec.origin is None:
        return
    path = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / plugin
    if not path.is_file():
        return
    try:
        ctypes.CDLL(str(path))
    except OSError as error:
        missing = as_missing_library(error)
        if missing is not None:
            raise missing from error

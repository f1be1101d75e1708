"""What this computer offers: folders, the time, a screen."""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import onhand
from onhand.domain.errors import (
    DataDamaged,
    DataFolderUnwritable,
    DiskFull,
    SystemLibraryMissing,
)

MODEL_FOLDERS = "ONHAND_MODELS"
"""The environment variable that names more folders with models."""

_LAST_STANDARD = 2
"""The number of standard error, behind input and output."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a disk, a quota or the largest file size is used up."""

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
    def window_state(self) -> Path:
        """Where the window was when it was closed."""
        return self.data / "window.ini"

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
    def locks(self) -> Path:
        """Where processes keep each other off the same work."""
        return self.data / "locks"

    @property
    def window(self) -> Path:
        """How later starts reach the window that is open."""
        return self.data / "window"

    @property
    def ledger(self) -> Path:
        """Every connection that was attempted."""
        return self.data / "ledger.jsonl"

    @property
    def providers(self) -> Path:
        """The cloud models that the user has added; no key."""
        return self.data / "cloud.json"

    @property
    def spending(self) -> Path:
        """What requests to cloud models cost; no text."""
        return self.data / "spending.db"

    @property
    def place_notes(self) -> Path:
        """What was told of the place of this folder."""
        return self.data / "place.json"

    @property
    def measured(self) -> Path:
        """How fast models are on this computer."""
        return self.data / "measured.json"

    @property
    def engines(self) -> Path:
        """Which engines run now."""
        return self.data / "engines"

    @property
    def heads(self) -> Path:
        """What tasks were taught, where there is no history to keep it in."""
        return self.data / "heads"

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

    @property
    def net_log(self) -> Path:
        """What the libraries print that fetch files."""
        return self.logs / "net.log"

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


def own_command(
    mode: str,
    program: str = sys.executable,
    *,
    packaged: bool = getattr(sys, "frozen", False),
) -> list[str]:
    """The command line that starts this program again, as a child in one of its modes.

    Args:
        mode: a first argument that `__main__` knows.
        program: what runs now: Python, or the packaged program itself.
        packaged: whether it is that. Its window and its commands are two files in one
            folder, and children are always of the second kind, which can be written to.
    """
    if packaged:
        own = Path(program)
        return [str(own.with_name(f"onhand{own.suffix}")), mode]
    # Without -P Python would look for modules in the folder that happens to be current.
    return [program, "-P", "-m", "onhand", mode]


def keep_standard_streams_apart() -> None:
    """Take the places of closed standard streams, or a file of ours would get them."""
    with suppress(OSError):
        while (taken := os.open(os.devnull, os.O_RDWR)) <= _LAST_STANDARD:
            pass
        os.close(taken)


def activation_token() -> str:
    """What the desktop gave this process so that its window may come to the front."""
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    return next((os.environ[each] for each in names if os.environ.get(each)), "")


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

"""Whether a folder lies where other computers write too: a network drive, a synced folder.

SQLite's locks and its order of writes hold on a disk of this machine; elsewhere they may
not (sqlite.org/howtocorrupt.html, 2.1), and who syncs copies a database while it changes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

NETWORK = frozenset(
    {
        *("nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "afs", "ncpfs"),
        *("webdav", "davfs", "davfs2", "ceph", "glusterfs", "lustre", "beegfs", "sshfs"),
        *("vboxsf", "prl_fs", "remote"),
    }
)
"""File systems of other computers, as the systems name them."""

CLOUDS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "iclouddrive": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "cloudstorage": "a cloud drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pclouddrive": "pCloud",
    "proton drive": "Proton Drive",
    "box sync": "Box",
}
"""Names of folders that programs synchronise; some add the name of an account."""

MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "ownCloud",
    ".sync_exclude.lst": "Nextcloud",
}
"""What such programs leave at the top of a folder, whatever that is called."""

VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


class Mount(NamedTuple):
    """A file system and where it begins."""

    point: str
    kind: str


def mounts_here() -> list[Mount]:
    """The file systems of this computer; empty where it does not tell."""
    try:
        found = psutil.disk_partitions(all=True)
    except OSError:
        return []
    return [
        Mount(each.mountpoint, "remote" if "remote" in each.opts else each.fstype)
        for each in found
    ]


def shared_place(folder: Path, mounts: Callable[[], Iterable[Mount]] = mounts_here) -> str:
    """What shares a folder, in a word or two; "" where nothing is known to.

    The folder need not be there.
    """
    try:
        place = folder.resolve()
    except (OSError, RuntimeError):
        place = folder.absolute()
    return _cloud(place) or _network(place, mounts())


def _cloud(place: Path) -> str:
    for variable in VARIABLES:
        root = os.environ.get(variable)
        if root and place.is_relative_to(root):
            return "OneDrive"
    for above in (place, *place.parents):
        named = _named(above.name.lower())
        if named:
            return named
        for mark, program in MARKS.items():
            if (above / mark).exists():
                return program
    return ""


def _named(name: str) -> str:
    """The program after which a folder is called: 'Dropbox (Personal)', 'OneDrive - X'."""
    for known, program in CLOUDS.items():
        if name == known or name.startswith((f"{known} -", f"{known} (", f"{known}-")):
            return program
    return ""


def _network(place: Path, mounts: Iterable[Mount]) -> str:
    if str(place).startswith("\\\\"):
        return "a network drive"
    holding = [each for each in mounts if place.is_relative_to(each.point)]
    # Of several that are mounted at one place the last one counts.
    kind = max(
        enumerate(holding), key=lambda each: (len(each[1].point), each[0]), default=None
    )
    name = kind[1].kind.lower().removeprefix("fuse.") if kind else ""
    known = name in NETWORK or name.startswith("rclone")
    return f"a network drive ({kind[1].kind})" if kind and known else ""

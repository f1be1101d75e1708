"""Whose model packs are taken, in a small file; and policies that came with packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path


class SignersFile:
    """The signer port over a JSON list of fingerprints."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def trusted(self) -> frozenset[str]:
        """The fingerprints; none where the file cannot be read."""
        try:
            return frozenset(msgspec.json.decode(self._path.read_bytes(), type=list[str]))
        except (OSError, ValueError, RecursionError):
            return frozenset()

    def trust(self, fingerprint: str) -> None:
        """Take packs of one more from now on.

        Raises:
            DataFolderUnwritable, DiskFull: all is as it was.
        """
        known = sorted(self.trusted() | {fingerprint})
        replace_data_file(self._path, msgspec.json.encode(known))


class PolicyFolder:
    """The policy port over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, data: bytes) -> Path:
        """Keep a policy, in place of an older one of the same name.

        Raises:
            DataFolderUnwritable, DiskFull: all is as it was.
        """
        path = self._folder / f"{name}.toml"
        replace_data_file(path, data)
        return path

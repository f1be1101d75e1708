"""Packages and what vouches for them, made as releases are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from building.updates import write_update
from onhand.domain.packs import fingerprint
from onhand.signatures import Ed25519Signatures

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = {"linux": "amd64.deb", "win32": "setup-amd64.exe", "darwin": "amd64.pkg"}


class Releaser:
    """Somebody who makes packages and has a key."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._key = folder / "key.pem"
        self.fingerprint = fingerprint(Ed25519Signatures().create(self._key).public)

    def release(self, version: str = "9.0", ending: str = ENDINGS[sys.platform]) -> Path:
        """A package with what vouches for it beside it."""
        package = self.folder / f"onhand_{version}_{ending}"
        package.write_bytes(f"the package of {version}".encode() * 100_000)
        write_update(self.folder, package, version, ["--key", str(self._key)])
        return package

"""Checking an update: who signed it, what it is for, and every byte of it. No network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.packs import fingerprint
from onhand.domain.progress import ignore_progress
from onhand.domain.update_errors import (
    UpdateDamaged,
    UpdateForOthers,
    UpdateNotNewer,
    UpdatesForbidden,
    UpdateSignerUnknown,
    UpdateUnsigned,
)
from onhand.domain.updates import (
    MOST_BYTES,
    SIGNED,
    SUFFIX,
    Update,
    is_newer,
    read_claim,
    read_update,
)
from onhand.services.update_ports import CheckedUpdate, Here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.ports import SettingsStore
    from onhand.services.update_ports import Signatures, UpdateFiles


class CheckUpdate:
    """Says of a file whether it is an update that may be installed here."""

    def __init__(
        self,
        *,
        files: UpdateFiles,
        signatures: Signatures,
        settings: SettingsStore,
        here: Callable[[], Here],
    ) -> None:
        self._files = files
        self._signatures = signatures
        self._settings = settings
        self._here = here

    def __call__(
        self, path: Path, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> CheckedUpdate:
        """Check a package, or the file that vouches for it; progress counts bytes.

        Raises:
            UpdatesForbidden: updates from files are off here.
            UpdateUnsigned: nothing vouches for the package.
            UpdateSignerUnknown: whoever signed it is not known here.
            UpdateForOthers: it is for another system or processor.
            UpdateNotNewer: what is here is as new, or newer.
            UpdateDamaged: a byte is not as it was signed.
            Cancelled: the user stopped it.
        """
        settings = self._settings.load()
        if not settings.allow_updates:
            raise UpdatesForbidden
        here = self._here()
        claim = read_claim(self._files.small(self._beside(path), MOST_BYTES))
        signer = fingerprint(claim.key)
        if signer not in {here.key, settings.update_key}:
            raise UpdateSignerUnknown(signer)
        if not self._signatures.verify(claim.key, claim.signature, SIGNED + claim.text):
            raise UpdateDamaged("it was changed after it was signed")
        update = read_update(claim.text)
        _raise_if_not_for(here, update)
        package = path.with_name(update.file)
        if path.suffix != SUFFIX and path.name != update.file:
            raise UpdateDamaged(f"it was signed as {update.file}")
        measured = self._files.measure(package, cancel, on_progress)
        if measured != (update.bytes, update.sha256):
            raise UpdateDamaged(f"{update.file} was changed after it was signed")
        return CheckedUpdate(
            version=update.version,
            package=package,
            signer=signer,
            installed=here.version,
        )

    def _beside(self, path: Path) -> Path:
        """The file that vouches for a package; it may have been given itself."""
        if path.suffix == SUFFIX:
            return path
        found = path.with_name(path.name + SUFFIX)
        if self._files.is_there(path) and not self._files.is_there(found):
            raise UpdateUnsigned(path.name)
        return found


def _raise_if_not_for(here: Here, update: Update) -> None:
    if (update.system, update.machine) != (here.system, here.machine):
        raise UpdateForOthers(f"{update.system}, {update.machine}")
    if not is_newer(update.version, here.version):
        raise UpdateNotNewer(f"{update.version} after {here.version}")

"""Which model files may be loaded: wrong bytes never, unknown ones as far as is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.engine_errors import AdapterUnusable
from onhand.domain.errors import ModelMissing, ModelUnusable
from onhand.domain.model_errors import UnverifiedForbidden, WrongChecksum
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.trust import CheckedFile, Trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.domain.catalog import Catalog
    from onhand.domain.progress import OnProgress
    from onhand.domain.trust import FileStamp
    from onhand.services.import_ports import CheckedFiles, HeaderReader, ModelSources
    from onhand.services.model_ports import ModelShelf


class AdmitModels:
    """Compares a model file with what is known about it, once for each state of the file.

    A file that is named as one of the catalogue must be that one. What lies on the shelf
    must be what its receipt says. Everything else is unverified, unless its bytes turn out
    to be those of the catalogue.
    """

    def __init__(
        self,
        *,
        catalog: Callable[[], Catalog],
        shelf: ModelShelf,
        sources: ModelSources,
        checked: CheckedFiles,
        header: HeaderReader,
    ) -> None:
        self._catalog = catalog
        self._shelf = shelf
        self._sources = sources
        self._checked = checked
        self._header = header
        self._adapters: dict[Path, FileStamp] = {}

    def look(self, path: Path) -> Trust:
        """What is known without reading the file; an unknown file is never more than that.

        Raises:
            ModelMissing: it is not there.
            DataDamaged: the catalogue cannot be read.
        """
        stamp = self._sources.stamp(path)
        wanted, size = self._promised(path)
        if size not in (0, stamp.bytes):
            return Trust.WRONG
        digest = self._known_digest(path, stamp)
        if not wanted and not self._may_be_known(stamp):
            return Trust.UNVERIFIED
        if digest is None:
            return Trust.UNCHECKED
        if wanted and digest != wanted:
            return Trust.WRONG
        return self._verdict(path, stamp, digest)

    def __call__(
        self,
        path: Path,
        cancel: CancelToken | None = None,
        on_progress: OnProgress = ignore_progress,
    ) -> Trust:
        """Find out what a file is; reads all of it where that was not done yet.

        Raises:
            ModelMissing: it is not there.
            WrongChecksum: it is not what it should be, and must not be loaded.
            ModelUnusable: it cannot be read.
            Cancelled: the user stopped it.
        """
        stamp = self._sources.stamp(path)
        wanted, size = self._promised(path)
        if size not in (0, stamp.bytes):
            raise WrongChecksum(f"{path.name} has {stamp.bytes} bytes instead of {size}")
        if not wanted and not self._may_be_known(stamp):
            return Trust.UNVERIFIED
        digest = self._known_digest(path, stamp)
        if digest is None:
            digest = self._sources.sha256(path, cancel or CancelToken(), on_progress)
            self._remember(path, stamp, sha256=digest)
        if wanted and digest != wanted:
            raise WrongChecksum(f"{path.name} has another SHA-256 than it should have")
        return self._verdict(path, stamp, digest)

    def raise_if_no_model(self, path: Path) -> None:
        """Have the header of a file that nobody vouches for read, once.

        Raises:
            ModelMissing, ModelUnusable: it is not there, or no model.
        """
        stamp = self._sources.stamp(path)
        known = self._checked.load(path)
        if known is None or known.stamp != stamp or not known.header_read:
            if self._header(path).kind != "model":
                raise ModelUnusable(f"{path.name} is no model, but an adapter or the like")
            self._remember(path, stamp, header_read=True)

    def raise_if_no_adapter(self, path: Path) -> None:
        """Have the header of a file read that shall be an adapter, once a run.

        Raises:
            AdapterUnusable: it is none. One that is not there is left to the engine.
        """
        try:
            stamp = self._sources.stamp(path)
            if self._adapters.get(path) == stamp:
                return
            kind = self._header(path).kind
        except ModelMissing:
            return
        except ModelUnusable as error:
            raise AdapterUnusable(error.detail) from error
        if kind != "adapter":
            raise AdapterUnusable(f"{path.name} is a {kind}, not an adapter")
        self._adapters[path] = stamp

    def _promised(self, path: Path) -> tuple[str, int]:
        """Digest and size that a file must have; "" and 0 where nothing is known."""
        spec = self._catalog().by_file(path.name)
        if spec is not None:
            return spec.sha256, spec.bytes
        if self._shelf.holds(path):
            receipt = self._shelf.receipt(path.name)
            if receipt is not None:
                return receipt.sha256, receipt.bytes
        return "", 0

    def _may_be_known(self, stamp: FileStamp) -> bool:
        return any(spec.bytes == stamp.bytes for spec in self._catalog().models)

    def _known_digest(self, path: Path, stamp: FileStamp) -> str | None:
        """The digest of a file as it lies there, where that was found out before."""
        receipt = self._shelf.receipt(path.name) if self._shelf.holds(path) else None
        if receipt is not None and receipt.damaged:
            return None
        known = self._checked.load(path)
        if known is not None and known.stamp == stamp and known.sha256:
            return known.sha256
        if receipt is None:
            return None
        same = (receipt.bytes, receipt.modified) == (stamp.bytes, stamp.modified)
        return receipt.sha256 if same else None

    def _verdict(self, path: Path, stamp: FileStamp, digest: str) -> Trust:
        if self._catalog().by_content(stamp.bytes, digest) is not None:
            return Trust.VERIFIED
        receipt = self._shelf.receipt(path.name) if self._shelf.holds(path) else None
        vouched = receipt is not None and receipt.verified and receipt.sha256 == digest
        return Trust.VERIFIED if vouched else Trust.UNVERIFIED

    def _remember(
        self, path: Path, stamp: FileStamp, *, sha256: str = "", header_read: bool = False
    ) -> None:
        known = self._checked.load(path)
        if known is None or known.stamp != stamp:
            known = CheckedFile(stamp=stamp)
        self._checked.save(
            path,
            msgspec.structs.replace(
                known,
                sha256=sha256 or known.sha256,
                header_read=header_read or known.header_read,
            ),
        )


class Doorkeeper:
    """Asked before the engine loads a file."""

    def __init__(
        self, admit: AdmitModels, *, made_here: Path, allows: Callable[[], bool]
    ) -> None:
        """Prepare.

        Args:
            admit: knows what a file is.
            made_here: the folder of layouts, which were made of files that were admitted.
            allows: whether models may be loaded that nobody vouches for.
        """
        self._admit = admit
        self._made_here = made_here
        self._allows = allows

    def __call__(self, path: Path) -> bool:
        """Let a file pass; tells whether anybody vouches for it.

        Raises:
            WrongChecksum: it is not what it should be.
            UnverifiedForbidden: nobody vouches for it, and such models are not allowed.
            ModelUnusable: nobody vouches for it, and it is no model.
        """
        if path.parent == self._made_here:
            return True
        try:
            trust = self._admit(path)
        except ModelMissing:
            return True  # the engine tells which file it misses
        if trust is not Trust.UNVERIFIED:
            return True
        if not self._allows():
            raise UnverifiedForbidden(path.name)
        self._admit.raise_if_no_model(path)
        return False

    def vet_adapter(self, path: Path) -> None:
        """Let an adapter pass.

        Raises:
            AdapterUnusable: it is none.
        """
        self._admit.raise_if_no_adapter(path)

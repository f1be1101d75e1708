"""Bringing in models from files and folders, with no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.catalog import Catalog
from onhand.domain.errors import AppError, UsageError
from onhand.domain.model_errors import Unverified, UnverifiedForbidden, WrongChecksum
from onhand.domain.progress import ignore_progress
from onhand.domain.receipts import ExpectedFile
from onhand.services.import_ports import HeaderReader
from onhand.services.ports import InstalledModel
from onhand.services.settling import settle

if TYPE_CHECKING:
    from onhand.domain.catalog import ModelSpec
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.import_ports import ModelSources
    from onhand.services.model_ports import ModelShelf, Place
    from onhand.services.ports import Clock, ModelStore

SHA256_DIGITS = 64


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the user says about a file that is to come in.

    Attributes:
        sha256: the digest that it must have; "" where they do not know.
        unverified: whether a model may come in that nobody vouches for.
    """

    sha256: str = ""
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class Vetting:
    """What a file is looked at with.

    Attributes:
        header: reads the header of a file that nobody vouches for.
        allows: tells whether such models may come in.
    """

    catalog: Callable[[], Catalog]
    header: HeaderReader
    allows: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of one file: a model, or a failure."""

    source: Path
    model: InstalledModel | None = None
    error: AppError | None = None


class ImportModels:
    """Copies model files onto the shelf: compared, durable, in one step.

    The same comparison as after a download: size and SHA-256 of what was written, read
    again from the disk. The source is only read.
    """

    def __init__(
        self,
        *,
        vetting: Vetting,
        shelf: ModelShelf,
        sources: ModelSources,
        store: ModelStore,
        clock: Clock,
    ) -> None:
        self._vetting = vetting
        self._shelf = shelf
        self._sources = sources
        self._store = store
        self._clock = clock

    def __call__(
        self,
        source: Path,
        consent: Consent,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> list[Imported]:
        """Bring in a file, or every model file of a folder.

        One that fails does not keep the others of a folder out.

        Raises:
            ModelMissing: there is nothing to bring in.
            UsageError: the digest is none, or is given for several files.
            AppError: the only file there was could not be brought in, as by `one`.
            Cancelled: the user stopped it; what came before stays.
        """
        digest = consent.sha256.lower()
        if digest and (
            len(digest) != SHA256_DIGITS or set(digest) - set("0123456789abcdef")
        ):
            raise UsageError("a SHA-256 has 64 hexadecimal digits")
        files = self._sources.models_in(source)
        if len(files) == 1:
            model = self.one(files[0], consent, cancel, on_progress)
            return [Imported(source=files[0], model=model)]
        if digest:
            raise UsageError("a SHA-256 belongs to one file, and this folder has several")
        return [self._outcome(file, consent, cancel, on_progress) for file in files]

    def one(
        self,
        file: Path,
        consent: Consent,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> InstalledModel:
        """Bring in one file; progress counts bytes.

        Raises:
            WrongChecksum: it is not what its name or the digest says; nothing is left.
            Unverified: nobody vouches for it, and the user has not said they want it.
            UnverifiedForbidden: they may not have it.
            ModelUnusable: it is no model, or cannot be read.
            Locked, DiskFull, DataFolderUnwritable: nothing was brought in.
            Cancelled: likewise; the user stopped it.
        """
        expected = self._expected(file, consent, cancel)
        with self._shelf.claim(expected) as place:
            if self._shelf.holds(file) and file.name == expected.name:
                place.take_down()
            else:
                place.raise_if_no_room()
                place.write(self._sources.blocks(file), cancel, on_progress)
            self._settle(place, cancel, on_progress)
        return self._store.find(str(self._shelf.path(expected.name)))

    def _outcome(
        self, file: Path, consent: Consent, cancel: CancelToken, on_progress: OnProgress
    ) -> Imported:
        try:
            return Imported(source=file, model=self.one(file, consent, cancel, on_progress))
        except AppError as error:
            return Imported(source=file, error=error)

    def _settle(self, place: Place, cancel: CancelToken, on_progress: OnProgress) -> None:
        try:
            settle(place, self._clock, cancel, on_progress)
        except AppError:
            place.discard()  # the source is still there
            raise

    def _expected(self, file: Path, consent: Consent, cancel: CancelToken) -> ExpectedFile:
        size = self._sources.stamp(file).bytes
        spec = self._spec(file, size, cancel)
        if spec is not None:
            digest = consent.sha256.lower()
            if digest not in ("", spec.sha256):
                raise WrongChecksum(f"{spec.title} has another SHA-256 than the one given")
            return ExpectedFile(
                name=spec.file,
                bytes=spec.bytes,
                sha256=spec.sha256,
                source=_source(file),
                licence=spec.licence,
            )
        # First, because of what is no model it does not matter who vouches for it.
        header = self._vetting.header(file)
        if not self._vetting.allows():
            raise UnverifiedForbidden(file.name)
        if not consent.unverified:
            raise Unverified(file.name)
        return ExpectedFile(
            name=file.name,
            bytes=size,
            sha256=consent.sha256.lower(),
            source=_source(file),
            licence=header.licence,
            trusted=False,
        )

    def _spec(self, file: Path, size: int, cancel: CancelToken) -> ModelSpec | None:
        """The model of the catalogue that a file is, by its name or else by its bytes."""
        catalog = self._vetting.catalog()
        named = catalog.by_file(file.name)
        if named is not None:
            if named.bytes != size:
                raise WrongChecksum(
                    f"{file.name} has {size} bytes instead of {named.bytes}"
                )
            return named
        if all(spec.bytes != size for spec in catalog.models):
            return None
        return catalog.by_content(size, self._sources.sha256(file, cancel))


def _source(file: Path) -> str:
    return f"the file {file}"

"""Keeping models: are they what they were, mending what is damaged, removing them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.layouts import bare_id
from onhand.domain.model_errors import NotOurs, WrongChecksum
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.receipts import (
    CHUNK_BYTES,
    ExpectedFile,
    Measured,
    Receipt,
    Verified,
    is_right,
    receipt_of,
    with_chunks,
    wrong_chunks,
)
from onhand.domain.transfers import ignore_transfer

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.progress import OnProgress
    from onhand.domain.transfers import OnTransfer
    from onhand.services.downloads import Downloads
    from onhand.services.model_ports import KnownModels, ModelShelf
    from onhand.services.ports import Clock, InstalledModel, SettingsStore
    from onhand.services.tuning_ports import TuningStore


class Condition(StrEnum):
    """What is known of a model file without reading it."""

    SOUND = "sound"
    CHANGED = "changed"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


class KeepModels:
    """The models in the user's own folder. Needs no engine; from one thread at a time."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        models: KnownModels,
        shelf: ModelShelf,
        downloads: Downloads,
        tunings: TuningStore,
        settings: SettingsStore,
        clock: Clock,
    ) -> None:
        self._models = models
        self._shelf = shelf
        self._downloads = downloads
        self._tunings = tunings
        self._settings = settings
        self._clock = clock

    def condition(self, model: InstalledModel) -> Condition:
        """What a look at size and time of a file tells; reads nothing of it."""
        receipt = self._receipt(model)
        if receipt is None:
            return Condition.UNKNOWN
        if receipt.damaged:
            return Condition.DAMAGED
        here = self._shelf.modified(model.path.name)
        sound = here == (receipt.bytes, receipt.modified)
        return Condition.SOUND if sound else Condition.CHANGED

    def admit(self, model: InstalledModel) -> None:
        """Let a model be loaded if it is what it was when it came.

        Takes no time unless the file has changed or was copied here by hand: then it is
        read whole, once.

        Raises:
            WrongChecksum: it is not, and must not be loaded.
        """
        if not self._shelf.holds(model.path):
            return
        expected = self._expected(model)
        if expected is None or self.condition(model) is Condition.SOUND:
            return
        if not self._compared(model, expected, CancelToken(), ignore_progress).verified.ok:
            raise WrongChecksum(f"{model.id}, {model.path.name}")

    def verify(
        self, wanted: str, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> Verified:
        """Read a model whole, and compare it with what is known about it.

        What is found is written down: the model counts as damaged until it is mended.

        Args:
            wanted: a model that is here, as for `Models`.
            cancel: stops it.
            on_progress: called on this thread; counts bytes.

        Raises:
            ModelMissing: it is not on this machine.
            DataFolderUnwritable: it cannot be read.
            Cancelled: the user stopped it.
        """
        model = self._models.find(bare_id(wanted))
        expected = self._expected(model)
        if expected is None:
            return Verified(ok=True, damaged=0, known=False)
        return self._compared(model, expected, cancel, on_progress).verified

    def repair(
        self, wanted: str, cancel: CancelToken, on_transfer: OnTransfer = ignore_transfer
    ) -> Verified:
        """Fetch the damaged chunks of a model, or all of it where none are known.

        While it is mended it cannot be loaded. One that was broken off is an unfinished
        download, and goes on as such.

        Raises:
            ModelMissing: it is not on this machine.
            NotOurs: it lies somewhere else.
            And all that `Downloads` raises.
        """
        model = self._models.find(bare_id(wanted))
        if not self._shelf.holds(model.path):
            raise NotOurs(str(model.path))
        spec = self._downloads.find(model.id)
        expected = self._downloads.expected(spec)
        compared = self._compared(model, expected, cancel, ignore_progress)
        if compared.verified.ok:
            return compared.verified
        with self._shelf.claim(expected) as place:
            if compared.wrong:
                place.note_missing(compared.measured, compared.wrong)
                place.take_down()
            else:
                place.take_down()
                place.set_aside()
        self._downloads(spec.id, cancel, on_transfer)
        return dataclasses.replace(compared.verified, ok=True)

    def remove(self, wanted: str) -> int:
        """Remove a model, with what was made of it; tells the bytes freed.

        If it was the one in use, the starter model answers from now on.

        Raises:
            ModelMissing: it is not on this machine.
            NotOurs: it lies somewhere else, and stays.
            Locked: another process is at it.
            DataFolderUnwritable: it cannot be removed.
        """
        model = self._models.find(bare_id(wanted))
        if not self._shelf.holds(model.path):
            raise NotOurs(str(model.path))
        freed = self._tunings.forget(model) + self._shelf.remove(model.path.name)
        settings = self._settings.load()
        if settings.model in (model.id, str(model.path)):
            self._settings.save(dataclasses.replace(settings, model=""))
        return freed

    def leftovers(self) -> list[Path]:
        """What lies in the user's own folder and belongs to no model any more."""
        return self._shelf.leftovers()

    def _receipt(self, model: InstalledModel) -> Receipt | None:
        if not self._shelf.holds(model.path):
            return None
        return self._shelf.receipt(model.path.name)

    def _expected(self, model: InstalledModel) -> ExpectedFile | None:
        """What a file shall be: the catalogue goes before a receipt."""
        receipt = self._receipt(model)
        for spec in self._models.known():
            if spec.id == model.id:
                return with_chunks(
                    ExpectedFile(
                        name=model.path.name,
                        bytes=spec.bytes,
                        sha256=spec.sha256.lower(),
                        source=receipt.source if receipt else "a copy",
                        licence=spec.licence,
                    ),
                    receipt,
                )
        return receipt.expected() if receipt is not None else None

    def _compared(
        self,
        model: InstalledModel,
        expected: ExpectedFile,
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> _Compared:
        """Read a file, compare, and remember what was found."""
        length = expected.chunk_bytes if expected.chunks else CHUNK_BYTES
        measured = self._shelf.measure(model.path, length, cancel, on_progress)
        compared = _Compared(
            measured=measured,
            wrong=wrong_chunks(expected, measured),
            ok=is_right(expected, measured),
        )
        if self._shelf.holds(model.path):
            self._write_down(expected, compared)
        return compared

    def _write_down(self, expected: ExpectedFile, compared: _Compared) -> None:
        """For who looks at a file later without reading it."""
        receipt = self._shelf.receipt(expected.name)
        here = self._shelf.modified(expected.name)
        if receipt is None or (compared.ok and receipt.sha256 != compared.measured.sha256):
            if not compared.ok:
                return
            receipt = receipt_of(expected, compared.measured, self._clock.now())
        damaged = compared.wrong or tuple(range(len(receipt.chunks)))
        self._shelf.write_receipt(
            msgspec.structs.replace(
                receipt,
                modified=here[1] if compared.ok and here else receipt.modified,
                damaged=() if compared.ok else damaged,
            )
        )


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """A file as it is, and what of it is wrong."""

    measured: Measured
    wrong: tuple[int, ...]
    ok: bool

    @property
    def verified(self) -> Verified:
        return Verified(
            ok=self.ok,
            damaged=len(self.wrong),
            known=True,
            chunks=len(self.measured.chunks),
        )

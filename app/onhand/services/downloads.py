"""Getting a model of the catalogue: what is missing is fetched, compared, and kept."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from onhand.domain.catalog import Catalog
from onhand.domain.errors import AppError
from onhand.domain.fetching import HUB_HOSTS, Fetch, Patience, Route
from onhand.domain.model_errors import ModelUnknown, NothingToFetch
from onhand.domain.progress import Cancelled
from onhand.domain.receipts import (
    ExpectedFile,
    Measured,
    can_have_chunks,
    is_right,
    with_chunks,
    wrong_chunks,
)
from onhand.domain.transfers import (
    Speedometer,
    Transfer,
    TransferState,
    ignore_transfer,
)
from onhand.services.settling import failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.catalog import ModelSpec
    from onhand.domain.fetching import FetchState
    from onhand.domain.progress import CancelToken, Progress
    from onhand.domain.settings import Settings
    from onhand.domain.transfers import OnTransfer
    from onhand.services.model_ports import (
        Fetcher,
        KnownModels,
        Metering,
        ModelShelf,
        Place,
    )
    from onhand.services.ports import Clock, InstalledModel, SettingsStore

ROUNDS = 2
"""So often is a file fetched that is wrong as a whole: once more, and no more."""


class Downloads:
    """Downloads of models. Needs neither engine nor database; from one thread at a time."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        models: KnownModels,
        shelf: ModelShelf,
        fetcher: Fetcher,
        settings: SettingsStore,
        metering: Metering,
        clock: Clock,
        seconds: Callable[[], float],
        patience: Patience = Patience(),  # noqa: B008 - it cannot be changed
    ) -> None:
        """`seconds` is a clock that never goes back, for the speed."""
        self._models = models
        self._shelf = shelf
        self._fetcher = fetcher
        self._settings = settings
        self._metering = metering
        self._clock = clock
        self._seconds = seconds
        self._patience = patience

    def __call__(
        self, wanted: str, cancel: CancelToken, on_transfer: OnTransfer = ignore_transfer
    ) -> InstalledModel:
        """Fetch what is missing of a model, and put it on the shelf.

        To pause is to cancel: what has arrived is kept, and the next call goes on with it,
        also after a crash of program or machine.

        Args:
            wanted: an id of the catalogue, or an unambiguous start of one.
            cancel: ends it within moments, from any thread.
            on_transfer: called on this thread; the last call tells how it ended.

        Raises:
            ModelUnknown, NothingToFetch: there is no such thing to fetch.
            Locked: another process is at it.
            DiskFull, DataFolderUnwritable: there is no room, or no place.
            NetworkFailed: it did not come through; what has arrived is kept.
            WrongChecksum: what came is not the model; it was set aside.
            Cancelled: the user stopped it.
        """
        spec = self.find(wanted)
        expected = self.expected(spec)
        if not self._is_here(expected):
            self._get(spec, expected, cancel, on_transfer)
        on_transfer(
            Transfer(
                model=spec.id,
                state=TransferState.DONE,
                done=spec.bytes,
                total=spec.bytes,
            )
        )
        return self._models.find(str(self._shelf.path(spec.file)))

    def find(self, wanted: str) -> ModelSpec:
        """A model of the catalogue that can be fetched.

        Raises:
            ModelUnknown, NothingToFetch: there is none.
        """
        fitting = Catalog(schema=1, models=tuple(self._models.known())).fitting(wanted)
        if not wanted or not fitting:
            raise ModelUnknown(f"'{wanted}'")
        if len(fitting) > 1:
            ids = ", ".join(spec.id for spec in fitting)
            raise ModelUnknown(f"'{wanted}' fits {ids}")
        [spec] = fitting
        if not spec.can_be_fetched:
            raise NothingToFetch(f"nobody has said where {spec.id} lies")
        return spec

    def expected(self, spec: ModelSpec) -> ExpectedFile:
        """The file of a model of the catalogue, as it shall be."""
        expected = ExpectedFile(
            name=spec.file,
            bytes=spec.bytes,
            sha256=spec.sha256.lower(),
            source=f"hub {spec.repo}@{spec.revision}",
            licence=spec.licence,
        )
        listed = dataclasses.replace(
            expected, chunk_bytes=spec.chunk_bytes, chunks=spec.chunks
        )
        if can_have_chunks(listed):
            return listed
        return with_chunks(expected, self._shelf.receipt(spec.file))

    def unfinished(self) -> list[Transfer]:
        """What was begun and has not ended, as far as the catalogue knows it."""
        specs = {spec.file: spec for spec in self._models.known()}
        return [
            Transfer(
                model=specs[part.name].id,
                state=TransferState.PAUSED,
                done=part.done,
                total=part.total,
            )
            for part in self._shelf.unfinished()
            if part.name in specs and specs[part.name].can_be_fetched
        ]

    def discard(self, wanted: str) -> int:
        """Give up what was begun; tells the bytes freed.

        Raises:
            ModelUnknown, NothingToFetch: there is no such thing to fetch.
            Locked: another process is at it.
        """
        with self._shelf.claim(self.expected(self.find(wanted))) as place:
            return place.discard()

    def must_ask(self) -> bool:
        """Whether the user wants to be asked first, because bytes cost money here.

        False where the system does not say what the connection costs.
        """
        if not self._settings.load().ask_when_metered:
            return False
        return self._metering.is_metered() is True

    def _is_here(self, expected: ExpectedFile) -> bool:
        """Whether the file lies on the shelf, as its receipt has it."""
        receipt = self._shelf.receipt(expected.name)
        return (
            receipt is not None
            and not receipt.damaged
            and receipt.sha256 == expected.sha256
            and self._shelf.modified(expected.name) == (receipt.bytes, receipt.modified)
        )

    def _get(
        self,
        spec: ModelSpec,
        expected: ExpectedFile,
        cancel: CancelToken,
        on_transfer: OnTransfer,
    ) -> None:
        watch = _Watch(spec, on_transfer, self._seconds)
        try:
            with self._shelf.claim(expected) as place:
                self._fetch_right(spec, place, cancel, watch)
        except Cancelled:
            watch.ended(TransferState.PAUSED, "")
            raise
        except AppError as error:
            watch.ended(TransferState.FAILED, str(error))
            raise

    def _fetch_right(
        self, spec: ModelSpec, place: Place, cancel: CancelToken, watch: _Watch
    ) -> None:
        """Fetch until what is here is right; of what is nearly so, the rest alone."""
        for turn in range(ROUNDS):
            place.raise_if_no_room()
            self._fetcher.fetch(self._asked(spec, place), cancel, watch.fetching)
            measured = place.measure(cancel, watch.checking)
            if is_right(place.expected, measured):
                place.keep(measured, self._clock.now())
                return
            self._put_right(place, measured, last=turn == ROUNDS - 1)
        raise failure(place.expected, measured)

    def _put_right(self, place: Place, measured: Measured, *, last: bool) -> None:
        """Keep what can be gone on with, and set aside what cannot."""
        wrong = wrong_chunks(place.expected, measured)
        if wrong and not last:
            place.note_missing(measured, wrong)
        else:
            place.set_aside()

    def _asked(self, spec: ModelSpec, place: Place) -> Fetch:
        return Fetch(
            repo=spec.repo or "",
            revision=spec.revision or "",
            file=spec.file,
            expected=place.expected,
            part=str(place.part),
            notes=str(place.notes),
            reserve=self._shelf.reserve,
            route=route_of(self._settings.load()),
            patience=self._patience,
        )


def route_of(settings: Settings) -> Route:
    """The way to the Hub that the settings tell."""
    more = tuple(each.strip() for each in settings.hub_hosts.split(",") if each.strip())
    return Route(
        endpoint=settings.hub_endpoint.strip(),
        hosts=(*HUB_HOSTS, *more),
        proxy=settings.proxy.strip(),
    )


class _Watch:
    """Tells how a download stands, with its speed."""

    def __init__(
        self, spec: ModelSpec, on_transfer: OnTransfer, seconds: Callable[[], float]
    ) -> None:
        self._on_transfer = on_transfer
        self._seconds = seconds
        self._speed = Speedometer()
        self._now = Transfer(
            model=spec.id, state=TransferState.WAITING, done=0, total=spec.bytes
        )
        on_transfer(self._now)

    def fetching(self, state: FetchState) -> None:
        """Bytes arrive, or it pauses."""
        speed = self._speed(self._seconds(), state.done)
        waits = state.pause > 0
        self._tell(
            TransferState.WAITING if waits else TransferState.RUNNING,
            done=state.done,
            speed=0.0 if waits else speed,
            reason=f"{state.reason}; again in {state.pause:.0f} s" if waits else "",
        )

    def checking(self, progress: Progress) -> None:
        """What has arrived is read again."""
        self._tell(TransferState.CHECKING, done=progress.done, speed=0.0, reason="")

    def ended(self, state: TransferState, reason: str) -> None:
        """It goes no further."""
        self._tell(state, done=self._now.done, speed=0.0, reason=reason)

    def _tell(self, state: TransferState, *, done: int, speed: float, reason: str) -> None:
        self._now = dataclasses.replace(
            self._now, state=state, done=done, speed=speed, reason=reason
        )
        self._on_transfer(self._now)

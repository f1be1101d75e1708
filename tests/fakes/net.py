"""Net helpers, ledgers and downloads for tests."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fakes.launcher import LAUNCHER
from fakes.stores import FakeClock, FakeSettings, FakeTunings
from onhand.domain.catalog import Catalog, ModelSource, ModelSpec, Tier
from onhand.domain.fetching import FetchState
from onhand.domain.part_notes import Chunk, Head, PartNotes, encoded, read_notes
from onhand.services.downloads import Downloads
from onhand.services.keep_models import KeepModels
from onhand.storage.model_files import ModelFiles
from onhand.storage.model_shelf import ModelShelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.domain.fetching import Attempt, Fetch
    from onhand.domain.progress import CancelToken

NET = [*LAUNCHER, "net"]


class FakeLedger:
    """A ledger in memory; fails as told."""

    def __init__(self) -> None:
        self.lines: list[Attempt] = []
        self.failing: AppError | None = None

    def write(self, attempt: Attempt) -> None:
        """Keep it."""
        if self.failing is not None:
            raise self.failing
        self.lines.append(attempt)

    def attempts(self) -> list[Attempt]:
        """Each as it is now."""
        return list({attempt.id: attempt for attempt in self.lines}.values())


class FakeMetering:
    """A connection that costs what a test says."""

    def __init__(self, *, metered: bool | None = None) -> None:
        self.metered = metered

    def is_metered(self) -> bool | None:
        """What was said."""
        return self.metered


class FakeFetcher:
    """A network that has one file; gives, breaks off, damages and fails as told.

    Attributes:
        asked: what was wanted, in order, with the ranges that were missing.
        flips: bytes that arrive damaged, the first time alone.
        failing: what happens when a part of the file has arrived.
        states: what is told before the end.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.asked: list[tuple[Fetch, list[tuple[int, int]]]] = []
        self.flips: list[int] = []
        self.always_wrong = False
        self.failing: BaseException | None = None
        self.states: list[FetchState] = []

    def fetch(
        self, wanted: Fetch, cancel: CancelToken, on_state: Callable[[FetchState], None]
    ) -> None:
        """Write what is missing into the part, and note it."""
        cancel.raise_if_cancelled()
        part, log = Path(wanted.part), Path(wanted.notes)
        notes = read_notes(log.read_bytes()) if log.exists() else None
        if notes is None:
            head = Head(
                bytes=wanted.expected.bytes,
                sha256=wanted.expected.sha256,
                chunk_bytes=wanted.expected.chunk_bytes,
            )
            notes = PartNotes(head=head)
            log.write_bytes(encoded(head))
            part.write_bytes(b"")
        self.asked.append((wanted, notes.missing()))
        for state in self.states:
            on_state(state)
        for number in range(notes.count):
            if number not in notes.chunks:
                self._write(part, log, notes, number)
                on_state(FetchState(done=notes.done))
                cancel.raise_if_cancelled()
                if self.failing is not None:
                    failing, self.failing = self.failing, None
                    raise failing

    def _write(self, part: Path, log: Path, notes: PartNotes, number: int) -> None:
        start, end = notes.span(number)
        chunk = bytearray(self.data[start:end])
        for place in [each for each in self.flips if start <= each < end]:
            chunk[place - start] ^= 1
            if not self.always_wrong:
                self.flips.remove(place)
        with part.open("r+b") as file:
            file.seek(start)
            file.write(chunk)
        digest = hashlib.sha256(chunk).hexdigest()
        notes.chunks[number] = digest
        with log.open("ab") as file:
            file.write(encoded(Chunk(number=number, sha256=digest)))


class Getting:
    """Downloads and keeping of models over a real folder, and a network that is none."""

    def __init__(self, folder: Path, *specs: ModelSpec, data: bytes = b"") -> None:
        """`data` is the file of every model of the catalogue `specs`."""
        self.folder = folder / "models"
        self.shelf = ModelShelf(self.folder, folder / "locks", reserve=0)
        self.fetcher = FakeFetcher(data)
        self.metering = FakeMetering()
        self.settings = FakeSettings()
        self.tunings = FakeTunings()
        self.seconds = itertools.count()
        folder.mkdir(exist_ok=True)
        catalog = folder / "models.json"
        catalog.write_bytes(msgspec.json.encode(Catalog(schema=1, models=specs)))
        self.models = ModelFiles(catalog=catalog, folders=[self.folder])
        self.downloads = Downloads(
            models=self.models,
            shelf=self.shelf,
            fetcher=self.fetcher,
            settings=self.settings,
            metering=self.metering,
            clock=FakeClock(),
            seconds=lambda: next(self.seconds),
        )
        self.keep = KeepModels(
            models=self.models,
            shelf=self.shelf,
            downloads=self.downloads,
            tunings=self.tunings,
            settings=self.settings,
            clock=FakeClock(),
        )


def spec_of(data: bytes, model: str = "tiny-1m", **changes: Any) -> ModelSpec:
    """A model of a catalogue whose file holds these bytes."""
    spec = ModelSpec(
        id=model,
        title="Tiny",
        tier=Tier.TINY,
        file=f"{model}.gguf",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        licence="MIT",
        context=512,
        kv_bytes=1024,
        languages=("en",),
        good_for="tests",
        source=ModelSource.HUB,
        repo="org/tiny",
        revision="a" * 40,
    )
    return msgspec.structs.replace(spec, **changes)

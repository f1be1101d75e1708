"""Stand-ins for what the window needs of getting and keeping models."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.gates import wait
from fakes.tasks import QUEUE
from onhand.domain.errors import AppError, ModelMissing
from onhand.domain.fit import Fit, Verdict
from onhand.domain.model_errors import ModelUnknown, SignerUnknown, Unverified
from onhand.domain.progress import Cancelled, Progress, ignore_progress
from onhand.domain.receipts import Verified
from onhand.domain.size_ladder import Step
from onhand.domain.transfers import Transfer, TransferState
from onhand.domain.trust import Trust
from onhand.services.import_models import Imported
from onhand.services.import_pack import TakenPack
from onhand.services.ports import InstalledModel
from onhand.services.update_ports import CheckedUpdate

if TYPE_CHECKING:
    from pathlib import Path


FITS = Fit(verdict=Verdict.FITS, needs=900_000_000, free=12_000_000_000)


def step(model: str, title: str, tier: str, size: int, **more: object) -> Step:
    """A model of the ladder; what is not said is as with most."""
    values = {
        "licence": "Apache-2.0",
        "fit": replace(FITS, needs=round(1.1 * size) + 200_000_000),
        "good_for": "sorting and extracting",
        "languages": ("en", "de", "fr", "es", "it"),
        "can_be_fetched": True,
    }
    return Step(model=model, title=title, tier=tier, bytes=size, **(values | more))


STEPS = (
    step(
        "starter-135m",
        "Starter",
        "tiny",
        98_362_432,
        here=True,
        in_use=True,
        starter=True,
        can_be_fetched=False,
        languages=("en",),
        trust=Trust.VERIFIED,
        fit=replace(FITS, needs=400_000_000, page_seconds=1.9),
    ),
    step("smaller-0.5b", "Smaller 0.5B", "small", 491_400_064),
    step(
        "larger-1.5b",
        "Larger",
        "medium",
        1_100_000_000,
        here=True,
        own=True,
        trust=Trust.VERIFIED,
        fit=replace(FITS, page_seconds=9.2),
    ),
    step(
        "granite-3b",
        "Granite 3B",
        "large",
        2_099_501_664,
        fit=Fit(
            verdict=Verdict.TIGHT,
            needs=2_700_000_000,
            free=2_900_000_000,
            reasons=("It needs 2.7 GB of memory, 2.9 GB are free now; that is tight.",),
        ),
    ),
    step(
        "largest-4b",
        "Largest 4B",
        "large",
        2_497_281_120,
        fit=Fit(
            verdict=Verdict.CANNOT_RUN,
            needs=3_200_000_000,
            free=1_000_000_000,
            reasons=("It needs 3.2 GB of memory, this machine has 3.0 GB.",),
        ),
    ),
)


class FakeLadder:
    """A ladder that a test may change.

    Attributes:
        steps: what there is.
        used: tells the id of the model in use.
    """

    def __init__(self) -> None:
        self.steps = list(STEPS)
        self.used = lambda: "starter-135m"
        self.failing: AppError | None = None

    def __call__(self) -> list[Step]:
        """The ladder now."""
        if self.failing is not None:
            raise self.failing
        return [
            replace(each, in_use=each.here and each.model == self.used())
            for each in self.steps
        ]

    def change(self, model: str, **more: object) -> None:
        """A model stands otherwise now."""
        self.steps = [
            replace(each, **more) if each.model == model else each for each in self.steps
        ]


class FakeFit:
    """Measures what the test says, when its gate is open."""

    def __init__(self, ladder: FakeLadder) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.failing: AppError | None = None
        self._ladder = ladder

    def measure(self, wanted, cancel, on_progress) -> Fit:
        """A page takes nine seconds."""
        on_progress(Progress(done=1, total=4, note="load"))
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        fit = replace(FITS, page_seconds=9.2)
        self._ladder.change(wanted, fit=fit)
        return fit


class FakeDownloads:
    """Downloads that stand still until the gate opens.

    Attributes:
        parts: bytes of a model that have arrived.
        far: what is told on the way.
        failing: raised instead of arriving.
        begun: the worker is at work.
        gate: it goes on when it is open.
    """

    def __init__(self, ladder: FakeLadder) -> None:
        self.parts: dict[str, int] = {}
        self.failing: AppError | None = None
        self.begun = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.costs = False
        self.state = TransferState.RUNNING
        self.reason = ""
        self._ladder = ladder

    def __call__(self, wanted, cancel, on_transfer) -> InstalledModel:
        """Fetch a model, or the rest of it."""
        step = self._step(wanted)
        self.parts[wanted] = max(self.parts.get(wanted, 0), round(0.41 * step.bytes))
        on_transfer(
            Transfer(
                model=wanted,
                state=self.state,
                done=self.parts[wanted],
                total=step.bytes,
                speed=1_600_000.0,
                reason=self.reason,
            )
        )
        self.begun.set()
        wait(self.gate, cancel)
        if self.failing is not None and not cancel.cancelled:
            on_transfer(self._transfer(step, TransferState.FAILED, str(self.failing)))
            raise self.failing
        if cancel.cancelled:
            on_transfer(self._transfer(step, TransferState.PAUSED))
            raise Cancelled
        on_transfer(replace(self._transfer(step, TransferState.DONE), done=step.bytes))
        del self.parts[wanted]
        self._ladder.change(
            wanted, here=True, own=True, trust=Trust.VERIFIED, damaged=False
        )
        return InstalledModel(
            id=wanted, title=step.title, path=f"/models/{wanted}", bytes=step.bytes
        )

    def unfinished(self) -> list[Transfer]:
        """Those that were begun."""
        return [
            self._transfer(self._step(model), TransferState.PAUSED) for model in self.parts
        ]

    def discard(self, wanted: str) -> int:
        """Give one up."""
        return self.parts.pop(self._step(wanted).model, 0)

    def must_ask(self) -> bool:
        """Whether bytes cost money."""
        return self.costs

    def _step(self, wanted: str) -> Step:
        for each in self._ladder.steps:
            if each.model == wanted:
                return each
        raise ModelUnknown(f"'{wanted}'")

    def _transfer(self, step: Step, state: TransferState, reason: str = "") -> Transfer:
        return Transfer(
            model=step.model,
            state=state,
            done=self.parts[step.model],
            total=step.bytes,
            reason=reason,
        )


class FakeKeep:
    """Files that are what they should be, unless a test says otherwise."""

    def __init__(self, ladder: FakeLadder, downloads: FakeDownloads) -> None:
        self.found = Verified(ok=True, damaged=0, known=True, chunks=4)
        self.gate = threading.Event()
        self.gate.set()
        self.removed: list[str] = []
        self.far = Progress(done=1, total=4)
        self._ladder = ladder
        self._downloads = downloads

    def verify(self, wanted, cancel, on_progress) -> Verified:
        """What the test says."""
        self._raise_if_missing(wanted)
        on_progress(self.far)
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.found.known and not self.found.ok:
            self._ladder.change(wanted, damaged=True)
        return self.found

    def repair(self, wanted, cancel, on_transfer) -> Verified:
        """It is whole again."""
        self._downloads(wanted, cancel, on_transfer)
        return Verified(ok=True, damaged=0, known=True, chunks=4)

    def remove(self, wanted: str) -> int:
        """It is gone."""
        self._raise_if_missing(wanted)
        self.removed.append(wanted)
        self._ladder.change(wanted, here=False, own=False, trust=None)
        return 1_100_000_000

    def _raise_if_missing(self, wanted: str) -> None:
        if not any(each.model == wanted and each.here for each in self._ladder.steps):
            raise ModelMissing(wanted)


class FakeUnpacking:
    """Takes packs of a signer that must be trusted first."""

    SIGNER = "7c2e 41d0 9b6a 55f3"

    def is_pack(self, path: Path) -> bool:
        """By the name."""
        return path.suffix == ".onhandpack"

    def __call__(self, path, accepted, cancel, on_progress) -> TakenPack:
        """What came in."""
        if accepted != self.SIGNER:
            raise SignerUnknown(self.SIGNER)
        model = InstalledModel(id="packed", title="Packed", path=path, bytes=7)
        return TakenPack(fingerprint=accepted, models=(model,), tasks=(QUEUE,), licences=())


class FakeCheckUpdate:
    """Finds every update good, or fails as the test says."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.error: AppError | None = None
        self.asked: list[Path] = []

    def __call__(self, path, cancel, on_progress=ignore_progress) -> CheckedUpdate:
        """What it says."""
        self.asked.append(path)
        on_progress(Progress(done=1, total=2))
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.error is not None:
            raise self.error
        package = path.with_name(path.name.removesuffix(".onhandupdate"))
        return CheckedUpdate(
            version="9.0", package=package, signer="ab" * 32, installed="0.1.0"
        )


class FakeImporting:
    """Brings in files by their names: "unknown" is vouched for by nobody."""

    def __init__(self, ladder: FakeLadder) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self._ladder = ladder

    def __call__(self, source: Path, consent, cancel, on_progress) -> list[Imported]:
        """What came in."""
        on_progress(Progress(done=50, total=100))
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if "missing" in source.name:
            raise ModelMissing(f"there is no model in {source}")
        if "unknown" in source.name and not consent.unverified:
            raise Unverified(source.name)
        model = InstalledModel(
            id=source.name, title=source.stem, path=source, bytes=800_000_000
        )
        self._ladder.steps.append(
            step(
                source.name,
                source.stem,
                "",
                800_000_000,
                here=True,
                own=True,
                known=False,
                trust=Trust.UNVERIFIED,
                can_be_fetched=False,
                languages=(),
                good_for="",
                licence="",
            )
        )
        return [Imported(source=source, model=model)]

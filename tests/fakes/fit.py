"""Stand-ins for what a machine has, and a `FitModels` over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.stores import FakeLadder, FakeSettings, FakeWorkshop
from onhand.domain.catalog import ModelSpec, Tier
from onhand.domain.fit import Memory
from onhand.domain.ladder import LadderRecord, Rung, Verdict
from onhand.services.fit import FitModels
from onhand.services.fitting import Fitting

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.services.fit_ports import Measured, RunningEngine
    from onhand.services.models import Models

GB = 10**9

AWAY = ModelSpec(
    id="away-4b",
    title="Away",
    tier=Tier.LARGE,
    file="away-4b.gguf",
    bytes=2_500_000_000,
    sha256="0" * 64,
    licence="Apache-2.0",
    context=4096,
    kv_bytes=100_000,
    languages=("en",),
    good_for="nothing",
)


class FakeMachine:
    """As much memory as a test says.

    Attributes:
        sizes: of files by their names, in bytes; others have `size`.
    """

    def __init__(self, memory: Memory | None = None) -> None:
        self.had = memory or Memory(free=8 * GB, swap=0, most=16 * GB)
        self.disk = 100 * GB
        self.size = 0
        self.sizes: dict[str, int] = {}
        self.running: list[RunningEngine] = []
        self.killed = 0

    def memory(self) -> Memory:
        """As told."""
        return self.had

    def size_of(self, file: Path) -> int:
        """As told."""
        return self.sizes.get(file.name, self.size)

    def disk_free(self) -> int:
        """As told."""
        return self.disk

    def kills(self) -> int:
        """As told."""
        return self.killed

    def engines(self) -> list[RunningEngine]:
        """As told."""
        return self.running


class FakeMeasured:
    """What was measured, in memory."""

    def __init__(self) -> None:
        self.known: dict[tuple[Path, str], Measured] = {}

    def load(self, model: Path, device: str) -> Measured | None:
        """What is known."""
        return self.known.get((model, device))

    def save(self, model: Path, measured: Measured) -> None:
        """Keep it."""
        self.known[model, measured.device] = measured


class FakeCatalog:
    """Some models of the catalogue."""

    def __init__(self, *specs: ModelSpec) -> None:
        self.specs = specs

    def known(self) -> tuple[ModelSpec, ...]:
        """All."""
        return self.specs


def good_ladder(variant: str = "zen4") -> FakeLadder:
    """A ladder on which one rung has run."""
    record = LadderRecord(fingerprint="here")
    return FakeLadder(record.ending(Rung(variant=variant), Verdict.GOOD))


class FitBench:
    """A `Fitting` and a `FitModels` over fakes, at hand."""

    def __init__(self, *specs: ModelSpec) -> None:
        self.machine = FakeMachine()
        self.measured = FakeMeasured()
        self.catalog = FakeCatalog(*(specs or (AWAY,)))
        self.ladder = good_ladder()

    def fitting(self, settings: FakeSettings | None = None) -> Fitting:
        """Estimates."""
        return Fitting(
            catalog=self.catalog,
            machine=self.machine,
            measured=self.measured,
            ladder=self.ladder,
            settings=settings or FakeSettings(),
        )

    def models(
        self, models: Models, workshop: FakeWorkshop, settings: FakeSettings
    ) -> FitModels:
        """The use case."""
        return FitModels(
            fitting=self.fitting(settings),
            models=models,
            workshop=workshop,
            catalog=self.catalog,
            measured=self.measured,
            ladder=self.ladder,
            settings=settings,
        )

"""Wires what runs models: engines, what they may take of the machine, what fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.engine.client import EngineClient
from onhand.engine.workshop import EngineWorkshop
from onhand.host import Paths, SystemClock, own_command
from onhand.machine.engines import EngineNotes
from onhand.machine.here import ThisMachine
from onhand.machine.power import Wakefulness, on_battery
from onhand.services.admitting import Doorkeeper
from onhand.services.fit import FitModels
from onhand.services.fitting import Fitting
from onhand.services.watching import Watching
from onhand.storage.ladder_file import LadderFile
from onhand.storage.measured_files import MeasuredFile
from onhand.storage.model_files import ModelFiles
from onhand.storage.settings_file import SettingsFile
from onhand.storage.tuning_files import TuningFiles

if TYPE_CHECKING:
    from onhand.services.models import Models


def engine_command() -> list[str]:
    """The command line of an engine process."""
    return own_command("engine")


@dataclass(frozen=True, kw_only=True)
class Running:
    """What all engines of one data folder share."""

    paths: Paths
    settings: SettingsFile
    store: ModelFiles
    ladder: LadderFile
    measured: MeasuredFile
    fitting: Fitting
    watching: Watching
    admit: Doorkeeper
    tunings: TuningFiles

    @classmethod
    def of(
        cls,
        paths: Paths,
        store: ModelFiles,
        settings: SettingsFile,
        admit: Doorkeeper,
    ) -> Running:
        """Wire it; starts nothing. `admit` is asked about each file to be loaded."""
        ladder = LadderFile(paths.ladder)
        measured = MeasuredFile(paths.measured, ladder)
        notes = EngineNotes(paths.engines)
        fitting = Fitting(
            catalog=store,
            machine=ThisMachine(models=paths.models, engines=notes),
            measured=measured,
            ladder=ladder,
            settings=settings,
        )
        watching = Watching(
            fitting=fitting,
            register=notes,
            on_battery=on_battery,
            wakes=Wakefulness(SystemClock()).wakes,
            vet_adapter=admit.vet_adapter,
        )
        return cls(
            paths=paths,
            settings=settings,
            store=store,
            ladder=ladder,
            measured=measured,
            fitting=fitting,
            watching=watching,
            admit=admit,
            tunings=TuningFiles(paths.layouts, ladder),
        )

    def new_engine(self) -> EngineClient:
        """An engine that nobody else uses; not started yet."""
        return EngineClient(
            engine_command(),
            ladder=self.ladder,
            settings=self.settings,
            log=self.paths.engine_log,
            watch=self.watching,
            admit=self.admit,
        )

    @property
    def workshop(self) -> EngineWorkshop:
        """Other layouts, and engines to try models on."""
        return EngineWorkshop(
            engine_command(), self.new_engine, self.paths.engine_log, self.settings
        )

    def fit(self, models: Models) -> FitModels:
        """What fits this machine, and how fast it is here."""
        return FitModels(
            fitting=self.fitting,
            models=models,
            workshop=self.workshop,
            catalog=self.store,
            measured=self.measured,
            ladder=self.ladder,
            settings=self.settings,
        )

    def about(self) -> list[tuple[str, str]]:
        """What is so of memory and power, in words."""
        return [("memory", self.fitting.told()), ("power", self._power())]

    def _power(self) -> str:
        if not self.watching.on_battery():
            return "not on battery; all threads are used"
        if self.settings.load().save_battery:
            return "on battery; half of the threads are used (setting 'save_battery')"
        return "on battery; all threads are used (setting 'save_battery')"

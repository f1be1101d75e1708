"""Answering with everything it needs, over any engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.heads import FakeHeads
from fakes.languages import FakeLanguages
from fakes.stores import (
    FakeClock,
    FakeHistory,
    FakeModels,
    FakePrefixes,
    FakePriors,
    FakeSamples,
    FakeSettings,
    FakeTunings,
)
from onhand.services.answering import Answering
from onhand.services.calibrating import Calibrations
from onhand.services.models import Models
from onhand.services.ports import InstalledModel
from onhand.services.run_task import RunTask

if TYPE_CHECKING:
    from typing import Any

    from onhand.services.ports import Engine

FAKE = InstalledModel(id="fake", title="Fake", path=Path("fake.gguf"), bytes=1)


def models_on(
    engine: Engine, *models: InstalledModel, settings: FakeSettings | None = None
) -> Models:
    """Models of which the first is used; without any there is a fake one."""
    return Models(
        store=FakeModels(*(models or (FAKE,))),
        settings=settings or FakeSettings(),
        engine=engine,
        tunings=FakeTunings(),
        wanted="",
    )


def answering_on(engine: Engine, models: Models, **ports: Any) -> Answering:
    """Answers with fakes of all ports that are not given."""
    given = {
        "priors": FakePriors(),
        "samples": FakeSamples(),
        "prefixes": FakePrefixes(),
        "languages": FakeLanguages(),
        "heads": FakeHeads(),
        "history": FakeHistory(),
        **ports,
    }
    return Answering(engine, models, **given)


class Desk:
    """Answers tasks with a model, and keeps the answers in `history`."""

    def __init__(self, engine: Engine, model: InstalledModel) -> None:
        self.history, self.settings = FakeHistory(), FakeSettings()
        self.models = models_on(engine, model, settings=self.settings)
        self.answering = answering_on(engine, self.models)
        self.run_task = RunTask(
            answering=self.answering,
            models=self.models,
            history=self.history,
            calibrations=Calibrations(self.history, FakeHeads()),
            settings=self.settings,
            clock=FakeClock(),
        )

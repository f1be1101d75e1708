"""A teacher with everything it needs, over an engine that tests can foresee."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.desk import answering_on, models_on
from fakes.heads import FakeHeads
from fakes.stores import (
    FakeClock,
    FakeHistory,
    FakeSettings,
)
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.services.ports import InstalledModel
from onhand.services.teach import Teach
from onhand.services.writing import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from fakes.engine import FakeEngine
    from onhand.domain.answers import Outcome
    from onhand.domain.tasks import Example, Task
    from onhand.services.teach import Teaching


TINY = InstalledModel(id="tiny", title="Tiny", path=Path("tiny.gguf"), bytes=1)


class Classroom:
    """Some models, the first of which is used, and no lesson yet."""

    def __init__(self, engine: FakeEngine, *models: InstalledModel) -> None:
        """Without models there is a tiny one."""
        self.engine, self.settings = engine, FakeSettings()
        self.heads, self.history = FakeHeads(), FakeHistory()
        self.clock = FakeClock()
        self.models = models_on(engine, *(models or (TINY,)), settings=self.settings)
        self.answering = answering_on(
            engine, self.models, heads=self.heads, history=self.history
        )
        self.teach = Teach(
            answering=self.answering,
            models=self.models,
            heads=self.heads,
            history=self.history,
            clock=self.clock,
        )

    def learn(self, task: Task, examples: Iterable[Example], **more: Any) -> Teaching:
        """A lesson."""
        return self.teach(task, examples, cancel=CancelToken(), **more)

    def answer(self, task: Task, text: str) -> Outcome:
        """The answer for a text now."""
        self.models.select()
        watch = Watch(CancelToken(), ignore_text, ignore_progress)
        return self.answering.answer(task, text, watch)

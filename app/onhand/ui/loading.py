"""What the window asks for at its start, in the order in which it is needed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from onhand.domain.policies import Policies
    from onhand.services.first_screen import FirstScreen
    from onhand.services.ports import InstalledModel

_BREATH = 30
"""Milliseconds that the first screen has for itself when it is whole."""


class Loading(QObject):
    """Fills the first screen, then lets the rest be loaded.

    Signals:
        settings_known: the settings.
        policies_known: what is fixed.
        tasks_known: the tasks with their names.
        model_known: the model that answers the next request.
        model_missed: why there is none.
        failed: what could not be found out.
        filled: the first screen is whole; whatever loads much may begin.
    """

    settings_known = Signal(object)
    policies_known = Signal(object)
    tasks_known = Signal(list)
    model_known = Signal(object)
    model_missed = Signal(object)
    failed = Signal(object)
    filled = Signal()

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        super().__init__(owner)
        self._jobs = jobs
        self._opened = False

    def begin(self) -> None:
        """Ask for all of it."""
        self._opened = False
        first, failed = self._jobs.start_first, self.failed.emit
        first(
            lambda screen: screen.settings.load(),
            Then(done=self.settings_known.emit, failed=failed),
        )
        first(
            lambda screen: screen.settings.policies,
            Then(done=self._take_policies, failed=failed),
        )
        first(
            lambda screen: screen.tasks.names(),
            Then(done=self.tasks_known.emit, failed=failed),
        )
        # The window is painted with all of that before the services are loaded, and takes
        # the first key: loading leaves the UI thread little of Python.
        end = partial(QTimer.singleShot, _BREATH, self, self._end)
        first(
            _model,
            Then(done=self.model_known.emit, failed=self.model_missed.emit, ended=end),
        )

    def find_tasks(self) -> None:
        """Ask for the tasks with what the history keeps of them; it is open now."""
        self._jobs.start(
            lambda services: services.tasks.names(),
            Then(done=self.tasks_known.emit, failed=self.failed.emit),
        )

    def find_model(self) -> None:
        """Ask for the model again."""
        self._jobs.start(
            _model, Then(done=self.model_known.emit, failed=self.model_missed.emit)
        )

    def _take_policies(self, policies: Policies) -> None:
        # They are read when what shows the first screen is made, and never fail alone.
        self._opened = True
        self.policies_known.emit(policies)

    def _end(self) -> None:
        if self._opened:
            self.filled.emit()


def _model(services: FirstScreen) -> InstalledModel:
    return services.models.current()

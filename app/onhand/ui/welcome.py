"""When the introduction is shown, and what becomes of what is chosen in it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.domain.errors import AppError
    from onhand.domain.policies import Policies
    from onhand.domain.settings import Settings
    from onhand.domain.size_ladder import Step
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services
    from onhand.ui.first_start import FirstStart
    from onhand.ui.transfers import Transfers

FIRST_TASK = "contact-details"
"""The built-in task of the first try."""


class Welcome(QObject):
    """Shows the introduction once, and again when it is asked for.

    Signals:
        import_wanted: a model file shall be taken from a disk.
        use_wanted: a model that is here shall be used; its id.
        try_wanted: a text shall be put to a task.
        steps_wanted: it is shown, and wants to know the models.
    """

    import_wanted = Signal()
    use_wanted = Signal(str)
    try_wanted = Signal(str, object)
    steps_wanted = Signal()

    def __init__(self, jobs: Jobs, transfers: Transfers, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._transfers = transfers
        self._window = window
        self._seen = False
        self._fixed: str | None = None
        self._steps: list[Step] = []
        self._dialog: FirstStart | None = None
        self._waiting: list[Callable[[], None]] = []

    def show_settings(self, settings: Settings) -> None:
        """At the first start the introduction comes by itself."""
        if not settings.welcomed and not self._seen:
            self.open()

    def show_policies(self, policies: Policies) -> None:
        """Offer no other model where one is fixed."""
        held = policies.managed.get("model")
        if held is not None:
            self._fixed = held.value
            if self._dialog is not None:
                self._dialog.fix_model(held.value)

    def show_steps(self, steps: list[Step]) -> None:
        """These are the models."""
        self._steps = steps
        if self._dialog is not None:
            self._dialog.show_steps(steps)

    def open(self) -> None:
        """Show the introduction beside the window."""
        self._seen = True
        if self._dialog is not None:
            self._dialog.raise_()
            return
        from onhand.ui.first_start import FirstStart  # noqa: PLC0415 - the window first

        self._dialog = dialog = FirstStart(self._transfers, self._window)
        if self._fixed is not None:
            dialog.fix_model(self._fixed)
        dialog.show_steps(self._steps)
        dialog.download_wanted.connect(self._transfers.begin)
        dialog.import_wanted.connect(self.import_wanted)
        dialog.use_wanted.connect(self.use_wanted)
        dialog.try_wanted.connect(self._try)
        dialog.closed.connect(self._close)
        dialog.show()
        self.steps_wanted.emit()

    def afterwards(self, call: Callable[[], None]) -> None:
        """Call this when the introduction is closed; at once where none is open."""
        if self._dialog is None:
            call()
        else:
            self._waiting.append(call)

    def _close(self) -> None:
        self._dialog = None
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()
        self._jobs.start(_remember, Then(done=lambda _: None, failed=self._ignore))

    def _ignore(self, _: AppError) -> None:
        """It is shown once more the next time."""

    def _try(self, text: str) -> None:
        self._jobs.start(
            lambda services: services.tasks.find(FIRST_TASK),
            Then(done=lambda task: self._pass_on(text, task), failed=self._ignore),
        )

    def _pass_on(self, text: str, task: Task) -> None:
        self.try_wanted.emit(text, task)


def _remember(services: Services) -> None:
    settings = services.settings.load()
    if not settings.welcomed:
        services.settings.save(dataclasses.replace(settings, welcomed=True))

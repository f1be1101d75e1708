"""Changing the model: looking first, switching, and going back with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onhand.domain.policy_errors import PolicyForbids
from onhand.domain.progress import CancelToken
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Notice, button
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.errors import AppError
    from onhand.domain.primitives import EngineState
    from onhand.services.bundle import Services
    from onhand.services.ports import InstalledModel
    from onhand.ui.change_dialog import ChangeDialog


class SwitchNotice(Notice):
    """Says which model answers from now on, and takes that back.

    Signals:
        undone: the model before shall answer again.
    """

    undone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("place", "banner")
        self.undo = button(self.tr("&Undo"), name=self.tr("Undo the change of model"))
        self._close = button(self.tr("&Close"), name=self.tr("Close this notice"))
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self.undo)
        row.addWidget(self._close)
        row.addStretch()
        self.column.addLayout(row)
        self.undo.clicked.connect(self.undone)
        self._close.clicked.connect(self.hide)


class Switching(QObject):
    """Changes the model for the whole window.

    What runs ends first; the next request is answered by the new model, which is loaded in
    the background as soon as nothing else wants the engine.

    Signals:
        changed: another model answers from the next request on.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window
        self._dialog: ChangeDialog | None = None
        self.notice = SwitchNotice()
        self.notice.undone.connect(self.undo)

    def look(self, model: str, title: str, used: str) -> None:
        """Show what another model than the one in use changes; then switch, or stay."""
        if self._dialog is not None:
            self._dialog.close()
        from onhand.ui.change_dialog import ChangeDialog  # noqa: PLC0415 - the window first

        self._dialog = dialog = ChangeDialog(self._jobs, used, (model, title), self._window)
        dialog.switched.connect(self.use)
        dialog.stayed.connect(self._load)
        dialog.finished.connect(self._forget)
        dialog.begin()

    def use(self, model: str) -> None:
        """Answer with this model from the next request on."""
        self._jobs.start(
            lambda services: _used(services, model),
            Then(done=self._show_used, failed=self._refuse),
        )

    def undo(self) -> None:
        """Answer with the model before again."""
        self.notice.undo.setEnabled(False)
        self._jobs.start(
            _undone,
            Then(
                done=self._show_used,
                failed=self._fail,
                ended=lambda: self.notice.undo.setEnabled(True),
            ),
        )

    def _show_used(self, used: tuple[InstalledModel, bool]) -> None:
        model, can_undo = used
        self.notice.undo.setVisible(can_undo)
        self.notice.say(
            self.tr("{model} answers from now on.").format(model=model.title),
            tone="success",
        )
        self.changed.emit()
        self._load()

    def _load(self) -> None:
        """Load the model that answers next, so that nobody has to wait for it."""
        cancel = CancelToken()
        self._jobs.start(
            lambda services: services.models.loaded(cancel),
            Then(done=self._ignore, failed=self._fail),
            cancel=cancel,
            long=True,
        )

    def _ignore(self, _: EngineState) -> None:
        """It is loaded."""

    def _fail(self, error: AppError) -> None:
        self.notice.undo.setVisible(not isinstance(error, PolicyForbids))
        self.notice.say_failure(error)

    def _refuse(self, error: AppError) -> None:
        """Say why nothing was changed, so that there is nothing to undo."""
        self.notice.undo.hide()
        self.notice.say_failure(error)

    def _forget(self, _: int) -> None:
        self._dialog = None


def _used(services: Services, model: str) -> tuple[InstalledModel, bool]:
    return services.models.use(model), services.models.before() is not None


def _undone(services: Services) -> tuple[InstalledModel, bool]:
    return services.models.undo(), services.models.before() is not None

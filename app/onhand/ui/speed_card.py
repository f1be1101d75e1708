"""How fast the model is on this machine, and making it faster."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from onhand.domain.progress import CancelToken
from onhand.ui import said
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Card, announce, button, label
from onhand.ui.score_bar import show_busy
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.errors import AppError
    from onhand.domain.layouts import Tuning
    from onhand.domain.progress import Progress
    from onhand.services.bundle import Services
    from onhand.services.ports import InstalledModel

IDLE = 5_000
"""Milliseconds after which a small model is tuned without being asked."""

SMALL = "tiny"
"""Tier of models for which that takes a few seconds."""


class SpeedCard(Card):
    """Offers to store the model's weights as this machine reads them fastest.

    It makes way when somebody asks for something else, and begins anew afterwards.

    Attributes:
        idle: milliseconds to wait before it begins by itself.

    Signals:
        model_changed: the model answers in another layout from the next request on.
    """

    model_changed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._cancel: CancelToken | None = None
        self.idle = IDLE
        self._makes_way = False
        self._offered = False
        self._tuned = False
        self._told = label(tone="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the trial"))
        self._begin = button(self.tr("&Make it faster here"))
        self._stop = button(self.tr("Sto&p"), name=self.tr("Stop the trial"))
        self._undo = button(self.tr("&Take it back"))
        self._lay_out()
        self._begin.clicked.connect(self.tune)
        self._stop.clicked.connect(self._halt)
        self._undo.clicked.connect(self._take_back)
        self._jobs.queued.connect(self._make_way)
        self._settle()

    def look(self) -> None:
        """Show what is known of the model in use; a small one is tuned soon."""
        if self._cancel is None:
            self._jobs.start(_known, Then(done=self._show_known, failed=self._fail))

    def tune(self) -> None:
        """Measure, and use what is better."""
        if self._cancel is not None:
            return
        self._cancel = cancel = CancelToken()
        self._makes_way = False
        show_busy(self._bar)
        self._told.setText(
            self.tr(
                "Trying other ways to store the model's weights. The file stays as it is."
            )
        )

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._follow, far))

        self._jobs.start(
            lambda services: services.tune("", cancel, on_progress),
            Then(done=self._show_new, failed=self._fail, ended=self._finish),
            cancel=cancel,
            long=True,
        )
        self._settle()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        for each in (self._begin, self._stop, self._undo):
            row.addWidget(each)
        row.addStretch()
        self.column.addWidget(label(self.tr("Speed"), rank="heading"))
        self.column.addWidget(self._told)
        self.column.addWidget(self._bar)
        self.column.addLayout(row)

    def _follow(self, far: Progress) -> None:
        self._bar.setRange(0, far.total)
        self._bar.setValue(far.done)

    def _make_way(self) -> None:
        if self._cancel is not None and not self._cancel.cancelled:
            self._makes_way = True
            self._cancel.cancel()

    def _halt(self) -> None:
        self._makes_way = False
        if self._cancel is not None:
            self._cancel.cancel()
            self._stop.setEnabled(False)

    def _finish(self) -> None:
        stopped = self._cancel is not None and self._cancel.cancelled
        self._cancel = None
        if self._makes_way:
            QTimer.singleShot(self.idle, self.tune)
        if stopped:
            self.look()
        self._settle()

    def _take_back(self) -> None:
        self._undo.setEnabled(False)
        self._jobs.start(
            lambda services: services.tune.undo(""),
            Then(done=self._show_undone, failed=self._fail, ended=self._settle),
        )

    def _show_undone(self, _: InstalledModel) -> None:
        self._show(None)
        self.model_changed.emit()

    def _show_known(self, known: tuple[InstalledModel, Tuning | None]) -> None:
        model, tuning = known
        self._show(tuning)
        if tuning is None and model.tier == SMALL and not self._offered:
            self._offered = True
            QTimer.singleShot(self.idle, self.tune)

    def _show_new(self, tuning: Tuning) -> None:
        self._makes_way = False
        self._show(tuning)
        announce(self, self._told.text())
        self.model_changed.emit()

    def _show(self, tuning: Tuning | None) -> None:
        self._tuned = tuning is not None and tuning.layout is not None
        self._begin.setText(
            self.tr("&Make it faster here") if tuning is None else self.tr("&Measure again")
        )
        self._begin.setAccessibleName(self._begin.text().replace("&", ""))
        self._told.setText(self._words.tuning(tuning))
        self._settle()

    def _fail(self, error: AppError) -> None:
        self._makes_way = False
        self._told.setText(said.both(error))

    def _settle(self) -> None:
        running = self._cancel is not None
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        self._stop.setEnabled(running)
        self._begin.setVisible(not running)
        self._undo.setVisible(self._tuned and not running)
        self._undo.setEnabled(True)


def _known(services: Services) -> tuple[InstalledModel, Tuning | None]:
    return services.models.original(), services.tune.known("")

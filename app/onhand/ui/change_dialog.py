"""The dialog that shows what another model changes, before it is used."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from onhand.domain.comparing import ALL, Wanted
from onhand.domain.model_errors import NothingToCompare
from onhand.domain.progress import CancelToken
from onhand.ui import said
from onhand.ui.change_view import ChangeView
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Notice, announce, button, label
from onhand.ui.score_bar import show_busy
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.comparing import Comparison
    from onhand.domain.errors import AppError
    from onhand.domain.progress import Progress


_WIDE, _HIGH = 680, 580


class ChangeDialog(QDialog):
    """Puts the user's texts to the model in use and to another one.

    It stands beside the window and blocks nothing; work that is begun meanwhile goes first.

    Signals:
        switched: the other model shall be used; its id.
        stayed: it shall not.
    """

    switched = Signal(str)
    stayed = Signal()

    def __init__(
        self, jobs: Jobs, used: str, other: tuple[str, str], parent: QWidget
    ) -> None:
        """`used` is the id of the model in use, `other` id and title of the other one."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._jobs = jobs
        self._words = Wording(self)
        self._used = used
        self._other, title = other
        self.setWindowTitle(self.tr("What changes for me"))
        self._cancel: CancelToken | None = None
        self._title = label(self.tr("What changes with {model}?").format(model=title))
        self._title.setProperty("rank", "heading")
        self._told = label(tone="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the comparison"))
        self._notice = Notice()
        self._view = ChangeView()
        self._samples = button(self.tr("Compare on &sample texts"))
        self._stay = button(self.tr("S&tay"), name=self.tr("Stay with the model in use"))
        self._switch = button(self.tr("S&witch without looking"), part="primary")
        self._view.hide()
        self._notice.hide()
        self._samples.hide()
        self._lay_out()
        self._samples.clicked.connect(lambda: self._begin(Wanted(samples=True)))
        self._stay.clicked.connect(self.reject)
        self._switch.clicked.connect(self._take)

    def begin(self) -> None:
        """Show the dialog and begin to compare."""
        self.show()
        self._begin(ALL)

    def done(self, result: int) -> None:
        """Whatever closes the dialog ends the comparison at once."""
        if self._cancel is not None:
            self._cancel.cancel()
        if result == QDialog.DialogCode.Rejected:
            self.stayed.emit()
        super().done(result)

    def _lay_out(self) -> None:
        self.setMinimumWidth(480)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        for each in (self._title, self._told, self._bar, self._notice):
            column.addWidget(each)
        column.addWidget(self._view, 1)
        column.addStretch()  # gets room only where there is nothing to show
        column.addWidget(self._samples, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addStretch()
        row.addWidget(self._stay)
        row.addWidget(self._switch)
        column.addLayout(row)

    def _begin(self, wanted: Wanted) -> None:
        self._cancel = cancel = CancelToken()
        self._notice.hide()
        self._view.hide()
        self._samples.hide()
        self._bar.show()
        show_busy(self._bar)
        self._told.show()
        self._told.setText(
            self.tr(
                "The texts that you pinned or corrected are answered by both models, one"
                " after the other. Nothing of it is kept."
            )
            if not wanted.samples
            else self.tr("Texts that came with the program are answered by both models.")
        )

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._follow, cancel, far))

        self._jobs.start(
            lambda services: services.compare(
                self._used,
                self._other,
                cancel,
                on_progress,
                wanted=wanted,
                way=self._jobs.way,
            ),
            Then(
                done=partial(self._show, cancel),
                failed=partial(self._fail, cancel),
            ),
            cancel=cancel,
            long=True,
        )

    def _follow(self, run: CancelToken, far: Progress) -> None:
        if run.cancelled:  # the dialog may be gone
            return
        self._bar.setRange(0, far.total)
        self._bar.setValue(far.done)
        self._told.setText(self._words.progress(far))

    def _show(self, run: CancelToken, found: Comparison) -> None:
        if run.cancelled:
            return
        self._bar.hide()
        self._told.hide()
        self._view.show_comparison(found)
        self._view.show()
        self.resize(max(self.width(), _WIDE), max(self.height(), self._height(found)))
        self._name_switch(self.tr("S&witch"))
        announce(self, self.tr("The comparison is done."))

    def _height(self, found: Comparison) -> int:
        """As high as the result wants it, if the screen has so much."""
        wanted = _HIGH if found.changing else self.sizeHint().height()
        return min(wanted, round(0.9 * self.screen().availableSize().height()))

    def _fail(self, run: CancelToken, error: AppError) -> None:
        if run.cancelled:
            return
        self._bar.hide()
        self._told.hide()
        if isinstance(error, NothingToCompare):
            self._notice.say(said.title(error), said.way_out(error))
            self._samples.show()
            return
        self._notice.say_failure(error)

    def _take(self) -> None:
        self.switched.emit(self._other)
        self.accept()

    def _name_switch(self, text: str) -> None:
        self._switch.setText(text)
        self._switch.setAccessibleName(text.replace("&", ""))

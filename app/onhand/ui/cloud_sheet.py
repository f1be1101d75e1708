"""The sheet: what would be sent to a cloud model, to the last byte, and Send or Stay local.

Nothing is sent in any other way. What goes back to the service is the text that stands in
the box; the service sends it only if that is what it would send.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.masking import placeholders_in
from onhand.domain.progress import CancelToken
from onhand.services.escalate import Decision
from onhand.ui import said
from onhand.ui.clipboard import TextBox
from onhand.ui.cloud_words import CloudWording
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.offsets import utf16_offset
from onhand.ui.parts import Choice, Notice, Tick, announce, button, label, scrolled
from onhand.ui.text_marks import mark_at
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.cloud import PostState, Provider
    from onhand.domain.errors import AppError
    from onhand.domain.escalation import Draft
    from onhand.domain.progress import Progress
    from onhand.services.bundle import Services
    from onhand.services.history_ports import Record
    from onhand.services.run_task import Ran
    from onhand.ui.theme import Theme

_MASKS_HEIGHT = 150


class CloudSheet(QDialog):
    """Draws up a request for one answer, and sends it when the user says so.

    Signals:
        answered: what a cloud model answered, and whether it was kept.
        tried: a request ended, in whatever way; something may have been sent.
    """

    answered = Signal(object)
    tried = Signal()

    def __init__(self, jobs: Jobs, theme: Theme, record: Record, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Ask a cloud model"))
        self.resize(760, 640)
        self._jobs, self._theme, self._record = jobs, theme, record
        self._words = CloudWording(self)
        self._draft: Draft | None = None
        self._left: int | None = None
        self._private = False
        self._running: CancelToken | None = None
        self._ticks: dict[str, Tick] = {}
        self._which = Choice(self.tr("Cloud model"))
        self._notice = Notice()
        self._body = TextBox()
        self._masks = QWidget()
        self._rows = QVBoxLayout(self._masks)
        self._facts = label(tone="muted")
        self._state = label(tone="muted")
        self._send = button(self.tr("&Send"), name=self.tr("Send just this"))
        self._stay = button(self.tr("Stay &local"), part="primary")
        self._lay_out()
        self._send.clicked.connect(self._begin)
        self._stay.clicked.connect(self.reject)
        self._which.activated.connect(self._draw_up)
        self.finished.connect(self._halt)
        self._stay.setDefault(True)
        self._settle()
        jobs.start(
            lambda services: services.cloud.models.added(),
            lasting(self, Then(done=self._offer, failed=self._notice.say_failure)),
        )

    def set_private(self, private: bool) -> None:
        """Whether nothing of it shall be kept."""
        self._private = private

    @property
    def shown(self) -> str:
        """What stands in the box."""
        return self._body.toPlainText()

    def _lay_out(self) -> None:
        self._body.setReadOnly(True)
        self._body.setTabChangesFocus(True)
        self._body.setAccessibleName(self.tr("What would be sent, to the last byte"))
        told = self.tr(
            "Nothing has been sent. This is all that would be, with names and numbers"
            " masked as far as they were found: look at it. Masks may miss something."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("Ask a cloud model"), rank="heading"))
        column.addWidget(label(told))
        column.addWidget(self._which, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._notice)
        column.addWidget(self._body, 1)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Gap.TINY)
        self._area = scrolled(self.tr("Masks"), self._masks)
        self._area.setMaximumHeight(_MASKS_HEIGHT)
        column.addWidget(self._area)
        column.addWidget(self._facts)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._state, 1)
        row.addWidget(self._send)
        row.addWidget(self._stay)
        column.addLayout(row)

    def _offer(self, providers: Sequence[Provider]) -> None:
        for each in providers:
            self._which.addItem(f"{each.name} ({each.host})", each.name)
        self._which.setVisible(len(providers) > 1)
        self._draw_up()

    def _draw_up(self) -> None:
        self._draft = None
        self._notice.hide()
        self._state.setText(self.tr("Looking for what names somebody…"))
        self._settle()
        record, name = self._record, self._which.currentData() or ""
        self._running = cancel = CancelToken()

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._count, cancel, far))

        def work(services: Services) -> tuple[Draft, int | None]:
            escalate = services.cloud.escalate
            provider = escalate.provider(name)
            draft = escalate.draft(record.task, record.text, provider, cancel, on_progress)
            return draft, escalate.left()

        then = Then(done=self._show, failed=self._fail, ended=partial(self._end, cancel))
        self._jobs.start(work, lasting(self, then), cancel=cancel)

    def _count(self, run: CancelToken, far: Progress) -> None:
        if run.cancelled or self._running is not run or far.total == 1:
            return
        looking = self.tr("Looking for what names somebody: {done} of {total} pieces…")
        self._state.setText(looking.format(done=far.done, total=far.total))

    def _show(self, drawn: tuple[Draft, int | None]) -> None:
        self._draft, self._left = drawn
        self._state.clear()
        if self._draft.unnamed is not None:
            self._notice.say(
                self.tr("Nobody has looked for names"),
                said.both(self._draft.unnamed),
                tone="warning",
            )
        self._list_masks(self._draft)
        self._show_body()
        announce(self, self.tr("Nothing has been sent. Look at what would be."))

    def _list_masks(self, draft: Draft) -> None:
        for tick in self._ticks.values():
            self._rows.removeWidget(tick)
            tick.deleteLater()
        self._ticks = {}
        for each in draft.masks:
            tick = Tick(self._words.mask(each).replace("&", "&&"), self._words.mask(each))
            tick.setChecked(True)
            tick.toggled.connect(self._show_body)
            self._rows.addWidget(tick)
            self._ticks[each.name] = tick
        self._area.setVisible(bool(self._ticks))

    def _show_body(self) -> None:
        """Show what would be sent with the masks as they are ticked now."""
        if self._draft is None:
            return
        payload = self._draft.payload(self._off())
        self._body.setPlainText(payload.shown)
        dress = QTextCharFormat()
        dress.setBackground(QColor(self._theme.colours.selection))
        marks = []
        for start, end, _ in placeholders_in(payload.shown, self._draft.masks):
            cursor = QTextCursor(self._body.document())
            cursor.setPosition(utf16_offset(payload.shown, start))
            cursor.setPosition(
                utf16_offset(payload.shown, end), QTextCursor.MoveMode.KeepAnchor
            )
            marks.append(mark_at(cursor, dress))
        self._body.setExtraSelections(marks)
        self._facts.setText(self._words.facts(payload, self._left, self._draft.track))
        self._settle()

    def _off(self) -> frozenset[str]:
        return frozenset(name for name, tick in self._ticks.items() if not tick.isChecked())

    def _begin(self) -> None:
        draft = self._draft
        if draft is None or self._running is not None:
            return
        decision = Decision(shown=self.shown, off=self._off(), private=self._private)
        self._running = cancel = CancelToken()
        self._notice.hide()
        self._state.setText(self.tr("Sent; waiting for the reply…"))
        self._settle()

        def on_state(state: PostState) -> None:
            self._jobs.post(partial(self._follow, cancel, state))

        def work(services: Services) -> Ran:
            return services.cloud.escalate.send(draft, decision, cancel, on_state)

        then = Then(done=self._take, failed=self._fail, ended=partial(self._end, cancel))
        self._jobs.start(work, lasting(self, then), cancel=cancel)

    def _follow(self, run: CancelToken, state: PostState) -> None:
        # It may still be told of when the sheet is closed.
        if not run.cancelled and self._running is run:
            self._state.setText(self._words.state(state))

    def _take(self, ran: Ran) -> None:
        self.tried.emit()
        self.answered.emit(ran)
        self.accept()

    def _fail(self, error: AppError) -> None:
        self._state.clear()
        self._notice.say_failure(error)
        self.tried.emit()

    def _end(self, run: CancelToken) -> None:
        if self._running is run:
            self._running = None
        self._settle()

    def _halt(self) -> None:
        """Closing it stops what runs, at once."""
        if self._running is not None:
            self._running.cancel()
            self.tried.emit()

    def _settle(self) -> None:
        ready = self._draft is not None and self._running is None
        self._send.setEnabled(ready)
        self._which.setEnabled(self._running is None)
        for tick in self._ticks.values():
            tick.setEnabled(ready)

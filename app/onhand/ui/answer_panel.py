"""The right side of Work: nothing yet, work going on, an answer, or what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onhand.domain.history_errors import HistoryKeyless, HistoryLocked
from onhand.ui import said
from onhand.ui.answer_views import AnswerViews, bring_up
from onhand.ui.clipboard import copy
from onhand.ui.icons import Picture, drawn
from onhand.ui.parts import Card, Notice, announce, button, label
from onhand.ui.running_view import RunningView
from onhand.ui.theme import Gap, Theme
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.answers import Outcome
    from onhand.domain.errors import AppError
    from onhand.services.history_ports import Record

_LEAST = 240


class AnswerPanel(Card):
    """Shows what became of a run.

    Signals:
        filled: work has begun, or ended in some way.
        sources_chosen: a list of `(start, end)` in code points of the entry's text.
        correction_asked: the user wants to correct the entry that is shown.
        confirmation_asked: the user says that its answer is right.
        key_wanted: the answer was not kept for want of a key; the user wants to bring it.
        edited: other values of an extraction, in the form of a correction.
        about_to_copy: the answer goes to the clipboard in a moment.
    """

    filled = Signal()
    sources_chosen = Signal(list)
    correction_asked = Signal()
    confirmation_asked = Signal()
    key_wanted = Signal()
    edited = Signal(dict)
    about_to_copy = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = Wording(self)
        self._record: Record | None = None
        self._unkept = False
        self._theme = theme
        self._picture = label(wrap=False)
        self._idle_title = label(rank="heading")
        self._idle_text = label(tone="muted")
        self._failure = Notice()
        self.running = RunningView()
        self._warning = Notice()
        self._unlock = button(
            self.tr("&Unlock and keep it…"), name=self.tr("Unlock the history and keep it")
        )
        self._unlock.clicked.connect(self.key_wanted)
        self._warning.column.addWidget(self._unlock, 0, Qt.AlignmentFlag.AlignLeft)
        self._corrected = Notice()
        self._answers = AnswerViews(theme)
        self._made = label(tone="muted", rank="small")
        self._made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = button(self.tr("&Copy"), name=self.tr("Copy answer"))
        self._copy.clicked.connect(self._copy_answer)
        self._correct = button(self.tr("C&orrect…"), name=self.tr("Correct answer"))
        self._correct.clicked.connect(self.correction_asked)
        self._right = button(self.tr("It is ri&ght"), name=self.tr("Answer is right"))
        self._right.clicked.connect(self.confirmation_asked)
        self._answers.edited.connect(self.edited)
        self._answers.sources_chosen.connect(self.sources_chosen)
        self._answers.copying_allowed.connect(self._copy.setEnabled)
        self._stack = QStackedWidget()
        self._idle_page, self._failed_page, self._answer_page = self._pages()
        self.column.addWidget(self._stack)
        theme.changed.connect(self._draw)
        self._draw()
        self.show_idle()

    @property
    def views(self) -> list[Callable[[], object]]:
        """What makes the views of answers, each of which is made once."""
        return self._answers.makers

    def minimumSizeHint(self) -> QSize:
        """Room for an answer, even where there is none yet."""
        return super().minimumSizeHint().expandedTo(QSize(0, _LEAST))

    def show_idle(self, told: str = "") -> None:
        """Show that there is no answer; `told` says why."""
        self._record = None
        self._idle_title.setText(told or self.tr("The answer will appear here"))
        self._idle_text.setText(
            self.tr("Choose what to do, put in a text, and press Ctrl+Return.")
        )
        bring_up(self._stack, self._idle_page)
        self.filled.emit()

    def show_running(self, told: str) -> None:
        """Show that work has begun; `told` says what is known of its length."""
        self._record = None
        self.running.begin(told)
        bring_up(self._stack, self.running)
        self.filled.emit()
        announce(self, self.tr("Working…"))

    def show_failure(self, error: AppError) -> None:
        """Show what went wrong, and the way out."""
        self._record = None
        self._failure.say_failure(error)
        bring_up(self._stack, self._failed_page)
        self.filled.emit()

    def show_answer(
        self, record: Record, not_kept: AppError | None = None, *, measured: bool = False
    ) -> None:
        """Show an answer; `not_kept` is why it is not in the history.

        `measured` says that its figures are there, without text and answer.
        """
        outcome = record.outcome
        if outcome is None:
            return
        self._record = record
        self._copy.setEnabled(True)
        self._copy.setText(self.tr("&Copy"))
        view = self._answers.of(record)
        bring_up(self._answers, view)
        spoken = view.show_answer(record)
        self._unkept = isinstance(not_kept, HistoryLocked | HistoryKeyless)
        self._unlock.setVisible(self._unkept)
        self._warn(outcome, not_kept)
        self._show_correction(record)
        kept = self.tr("only figures were kept") if measured else self._kept(record)
        self._made.setText(f"{self._words.made(outcome)} · {kept}")
        self._correct.setEnabled(record.id > 0)
        self._right.setEnabled(record.id > 0 and record.correction is None)
        bring_up(self._stack, self._answer_page)
        self.filled.emit()
        announce(self, self._not_said_yet(spoken))

    def _not_said_yet(self, spoken: str) -> str:
        """The answer in words, without what was said of it while it was written."""
        rest = self.running.end()
        if not self.running.has_spoken:
            return spoken
        self.running.begin("")
        return f"{rest} {spoken.removesuffix(self.copied()).strip()}".strip()

    @property
    def may_copy(self) -> bool:
        """Whether the answer may be copied; not before a failed check was seen."""
        return self._copy.isEnabled()

    def copied(self) -> str:
        """What is copied of the answer; "" where there is none."""
        if self._record is None or self._record.outcome is None:
            return ""
        return self._answers.of(self._record).copied()

    def point(self, position: int) -> None:
        """The user looks at this code point of the entry's text."""
        if self._record is not None and self._record.outcome is not None:
            self._answers.of(self._record).point(position)

    @property
    def record(self) -> Record | None:
        """The entry that is shown, if any."""
        return self._record

    @property
    def unkept(self) -> Record | None:
        """The entry that is shown, if only the key to the history kept it out of it."""
        return self._record if self._unkept else None

    def _pages(self) -> tuple[QWidget, QWidget, QWidget]:
        idle, failed, answer = QWidget(), QWidget(), QWidget()
        for page in (idle, failed, answer):
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(Gap.MEDIUM)
            self._stack.addWidget(page)
        self._stack.addWidget(self.running)
        self._fill_idle(idle)
        _column(failed).addWidget(self._failure)
        _column(failed).addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._right)
        buttons.addWidget(self._correct)
        buttons.addStretch()
        for each in (self._warning, self._corrected):
            _column(answer).addWidget(each)
        _column(answer).addWidget(self._answers, 1)
        _column(answer).addWidget(self._made)
        _column(answer).addLayout(buttons)
        return idle, failed, answer

    def _fill_idle(self, page: QWidget) -> None:
        column = _column(page)
        column.addStretch()
        for each in (self._picture, self._idle_title, self._idle_text):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(each)
        column.addStretch()

    def _draw(self) -> None:
        colour = self._theme.colours.control
        self._picture.setPixmap(drawn(Picture.WORK, colour, 40, self.devicePixelRatio()))

    def _warn(self, outcome: Outcome, not_kept: AppError | None) -> None:
        """Show all that must be seen beside the answer; the first of it stands out."""
        told = [(said.said(note), "") for note in outcome.notes]
        if not_kept is not None:
            title = self.tr("The answer was not kept: {reason}").format(
                reason=said.what(not_kept)
            )
            told.insert(0, (title, said.way_out(not_kept)))
        if outcome.read < 1:
            share = self._words.percent(outcome.read)
            title = self.tr("Only {share} of the text was read").format(share=share)
            hint = self.tr("What stands in the rest did not count for this answer.")
            told.insert(0, (title, hint))
        if not told:
            self._warning.hide()
            return
        title, *rest = [text for each in told for text in each]
        self._warning.say(title, "\n".join(filter(None, rest)), tone="warning")

    def _show_correction(self, record: Record) -> None:
        match record.correction:
            case None:
                self._corrected.hide()
                return
            case str(text):
                words = text
            case list(names):
                words = ", ".join(names) or self.tr("no label")
            case dict(values):
                words = "\n".join(f"{name}: {', '.join(values[name])}" for name in values)
        from onhand.domain.verdicts import is_confirmed  # noqa: PLC0415 - as rare as corrections

        if is_confirmed(record.task, record.outcome, record.correction):
            self._corrected.say(self.tr("You said that this is right"), tone="success")
        else:
            self._corrected.say(self.tr("You corrected this answer"), words, tone="success")

    def _kept(self, record: Record) -> str:
        return self.tr("kept in the history") if record.id else self.tr("not kept")

    def _copy_answer(self) -> None:
        if self._record is not None and self._record.outcome is not None:
            self.about_to_copy.emit()
            copy(self.copied())
            self._copy.setText(self.tr("Copied"))
            announce(self, self.tr("Copied"))


def _column(page: QWidget) -> QVBoxLayout:
    column = page.layout()
    assert isinstance(column, QVBoxLayout)  # noqa: S101 - made a few lines above
    return column

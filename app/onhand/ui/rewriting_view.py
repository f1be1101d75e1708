"""A text written anew: its changes, and whether everything that matters survived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from onhand.domain.answers import Check, Rewriting
from onhand.domain.reviewing import Review, checks_now
from onhand.ui.answer_view import LEAST_HEIGHT, AnswerView
from onhand.ui.change_review import ChangeReview
from onhand.ui.lane_line import LaneLine
from onhand.ui.parts import Notice, Tick, button, label
from onhand.ui.theme import Gap, Theme

if TYPE_CHECKING:
    from onhand.services.history_ports import Record


_OF_THE_WHOLE = frozenset({"text", "length", "language", "ending"})
"""Checks that are about the text and not about something in it."""


class RewritingView(AnswerView):
    """Shows a `Rewriting`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._written: tuple[Check, ...] = ()
        self._failed: list[str] = []
        self._lane = LaneLine()
        self._lost = Notice()
        self._seen = Tick(self.tr("I have &seen this; let me copy the text"))
        self._seen.toggled.connect(self.copying_allowed)
        self._lost.column.addWidget(self._seen)
        self._survived = label(tone="success")
        self._review = ChangeReview(theme)
        self._review.decided.connect(self._check_again)
        self._modes = QButtonGroup(self)
        modes = QHBoxLayout()
        modes.setSpacing(Gap.TINY)
        for number, text in enumerate((self.tr("C&hanges"), self.tr("&New text"))):
            mode = button(text, part="segment")
            mode.setCheckable(True)
            mode.setAutoExclusive(True)  # one of several, for a screen reader
            self._modes.addButton(mode, number)
            modes.addWidget(mode)
        modes.addStretch()
        self._modes.button(0).setChecked(True)
        self._modes.idToggled.connect(self._change_mode)
        self.column.addWidget(self._lost)
        self.column.addWidget(self._survived)
        self.column.addWidget(self._lane)
        self.column.addLayout(modes)
        self._review.setMinimumHeight(LEAST_HEIGHT)
        self.column.addWidget(self._review, 1)

    def show_answer(self, record: Record) -> str:
        """See the base class."""
        outcome = record.outcome
        if outcome is None or not isinstance(outcome.answer, Rewriting):
            return ""
        answer = outcome.answer
        self._written = answer.checks
        review = Review(record.text, answer.edits, answer.language)
        self._review.show_review(review, answer.text)
        self._lane.setText(self.words.lane(outcome))
        self._seen.setChecked(False)
        return f"{self._check(answer.checks)} {answer.text}"

    def copied(self) -> str:
        """The text with what was accepted, or is not decided on yet."""
        return self._review.text()

    def _check_again(self) -> None:
        """The checks follow the verdicts; what was seen already need not be seen again."""
        before = self._failed
        checks = checks_now(self._review.review, self._written)
        seen = self._seen.isChecked()
        self._check(checks)
        if self._failed != before:
            self._seen.setChecked(False)
        elif seen:
            self.copying_allowed.emit(True)

    def _check(self, checks: tuple[Check, ...]) -> str:
        """Show the checks; returns what was lost, in words."""
        failed = [check for check in checks if not check.ok]
        lost = [self.words.failed_check(check) for check in failed]
        kept = [self._kept(check) for check in checks if check.ok]
        self._survived.setText("\n".join(text for text in kept if text))
        self._survived.setVisible(any(kept))
        if lost:
            whole = all(check.name in _OF_THE_WHOLE for check in failed)
            title = (
                self.tr("Look at the rewrite before you use it")
                if whole
                else self.tr("Something was lost in the rewrite")
            )
            self._lost.say(title, "\n".join(lost), tone="danger")
        else:
            self._lost.hide()
        self._failed = lost
        self.copying_allowed.emit(not lost)
        return " ".join(lost)

    def _kept(self, check: Check) -> str:
        match check.name:
            case "numbers":
                words = self.tr("all numbers kept")
            case "dates":
                words = self.tr("all dates kept")
            case "names":
                words = self.tr("all names kept")
            case "links":
                words = self.tr("all links kept")
            case "negation":
                words = self.tr("no 'not' lost or added")
            case "language":
                words = self.tr("the language kept")
            case _:
                return ""
        return f"✓ {words}"

    def _change_mode(self) -> None:
        self._review.show_changes(self._modes.checkedId() == 0)

"""The changes of a rewrite, each to be accepted or rejected by mouse or by key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.reviewing import Review, Verdict
from onhand.ui.changes_box import ChangesBox
from onhand.ui.parts import announce, button, label
from onhand.ui.theme import Gap
from onhand.ui.word_changes import NONE, Change, Piece, reviewed_pieces

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from onhand.ui.theme import Theme


class ChangeReview(QWidget):
    """A box with the text, and what can be done with its changes.

    Signals:
        decided: a verdict was given or taken back, so the text may be another one.
    """

    decided = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.review = Review("", ())
        self._written = ""
        self._current = NONE
        self._changes = True
        self._box = ChangesBox(theme)
        self._box.setAccessibleName(self.tr("Rewritten text"))
        self._box.setAccessibleDescription(
            self.tr("j goes to the next change, k to the one before; a accepts, r rejects.")
        )
        self._where = label(tone="muted", rank="small")
        self._back = self._make(self.tr("Previous change (k)"), self.tr("Previous"), "k")
        self._on = self._make(self.tr("Next change (j)"), self.tr("Next"), "j")
        self._take = self._make(self.tr("Accept change (a)"), self.tr("Accept"), "a")
        self._leave = self._make(self.tr("Reject change (r)"), self.tr("Reject"), "r")
        self._undo = self._make(
            self.tr("Undo last decision (Ctrl+Z)"), self.tr("Undo"), "z"
        )
        self._box.keyed.connect(self._press)
        self._box.clicked_change.connect(self._go)
        self._lay_out()

    def text(self) -> str:
        """The text as it is now: with what was accepted, or is not decided on yet."""
        return self._written if self.review.is_untouched else self.review.text()

    def show_review(self, review: Review, written: str) -> None:
        """Show these changes, which made `written`; the first is the current one."""
        self.review, self._written = review, written
        self._current = 0 if review.edits else NONE
        self._show()

    def show_changes(self, wanted: bool) -> None:
        """Show what was taken out and put in, or the text alone as it is now."""
        self._changes = wanted
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Gap.TINY)
        for each in (self._back, self._on, self._take, self._leave, self._undo):
            row.addWidget(each)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.SMALL)
        column.addWidget(self._box, 1)
        column.addWidget(self._where)
        column.addLayout(row)

    def _make(self, name: str, text: str, key: str) -> QPushButton:
        made = button(text, part="link", name=name)
        made.setToolTip(name)
        made.clicked.connect(partial(self._press, key))
        return made

    def _press(self, key: str) -> None:
        if key == "z":
            self._take_back()
        elif self._current == NONE or not self._changes:
            return
        elif key in "jk":
            step = 1 if key == "j" else -1
            self._go((self._current + step) % len(self.review.edits))
        else:
            self._decide(Verdict.TAKEN if key == "a" else Verdict.LEFT)

    def _decide(self, verdict: Verdict) -> None:
        self.review.decide(verdict, self._current)
        on = self.review.next_open(self._current)
        self._go(self._current if on == NONE else on)
        self.decided.emit()

    def _take_back(self) -> None:
        if not self.review.can_be_undone:
            return
        after = self.review.verdicts
        self.review.undo()
        pairs = zip(after, self.review.verdicts, strict=True)
        self._go(next(number for number, (a, b) in enumerate(pairs) if a is not b))
        self.decided.emit()

    def _go(self, number: int) -> None:
        self._current = number
        self._show()
        announce(self._box, f"{self._where.text()} {self._in_words()}")

    def _show(self) -> None:
        if self._changes:
            self._box.show_pieces(reviewed_pieces(self.review), self._current)
        else:
            self._box.show_pieces([Piece(text=self.text(), change=Change.KEPT)])
        some = self._current != NONE and self._changes
        for each in (self._back, self._on, self._take, self._leave):
            each.setEnabled(some)
        self._settle_undo()
        self._where.setText(self._place())

    def _settle_undo(self) -> None:
        """Offer undo where there is something; focus leaves a button that is taken away."""
        if self._undo.hasFocus() and not self.review.can_be_undone:
            self._box.setFocus()
        self._undo.setEnabled(self.review.can_be_undone)

    def _place(self) -> str:
        if self._current == NONE:
            return self.tr("Nothing was changed.")
        said = {
            Verdict.OPEN: self.tr("not decided"),
            Verdict.TAKEN: self.tr("accepted"),
            Verdict.LEFT: self.tr("rejected"),
        }[self.review.verdicts[self._current]]
        return self.tr("Change {number} of {count}: {verdict}.").format(
            number=self._current + 1, count=len(self.review.edits), verdict=said
        )

    def _in_words(self) -> str:
        edit = self.review.edits[self._current]
        old, new = self.review.before[edit.start : edit.end].strip(), edit.text.strip()
        if not old:
            return self.tr("Put in: {new}").format(new=new)
        if not new:
            return self.tr("Taken out: {old}").format(old=old)
        return self.tr("{old} becomes {new}").format(old=old, new=new)

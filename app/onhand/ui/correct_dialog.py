"""The dialog in which the user gives the right answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise
from onhand.domain.verdicts import as_correction
from onhand.ui.clipboard import TextBox
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Choice, Notice, Tick, button, label
from onhand.ui.scroll_bars import ScrollArea
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.tasks import AnswerData
    from onhand.services.history_ports import Record


class CorrectDialog(QDialog):
    """Asks for the right answer and keeps it.

    Signals:
        corrected: the entry of the history as it is now.
    """

    corrected = Signal(object)

    def __init__(self, jobs: Jobs, record: Record, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Correct the answer"))
        self.setMinimumWidth(420)
        self._jobs = jobs
        self._record = record
        self._read: Callable[[], AnswerData] = str
        self._notice = Notice()
        self._keep = button(
            self.tr("&Keep"), part="primary", name=self.tr("Keep correction")
        )
        self._keep.clicked.connect(self._store)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("What is the right answer?"), rank="heading"))
        column.addWidget(self._form(), 1)
        told = self.tr("It is kept with this entry, and as an example of its task.")
        column.addWidget(label(told, tone="muted"))
        column.addWidget(self._notice)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(self._keep)
        column.addLayout(row)
        self._keep.setDefault(True)  # which counts from inside the dialog only

    def _form(self) -> QWidget:
        known = given(self._record)
        match self._record.task:
            case Classify(multiple=False, answers=answers):
                return self._choose_one(answers, known if isinstance(known, str) else "")
            case Classify(answers=answers):
                return self._choose_some(answers, known if isinstance(known, list) else [])
            case Extract(fields=fields):
                values = known if isinstance(known, dict) else {}
                several = {each.name: not each.multiline or each.many for each in fields}
                return self._type_values(several, values)
            case Rewrite() | Summarise():
                return self._type_text(known if isinstance(known, str) else "")
            case _:
                assert_never(self._record.task)

    def _choose_one(self, answers: tuple[str, ...], known: str) -> QWidget:
        choice = Choice(self.tr("Right answer"))
        choice.addItems(list(answers))
        choice.setCurrentText(known)
        self._read = choice.currentText
        return choice

    def _choose_some(self, answers: tuple[str, ...], known: list[str]) -> QWidget:
        page, column = _page()
        boxes = []
        for name in answers:
            box = Tick(name.replace("&", "&&"), name)
            box.setChecked(name in known)
            boxes.append((name, box))
            column.addWidget(box)
        column.addStretch()
        self._read = lambda: [name for name, box in boxes if box.isChecked()]
        return _scrolled(page, self.tr("Right answers"))

    def _type_values(
        self, several: dict[str, bool], known: dict[str, list[str]]
    ) -> QWidget:
        page, column = _page()
        boxes: dict[str, QPlainTextEdit] = {}
        for name in several:
            boxes[name] = box = _text_box(name, "\n".join(known.get(name, [])), lines=2)
            box.setFixedHeight(box.minimumHeight())
            column.addWidget(label(name))
            column.addWidget(box)
        column.addStretch()

        def read() -> AnswerData:
            return {
                name: _values(box.toPlainText(), several=several[name])
                for name, box in boxes.items()
                if box.toPlainText().strip()
            }

        self._read = read
        area = _scrolled(page, self.tr("Right values"))
        area.setMinimumHeight(240)
        return area

    def _type_text(self, known: str) -> QWidget:
        box = _text_box(self.tr("Right text"), known, lines=8)
        self._read = box.toPlainText
        return box

    def _store(self) -> None:
        answer, number = self._read(), self._record.id
        self._keep.setEnabled(False)
        self._notice.hide()
        self._jobs.look_up(
            lambda archive: archive.correct(number, answer),
            Then(
                done=self._finish,
                failed=self._notice.say_failure,
                ended=lambda: self._keep.setEnabled(True),
            ),
        )

    def _finish(self, record: Record) -> None:
        self.corrected.emit(record)
        self.accept()


def given(record: Record) -> AnswerData | None:
    """The answer of an entry as a correction would give it; a correction goes first."""
    if record.correction is not None:
        return record.correction
    return None if record.outcome is None else as_correction(record.outcome.answer)


def _values(text: str, *, several: bool) -> list[str]:
    """One value on each line, unless the field has a single one of many lines."""
    return [line for line in text.splitlines() if line.strip()] if several else [text]


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, Gap.SMALL, 0)
    column.setSpacing(Gap.SMALL)
    return page, column


def _scrolled(page: QWidget, name: str) -> ScrollArea:
    area = ScrollArea(name)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _text_box(name: str, text: str, *, lines: int) -> QPlainTextEdit:
    box = TextBox(text)
    box.setAccessibleName(name)
    box.setTabChangesFocus(True)
    box.setMinimumHeight(box.fontMetrics().lineSpacing() * lines + 2 * Gap.MEDIUM)
    return box

"""Where a task is written down on the spot: labels, fields, a style or a wish."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.errors import TaskInvalid
from onhand.domain.styles import CLASSIFY, EXTRACT, SUMMARISE, TAG, Style, rewrite_in
from onhand.domain.tasks import Classify, Extract, Field, Label, Rewrite, Summarise
from onhand.ui.clipboard import TextBox
from onhand.ui.parts import Choice, Tick, label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.tasks import Task

Labelled = TypeVar("Labelled", Classify, Extract)


class TaskEditor(QWidget):
    """A form for tasks of one kind.

    Signals:
        changed: the task may be another one now.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Gap.SMALL)

    def task(self) -> Task:
        """The task as it stands in the form.

        Raises:
            TaskInvalid: it breaks a rule.
        """
        raise NotImplementedError

    def fill(self, task: Task) -> None:
        """Show a task of this editor's kind, as far as the form can hold it."""
        raise NotImplementedError

    def _add_lines(self, name: str, example: str) -> QPlainTextEdit:
        """A box for one entry on each line."""
        box = TextBox()
        box.setTabChangesFocus(True)
        box.setAccessibleName(name)
        box.setPlaceholderText(example)
        box.setFixedHeight(box.fontMetrics().lineSpacing() * 5 + 2 * Gap.MEDIUM)
        box.textChanged.connect(self.changed)
        title = label(name)
        title.setBuddy(box)
        self.column.addWidget(title)
        self.column.addWidget(box)
        return box

    def _make_line(self, name: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(example)
        line.textChanged.connect(self.changed)
        return line


class LabelsEditor(TaskEditor):
    """Labels, one a line, with what belongs in them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = self._add_lines(
            self.tr("Labels, one a line: name = what belongs in it"),
            self.tr(
                "billing = charges, refunds, invoices\ntechnical = something is broken"
            ),
        )
        self._several = Tick(self.tr("Se&veral labels may fit"))
        self._several.toggled.connect(self.changed)
        self._none = self._make_line(
            self.tr("Answer where no label fits"),
            self.tr("Answer if none fits (may be empty)"),
        )
        row = QHBoxLayout()
        row.setSpacing(Gap.LARGE)
        row.addWidget(self._several)
        row.addWidget(self._none, 1)
        self.column.addLayout(row)

    def task(self) -> Classify:
        """The classification; see the base class."""
        several = self._several.isChecked()
        none = self._none.text().strip()
        labels = tuple(
            Label(name=name, meaning=meaning)
            for name, meaning in _entries(self._lines.toPlainText())
        )
        if not labels:
            raise TaskInvalid(self.tr("type at least two labels, one a line"))
        return _held_to_names(
            Classify(
                instruction=TAG if several else CLASSIFY,
                labels=labels,
                multiple=several,
                none=none or None,
            )
        )

    def fill(self, task: Task) -> None:
        """See the base class."""
        if isinstance(task, Classify):
            self._lines.setPlainText(
                _lines([(each.name, each.meaning) for each in task.labels])
            )
            self._several.setChecked(task.multiple)
            self._none.setText(task.none or "")


class FieldsEditor(TaskEditor):
    """Fields, one a line, with what they are."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = self._add_lines(
            self.tr("Fields, one a line: name = what it is"),
            self.tr("company = name of the shop\ntotal = amount paid"),
        )

    def task(self) -> Extract:
        """The extraction; see the base class."""
        fields = tuple(
            Field(name=name, description=description)
            for name, description in _entries(self._lines.toPlainText())
        )
        if not fields:
            raise TaskInvalid(self.tr("type at least one field, one a line"))
        return _held_to_names(Extract(instruction=EXTRACT, fields=fields))

    def fill(self, task: Task) -> None:
        """See the base class."""
        if isinstance(task, Extract):
            self._lines.setPlainText(
                _lines([(each.name, each.description) for each in task.fields])
            )


class StyleEditor(TaskEditor):
    """A style, or an instruction in the user's words."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Choice(self.tr("Style"))
        self._style.addItem(self.tr("Correct mistakes"), Style.FIX)
        self._style.addItem(self.tr("Plain language"), Style.PLAIN)
        self._style.addItem(self.tr("Formal"), Style.FORMAL)
        self._style.addItem(self.tr("Friendly"), Style.FRIENDLY)
        self._style.addItem(self.tr("Shorter"), Style.SHORTER)
        self._style.addItem(self.tr("In my own words…"), None)
        self._style.currentIndexChanged.connect(self._choose)
        self._wish = self._make_line(
            self.tr("Instruction"), self.tr("Rewrite as a friendly reminder.")
        )
        self.column.addWidget(self._style)
        self.column.addWidget(self._wish)
        self._wish.hide()

    def task(self) -> Rewrite:
        """The rewrite; see the base class."""
        style = self._style.currentData()
        if style is not None:
            return rewrite_in(Style(style))
        wish = self._wish.text().strip()
        if not wish:
            raise TaskInvalid(self.tr("type an instruction"))
        return Rewrite(instruction=wish)

    def fill(self, task: Task) -> None:
        """See the base class."""
        self._style.setCurrentIndex(self._style.count() - 1)
        self._wish.setText(" ".join(task.instruction.split()))

    def _choose(self) -> None:
        self._wish.setVisible(self._style.currentData() is None)
        self.changed.emit()


class WishEditor(TaskEditor):
    """How to summarise; may stay empty."""

    def __init__(self) -> None:
        super().__init__()
        self._wish = self._make_line(
            self.tr("How to summarise"),
            self.tr("In a few sentences, saying only what is there"),
        )
        self.column.addWidget(self._wish)

    def task(self) -> Summarise:
        """The summary's task; see the base class."""
        return Summarise(instruction=self._wish.text().strip() or SUMMARISE)

    def fill(self, task: Task) -> None:
        """See the base class."""
        self._wish.setText(" ".join(task.instruction.split()))


def _held_to_names(task: Labelled) -> Labelled:
    """The task; raises `TaskInvalid` where output could not tell its names apart."""
    from onhand.domain.task_names import (  # noqa: PLC0415 - the window paints first
        raise_if_misnamed,
    )

    raise_if_misnamed(task)
    return task


def _entries(text: str) -> list[tuple[str, str]]:
    """Names and meanings of "name = meaning" lines; blank lines do not count."""
    found = []
    for line in text.splitlines():
        name, _, meaning = line.partition("=")
        if line.strip():
            found.append((name.strip(), meaning.strip()))
    return found


def _lines(entries: list[tuple[str, str]]) -> str:
    rows = []
    for name, meaning in entries:
        flat = " ".join(meaning.split())
        rows.append(
            f"{' '.join(name.split())} = {flat}" if flat else " ".join(name.split())
        )
    return "\n".join(rows)

"""One setting with its label, its help and a control of the right kind."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from onhand.ui.parts import Choice, Tick, label
from onhand.ui.said import setting
from onhand.ui.setting_words import SettingWords
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    import dataclasses

_LARGEST = 1_000_000


class SettingEditor(QWidget):
    """Shows one setting.

    Signals:
        changed: the user gave another value, spelled as `with_value` reads it.
    """

    changed = Signal(str)

    def __init__(self, control: QWidget, title: str, told: str) -> None:
        super().__init__()
        self._control, self._told = control, told
        self._help = label(told, tone="muted", rank="small")
        words = QVBoxLayout()
        words.setSpacing(0)
        heading = label(title)
        heading.setBuddy(control)
        words.addWidget(heading)
        words.addWidget(self._help)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Gap.LARGE)
        row.addLayout(words, 1)
        row.addWidget(control)
        control.setAccessibleName(title)
        control.setAccessibleDescription(told)

    def show_value(self, value: object) -> None:
        """Show this value; says nothing of a change."""
        raise NotImplementedError

    def lock(self, by: str) -> None:
        """Let nobody change it, and say by whom it is fixed."""
        told = f"{self._told} {by}"
        self._help.setText(told)
        self._control.setAccessibleDescription(told)
        self._control.setEnabled(False)


class SwitchEditor(SettingEditor):
    """Yes or no."""

    def __init__(self, title: str, told: str) -> None:
        self._box = Tick()
        super().__init__(self._box, title, told)
        self._box.clicked.connect(lambda on: self.changed.emit("true" if on else "false"))

    def show_value(self, value: object) -> None:
        """See the base class."""
        self._box.setChecked(bool(value))


class NumberEditor(SettingEditor):
    """A whole number; a change counts when the field is left or Return pressed."""

    def __init__(self, title: str, told: str) -> None:
        self._box = QLineEdit()
        self._value = ""
        super().__init__(self._box, title, told)
        self._box.setValidator(QIntValidator(0, _LARGEST, self._box))
        self._box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._box.setFixedWidth(self._box.fontMetrics().horizontalAdvance("0" * 16))
        self._box.editingFinished.connect(self._tell)

    def show_value(self, value: object) -> None:
        """See the base class."""
        self._value = str(value)
        self._box.setText(self._value)

    def _tell(self) -> None:
        if self._box.text() != self._value:
            self.changed.emit(self._box.text())


class ChoiceEditor(SettingEditor):
    """One of several words."""

    def __init__(self, kind: type[StrEnum], title: str, told: str) -> None:
        self._box = Choice(title)
        super().__init__(self._box, title, told)
        words = SettingWords(self)
        for each in kind:
            self._box.addItem(words.value(each), each.value)
        self._box.activated.connect(lambda: self.changed.emit(self._box.currentData()))

    def show_value(self, value: object) -> None:
        """See the base class."""
        self._box.setCurrentIndex(self._box.findData(str(value)))


class TextEditor(SettingEditor):
    """Any words; a change counts when the field is left or Return pressed."""

    def __init__(self, title: str, told: str) -> None:
        self._box = QLineEdit()
        self._value = ""
        super().__init__(self._box, title, told)
        self._box.setMinimumWidth(220)
        self._box.editingFinished.connect(self._tell)

    def show_value(self, value: object) -> None:
        """See the base class."""
        self._value = str(value)
        self._box.setText(self._value)

    def _tell(self) -> None:
        if self._box.text() != self._value:
            self.changed.emit(self._box.text())


def setting_editor(field: dataclasses.Field[object]) -> SettingEditor:
    """The editor that fits the default of a setting."""
    title, told = (setting(field.metadata[each]) for each in ("label", "help"))
    match field.default:
        case bool():
            return SwitchEditor(title, told)
        case int():
            return NumberEditor(title, told)
        case StrEnum() as value:
            return ChoiceEditor(type(value), title, told)
        case _:
            return TextEditor(title, told)

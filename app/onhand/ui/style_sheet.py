"""The style sheet of the window, drawn from colours and the system's font size."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHEET = Template("""
QMainWindow, QDialog { background: $window; }
QToolTip { background: $surface; color: $text; border: 1px solid $control; padding: 4px; }

QLabel[tone="muted"] { color: $muted; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="success"] { color: $success; }
QLabel[rank="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[rank="heading"] { font-size: ${heading}pt; font-weight: 600; }
QLabel[rank="small"] { font-size: ${small}pt; }

QFrame[part="card"] { background: $surface; border: 1px solid $line; border-radius: 10px; }
QFrame[part="notice"] { border-radius: 8px; border: 1px solid $line; background: $soft; }
QFrame[part="notice"][tone="warning"] { background: $warning_soft; border-color: $warning; }
QFrame[part="notice"][tone="danger"] { background: $danger_soft; border-color: $danger; }
QFrame[part="notice"][tone="success"] { background: $success_soft; border-color: $success; }
QFrame[part="notice"][tone="warning"] QLabel[role="title"] { color: $warning; }
QFrame[part="notice"][tone="danger"] QLabel[role="title"] { color: $danger; }
QFrame[part="notice"][tone="success"] QLabel[role="title"] { color: $success; }
QFrame[part="notice"][place="banner"] { margin: 16px 16px 0px 16px; }
QFrame[part="rail"], QFrame[part="strip"] { background: $rail; border: none; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 7px;
    padding: 6px 13px; min-height: 1.25em;
}
QPushButton:hover { background: $soft; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 12px; }
QPushButton:disabled { color: $control; border-color: $line; background: $window; }
QPushButton[part="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[part="primary"]:hover, QPushButton[part="primary"]:pressed {
    background: $accent_strong; border-color: $accent_strong;
}
QPushButton[part="primary"]:focus { border: 2px solid $text; }
QPushButton[part="primary"]:disabled {
    background: $soft; color: $control; border-color: $soft;
}
QPushButton[part="segment"] { border-color: $line; background: $window; color: $muted; }
QPushButton[part="segment"]:hover { background: $soft; color: $text; }
QPushButton[part="segment"]:checked {
    background: $selection; color: $text; border-color: $accent;
}
QPushButton[part="segment"]:focus { border: 2px solid $accent; }
QPushButton[part="link"] {
    border: 2px solid transparent; background: transparent; color: $muted;
    padding: 2px 6px; border-radius: 5px;
}
QPushButton[part="link"]:disabled { color: $control; }
QPushButton[part="link"]:hover { color: $text; background: $soft; }
QPushButton[part="link"]:focus { border-color: $accent; }
QPushButton[part="offer"] { border-color: $line; text-align: left; padding: 5px 10px; }
QPushButton[part="offer"]:hover { background: $soft; }
QPushButton[part="offer"]:focus { border: 2px solid $accent; background: $soft; }

QToolButton[part="place"] {
    border: 2px solid transparent; border-radius: 8px; padding: 7px 10px;
    background: transparent; color: $muted; text-align: left;
}
QToolButton[part="place"]:hover { background: $soft; color: $text; }
QToolButton[part="place"]:checked { background: $soft; color: $text; font-weight: 600; }
QToolButton[part="place"]:focus { border-color: $accent; }

QPlainTextEdit, QTextEdit, QLineEdit, QComboBox {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 7px;
    padding: 5px 8px; selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $muted;
}
QPlainTextEdit:focus, QTextEdit:focus, QLineEdit:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 4px 7px;
}
QPlainTextEdit:disabled, QLineEdit:disabled, QComboBox:disabled {
    color: $control; border-color: $line; background: $window;
}
QTextEdit[part="reading"], QPlainTextEdit[part="reading"] { border-color: $line; }
QTextEdit[part="reading"]:focus, QPlainTextEdit[part="reading"]:focus {
    border-color: $accent;
}
QLineEdit[part="cell"], QLineEdit[part="cell"]:focus {
    border-radius: 0px; padding: 0px 6px;
}
QComboBox { padding-right: 26px; min-height: 1.3em; }
QComboBox:focus { padding-right: 25px; }
QSpinBox QLineEdit, QSpinBox QLineEdit:focus {
    border: none; padding: 0px 6px; background: transparent;
}
QComboBox QLineEdit, QComboBox QLineEdit:focus {
    border: none; padding: 0px; background: transparent;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; width: 0px; height: 0px; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $control; outline: none;
    selection-background-color: $selection; selection-color: $text; padding: 3px;
}

QSpinBox {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 7px;
    padding: 5px 8px; min-height: 1.3em; min-width: 5em;
    selection-background-color: $accent; selection-color: $on_accent;
}
QSpinBox:focus { border: 2px solid $accent; padding: 4px 7px; }
/* Without a rule for the buttons that are not there, no room is left for the number. */
QSpinBox::up-button, QSpinBox::down-button { subcontrol-origin: margin; width: 0px; }
QSlider:horizontal { min-height: 24px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $control; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 14px; margin: -7px 0px; border-radius: 9px; background: $surface;
    border: 2px solid $accent;
}
QSlider::handle:horizontal:focus { background: $accent; border-color: $text; }

QTableView {
    background: $surface; color: $text; border: 1px solid $line; border-radius: 8px;
    gridline-color: $line; selection-background-color: $selection; selection-color: $text;
    outline: none;
}
QTableView:focus { border: 2px solid $accent; }
QTableView::item { padding: 5px 8px; border: none; border-bottom: 1px solid $line; }
QTableView::item:selected { background: $selection; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: $muted; border: none; border-bottom: 1px solid $control;
    padding: 6px 11px; font-weight: 600;
}
QTableCornerButton::section { background: $surface; border: none; }

QProgressBar { border: none; border-radius: 3px; background: $soft; max-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: $accent; }

QScrollArea, QScrollArea > QWidget, QScrollArea > QWidget > QWidget[part="page"] {
    border: none; background: transparent;
}
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $control; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $soft; }
QCheckBox { spacing: 8px; padding: 2px; border-radius: 4px; }
QCheckBox:focus { background: $soft; }
QCheckBox::indicator {
    width: 16px; height: 16px; border: 1px solid $control; border-radius: 4px;
    background: $surface;
}
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; width: 14px; height: 14px; }
""")


def style_sheet(colours: Mapping[str, str], points: float) -> str:
    """The sheet for these colours; `points` is the size of ordinary text."""
    return _SHEET.substitute(
        colours,
        title=round(points * 1.5, 1),
        heading=round(points * 1.2, 1),
        small=round(points * 0.92, 1),
    )

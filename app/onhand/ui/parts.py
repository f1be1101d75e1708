"""The small parts of which pages are made."""

# ruff: noqa: PLC0415 - some classes of Qt have hundreds of names, and are not needed at first

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from onhand.ui import said
from onhand.ui.recolouring import is_under_way
from onhand.ui.scroll_bars import ScrollArea
from onhand.ui.theme import Gap

_ENDLESS = re.compile(r"\S{24}(?=\S)")
_HIGH = 100_000

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor

    from onhand.domain.errors import AppError


class Text(QLabel):
    """A text that is never read as markup, and gets as many lines as it needs."""

    def __init__(self, text: str = "", *, wrap: bool = True) -> None:
        super().__init__()
        self._fitted: tuple[int, str, str] | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this; where a word has no end, it may be broken anywhere."""
        super().setText(_ENDLESS.sub("\\g<0>\N{ZERO WIDTH SPACE}", text))
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text is at its width, not at one that Qt would like better."""
        hint = super().sizeHint()
        if self.wordWrap() and self.isVisible():
            hint.setHeight(self.minimumHeight())
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all lines: not every layout asks how high a text is at its width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Keep all lines in another type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and not is_under_way():
            self._fit()

    def _fit(self) -> None:
        if not self.wordWrap():
            return
        state = (self.width(), self.text(), self.font().key())
        if state == self._fitted:  # a style sheet changes each style several times
            return
        self._fitted = state
        flags = int(self.alignment() | Qt.TextFlag.TextWordWrap)
        room = QRect(0, 0, self.width(), _HIGH)
        self.setMinimumHeight(
            self.fontMetrics().boundingRect(room, flags, self.text()).height()
        )


def label(text: str = "", *, tone: str = "", rank: str = "", wrap: bool = True) -> Text:
    """A text; `tone` and `rank` are words of the style sheet."""
    made = Text(text, wrap=wrap)
    made.setProperty("tone", tone)
    made.setProperty("rank", rank)
    return made


def _selectable() -> Text:
    made = label()
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def button(text: str, *, part: str = "", name: str = "") -> QPushButton:
    """A button; `name` is what a screen reader says where the text alone would not do."""
    made = QPushButton(text)
    made.setProperty("part", part)
    made.setAccessibleName(name or text.replace("&", ""))
    made.setAutoDefault(False)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Dress a widget in another tone of the style sheet."""
    widget.setProperty("tone", tone)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    for child in widget.findChildren(QLabel):
        child.style().unpolish(child)
        child.style().polish(child)


def scrolled(name: str, page: QWidget | None = None) -> ScrollArea:
    """A page that can be scrolled where there is not enough room for it."""
    area = ScrollArea(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if page is not None:
        area.setWidget(page)
    return area


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say this."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class Card(QFrame):
    """A surface with a column of things on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        self.column.setSpacing(Gap.MEDIUM)


class Notice(QFrame):
    """A sentence that must be seen and the way out; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "notice")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Gap.MEDIUM, Gap.MEDIUM, Gap.MEDIUM, Gap.MEDIUM)
        self.column.setSpacing(Gap.TINY)
        self.hide()

    @cached_property
    def title(self) -> Text:
        """What is said first. Made with the first sentence: most notices never have one."""
        made = _selectable()
        made.setProperty("role", "title")
        bold = made.font()
        bold.setBold(True)
        made.setFont(bold)
        self.column.insertWidget(0, made)
        return made

    @cached_property
    def text(self) -> Text:
        """What is said below."""
        made = _selectable()
        self.column.insertWidget(self.column.indexOf(self.title) + 1, made)
        return made

    def say(self, title: str, text: str = "", *, tone: str = "") -> None:
        """Show this and have it read out."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        set_tone(self, tone)
        self.show()
        announce(self, f"{title}. {text}")

    def say_failure(self, error: AppError) -> None:
        """Show what happened and the way out."""
        self.say(said.what(error), said.way_out(error), tone="danger")


class Choice(QComboBox):
    """A drop-down list.

    On Linux a screen reader is told what is chosen as its name, and what it is called only
    by a label beside it; there is one that nobody sees where none is to be seen.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._label = QLabel(name)
        self._label.hide()
        self.setAccessibleName(name)
        self.view().setAccessibleName(self.tr("{name}: choices").format(name=name))
        self.view().selectionModel().selectionChanged.connect(self._take)
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _take(self) -> None:
        """Take what a screen reader selects in the list while that is closed."""
        rows = self.view().selectionModel().selectedIndexes()
        if rows and not self.view().isVisible() and rows[0].row() != self.currentIndex():
            self.setCurrentIndex(rows[0].row())
            self.activated.emit(rows[0].row())

    def showEvent(self, event: QShowEvent) -> None:
        """Put the label beside it, unless there is another."""
        super().showEvent(event)
        around = self.parentWidget()
        if around is None:
            return
        if all(each.buddy() is not self for each in around.findChildren(QLabel)):
            self._label.setParent(around)
            self._label.setBuddy(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the arrow."""
        super().paintEvent(event)
        right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        middle = QPointF(self.width() - 15 if right else 15, self.height() / 2 + 0.5)
        colour = self.palette().text().color()
        _draw_line(QPainter(self), colour, middle, ((-4, -2), (0, 2), (4, -2)))


class Tick(QCheckBox):
    """A box to be ticked; `name` is for a screen reader, where the text will not do."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__(text)
        self.setAccessibleName(name or text.replace("&", ""))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the tick."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        from PySide6.QtWidgets import QStyle, QStyleOptionButton

        option = QStyleOptionButton()
        self.initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxIndicator
        box = QRectF(self.style().subElementRect(part, option, self))
        painter = QPainter(self)
        _draw_line(
            painter,
            self.palette().highlightedText().color(),
            box.center(),
            ((-4, 0), (-1, 3), (4, -3)),
        )


def _draw_line(
    painter: QPainter, colour: QColor, middle: QPointF, places: Sequence[tuple[int, int]]
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, 1.7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in places]))
    painter.end()

"""Other colours for many widgets at once, without holding the window up.

Another style sheet has Qt dress every widget that was ever shown, tell each of its new
style, and lay everything out anew, hidden pages too. Where only colours change, sizes stay;
and what nobody sees can be dressed a little later.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPalette
    from PySide6.QtWidgets import QApplication

_DRESSED = Qt.WidgetAttribute.WA_WState_Polished
_TOLD = Qt.WidgetAttribute.WA_SetStyle
"""Qt tells widgets with a style of their own nothing of the application's; none has one."""

_AT_ONCE = 15
"""Widgets that are dressed without a pause."""


class _State:
    """Whether a change of colours is under way; on the UI thread."""

    under_way = False


def is_under_way() -> bool:
    """Whether a font that changes now will be in a moment what it was."""
    return _State.under_way


class Recolouring(QObject):
    """Dresses the application in other colours: first what is seen, then the rest."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._left: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._dress_some)

    def dress(self, sheet: str, palette: QPalette) -> None:
        """Put on a style sheet and a palette; only their colours may be others."""
        widgets = self._application.allWidgets()
        with _silent(widgets):
            # With a sheet on, the palette alone would dress each widget once more.
            self._application.setStyleSheet("")
            self._application.setPalette(palette)
            hidden = [each for each in widgets if _can_wait(each)]
            for each in hidden:
                each.setAttribute(_DRESSED, on=False)
            self._application.setStyleSheet(sheet)
        self._left = hidden
        self._timer.start()

    def _dress_some(self) -> None:
        now, self._left = self._left[:_AT_ONCE], self._left[_AT_ONCE:]
        for each in now:
            if isValid(each) and not each.testAttribute(_DRESSED):
                QCoreApplication.sendEvent(each, QEvent(QEvent.Type.Polish))
        if not self._left:
            self._timer.stop()


def _can_wait(widget: QWidget) -> bool:
    return not widget.isVisible() and widget.testAttribute(_DRESSED)


@contextmanager
def _silent(widgets: Sequence[QWidget]) -> Iterator[None]:
    """Have no widget told of a new style, and so laid out anew; all are repainted."""
    # Each attribute costs microseconds, and there are a thousand widgets.
    for each in widgets:
        each.setAttribute(_TOLD, on=True)
    _State.under_way = True
    try:
        yield
    finally:
        _State.under_way = False
        for each in widgets:
            each.setAttribute(_TOLD, on=False)
            if each.isVisible():
                QWidget.update(each)  # some hide it by one of theirs

"""What is shown when the program itself is at fault: a sentence, and what to report."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.ui.clipboard import TextBox
from onhand.ui.clipboard import copy as copy_text
from onhand.ui.parts import button, label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_log = logging.getLogger(__name__)


class CrashDialog(QDialog):
    """Tells of a fault; the window behind it stays as it is."""

    def __init__(self, report: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("A fault in Onhand"))
        self.setMinimumWidth(480)
        self._report = report
        shown = TextBox(report)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setAccessibleName(self.tr("What happened where"))
        copy = button(self.tr("&Copy report"))
        copy.clicked.connect(lambda: copy_text(self._report))
        proceed = button(self.tr("&Go on"), part="primary")
        proceed.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        title = self.tr("Something went wrong inside Onhand")
        told = self.tr(
            "Your text is still there. You can go on; if it happens again, please report "
            "this. The report holds nothing of your text."
        )
        column.addWidget(label(title, rank="heading"))
        column.addWidget(label(told))
        column.addWidget(shown, 1)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch()
        row.addWidget(proceed)
        column.addLayout(row)
        proceed.setDefault(True)
        proceed.setFocus()


class ExceptionHook(QObject):
    """Takes faults that nobody caught, one dialog at a time."""

    def __init__(self, owner: QObject, shown: Callable[[], QWidget | None]) -> None:
        """`shown` is asked beside which window a fault is told."""
        super().__init__(owner)
        self._shown = shown
        self._told = False

    def install(self) -> None:
        """Be the interpreter's hook from now on."""
        sys.excepthook = self.take

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log the fault and show it."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        report = report_of(error)
        _log.error("a fault:\n%s", report)
        if self._told:
            return
        self._told = True
        dialog = CrashDialog(report, QApplication.activeWindow() or self._shown())
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self._told = False


def report_of(error: BaseException) -> str:
    """Where in the program it happened. Messages are left out: they may hold user text."""
    parts = []
    link: BaseException | None = error
    while link is not None:
        where = "".join(traceback.format_tb(link.__traceback__))
        parts.append(f"{where}{type(link).__name__}")
        link = link.__cause__ or link.__context__
    return "\n\nwhile handling\n\n".join(parts)

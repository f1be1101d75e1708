"""The content that the clipboard had before an answer took its place."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from onhand.ui.clipboard import copy

MOST = 64 * 1024 * 1024
"""Bytes that are kept; a larger content keeps only its text."""

_IMAGE = "application/x-qt-image"


class FormerClipboard:
    """Remembers one content in all its formats, and puts it back."""

    def __init__(self) -> None:
        self._former: QMimeData | None = None
        self._ours = ""
        self._lends = False

    @property
    def lends(self) -> bool:
        """Whether the clipboard holds what this put there, answer or former content."""
        return self._lends and QGuiApplication.clipboard().ownsClipboard()

    @property
    def is_there(self) -> bool:
        """Whether something can be put back."""
        return self._former is not None

    @property
    def answer_is_there(self) -> bool:
        """Whether the clipboard still holds the answer that was put there."""
        held = QGuiApplication.clipboard().text()
        return self._former is not None and bool(self._ours) and held == self._ours

    def remember(self, answer: str) -> None:
        """Keep what is in the clipboard, unless that is an answer; `answer` comes next."""
        if not self.answer_is_there:
            self._former = copied_content(QGuiApplication.clipboard().mimeData())
        self._ours = answer

    def put(self, answer: str) -> None:
        """Put an answer into the clipboard; what was there can be put back."""
        self.remember(answer)
        self._lends = True
        copy(answer)

    def put_back(self) -> None:
        """Put back what was there; nothing happens where nothing was remembered."""
        if self._former is not None:
            self._lends = True
            QGuiApplication.clipboard().setMimeData(self._former)
        self.forget()

    def forget(self) -> None:
        """Let go of what was there."""
        self._former, self._ours = None, ""


def copied_content(held: QMimeData | None, most: int = MOST) -> QMimeData:
    """A content of our own that does not depend on the program it came from."""
    found = QMimeData()
    if held is None:
        return found
    room = most
    for name in held.formats():
        if name == _IMAGE:
            found.setImageData(held.imageData())
            continue
        octets = held.data(name)
        room -= octets.size()
        if room < 0:
            found.clear()
            found.setText(held.text())
            return found
        found.setData(name, octets)
    return found

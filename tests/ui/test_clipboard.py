"""What Onhand puts on the clipboard asks clipboard managers to keep nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from onhand.ui.clipboard import MARKS, ClipboardGuard, TextBox, copy, marked

pytestmark = pytest.mark.ui

WINDOWS = 'application/x-qt-windows-mime;value="{}"'


def is_marked(data):
    return all(data.hasFormat(name) for name in MARKS)


def test_a_copy_carries_the_marks_of_each_system():
    data = marked("a secret 😀")
    assert data.text() == "a secret 😀"
    assert bytes(data.data("x-kde-passwordManagerHint")) == b"secret"
    # A DWORD of 0: not into the history, not into the cloud.
    for name in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"):
        assert bytes(data.data(WINDOWS.format(name))) == b"\0\0\0\0"
    assert data.hasFormat(WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"))
    assert data.hasFormat("org.nspasteboard.ConcealedType")


def test_what_a_button_copies_is_marked(qapp):
    copy("secret")
    assert QGuiApplication.clipboard().text() == "secret"
    assert is_marked(QGuiApplication.clipboard().mimeData())


def test_what_is_copied_from_a_box_is_marked(qtbot):
    box = TextBox("one\ntwo\u00a0😀")
    qtbot.addWidget(box)
    box.selectAll()
    box.copy()
    held = QGuiApplication.clipboard().mimeData()
    assert held.text() == "one\ntwo\u00a0😀"
    assert is_marked(held)


def test_what_other_widgets_copy_is_marked_afterwards(qtbot, qapp):
    parent = QObject()
    guard = ClipboardGuard(parent)
    line = QLineEdit("secret")
    qtbot.addWidget(line)
    with qtbot.waitActive(line):
        line.show()
        line.activateWindow()
    line.setFocus()
    line.selectAll()
    line.copy()
    qtbot.waitUntil(lambda: is_marked(QGuiApplication.clipboard().mimeData()))
    assert QGuiApplication.clipboard().text() == "secret"
    assert guard.parent() is parent


def test_what_another_program_copies_is_left_alone(qtbot, qapp):
    guard = ClipboardGuard(qapp)
    QGuiApplication.clipboard().setText("not ours")
    qapp.processEvents()
    assert not is_marked(QGuiApplication.clipboard().mimeData())
    guard.deleteLater()


def test_every_box_of_the_window_marks_what_is_copied(window, hand):
    for place in range(5):  # pages are made when they are wanted
        window.show_place(place)
    boxes = window.findChildren(QPlainTextEdit)
    assert len(boxes) > 3
    for box in boxes:
        box.setPlainText("secret")
        box.selectAll()
        assert is_marked(box.createMimeDataFromSelection()), box.accessibleName()

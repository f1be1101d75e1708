"""Everything that keeps the history can be told apart by who cannot see it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QTextEdit,
)

from fakes.tasks import QUEUE
from onhand.services.key_ports import KeyState
from onhand.ui.forget_dialog import ForgetDialog
from onhand.ui.restore_dialog import RestoreDialog
from onhand.ui.teach_dialog import TeachDialog
from onhand.ui.unlock_dialog import UnlockDialog

pytestmark = pytest.mark.ui

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QTextEdit,
)


def names(root):
    """What a screen reader calls the parts, those that are hidden now as well."""
    return [
        each.accessibleName()
        for kind in INTERACTIVE
        for each in root.findChildren(kind)
        if not isinstance(each, QHeaderView)
        and each.metaObject().className() != "QTableCornerButton"
        and not each.objectName().startswith("qt_")
        and "QToolButton" not in type(each).__name__
    ]


PARTS = {
    "forget": lambda jobs, window: ForgetDialog(jobs, (1, 2), window),
    "restore": lambda jobs, window: RestoreDialog(jobs, window, damaged=True),
    "locked": lambda jobs, window: UnlockDialog(jobs, KeyState.LOCKED, window),
    "keyless": lambda jobs, window: UnlockDialog(jobs, KeyState.KEYLESS, window),
    "sealed": lambda jobs, window: UnlockDialog(jobs, KeyState.SEALED, window),
    "history": lambda jobs, window: window.history,
    "measure": lambda jobs, window: window.measure,
    "teach": lambda jobs, window: TeachDialog(jobs, QUEUE, window),
    "lesson": lambda jobs, window: window.lessons.notice,
    "privacy": lambda jobs, window: window.preferences.privacy,
    "managed": lambda jobs, window: window.preferences.managed,
    "notice": lambda jobs, window: window.keeping.notice,
}


@pytest.fixture(params=PARTS.values(), ids=PARTS)
def part(request, jobs, window, hand):
    part = request.param(jobs, window)
    yield part
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_every_part_has_a_name_of_words_of_its_own(part):
    found = names(part)
    assert found
    assert [name for name in found if not re.search(r"[^\W\d]{2}", name)] == []
    assert [name for name, times in Counter(found).items() if times > 1] == []


def test_a_part_without_a_name_would_be_noticed(window, hand):
    extra = QLineEdit(window.history)
    assert "" in names(window.history)
    extra.setParent(None)

"""No two things on a screen share an access key, in any language of the window."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from onhand.domain.tasks import Kind
from onhand.ui.main_window import MainWindow

pytestmark = pytest.mark.ui

TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"


@pytest.fixture(params=["en", "de"])
def spoken(request, qtbot, qapp, jobs, theme):
    """A window in a language."""
    words = QTranslator(qapp)
    assert words.load(str(TRANSLATIONS / f"onhand_{request.param}.qm"))
    qapp.installTranslator(words)
    window = MainWindow(jobs, theme)
    qtbot.addWidget(window)
    window.show()
    window.load()
    qtbot.waitUntil(lambda: window.loaded and not window._jobs._tokens)
    yield window
    qapp.removeTranslator(words)


def keys(window: QWidget) -> Counter[str]:
    """How many visible things have each access key."""
    found: Counter[str] = Counter()
    for each in window.findChildren(QWidget):
        if isinstance(each, QAbstractButton | QLabel) and each.isVisibleTo(window):
            if isinstance(each, QLabel) and each.buddy() is None:
                continue
            found[QKeySequence.mnemonic(each.text()).toString()] += 1
    del found[""]
    return found


def shared(window: QWidget) -> list[str]:
    return sorted(key for key, number in keys(window).items() if number > 1)


@pytest.mark.parametrize("place", range(1, 5))
def test_no_key_of_a_page_is_one_of_the_places(spoken, place):
    spoken.show_place(place)
    assert shared(spoken) == []


def test_no_key_of_work_is_one_of_the_places(spoken):
    for number in range(len(Kind)):
        spoken.work.form._kinds.button(number).setChecked(True)
        spoken.work.form._names.setCurrentIndex(0)
        assert shared(spoken) == []
        spoken.work.form._names.setCurrentIndex(spoken.work.form._names.count() - 1)
        assert shared(spoken) == []


def test_no_key_of_what_was_measured_is_one_of_the_places(spoken):
    spoken.show_place(3)
    spoken.measure._found.show()
    spoken.measure.before.show()
    assert shared(spoken) == []

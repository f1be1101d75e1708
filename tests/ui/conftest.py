"""A window over fakes, and a hand that types into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from fakes.desktop import Desktop
from fakes.hand import Hand
from onhand.ui.jobs import Jobs
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"


@pytest.fixture(scope="session")
def theme(qapp):
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    plurals = QTranslator(qapp)
    assert plurals.load(str(TRANSLATIONS / "onhand_en.qm"))
    qapp.installTranslator(plurals)
    return Theme(qapp)


@pytest.fixture
def desktop():
    return Desktop()


@pytest.fixture
def jobs(qapp, desktop):
    jobs = Jobs(desktop.open, desktop.open_archive, desktop.open_shelf)
    yield jobs
    desktop.run_task.gate.set()
    desktop.forget.gate.set()
    desktop.evaluate.gate.set()
    desktop.teach.gate.set()
    for each in (desktop.downloads, desktop.keep, desktop.fit, desktop.importing):
        each.gate.set()
    jobs.close()


@pytest.fixture
def window(qtbot, jobs, theme):
    window = MainWindow(jobs, theme)
    qtbot.addWidget(window)
    window.resize(1100, 740)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.load()
    return window


@pytest.fixture
def hand_at(qtbot):
    """Makes a hand that works a window."""
    return lambda window: Hand(qtbot, window)


@pytest.fixture
def hand(qtbot, window):
    hand = Hand(qtbot, window)
    qtbot.waitUntil(lambda: window.strip._device.text() == "not loaded yet")
    qtbot.waitUntil(lambda: window.loaded and not window._jobs._tokens)
    yield hand
    leaked = hand.dialogs()
    for dialog in leaked:
        dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert leaked == []

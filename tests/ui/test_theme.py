"""Both sets of colours can be read, and the right one is worn."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QSpinBox, QWidget

from onhand.domain.settings import Appearance
from onhand.ui.theme import DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, contrast

pytestmark = pytest.mark.ui

GROUNDS = ("window", "surface", "rail", "soft", "selection")
TONES = (
    ("success", "success_soft"),
    ("warning", "warning_soft"),
    ("danger", "danger_soft"),
    ("text", "success_soft"),
    ("text", "warning_soft"),
    ("text", "danger_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_strong"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "rail"),
    ("success", "surface"),
    ("danger", "surface"),
)
COLOURS = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@COLOURS
@pytest.mark.parametrize(
    ("ink", "ground"), [*itertools.product(("text",), GROUNDS), *TONES]
)
def test_text_can_be_read(colours, ink, ground):
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@COLOURS
@pytest.mark.parametrize("line", ["control", "accent"])
@pytest.mark.parametrize("ground", ["window", "surface"])
def test_the_outline_of_a_control_can_be_seen(colours, line, ground):
    assert contrast(getattr(colours, line), getattr(colours, ground)) >= 3


@pytest.mark.parametrize("colours", [LIGHT_STRONG, DARK_STRONG], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"), [*itertools.product(("text", "muted"), GROUNDS), *TONES]
)
def test_with_more_contrast_text_stands_out(colours, ink, ground):
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 7


def test_more_contrast_is_worn_when_the_system_asks_for_it(theme):
    theme.set_appearance(Appearance.LIGHT)
    theme._contrast._told_by_portal(1)
    assert theme.colours is LIGHT_STRONG
    theme.set_appearance(Appearance.DARK)
    assert theme.colours is DARK_STRONG
    theme._contrast._told_by_portal(0)
    assert theme.colours is DARK
    theme.set_appearance(Appearance.LIGHT)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_colours_follow_the_system_unless_the_user_chose(qapp, theme):
    hints = qapp.styleHints()
    theme.set_appearance(Appearance.SYSTEM)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.colours is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.colours is LIGHT
    theme.set_appearance(Appearance.DARK)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.colours is DARK
    theme.set_appearance(Appearance.LIGHT)
    assert theme.colours is LIGHT


def test_a_number_without_buttons_has_room(theme, qtbot):
    box = QSpinBox()
    qtbot.addWidget(box)
    box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    box.setRange(0, 100)
    box.setSuffix(" %")
    box.setValue(100)
    with qtbot.waitExposed(box):
        box.show()
    words = box.fontMetrics().horizontalAdvance(box.text())
    assert box.lineEdit().width() > words


def test_a_page_that_was_hidden_while_the_colours_changed_has_them_when_it_is_seen(
    qtbot, hand, window, theme
):
    def picture(place):
        window.show_place(place)
        qtbot.waitUntil(lambda: not theme._recolouring._left)
        if (focused := QApplication.focusWidget()) is not None:
            focused.clearFocus()  # its cursor blinks
        qtbot.wait(50)
        return window.places.areas[place].grab().toImage()

    picture(2)
    window.show_place(0)
    theme.set_appearance(Appearance.DARK)
    try:
        late = picture(2)
        dressed = Qt.WidgetAttribute.WA_WState_Polished
        for each in window.places.areas[2].findChildren(QWidget):
            assert each.testAttribute(dressed) or not each.isVisible()
        sheet = QApplication.instance().styleSheet()
        QApplication.instance().setStyleSheet("")
        QApplication.instance().setStyleSheet(sheet)  # dresses everything
        full = picture(2)
        assert late == full
        assert late.pixelColor(2, 2).name() == DARK.window
    finally:
        theme.set_appearance(Appearance.LIGHT)


def test_what_is_seen_has_the_other_colours_at_once(hand, window, theme):
    window.show_place(4)
    theme.set_appearance(Appearance.DARK)
    try:
        image = window.grab().toImage()
        assert image.pixelColor(3, image.height() - 3).name() == DARK.rail
    finally:
        theme.set_appearance(Appearance.LIGHT)

"""How the window looks: colours, light and dark, following the system; and distances."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette

from onhand.domain.settings import Appearance
from onhand.ui.contrast import Contrast
from onhand.ui.recolouring import Recolouring
from onhand.ui.style_sheet import style_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, kw_only=True)
class Colours:
    """One set of colours, as `#rrggbb`.

    Attributes:
        window: behind everything.
        surface: cards and text boxes.
        rail: behind the places on the left and the strip at the bottom.
        line: between things; carries no meaning.
        control: the outline of what can be used.
        soft: behind what is chosen, or pointed at.
    """

    window: str
    surface: str
    rail: str
    text: str
    muted: str
    line: str
    control: str
    soft: str
    accent: str
    accent_strong: str
    on_accent: str
    selection: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str


STYLE = ("-style", "fusion")
"""The words on a command line that have Qt begin with the style that is dressed here."""

LIGHT = Colours(
    window="#f5f6f8",
    surface="#ffffff",
    rail="#eceff3",
    text="#1c2530",
    muted="#566170",
    line="#dde2e9",
    control="#808b9b",
    soft="#e3e9f2",
    accent="#2a62b8",
    accent_strong="#1f4f9b",
    on_accent="#ffffff",
    selection="#cfe0f8",
    success="#1d6b40",
    success_soft="#e0f2e7",
    warning="#80500a",
    warning_soft="#fcf0d6",
    danger="#a82a2a",
    danger_soft="#fbe6e4",
)

DARK = Colours(
    window="#15191f",
    surface="#1d232b",
    rail="#11151a",
    text="#e6eaf0",
    muted="#a6b1bf",
    line="#2c343f",
    control="#707d8e",
    soft="#2a3340",
    accent="#8ab6f0",
    accent_strong="#a9cbf7",
    on_accent="#0e1825",
    selection="#2f4a6d",
    success="#86d3a5",
    success_soft="#1b3527",
    warning="#ecc271",
    warning_soft="#3b2f17",
    danger="#f2a09a",
    danger_soft="#43221f",
)


LIGHT_STRONG = Colours(
    window="#ffffff",
    surface="#ffffff",
    rail="#ffffff",
    text="#000000",
    muted="#1f1f1f",
    line="#000000",
    control="#000000",
    soft="#e6e6e6",
    accent="#002f87",
    accent_strong="#001a4d",
    on_accent="#ffffff",
    selection="#ffe45c",
    success="#003d1c",
    success_soft="#ffffff",
    warning="#4d2d00",
    warning_soft="#ffffff",
    danger="#7a0000",
    danger_soft="#ffffff",
)
"""For people who asked their system for more contrast: 7 to 1 for every text."""

DARK_STRONG = Colours(
    window="#000000",
    surface="#000000",
    rail="#000000",
    text="#ffffff",
    muted="#ededed",
    line="#ffffff",
    control="#ffffff",
    soft="#2b2b2b",
    accent="#9cc7ff",
    accent_strong="#cfe4ff",
    on_accent="#000000",
    selection="#1b4f8f",
    success="#9af0b8",
    success_soft="#000000",
    warning="#ffd97a",
    warning_soft="#000000",
    danger="#ffb9b3",
    danger_soft="#000000",
)


class Gap:
    """Distances in logical pixels."""

    TINY = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    HUGE = 24


_SETS = {
    (False, False): LIGHT,
    (True, False): DARK,
    (False, True): LIGHT_STRONG,
    (True, True): DARK_STRONG,
}


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Theme(QObject):
    """Dresses the application, now and whenever setting or system change.

    Signals:
        changed: the colours are others now.
    """

    changed = Signal()

    def __init__(self, application: QApplication, *, styled: bool = False) -> None:
        """`styled` says that the application was begun with `STYLE`.

        Asking for the style afterwards has PySide load all it knows about styles.
        """
        super().__init__()
        self._application = application
        self._appearance = Appearance.SYSTEM
        self._hints = application.styleHints()
        self._system = self._hints.colorScheme()
        self._points = application.font().pointSizeF()
        self.colours = LIGHT
        self._worn: Colours | None = None
        self._recolouring = Recolouring(application)
        if not styled:
            application.setStyle("Fusion")
        self._hints.colorSchemeChanged.connect(self._follow)
        self._contrast = Contrast(self._hints)
        self._contrast.changed.connect(self._dress)
        self._dress()

    @contextmanager
    def bare(self) -> Iterator[None]:
        """Take the style sheet off while many widgets are made, and put it on once.

        With it, every widget is dressed again each time it or a parent gets another parent.
        """
        sheet = self._application.styleSheet()
        self._application.setStyleSheet("")
        try:
            yield
        finally:
            self._application.setStyleSheet(sheet)

    def set_appearance(self, appearance: Appearance) -> None:
        """Use these colours, or with SYSTEM those of the system."""
        self._appearance = appearance
        # The title bar belongs to the system, which has to be told.
        match appearance:
            case Appearance.SYSTEM:
                self._hints.unsetColorScheme()
            case Appearance.LIGHT:
                self._hints.setColorScheme(Qt.ColorScheme.Light)
            case Appearance.DARK:
                self._hints.setColorScheme(Qt.ColorScheme.Dark)
        self._dress()

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        self._system = scheme
        self._dress()

    def _dress(self) -> None:
        match self._appearance:
            case Appearance.SYSTEM:
                dark = self._system == Qt.ColorScheme.Dark
            case Appearance.LIGHT:
                dark = False
            case Appearance.DARK:
                dark = True
        colours = _SETS[dark, self._contrast.strong]
        if colours is self._worn:  # dressing every widget anew takes long
            return
        self.colours = self._worn = colours
        sheet = style_sheet(vars(self.colours), self._points)
        self._recolouring.dress(sheet, _palette(self.colours))
        self.changed.emit()


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.window),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.surface),
        (role.ToolTipText, colours.text),
        (role.Light, colours.surface),
        (role.Midlight, colours.soft),
        (role.Mid, colours.line),
        (role.Dark, colours.control),
        (role.Shadow, colours.control),
    ):
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.control))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.control))
    return palette


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

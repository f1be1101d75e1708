"""More contrast is worn as soon as the system asks for it, whoever tells of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from enum import Enum
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from onhand.ui.contrast import Contrast

pytestmark = pytest.mark.ui

FAKES = Path(__file__).resolve().parents[1] / "fakes"
SESSION = ["dbus-run-session", "--", sys.executable, str(FAKES / "under_a_portal.py")]


def told_under(first, then):
    """Whether the colours were strong: before the portal answered, after, and changed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, [FAKES.parent, *sys.path]))
    ended = subprocess.run(
        [*SESSION, str(first), str(then)],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


@pytest.mark.skipif(
    shutil.which("dbus-run-session") is None, reason="there is no dbus-run-session"
)
@pytest.mark.parametrize(
    ("first", "then", "seen"),
    [
        (1, 0, ["plain", "strong", "plain"]),
        (0, 1, ["plain", "plain", "strong"]),
    ],
)
def test_the_portal_of_the_desktop_is_listened_to(first, then, seen):
    assert told_under(first, then) == seen


class Wish(Enum):
    NoPreference = 0
    HighContrast = 1


class NewerQt(QObject):
    """As Qt tells it from 6.10 on."""

    contrastPreferenceChanged = Signal(object)  # noqa: N815 - Qt's names

    def __init__(self, wish):
        super().__init__()
        self.wish = wish

    def accessibility(self):
        return self

    def contrastPreference(self):  # noqa: N802
        return self.wish


def test_qt_is_listened_to_where_it_knows():
    hints = NewerQt(Wish.HighContrast)
    contrast = Contrast(hints)
    assert contrast.strong
    hints.contrastPreferenceChanged.emit(Wish.NoPreference)
    assert not contrast.strong


def test_who_hears_nothing_has_no_wish(qapp, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not Contrast(qapp.styleHints()).strong

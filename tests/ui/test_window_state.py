"""The window comes back where it was, whatever the file about that says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from onhand.ui.main_window import MainWindow
from onhand.ui.window_state import WindowState

pytestmark = pytest.mark.ui


@pytest.fixture
def new_window(qtbot, jobs, theme):
    def made():
        window = MainWindow(jobs, theme)
        qtbot.addWidget(window)
        return window

    return made


@pytest.fixture
def state(tmp_path):
    return WindowState(tmp_path / "window.ini")


def test_size_place_and_page_are_kept(qtbot, new_window, state):
    first = new_window()
    first.setGeometry(QRect(60, 50, 700, 520))
    first.show_place(2)
    first.show()
    state.keep(first)
    second = new_window()
    state.restore(second)
    second.show()
    assert second.geometry() == first.geometry()
    assert second.places.currentIndex() == 2
    assert second.rail._buttons.checkedId() == 2


def test_a_window_of_a_screen_that_is_gone_is_brought_back(new_window, state):
    first = new_window()
    first.show()
    first.move(QPoint(9000, 9000))
    state.keep(first)
    second = new_window()
    state.restore(second)
    second.show()
    room = second.screen().availableGeometry()
    assert room.intersects(second.geometry())
    seen = room.intersected(second.geometry())
    assert seen.width() >= 80
    assert seen.height() >= 80


def test_without_a_file_the_window_is_as_it_was_made(new_window, state):
    window = new_window()
    before = window.geometry()
    state.restore(window)
    assert window.geometry() == before
    assert window.places.currentIndex() == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_a_damaged_file_is_ignored(new_window, state, tmp_path, content):
    file = tmp_path / "window.ini"
    file.write_bytes(content)
    window = new_window()
    before = window.geometry()
    state.restore(window)
    assert window.geometry() == before
    assert window.places.currentIndex() == 0


@pytest.mark.parametrize("place", ["7", "-1", "nan", "\u00b2", "1.5", "@ByteArray(1)", ""])
def test_a_place_that_is_none_is_work(new_window, state, tmp_path, place):
    (tmp_path / "window.ini").write_text(
        f"[General]\ngeometry=@ByteArray(nonsense)\nplace={place}\n", encoding="utf-8"
    )
    window = new_window()
    state.restore(window)
    assert window.places.currentIndex() == 0


def test_no_folder_is_made_for_it(new_window, tmp_path):
    WindowState(tmp_path / "none" / "window.ini").keep(new_window())
    assert not (tmp_path / "none").exists()

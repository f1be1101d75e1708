"""The stopwatch finds what holds the UI thread up."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QTimer

from onhand.ui.stopwatch import Stopwatch

pytestmark = pytest.mark.ui


def test_a_long_round_is_measured_and_short_ones_are_not_noticed(qtbot):
    watch = Stopwatch()
    QTimer.singleShot(0, lambda: time.sleep(0.2))
    qtbot.wait(300)
    for _ in range(5):  # rounds that come however busy the machine is
        qtbot.wait(10)
    found = watch.end()
    assert found.noticed
    assert len(found.seconds) > 2
    assert found.at(0.5) < max(found.seconds)


def test_it_names_the_place_in_the_program(qtbot, jobs):
    watch = Stopwatch()
    jobs.post(lambda: time.sleep(0.3))
    qtbot.wait(500)
    assert any("ui/jobs.py" in each.place for each in watch.end().noticed)


def test_it_can_begin_again(qtbot):
    watch = Stopwatch()
    QTimer.singleShot(0, lambda: time.sleep(0.1))
    qtbot.wait(150)
    watch.begin_again()
    assert watch.end().noticed == ()


def test_it_tells_waiting_from_work(qtbot):
    def work():
        begun = time.thread_time()
        while time.thread_time() < begun + 0.1:
            pass

    watch = Stopwatch()
    QTimer.singleShot(0, work)
    qtbot.wait(300)
    found = watch.end()
    assert max(each.busy for each in found.noticed) >= 0.05
    assert len(found.busy) == len(found.seconds)

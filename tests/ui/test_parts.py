"""The small parts: what they show, whatever they are given."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fakes.teaching import evaluation
from onhand.domain.plots import score_against_seconds
from onhand.ui.answer_view import AnswerView
from onhand.ui.parts import label
from onhand.ui.plots import Plot
from onhand.ui.score_bar import Elided, ScoreBar
from onhand.ui.table_model import Column, TableModel
from onhand.ui.task_editors import TaskEditor

pytestmark = pytest.mark.ui


@pytest.fixture
def column(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(200, 200)
    page.show()
    yield QVBoxLayout(page)
    page.close()


def test_a_text_keeps_all_its_lines_when_it_changes(column, qtbot):
    text = label("short")
    column.addWidget(text)
    column.addStretch()
    qtbot.wait(10)
    low = text.height()
    text.setText("many words " * 30)
    qtbot.waitUntil(lambda: text.height() > 4 * low)
    text.setText("short")
    qtbot.waitUntil(lambda: text.height() == low)


def test_an_endless_word_does_not_make_the_window_wide(column):
    text = label("x" * 3000)
    column.addWidget(text)
    assert column.minimumSize().width() < 400


@pytest.mark.parametrize("seconds", [0.001, 0.4, 3, 40, 40_000])
def test_a_plot_is_drawn_however_long_an_answer_takes(qtbot, seconds):
    size = int(seconds * 1e9)  # which the seconds of these answers follow
    found = [evaluation("small", "Small", size, wrong=30, times=5)]
    plot = Plot("How good against seconds", "seconds a text", "right")
    qtbot.addWidget(plot)
    plot.show_drawing(partial(score_against_seconds, found, 0.9), "told")
    plot.grab()


@pytest.mark.parametrize(("share", "shown"), [(0.0, 0), (0.5, 500), (1.0, 1000)])
def test_a_bar_shows_its_share(qtbot, share, shown):
    bar = ScoreBar("billing")
    qtbot.addWidget(bar)
    bar.set_share(share)
    assert bar.value() == shown
    bar.grab()


def test_a_line_that_is_cut_is_whole_for_a_screen_reader(qtbot):
    line = Elided("a\nlong   name " * 20)
    qtbot.addWidget(line)
    line.resize(50, 20)
    line.grab()
    assert line.accessibleName() == " ".join(["a long name"] * 20)


@pytest.fixture
def model():
    return TableModel((Column(title="Name", text=str), Column(title="Length", text=len)))


def test_a_table_shows_what_its_columns_say(qtmodeltester, model):
    model.reset(["one", "three"])
    assert model.index(1, 0).data() == "three"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Name"
    qtmodeltester.check(model)


def test_a_table_asks_once_for_more_until_they_come(qtbot, model):
    model.reset(["one"], more=True)
    asked = []
    model.more_wanted.connect(lambda: asked.append(True))
    for _ in range(2):
        model.fetchMore(model.index(-1, -1))
    assert asked == [True]
    model.extend(["two"], more=False)
    model.fetchMore(model.index(-1, -1))
    assert (asked, model.rows()) == ([True], ["one", "two"])


def test_a_row_is_replaced_in_its_place(qtbot, model):
    model.reset(["one", "two"])
    with qtbot.waitSignal(model.dataChanged):
        model.replace(1, "three")
    assert model.row(1) == "three"


@pytest.mark.parametrize(
    "call",
    [
        lambda: TaskEditor().task(),
        lambda: TaskEditor().fill(None),
        lambda: AnswerView().show_answer(None),
        lambda: AnswerView().copied(),
    ],
)
def test_what_the_kinds_must_say_for_themselves_is_not_said_for_them(qapp, call):
    with pytest.raises(NotImplementedError):
        call()

"""Past answers are found, read, opened again, corrected and pinned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import NOON
from fakes.tasks import PLAIN, QUEUE, RECEIPT, record
from onhand.domain.answers import Lane
from onhand.domain.errors import DataDamaged
from onhand.services.measuring import bare
from onhand.ui.history_filters import _read

pytestmark = pytest.mark.ui


@pytest.fixture
def filled(desktop):
    """A history of 120 entries, the last being the newest."""
    for number in range(120):
        task = (QUEUE, PLAIN, RECEIPT)[number % 3]
        at = NOON + timedelta(minutes=number)
        desktop.history.add(record(f"letter number {number}", task, at=at))
    return desktop.history


@pytest.fixture
def page(window, hand):
    window.show_place(2)
    return window.history


def texts(page):
    model = page._table.model()
    return [model.index(row, 2).data() for row in range(model.rowCount())]


def wait_for_rows(qtbot, page, number):
    qtbot.waitUntil(lambda: len(texts(page)) == number, timeout=5000)


def test_the_newest_answers_come_first_and_older_ones_when_scrolled_to(
    filled, page, hand, qtbot
):
    hand.wait_for("50 shown")
    assert texts(page)[:2] == ["letter number 119", "letter number 118"]
    hand.focus("Answers")
    hand.press("End")
    wait_for_rows(qtbot, page, 100)
    hand.press("End")
    wait_for_rows(qtbot, page, 120)
    hand.press("End")
    assert texts(page)[-1] == "letter number 0"
    assert "letter number 0" in hand.named("Text and answer").toPlainText()


def test_typing_searches(filled, page, hand, qtbot):
    hand.wait_for("50 shown")
    hand.press("Ctrl+F")
    hand.write("number 77")
    wait_for_rows(qtbot, page, 1)
    assert texts(page) == ["letter number 77"]


def test_only_one_kind_can_be_shown(filled, page, hand, qtbot):
    hand.wait_for("50 shown")
    hand.focus("Kind of task")
    hand.press("Down")
    wait_for_rows(qtbot, page, 40)


def test_an_empty_history_and_a_search_without_a_result_say_so(page, hand):
    hand.wait_for("0 shown")
    table = hand.named("Answers")
    assert table.accessibleDescription() == "Every answer you get in Work is kept here"
    hand.focus("Search the history")
    hand.write("nothing")
    hand._qtbot.waitUntil(lambda: table.accessibleDescription() == "Nothing found")


def test_an_entry_is_opened_again_by_return(filled, page, hand, window):
    hand.wait_for("50 shown")
    hand.focus("Answers")
    hand.press("Down")
    hand.press("Return")
    assert window.work.isVisible()
    assert window.work.input.text() == "letter number 118"
    assert window.work.form.task() == PLAIN


def test_an_entry_is_pinned_and_let_go(filled, page, hand):
    hand.wait_for("50 shown")
    hand.focus("Answers")
    hand.click("Pin")
    hand._qtbot.waitUntil(lambda: filled.get(120).pinned)
    hand._qtbot.waitUntil(lambda: page._table.model().index(0, 4).data() == "pinned")
    hand.click("Unpin")
    hand._qtbot.waitUntil(lambda: not filled.get(120).pinned)


def test_an_entry_is_corrected_here_too_and_teaches(filled, desktop, page, hand):
    desktop.teach.texts = 40
    hand.wait_for("50 shown")
    hand.focus("Answers")
    hand.press("Down")
    hand.press("Down")
    hand.click("Correct answer")
    hand.focus("Right answer")
    hand.press("Up")
    hand.press("Return")
    hand._qtbot.waitUntil(lambda: filled.get(118).correction == "billing")
    hand._qtbot.waitUntil(lambda: page._table.model().index(2, 4).data() == "corrected")
    hand._qtbot.waitUntil(lambda: desktop.teach.taught == [(QUEUE, [], True)])


def test_a_correction_that_does_not_fit_is_told_in_the_dialog(filled, page, hand):
    hand.wait_for("50 shown")
    hand.focus("Answers")
    hand.press("Down")
    hand.click("Correct answer")
    box = hand.focus("Right text")
    box.clear()
    hand.click("Keep correction")
    hand.wait_for("This cannot be run as it stands: the answer must be a text")
    assert hand.named("Keep correction").isEnabled()
    hand.press("Esc")


def test_values_are_corrected_one_on_a_line(desktop, page, hand):
    desktop.history.add(record("Inn, cash and card", RECEIPT))
    page.refresh()
    hand.wait_for("1 shown")
    hand.focus("Answers")
    hand.click("Correct answer")
    hand.focus("company").setPlainText("The Inn\nMain Street")
    hand.focus("way").setPlainText("cash\n\ncard\n")
    hand.click("Keep correction")
    hand._qtbot.waitUntil(lambda: desktop.history.get(1).correction is not None)
    assert desktop.history.get(1).correction == {
        "company": ["The Inn\nMain Street"],
        "way": ["cash", "card"],
    }


def test_a_new_answer_appears_without_being_asked_for(page, window, hand):
    hand.wait_for("0 shown")
    window.show_place(0)
    window.work.form.set_task(QUEUE)
    hand.focus("Text")
    hand.write("A new letter")
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")
    hand.press("Ctrl+3")
    hand.wait_for("1 shown")
    assert texts(page) == ["A new letter"]


def test_an_entry_without_an_answer_names_the_error(desktop, page, hand):
    desktop.history.add(record("broken row", error="too_long"))
    page.refresh()
    hand.wait_for("1 shown")
    assert page._table.model().index(0, 3).data() == "no answer: too_long"
    hand.focus("Answers")
    assert not hand.named("Correct answer").isEnabled()


def test_a_history_that_cannot_be_read_is_told_in_the_page(desktop, page, hand):
    hand.wait_for("0 shown")
    desktop.opening = DataDamaged()
    page._jobs._archive.close()
    page.refresh()
    hand.wait_for("Stored data is damaged")
    assert hand.named("Answers").model().rowCount() == 0
    assert page.isVisible()


def pick(hand, name, text):
    """Choose in a list, when it is there."""
    box = hand.named(name)
    hand._qtbot.waitUntil(lambda: box.findText(text) >= 0)
    box.setCurrentText(text)


@pytest.fixture
def various(desktop):
    """Thirty entries of two models and three lanes, an hour after the other."""
    for number in range(30):
        task = (QUEUE, PLAIN)[number % 2]
        entry = record(f"letter {number}", task, at=NOON + timedelta(hours=number))
        lane = (Lane.SURE, Lane.CHECK, Lane.HARD)[number % 3]
        made = replace(entry.outcome, lane=lane, model="small" if number < 20 else "big")
        desktop.history.add(replace(entry, outcome=made))
    return desktop.history


def test_the_history_is_narrowed_to_task_lane_and_model(various, page, hand, qtbot):
    hand.wait_for("30 shown")
    pick(hand, "Task", QUEUE.name)
    wait_for_rows(qtbot, page, 15)
    pick(hand, "Lane", "Too hard")
    wait_for_rows(qtbot, page, 5)
    pick(hand, "Model", "big")
    wait_for_rows(qtbot, page, 2)
    hand.focus("Search the history")
    hand.write("26")
    wait_for_rows(qtbot, page, 1)
    assert texts(page) == ["letter 26"]
    pick(hand, "Task", "All tasks")
    pick(hand, "Model", "small")
    qtbot.waitUntil(
        lambda: hand.named("Answers").accessibleDescription() == "Nothing found"
    )


def test_the_history_is_narrowed_to_days_as_they_are_written(various, page, hand, qtbot):
    hand.wait_for("30 shown")
    pick(hand, "Days", "From a day to a day")
    since = hand.focus("From this day on")
    first = (NOON + timedelta(hours=24)).astimezone().date()
    hand.write(first.isoformat())
    hand.press("Return")
    later = sum(each.at.astimezone().date() >= first for each in various.stored)
    wait_for_rows(qtbot, page, later)
    hand.focus("Up to this day")
    hand.write((first - timedelta(days=1)).strftime("%-m/%-d/%y"))
    hand.press("Tab")
    wait_for_rows(qtbot, page, 0)
    since.clear()
    wait_for_rows(qtbot, page, 30 - later)
    hand.focus("Up to this day")
    hand.write("0")
    hand.press("Tab")
    hand.wait_for("This is no day: ")
    pick(hand, "Days", "Today")
    wait_for_rows(qtbot, page, 0)
    pick(hand, "Days", "Any time")
    wait_for_rows(qtbot, page, 30)
    assert not since.isVisible()


@given(text=st.text(max_size=20))
def test_a_day_is_read_or_it_is_none(text):
    day = _read(text)
    assert day is None or 1970 <= day.year < 9999


def test_what_is_shown_is_exported_and_no_more(various, page, hand, qtbot, tmp_path):
    hand.wait_for("30 shown")
    pick(hand, "Model", "big")
    wait_for_rows(qtbot, page, 10)
    for name, lines in (("a.csv", 11), ("a.jsonl", 10), ("a.md", None)):
        page._export.write(page._sought(), tmp_path / name)
        hand.wait_for(f"{name} is written")
        content = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert lines is None or content.count("\n") == lines
        assert "letter 29" in content
        assert "letter 19" not in content
    page._export.write(page._sought(), tmp_path / "nowhere" / "a.csv")
    hand.wait_for("cannot be written")


def test_an_entry_of_figures_says_so_and_is_not_opened(desktop, page, hand, window):
    desktop.history.add(bare(record("secret")))
    page.refresh()
    hand.wait_for("1 shown")
    hand.focus("Answers")
    assert "only figures were kept" in hand.named("Text and answer").toPlainText()
    for name in ("Open in Work", "Correct answer", "Pin"):
        assert not hand.named(name).isEnabled()
    hand.press("Return")
    assert page.isVisible()
    assert page._table.model().index(0, 4).data() == "figures only"

"""Models are measured behind the page and stand side by side on it."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox

from fakes.tasks import PLAIN, QUEUE, RECEIPT, TAGS
from fakes.teaching import (
    NOTES,
    evaluation,
    finding,
    labelled_rows,
    note_rows,
    receipt_rows,
    tagged_rows,
    tagging,
    writing,
)
from onhand.domain.answers import Lane
from onhand.domain.errors import DiskFull, EngineFailed
from onhand.domain.progress import Progress
from onhand.domain.teaching import UnknownLabels

pytestmark = pytest.mark.ui

TIMES = 20


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(labelled_rows(TIMES))
    return path


@pytest.fixture
def page(window, hand, desktop):
    desktop.evaluate.found = {
        "starter-135m": evaluation("starter-135m", "Starter", 98_000_000, 30, TIMES),
        "larger-1.5b": evaluation("larger-1.5b", "Larger", 1_100_000_000, 5, TIMES),
    }
    window.work.form.set_task(QUEUE)
    window.show_place(3)
    hand._qtbot.waitUntil(lambda: len(window.measure._form._ticks) == 2)
    return window.measure


def give(hand, path):
    hand.focus("File with labelled rows")
    hand.write(str(path))
    hand.press("Return")
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() > 0)


def measured(hand, path):
    give(hand, path)
    hand.named("Measure Larger").setChecked(True)
    hand.click("Measure now")
    hand.wait_for("The smallest model that clears your bar")


def texts(hand, name):
    model = hand.named(name).model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_models_stand_side_by_side(page, hand, desktop, rows):
    measured(hand, rows)
    assert desktop.evaluate.asked == [(["starter-135m", "larger-1.5b"], 5 * TIMES)]
    small, large = texts(hand, "Models side by side")
    assert small[:2] == ["Starter", "70 % (60 % to 78 %)"]
    assert large[0] == "Larger"
    assert large[5] == "2.2 GB"
    assert "clears your bar of 90 % is Larger" in hand.labels()
    told = hand.named("How good against seconds").accessibleDescription()
    assert "Starter: 70 % right" in told


def test_columns_are_guessed_and_can_be_chosen(page, hand, desktop, rows):
    give(hand, rows)
    assert hand.named("Column of the text").currentText() == "message"
    assert hand.named("Column of the label").currentText() == "queue"
    hand.named("Column of the text").setCurrentText("queue")
    assert page._form.rows.columns() == ("queue", "queue")


def test_the_bar_is_a_choice(page, hand, rows):
    measured(hand, rows)
    bar = hand.named("Bar: accuracy that is enough, in per cent")
    bar.setValue(60)
    assert "clears your bar of 60 % is Starter" in hand.labels()
    bar.setValue(70)
    assert "could be luck: its accuracy may be as low as 60 %" in hand.labels()
    bar.setValue(100)
    assert "None of these models clears your bar of 100 %." in hand.labels()


def test_the_threshold_tells_what_stays_and_what_is_wrong_of_it(page, hand, rows):
    measured(hand, rows)
    slider = hand.focus("Threshold of confidence, in per cent")
    hand.press("Home")
    assert "sure of 100 % of the texts; of those answers 30 % are wrong" in hand.labels()
    for _ in range(60):
        hand.press("Right")
    assert slider.value() == 60
    assert "Starter is at least 60 % sure of" in hand.labels()
    hand.press("End")
    assert "at least 100 % sure of none of the texts" in hand.labels()
    assert "sure of none of the texts" in slider.accessibleDescription()
    assert "Starter calls none of these answers sure" in hand.labels()


def test_what_mistakes_cost_is_told_where_the_task_says_so(page, hand, rows, desktop):
    plain = desktop.evaluate.found["starter-135m"]
    dear = dataclasses.replace(plain, costs={"technical>billing": 3.0})
    desktop.evaluate.found["starter-135m"] = dear
    measured(hand, rows)
    hand.focus("Threshold of confidence, in per cent")
    hand.press("Home")
    mean = f"{dear.mean_cost:.3f}"
    assert dear.mean_cost > plain.mean_cost
    assert f"one of those answers costs {mean} on average" in hand.labels()
    hand.named("Model that the details are about").setCurrentIndex(1)
    assert "By the costs of the task" not in hand.labels()


def test_what_would_be_called_sure_is_told(page, hand, rows, desktop):
    found = desktop.evaluate.found["starter-135m"]
    answers = [
        dataclasses.replace(each, lane=Lane.SURE if each.is_right else Lane.CHECK)
        for each in found.answers
    ]
    desktop.evaluate.found["starter-135m"] = dataclasses.replace(
        found, answers=tuple(answers)
    )
    measured(hand, rows)
    assert "Starter calls 70 % of these answers sure; 0 % of those are wrong." in (
        hand.labels()
    )


def test_confusions_are_those_of_the_model_that_is_chosen(page, hand, rows):
    measured(hand, rows)
    first = texts(hand, "Confusion table")
    assert [row[0] for row in first] == ["billing", "technical"]
    assert sum(int(row[1]) + int(row[2]) for row in first) == 5 * TIMES
    hand.named("Model that the details are about").setCurrentIndex(1)
    assert texts(hand, "Confusion table") != first


def test_rows_that_differ_and_rows_that_are_wrong_can_be_read(page, hand, rows):
    measured(hand, rows)
    differing = texts(hand, "Rows that were measured")
    assert all((row[2][0] == "✓") != (row[3][0] == "✓") for row in differing)
    which = hand.named("Which rows to show")
    which.setCurrentIndex(which.findText("Rows that Larger has wrong"))
    wrong = texts(hand, "Rows that were measured")
    assert len(wrong) == 5
    hand.named("Rows that were measured").choose(0)
    assert hand.named("Chosen row").toPlainText() == wrong[0][0]


def test_progress_and_time_left_are_told_and_stopping_keeps_the_page(
    page, hand, desktop, rows
):
    desktop.evaluate.gate.clear()
    desktop.evaluate.far = (
        Progress(done=30, total=200, seconds_left=40.0, note="Starter"),
    )
    give(hand, rows)
    hand.click("Measure now")
    hand.wait_for("Starter · 30 of 200 · 40 s left")
    assert hand.named("Progress of the measurement").value() == 30
    assert not hand.named("Measure now").isEnabled()
    hand.click("Stop the measurement")
    hand.wait_for("Stopped. Nothing was kept.")
    assert hand.named("Measure now").isEnabled()


def test_unknown_labels_are_named_and_can_be_left_out(page, hand, desktop, rows):
    rows.write_text(rows.read_text() + "Hello,greeting\n")
    desktop.evaluate.failing = UnknownLabels("greeting; the task has billing, technical")
    give(hand, rows)
    hand.click("Measure now")
    hand.wait_for("greeting; the task has billing, technical")
    desktop.evaluate.failing = None
    hand.focus("Leave out rows with unknown labels")
    hand.press("Space")
    hand.click("Measure now")
    hand.wait_for("None of these models")
    assert [count for _, count in desktop.evaluate.asked] == [5 * TIMES + 1, 5 * TIMES]


def test_what_cannot_be_read_or_run_ends_in_a_sentence(page, hand, desktop, tmp_path):
    hand.click("Measure now")
    hand.wait_for("choose a file with labelled rows")
    page._form.rows.take(str(tmp_path / "rows.docx"))
    hand.wait_for("rows are read from")
    page._form.rows.take(str(tmp_path / "gone.csv"))
    hand.wait_for("gone.csv")
    desktop.evaluate.failing = EngineFailed("it ended")
    (tmp_path / "gone.csv").write_text(labelled_rows(1))
    page._form.rows.take(str(tmp_path / "gone.csv"))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 2)
    hand.click("Measure now")
    hand.wait_for("it ended")


def test_no_more_rows_are_taken_than_wanted(page, hand, desktop, rows):
    give(hand, rows)
    hand.named("Rows at most").setValue(7)
    hand.click("Measure now")
    hand._qtbot.waitUntil(lambda: desktop.evaluate.asked != [])
    assert desktop.evaluate.asked == [(["starter-135m"], 7)]


def test_rows_are_taken_from_all_over_a_file_that_is_sorted(page, hand, tmp_path):
    path = tmp_path / "sorted.csv"
    labels = ["billing"] * 60 + ["technical"] * 30
    lines = [f"text {number},{each}" for number, each in enumerate(labels)]
    path.write_text("\n".join(["text,label", *lines]))
    give(hand, path)
    hand.named("Rows at most").setValue(9)
    hand.click("Measure now")
    hand._qtbot.waitUntil(lambda: page.view.measured is not None)
    taken = [each.answer for each in page.view.measured.rows]
    assert taken == ["billing"] * 6 + ["technical"] * 3


def test_what_was_found_is_shown_although_it_cannot_be_kept(page, hand, desktop, rows):
    desktop.measurements.failing = DiskFull("history.db")
    measured(hand, rows)
    assert "clears your bar of 90 % is Larger" in hand.labels()


@pytest.fixture
def tagged(page, desktop, window, tmp_path):
    desktop.evaluate.found = {
        "starter-135m": tagging("starter-135m", "Starter", 98_000_000, 30, TIMES),
        "larger-1.5b": tagging("larger-1.5b", "Larger", 1_100_000_000, 5, TIMES),
    }
    window.work.form.set_task(TAGS)
    page._look_back()
    path = tmp_path / "tagged.csv"
    path.write_text(tagged_rows(TIMES))
    return path


def test_any_number_of_labels_is_measured_as_a_whole_and_label_by_label(
    page, hand, desktop, tagged
):
    assert "A row names all labels of its text, with “; ” between them." in hand.labels()
    measured(hand, tagged)
    assert desktop.evaluate.asked == [(["starter-135m", "larger-1.5b"], 5 * TIMES)]
    small, large = texts(hand, "Models side by side")
    assert small[:2] == ["Starter", "70 % (60 % to 78 %)"]
    found = desktop.evaluate.found["starter-135m"]
    low, high = found.micro_interval
    assert small[2] == f"{found.micro_f1:.3f}"
    f1 = f"F1 over all labels is {found.micro_f1:.3f} ({low:.3f} to {high:.3f})"
    assert f"{f1}, of a text {found.text_f1:.3f} on average." in hand.labels()
    assert large[6] == "2.2 GB"
    assert "no others. 20 of these texts have none." in hand.labels()
    told = hand.named("How good against seconds").accessibleDescription()
    assert "Starter: 70 % with all labels right" in told
    hand.named("Bar: accuracy that is enough, in per cent").setValue(70)
    assert "as few as 60 % may have all labels right" in hand.labels()
    assert page.view.details._labels._confusion.isHidden()
    assert "What is found, and what is missed" in hand.labels()
    price, taste = texts(hand, "What is found and missed")
    scores = found.labels
    assert [row[0] for row in (price, taste)] == ["price", "taste"]
    counts = (60, scores[0].found, scores[0].missed, scores[0].wrong)
    assert price[1:5] == [str(each) for each in counts]
    assert price[7] == f"{scores[0].f1:.3f}"


def test_rows_of_several_labels_name_them_all_or_that_there_is_none(page, hand, tagged):
    measured(hand, tagged)
    which = hand.named("Which rows to show")
    which.setCurrentIndex(which.findText("Rows that Starter has wrong"))
    rows = texts(hand, "Rows that were measured")
    assert len(rows) == 30
    assert {row[1] for row in rows} == {"price; taste", "price", "taste", "none"}
    assert all(row[2].startswith("✗ ") for row in rows)
    assert any(row[2].startswith("✗ none (") for row in rows)


def test_rows_that_name_unknown_labels_among_others_can_be_left_out(
    page, hand, desktop, tagged
):
    tagged.write_text(tagged.read_text() + "Slow but good,taste; service\n")
    hand.focus("Leave out rows with unknown labels")
    hand.press("Space")
    measured(hand, tagged)
    assert [count for _, count in desktop.evaluate.asked] == [5 * TIMES]


def test_measurements_of_several_labels_are_compared_over_time(page, hand, desktop, tagged):
    measured(hand, tagged)
    hand._qtbot.waitUntil(page.before.isVisible)
    large, small = texts(hand, "Measured before")
    micro = [f"{each.micro_f1:.3f}" for each in desktop.evaluate.found.values()]
    assert (small[2:5], large[3]) == (["70 % (60 % to 78 %)", micro[0], "no"], micro[1])
    choose(hand, 0, 1)
    told = page.before._told.text()
    assert "texts with all labels right went from 70 % to 95 %" in told
    page.report.write(page.view.measured, page.view.bar, tagged.with_name("report.html"))
    hand.wait_for("The report is in")


@pytest.fixture
def receipts(page, desktop, window, tmp_path):
    desktop.evaluate.found = {
        "starter-135m": finding("starter-135m", "Starter", 98_000_000, 30, TIMES),
        "larger-1.5b": finding("larger-1.5b", "Larger", 1_100_000_000, 5, TIMES),
    }
    window.work.form.set_task(RECEIPT)
    page._look_back()
    path = tmp_path / "receipts.csv"
    path.write_text(receipt_rows(TIMES))
    return path


def test_fields_are_measured_by_f1_and_field_by_field(page, hand, desktop, receipts):
    assert "A row has a column for each field, called as the field is." in hand.labels()
    for name in ("Column of the label", "Leave out rows with unknown labels"):
        with pytest.raises(AssertionError):
            hand.named(name)
    measured(hand, receipts)
    found = desktop.evaluate.found["starter-135m"]
    small, large = texts(hand, "Models side by side")
    f1, low, high = (round(100 * each) for each in (found.score, *found.score_interval))
    assert small[:3] == ["Starter", f"{f1} % ({low} % to {high} %)", "70 %"]
    assert large[6] == "2.2 GB"
    assert (
        "How sure it looks is told by field. 20 of these texts have none." in hand.labels()
    )
    told = hand.named("How good against seconds").accessibleDescription()
    assert f"Starter: an F1 of {f1} %" in told
    hand.named("Bar: accuracy that is enough, in per cent").setValue(80)
    assert f"could be luck: its F1 may be as low as {low} %" in hand.labels()
    kept = page.view.details._kept.text()
    assert "is at least 80 % sure of" in kept
    assert "of the fields; of those" in kept
    page.view.details._threshold.setValue(100)
    assert "sure of none of the fields" in page.view.details._kept.text()
    assert "calls none of these fields sure" in hand.labels()
    company, way = texts(hand, "What is found and missed")
    assert [company[0], way[0]] == ["company", "way"]
    assert way[1:5] == [str(each) for each in (60, 60, 0, 0)]
    told = hand.named("Reliability curve").accessibleDescription()
    assert "fields that looked 95 % sure, 100 % are right" in told


def test_rows_of_fields_name_the_values(page, hand, receipts):
    measured(hand, receipts)
    which = hand.named("Which rows to show")
    which.setCurrentIndex(which.findText("Rows that Starter has wrong"))
    rows = texts(hand, "Rows that were measured")
    assert len(rows) == 30
    assert {"company: Inn; way: cash", "none"} < {row[1] for row in rows}
    assert all(row[2].startswith("✗ company: nobody") for row in rows)


def test_measurements_of_fields_are_compared_over_time(page, hand, desktop, receipts):
    measured(hand, receipts)
    hand._qtbot.waitUntil(page.before.isVisible)
    _, small = texts(hand, "Measured before")
    before, after = (round(100 * each.score) for each in desktop.evaluate.found.values())
    assert small[2].startswith(f"{before} % (")
    assert (small[3], small[4]) == ("70 %", "no")
    choose(hand, 0, 1)
    assert f"F1 went from {before} % to {after} %" in page.before._told.text()
    page.report.write(page.view.measured, page.view.bar, receipts.with_name("r.html"))
    hand.wait_for("The report is in")
    assert "nobody" not in receipts.with_name("r.html").read_text(encoding="utf-8")


@pytest.fixture
def notes(page, desktop, window, tmp_path):
    desktop.evaluate.found = {
        "starter-135m": writing("starter-135m", "Starter", 98_000_000, 30, TIMES),
        "larger-1.5b": writing("larger-1.5b", "Larger", 1_100_000_000, 5, TIMES),
    }
    window.work.form.set_task(PLAIN)
    page._look_back()
    path = tmp_path / "notes.csv"
    path.write_text(note_rows(TIMES))
    return path


def test_written_texts_are_measured_by_the_words_that_can_stay(page, hand, desktop, notes):
    assert "A row has a text, and the text as it should be written." in hand.labels()
    assert "Right text is in" in hand.labels()
    with pytest.raises(AssertionError):
        hand.named("Leave out rows with unknown labels")
    measured(hand, notes)
    assert page._form.rows.columns() == ("message", "rewritten")
    found = desktop.evaluate.found["starter-135m"]
    small, large = texts(hand, "Models side by side")
    score, low, high = (round(100 * each) for each in (found.score, *found.score_interval))
    right = round(100 * found.accuracy)
    assert small[:3] == ["Starter", f"{score} % ({low} % to {high} %)", f"{right} %"]
    assert large[5] == "2.2 GB"
    assert "need not be taken out" in hand.labels()
    told = hand.named("How good against seconds").accessibleDescription()
    assert f"Starter: {score} % of the words can stay" in told
    hand.named("Bar: accuracy that is enough, in per cent").setValue(score - 1)
    assert f"as few as {low} % of the words may stay" in hand.labels()
    assert "need a change" in page.view.details._kept.text()
    assert not page.view.details._labels.isVisible()
    told = hand.named("Reliability curve").accessibleDescription()
    assert "need no change" in told


def test_rows_of_written_texts_say_how_much_can_stay(page, hand, notes):
    measured(hand, notes)
    which = hand.named("Which rows to show")
    which.setCurrentIndex(which.findText("Rows that Starter has wrong"))
    rows = texts(hand, "Rows that were measured")
    assert rows
    assert {row[1] for row in rows} <= {right for _, right in NOTES}
    assert all(row[2].startswith("50 % ") and "Then: " in row[2] for row in rows)
    assert all(row[3].startswith(("✓", "50 %")) for row in rows)


def test_measurements_of_written_texts_are_compared_over_time(page, hand, desktop, notes):
    measured(hand, notes)
    hand._qtbot.waitUntil(page.before.isVisible)
    _, small = texts(hand, "Measured before")
    before, after = (round(100 * each.score) for each in desktop.evaluate.found.values())
    assert small[2].startswith(f"{before} % (")
    choose(hand, 0, 1)
    told = page.before._told.text()
    assert f"words that can stay went from {before} % to {after} %" in told


def test_after_several_labels_one_is_shown_as_ever(
    page, hand, desktop, tagged, rows, window
):
    measured(hand, tagged)
    desktop.evaluate.found = {
        name: evaluation(name, name.title(), 9, 30, TIMES)
        for name in desktop.evaluate.found
    }
    window.work.form.set_task(QUEUE)
    page._look_back()
    hand._qtbot.waitUntil(page.before.isHidden)
    assert "A row names all labels" not in hand.labels()
    page._form.rows.take(str(rows))
    hand._qtbot.waitUntil(lambda: page._form.rows.columns() == ("message", "queue"))
    hand.click("Measure now")
    hand._qtbot.waitUntil(page.before.isVisible)
    assert len(texts(hand, "Models side by side")[0]) == 7
    assert page.view.details._labels._counts.isHidden()
    assert [row[0] for row in texts(hand, "Confusion table")] == ["billing", "technical"]
    assert len(texts(hand, "Measured before")[0]) == 8


def test_tasks_of_every_kind_are_offered(page, hand, window):
    page.set_tasks([("Queue", QUEUE), ("Receipt", RECEIPT), ("Plain", PLAIN)])
    names = page._form.findChild(QComboBox)
    assert [names.itemText(each) for each in range(names.count())] == [
        "The task that is set up in Work",
        "Queue",
        "Receipt",
        "Plain",
    ]


def test_a_dropped_file_is_taken(page, hand, rows):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(rows))])
    page._form.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert hand.named("File with labelled rows").text() == str(rows)
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 2)


def test_nothing_is_cut_where_there_is_little_room(page, hand, rows, window):
    measured(hand, rows)
    window.resize(683, 384)
    bar = window.places.areas[3].horizontalScrollBar()
    hand._qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_a_report_is_saved(page, hand, rows, tmp_path):
    measured(hand, rows)
    path = tmp_path / "report.html"
    path.write_text("before")
    page.report.write(page.view.measured, page.view.bar, path)
    hand.wait_for(f"The report is in {path}.")
    made = path.read_text(encoding="utf-8")
    assert "is Larger." in made
    assert "charged twice" not in made
    page.report.write(page.view.measured, page.view.bar, tmp_path / "gone" / "a.html")
    hand.wait_for("gone")


def choose(hand, *numbers):
    table = hand.named("Measured before")
    table.clearSelection()
    flags = QItemSelectionModel.SelectionFlag
    for number in numbers:
        index = table.model().index(number, 0)
        table.selectionModel().select(index, flags.Select | flags.Rows)


def test_what_was_measured_before_is_listed_for_the_chosen_task(page, hand, desktop, rows):
    assert page.before.isHidden()
    measured(hand, rows)
    hand._qtbot.waitUntil(page.before.isVisible)
    large, small = texts(hand, "Measured before")
    assert (large[1:4], small[1:4]) == (
        ["Larger", "95 % (89 % to 98 %)", "yes, maybe by luck"],
        ["Starter", "70 % (60 % to 78 %)", "no"],
    )
    hand.named("Bar: accuracy that is enough, in per cent").setValue(60)
    assert [row[3] for row in texts(hand, "Measured before")] == ["yes", "yes"]
    page._form._names.addItem("Other", TAGS)
    page._form._names.setCurrentIndex(page._form._names.count() - 1)
    hand._qtbot.waitUntil(page.before.isHidden)


def test_what_changed_between_two_is_told(page, hand, rows):
    measured(hand, rows)
    hand._qtbot.waitUntil(page.before.isVisible)
    assert "Choose two, with Ctrl, to see what changed" in hand.labels()
    choose(hand, 0, 1)
    told = page.before._told.text()
    assert "right answers went from 70 % to 95 %" in told
    assert "So large a difference comes about by chance in < 1 % of cases at most." in told
    assert "Then Starter answered, now Larger." in told
    assert "The rows are not the same" not in told
    assert not hand.named("Remove the chosen measurement").isEnabled()


def test_one_measurement_can_be_removed(page, hand, desktop, rows):
    measured(hand, rows)
    hand._qtbot.waitUntil(page.before.isVisible)
    choose(hand, 1)
    hand.click("Remove the chosen measurement")
    hand._qtbot.waitUntil(lambda: len(texts(hand, "Measured before")) == 1)
    [[left]] = desktop.measurements.known.values()
    assert left.model == "larger-1.5b"
    choose(hand, 0)
    hand.click("Remove the chosen measurement")
    hand._qtbot.waitUntil(page.before.isHidden)


def test_one_that_is_gone_already_is_told(page, hand, desktop, rows):
    measured(hand, rows)
    hand._qtbot.waitUntil(page.before.isVisible)
    desktop.measurements.known.clear()
    choose(hand, 1)
    hand.click("Remove the chosen measurement")
    hand.wait_for("there is no measurement 1 of this task")


@pytest.mark.parametrize("where", ["here", "in Work", "in Preferences", "figures only"])
def test_nothing_is_stored_where_nothing_shall_be_kept(page, hand, desktop, rows, where):
    window = page.window()
    if where == "here":
        page._form.private.setChecked(True)
    elif where == "in Work":
        window.show_place(0)
        window.work.private.setChecked(True)
        window.show_place(3)
        hand._qtbot.waitUntil(lambda: not window._jobs._tokens)
        hand._qtbot.waitUntil(page._form._ticks["larger-1.5b"].isVisible)
        assert page._form.private.isChecked()
    else:
        change = "keep_history" if where == "in Preferences" else "metrics_only"
        value = where != "in Preferences"
        old = desktop.settings.load()
        desktop.settings.save(dataclasses.replace(old, **{change: value}))
    measured(hand, rows)
    assert desktop.measurements.known == {}
    assert page.before.isHidden()

"""The window learns from corrections, says so, and takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from fakes.stores import NOON, FakeRows
from fakes.tasks import PLAIN, QUEUE, RECEIPT, TAGS, record
from fakes.teaching import ADOPTED, labelled_rows
from onhand.domain.answers import Classification
from onhand.domain.errors import EngineFailed
from onhand.domain.settings import Settings
from onhand.domain.tasks import Example
from onhand.domain.teaching import Lesson, UnknownLabels, Verdict

pytestmark = pytest.mark.ui

BARE = replace(TAGS, none=None, examples=())
SEVERAL = replace(ADOPTED, f1=(0.52, 0.81), chance=0.0004)
STATUS = replace(PLAIN, name="Status", id="status")
WRITTEN = replace(ADOPTED, edits=(0.564, 0.248), chance=0.0002)
FIELDS = replace(SEVERAL, fields=True)
SAID = "With your 40 corrections 34 of 40 instead of 20 are right."


def answer(hand, window, text="A text", task=QUEUE):
    window.work.form.set_task(task)
    window.work.input.set_text(text)
    window.work.run()
    hand.wait_for("kept in the history")


def judged(hand, window):
    answer(hand, window)
    hand.click("Answer is right")
    hand.wait_for("You said that this is right")


def opened(hand, window, task=QUEUE):
    window.work.form.set_task(task)
    hand.click("Teach this task")
    return hand.dialogs()[0]


def test_a_lesson_that_helps_is_told_and_undone_with_one_click(hand, window, desktop):
    desktop.teach.texts = 40
    judged(hand, window)
    hand.wait_for(SAID)
    assert desktop.teach.taught == [(QUEUE, [], True)]
    hand.click("Undo the lesson")
    hand.wait_for("The task answers as before.")
    assert desktop.teach.lessons == 0


def test_a_correction_in_the_dialog_counts_too(hand, window, desktop):
    desktop.teach.texts = 40
    answer(hand, window)
    hand.click("Correct answer")
    hand.click("Keep correction")
    hand.wait_for(SAID)
    hand.click("Close the notice on the lesson")
    assert SAID not in hand.labels()


@pytest.mark.parametrize(
    ("texts", "verdict", "learns"),
    [
        (9, Verdict.ADOPTED, True),
        (40, Verdict.NO_GAIN, True),
        (40, Verdict.ADOPTED, False),
    ],
)
def test_otherwise_nothing_is_said(hand, window, desktop, texts, verdict, learns):
    desktop.teach.texts = texts
    desktop.teach.lesson = replace(ADOPTED, verdict=verdict)
    desktop.settings.save(Settings(welcomed=True, learn=learns))
    judged(hand, window)
    hand._qtbot.waitUntil(lambda: not window._jobs._tokens)
    assert window.lessons.notice.isHidden()


def test_an_answer_is_not_kept_waiting_by_a_lesson(hand, window, desktop):
    desktop.teach.texts = 40
    desktop.teach.gate.clear()
    judged(hand, window)
    hand._qtbot.waitUntil(lambda: len(desktop.teach.taught) == 1)
    window.work.input.set_text("Another text")
    window.work.run()
    hand._qtbot.waitUntil(lambda: len(desktop.run_task.asked) == 2)
    desktop.teach.gate.set()
    hand.wait_for(SAID)
    assert len(desktop.teach.taught) > 1


def test_a_lesson_that_fails_says_why(hand, window, desktop):
    desktop.teach.texts, desktop.teach.failing = 40, EngineFailed("it ended")
    judged(hand, window)
    hand.wait_for("it ended")
    assert not window.lessons.notice.undo.isVisible()


def test_an_answer_says_that_it_was_taught(hand, window, desktop):
    made = Classification(label="billing", scores={"billing": 0.9, "technical": 0.1})
    answer(hand, window)
    desktop.run_task.answers["B"] = replace(
        window.work.panel.record.outcome, answer=made, taught=24
    )
    answer(hand, window, "B")
    hand.wait_for("and 24 labelled texts on cpu")


def test_the_dialog_tells_how_a_task_stands(hand, window, desktop):
    desktop.teach.texts = 7
    dialog = opened(hand, window)
    hand.wait_for("it was taught nothing so far. 7 labelled texts are kept")
    assert not hand.named("Undo the last lesson").isEnabled()
    dialog.reject()


def test_a_task_is_taught_from_a_file_and_that_is_undone(hand, window, desktop, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(labelled_rows(8))
    desktop.teach.relabelled, desktop.teach.examples_kept = 2, False
    dialog = opened(hand, window)
    dialog._rows.take(str(path))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 2)
    hand.click("Teach now")
    hand.wait_for("20 were right before, and 34 are with what the others teach")
    assert "2 texts came with different labels" in hand.labels()
    assert "there is no key for the history" in hand.labels()
    [(task, examples, kept)] = desktop.teach.taught
    assert (task, len(examples), kept) == (QUEUE, 40, True)
    hand.wait_for("34 of them are right instead of 20")
    hand.click("Undo the last lesson")
    hand.wait_for("answers as before its last lesson")
    hand.wait_for("it was taught nothing so far")
    dialog.reject()


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.TOO_FEW, "There are 40 labelled texts, and it takes 10."),
        (Verdict.ONE_LABEL, "All labelled texts have the same label."),
        (Verdict.NO_GAIN, "That could be chance."),
    ],
)
def test_why_nothing_was_adopted_is_said(hand, window, desktop, verdict, said):
    desktop.teach.lesson = replace(ADOPTED, verdict=verdict)
    dialog = opened(hand, window)
    hand.click("Teach now")
    hand.wait_for(said)
    assert "The task answers as before" in hand.labels()
    dialog.reject()


def test_a_lesson_can_be_stopped(hand, window, desktop):
    desktop.teach.gate.clear()
    dialog = opened(hand, window)
    hand.click("Teach now")
    hand.wait_for("1 of 1")
    hand.click("Stop the lesson")
    hand.wait_for("Stopped. Nothing was learned.")
    dialog.reject()


def test_closing_the_dialog_stops_the_lesson(hand, window, desktop):
    desktop.teach.gate.clear()
    dialog = opened(hand, window)
    hand.click("Teach now")
    hand.wait_for("1 of 1")
    dialog.reject()
    hand._qtbot.waitUntil(lambda: not window._jobs._tokens)
    assert desktop.teach.lessons == 0


def test_unknown_labels_are_named_and_can_be_left_out(hand, window, desktop, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(labelled_rows(1) + "Hello,greeting\n")
    desktop.teach.failing = UnknownLabels("greeting; the task has billing, technical")
    dialog = opened(hand, window)
    dialog._rows.take(str(path))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 2)
    hand.click("Teach now")
    hand.wait_for("greeting; the task has")
    desktop.teach.failing = None
    hand.focus("Leave out rows with unknown labels")
    hand.press("Space")
    hand.click("Teach now")
    hand.wait_for("The task answers with what it learned from now on")
    assert [len(examples) for _, examples, _ in desktop.teach.taught] == [6, 5]
    dialog.reject()


def test_a_task_that_writes_is_taught_from_a_file(hand, window, desktop, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,rewritten\nA note,A line\n")
    desktop.teach.lesson = WRITTEN
    dialog = opened(hand, window, STATUS)
    hand.wait_for("A row has a text, and the text as it should be written.")
    assert not dialog._rows._skip.isVisible()
    dialog._rows.take(str(path))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the right text").count() == 2)
    assert hand.named("Column of the right text").currentText() == "rewritten"
    hand.click("Teach now")
    hand.wait_for("Of 100 words that were written 56 had to be changed before, and 25 have")
    [(task, [example], _)] = desktop.teach.taught
    assert (task, example.answer) == (STATUS, "A line")
    hand.wait_for("25 of 100 words have to be changed instead of 56")
    desktop.teach.lesson = replace(WRITTEN, verdict=Verdict.NO_GAIN)
    hand.click("Teach now")
    hand.wait_for("56 have to be changed without what the 40 texts show, and 25 with it")
    desktop.teach.lesson = Lesson(verdict=Verdict.TOO_LONG, examples=12)
    hand.click("Teach now")
    hand.wait_for("Each of the 12 texts is longer than the 1,000 letters")
    dialog.reject()


def test_accepted_rewrites_are_learned_from(hand, window, desktop):
    desktop.teach.texts, desktop.teach.lesson = 40, WRITTEN
    answer(hand, window, task=STATUS)
    hand.click("Answer is right")
    hand.wait_for("25 of 100 words instead of 56 have to be changed in what is written.")
    hand.click("Undo the lesson")
    hand.wait_for("The task answers as before.")


def test_a_task_that_finds_fields_is_taught_from_a_file(hand, window, desktop, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,company,way\nInn cash card,Inn,cash; card\n")
    desktop.teach.lesson = FIELDS
    dialog = opened(hand, window, RECEIPT)
    hand.wait_for("A row has the value of each field in a column of its name.")
    assert hand.named("Column of the text").isVisible()
    assert not dialog._rows._label.isVisible()
    dialog._rows.take(str(path))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 3)
    hand.click("Teach now")
    hand.wait_for("20 had all values right before, and 34 have with what the others teach")
    [(task, [example], _)] = desktop.teach.taught
    assert task == RECEIPT
    assert example.answer == {"company": ["Inn"], "way": ["cash", "card"]}
    hand.wait_for("34 of them have all values right instead of 20")
    desktop.teach.lesson = replace(FIELDS, verdict=Verdict.NO_GAIN)
    hand.click("Teach now")
    hand.wait_for("20 have all values right without what they teach, and 34 with it")
    dialog.reject()


def test_a_task_with_several_labels_is_taught_from_a_file(hand, window, desktop, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,labels\none,price; taste\ntwo,\nthree,smell; taste\n")
    desktop.teach.lesson = SEVERAL
    dialog = opened(hand, window, BARE)
    hand.wait_for("A row names all labels of its text")
    dialog._rows.take(str(path))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 2)
    hand.focus("Leave out rows with unknown labels")
    hand.press("Space")
    hand.click("Teach now")
    hand.wait_for("20 had all labels right before, and 34 have with what the others teach")
    assert "(F1 52 % before, 81 % now)" in hand.labels()
    [(task, examples, _)] = desktop.teach.taught
    assert task == BARE
    assert [each.answer for each in examples] == [["price", "taste"], []]
    assert "1 rows name no label; they teach when none applies." in hand.labels()
    hand.wait_for("34 of them have all labels right instead of 20")
    desktop.teach.lesson = replace(SEVERAL, verdict=Verdict.NO_GAIN)
    hand.click("Teach now")
    hand.wait_for("20 have all labels right without what they teach, and 34 with it")
    hand.click("Undo the last lesson")
    hand.wait_for("it was taught nothing so far")
    dialog.reject()


@pytest.mark.parametrize(
    ("task", "lesson", "all_of_them"),
    [(TAGS, SEVERAL, "all labels right"), (RECEIPT, FIELDS, "all values right")],
)
def test_several_labels_and_fields_are_learned_from_corrections(
    hand, window, desktop, task, lesson, all_of_them
):
    desktop.teach.texts, desktop.teach.lesson = 40, lesson
    answer(hand, window, task=task)
    hand.click("Answer is right")
    hand.wait_for(f"34 of 40 instead of 20 have {all_of_them} (F1 81 % instead of 52 %)")
    hand.click("Undo the lesson")
    hand.wait_for("The task answers as before.")


def test_a_larger_model_gives_the_labels(hand, window, desktop, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(labelled_rows(8))
    desktop.rows = FakeRows("one", None, "two")
    dialog = opened(hand, window)
    choice = hand.named("Who gives the labels")
    hand._qtbot.waitUntil(lambda: choice.count() == 2)
    assert choice.itemText(1) == "Larger"
    assert dialog._teacher.save.isHidden()
    choice.setCurrentIndex(1)
    dialog._rows.take(str(path))
    hand._qtbot.waitUntil(lambda: hand.named("Column of the text").count() == 2)
    hand.click("Teach now")
    hand.wait_for("85 % of the teacher's answers in 40 % of its time")
    [(texts, teacher, kept)] = desktop.distil.asked
    assert (texts, teacher, kept) == (["one", "two"], "larger-1.5b", True)
    assert desktop.teach.taught == []
    assert dialog._teacher.save.isVisible()
    dialog._teacher.write(tmp_path / "labels.csv")
    hand.wait_for("The least sure come first.")
    assert desktop.distil.saved == [tmp_path / "labels.csv"]
    desktop.distil.lesson = replace(ADOPTED, verdict=Verdict.NO_GAIN)
    hand.click("Teach now")
    hand.wait_for("The task answers as before")
    desktop.distil.lesson = Lesson(verdict=Verdict.ONE_LABEL, examples=18)
    hand.click("Teach now")
    hand.wait_for("All labelled texts have the same label.")
    dialog.reject()


def test_a_task_that_a_model_taught_says_so(hand, window, desktop):
    desktop.teach.lessons, desktop.teach.teacher = 1, "larger-1.5b"
    dialog = opened(hand, window)
    hand.wait_for("it was taught by larger-1.5b on")
    dialog.reject()


def test_examples_are_looked_through_and_removed_one_by_one(window, hand, desktop):
    window.work.form.set_task(QUEUE)
    number = desktop.history.add(record("I was\ncharged twice", QUEUE))
    task_id = desktop.history.get(number).task_id
    taught = [Example(text="A bill too many", answer="billing")]
    desktop.history.teach(task_id, taught, NOON)
    desktop.history.correct(number, "technical", NOON + timedelta(hours=1))
    teaching, qtbot = opened(hand, window), hand._qtbot
    hand.click("Show the examples")
    [dialog] = [each for each in hand.dialogs() if each is not teaching]
    table = dialog._table
    qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    table.choose(0)
    assert [table.model().index(0, at).data() for at in range(3)] == [
        *("I was charged twice", "technical", "a correction")
    ]
    assert dialog._whole.toPlainText() == "I was\ncharged twice"
    qtbot.mouseClick(dialog._remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    assert any(each.text() == "Removed: 1" for each in dialog.findChildren(QLabel))
    [left] = desktop.history.corrections(task_id)
    assert left.text == "A bill too many"
    assert desktop.history.get(number).correction is None
    desktop.history.unteach(task_id, [left.id])
    table.choose(0)
    qtbot.mouseClick(dialog._remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: table.model().rowCount() == 0)
    told = "\n".join(each.text() for each in dialog.findChildren(QLabel))
    assert "the task has no such example" in told
    assert not dialog._remove.isEnabled()
    qtbot.mouseClick(dialog._close, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: hand.dialogs() == [teaching])
    teaching.reject()

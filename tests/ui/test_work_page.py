"""Work by keyboard: a task, a text, an answer, and everything that can go wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from fakes.stores import outcome
from fakes.tasks import PLAIN, QUEUE, RECEIPT, SHORT, TAGS, record
from onhand.domain.answers import (
    Check,
    Classification,
    Edit,
    Extraction,
    Lane,
    Rewriting,
    Summary,
    SummaryPart,
    Tagging,
    Value,
)
from onhand.domain.edits import edits_between
from onhand.domain.errors import DiskFull, EngineCrashed, ModelMissing
from onhand.domain.foreseeing import Doubt
from onhand.domain.progress import Progress
from onhand.domain.tasks import Classify, Extract, Label, Rewrite, Summarise
from onhand.services.run_task import Estimate

pytestmark = pytest.mark.ui

LABELS = "billing = charges, refunds\ntechnical"


@pytest.fixture
def work(window):
    return window.work


@pytest.fixture
def runs(desktop):
    return desktop.run_task


@pytest.fixture
def answer(desktop, work, hand):
    """Run a task on a text that gets a certain answer, and wait for the answer."""

    def run(task, text, made, **more):
        desktop.run_task.answers[text] = replace(outcome(made), **more)
        work.form.set_task(task)
        hand.focus("Text")
        work.input.set_text(text)
        hand.press("Ctrl+Return")
        hand.wait_for("starter-135m on cpu")

    return run


def lit(work):
    """What is lit up in the text box."""
    return [mark.cursor.selectedText() for mark in work.input.extraSelections()]


def test_labels_and_a_text_are_typed_and_ctrl_return_gives_an_answer(hand, runs, desktop):
    hand.focus("Labels, one a line: name = what belongs in it")
    hand.write(LABELS)
    hand.focus("Text")
    hand.write("I was charged twice")
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")
    assert "technical" in hand.labels()
    assert "Please check. Not enough corrections yet to say: 0 of 30." in hand.labels()
    assert "starter-135m on cpu · 0.25 s · read 100 %" in hand.labels()
    task, text, _ = runs.asked[0]
    assert [(each.name, each.meaning) for each in task.labels] == [
        ("billing", "charges, refunds"),
        ("technical", ""),
    ]
    assert text == "I was charged twice"
    assert [entry.text for entry in desktop.history.stored] == ["I was charged twice"]


def test_every_label_has_a_bar(hand, answer):
    scores = {"billing": 0.998, "technical": 0.002}
    answer(QUEUE, "I was charged", Classification(label="billing", scores=scores))
    assert hand.named("billing: 99 %").value() == 998
    assert hand.named("technical: < 1 %").value() == 2


def test_of_many_labels_the_best_are_shown_and_the_others_on_demand(hand, answer):
    names = [f"label {number}" for number in range(150)]
    task = Classify(instruction="Which?", labels=tuple(Label(name=name) for name in names))
    scores = {name: (number + 1) / 11325 for number, name in enumerate(names)}
    answer(task, "a text", Classification(label=names[-1], scores=scores))
    shown = hand.labels()
    assert "label 11 and 138 more" in shown
    assert "label 142\n" in shown
    assert "label 141\n" not in shown
    hand.click("Show all 150 labels")
    assert "label 141\n" in hand.labels()


def test_a_label_is_never_read_as_markup(hand, answer):
    task = Classify(instruction="Which?", labels=(Label(name="<b>a"), Label(name="b & c")))
    scores = {"<b>a": 0.6, "b & c": 0.4}
    answer(task, "a text", Classification(label="<b>a", scores=scores))
    assert "<b>a" in hand.labels()
    assert "b & c" in hand.labels()


@pytest.mark.parametrize(
    ("lane", "confidence", "advice", "wrong"),
    [
        (Lane.SURE, 0.972, "Sure", 3),
        (Lane.CHECK, 0.8, "Please check", 20),
        (Lane.HARD, 0.4, "Too hard for this model", 60),
    ],
)
def test_an_answer_tells_how_often_such_answers_were_wrong(
    hand, answer, lane, confidence, advice, wrong
):
    scores = {"billing": 0.9, "technical": 0.1}
    made = Classification(label="billing", scores=scores)
    answer(QUEUE, "a text", made, lane=lane, confidence=confidence, judged=1214)
    assert (
        f"{advice}. Of the answers this sure, about {wrong} in 100 were wrong. n = 1,214."
        in hand.labels()
    )


def test_where_no_label_fits_it_says_so(hand, answer):
    answer(TAGS, "a text", Tagging(labels=(), scores={"price": 0.1, "taste": 0.2}))
    assert "No label fits" in hand.labels()


def test_a_part_that_was_not_read_is_said_first(hand, answer):
    scores = {"billing": 0.5, "technical": 0.5}
    answer(QUEUE, "long", Classification(label="billing", scores=scores), read=0.996)
    assert "Only 99 % of the text was read" in hand.labels()


def test_choosing_a_value_lights_up_its_source_beyond_emoji_and_line_ends(
    hand, answer, work
):
    text = "😀 Inn\n\n\u05e9\u05dc\u05d5\u05dd Total 27.10"
    start = text.index("27.10")
    value = Value(text="27.10", start=start, end=len(text), confidence=0.9, value="27.10")
    answer(RECEIPT, text, Extraction(fields={"company": (), "way": (value,)}))
    hand.focus("Values found")
    assert lit(work) == []
    hand.press("Down")
    assert lit(work) == ["27.10"]


def test_a_field_says_whether_to_look_at_it_once_that_is_known(hand, answer):
    value = Value(text="Inn", start=0, end=3, confidence=0.9, value="Inn")
    made = Extraction(fields={"company": (value,), "way": ()})
    lanes = {"company": Lane.SURE, "way": Lane.CHECK}
    answer(RECEIPT, "Inn", made, lanes=lanes)
    model = hand.named("Values found").model()
    states = [model.index(row, 2).data() for row in range(2)]
    assert states == ["found · 90 % · sure", "not in the text · please check"]


def test_the_cursor_in_the_text_chooses_the_value_that_stands_there(hand, answer, work):
    value = Value(text="Inn", start=2, end=5, confidence=0.9, value="Inn")
    answer(RECEIPT, "A Inn B", Extraction(fields={"way": (), "company": (value,)}))
    hand.focus("Text")
    for _ in range(3):
        hand.press("Right")
    assert hand.named("Values found").chosen_row() == 1
    assert work.input.textCursor().position() == 3


def test_a_text_that_was_changed_since_is_not_lit_up(hand, answer, work):
    value = Value(text="Inn", start=0, end=3, confidence=0.9, value="Inn")
    answer(RECEIPT, "Inn", Extraction(fields={"company": (value,), "way": ()}))
    hand.focus("Values found")
    assert lit(work) == ["Inn"]
    hand.focus("Text")
    hand.write("X")
    assert lit(work) == []
    hand.focus("Values found")
    hand.press("Down")
    hand.press("Up")
    assert lit(work) == []


@pytest.mark.parametrize("shorter", ["A Inn", "A In", "", "xxxxxx"])
def test_a_value_is_not_looked_for_in_another_text(hand, answer, work, shorter):
    """The cursor moves while a text is replaced; a Qt warning would fail this test."""
    values = [
        Value(text=text, start=at, end=at + 3, confidence=0.9, value=text)
        for at, text in ((2, "Inn"), (60, "Bar"))
    ]
    text = "A Inn".ljust(60) + "Bar and more"
    answer(
        RECEIPT, text, Extraction(fields={"way": values[1:], "company": tuple(values[:1])})
    )
    hand.focus("Text")
    hand.press("Ctrl+End")
    work.input.set_text(shorter)
    assert lit(work) == []


def test_an_extraction_is_copied_as_a_table(hand, answer):
    value = Value(text="Inn", start=0, end=3, confidence=0.9, value="Inn")
    answer(RECEIPT, "Inn", Extraction(fields={"company": (value,), "way": ()}))
    hand.click("Copy answer")
    copied = QGuiApplication.clipboard().text()
    assert QGuiApplication.clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")
    assert copied == "company\tInn\tfound · 90 %\nway\t\tnot in the text"


def test_a_value_is_edited_in_its_place_and_kept_as_a_correction(
    hand, answer, desktop, work
):
    value = Value(text="Inn", start=2, end=5, confidence=0.9, value="Inn")
    made = Extraction(fields={"company": (value,), "way": ()})
    answer(RECEIPT, "A Inn, cash", made)
    hand.focus("Values found")
    hand.press("Down")
    hand.press("Return")
    assert hand.window.focusWidget().accessibleName() == "Value of way"
    hand.window.focusWidget().setText("cash")
    hand.press("Return")
    hand.wait_for("You corrected this answer")
    (entry,) = desktop.history.stored
    assert entry.correction == {"company": ["Inn"], "way": ["cash"]}
    assert lit(work) == ["cash"]
    assert hand.named("Values found").chosen_row() == 1
    hand.click("Copy answer")
    copied = QGuiApplication.clipboard().text()
    assert copied == "company\tInn\tfound · 90 %\nway\tcash\tyours"


def test_values_are_copied_as_csv_or_json(hand, answer):
    value = Value(text="=1+1", start=0, end=4, confidence=0.9, value="2")
    answer(RECEIPT, "=1+1", Extraction(fields={"total": (value,), "way": ()}))
    hand.focus("Copy as")
    hand.press("Down")
    hand.click("Copy answer")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == [
        "field,value,state",
        "total,'=1+1,found · 90 %",
        "way,,not in the text",
    ]
    hand.focus("Copy as")
    hand.press("Down")
    hand.click("Copy answer")
    told = json.loads(QGuiApplication.clipboard().text())
    assert told["fields"]["way"] == []
    assert told["fields"]["total"][0]["end"] == 4


def rewriting(*checks):
    edits = (Edit(start=6, end=10, text=""), Edit(start=10, end=14, text="pay"))
    return Rewriting(text="I can pay.", checks=checks, edits=edits)


def test_a_rewrite_shows_what_was_taken_out_and_what_was_put_in(hand, answer):
    answer(PLAIN, "I can not owe.", rewriting())
    box = hand.named("Rewritten text")
    assert box.toPlainText() == "I can not owe.pay"
    fates = {}
    for position in range(1, box.document().characterCount()):
        cursor = box.textCursor()
        cursor.setPosition(position)
        dress = cursor.charFormat()
        fate = (dress.fontStrikeOut(), dress.fontUnderline())
        fates[fate] = fates.get(fate, "") + box.toPlainText()[position - 1]
    assert fates == {
        (False, False): "I can ",
        (True, False): "not owe.",
        (False, True): "pay",
    }


def test_copying_out_of_the_changes_leaves_out_what_was_deleted(hand, answer):
    answer(PLAIN, "I can not owe.", rewriting())
    hand.focus("Rewritten text")
    hand.press("Ctrl+A")
    hand.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "I can pay"


def copied(hand):
    hand.click("Copy answer")
    return QGuiApplication.clipboard().text()


def test_each_change_is_accepted_or_rejected_by_key_and_taken_back(hand, answer):
    edits = edits_between("I can not owe it.", "We can owe this.")
    made = Rewriting(text="We can owe this.", checks=(), edits=edits)
    answer(PLAIN, "I can not owe it.", made)
    assert "Change 1 of 3: not decided." in hand.labels()
    hand.focus("Rewritten text")
    hand.press("R")
    hand.press("J")
    assert "Change 3 of 3: not decided." in hand.labels()
    hand.press("A")
    hand.press("R")
    assert "Change 2 of 3: rejected." in hand.labels()
    assert copied(hand) == "I can not owe this."
    hand.focus("Rewritten text")
    hand.press("Ctrl+Z")
    assert copied(hand) == "I can owe this."
    hand.focus("Rewritten text")
    hand.press("Ctrl+Z")
    hand.press("Ctrl+Z")
    hand.press("Ctrl+Z")
    hand.press("K")
    assert "Change 3 of 3: not decided." in hand.labels()
    assert copied(hand) == "We can owe this."


def test_each_change_is_accepted_or_rejected_by_mouse(hand, answer, qtbot):
    edits = edits_between("I can not owe it.", "We can owe this.")
    made = Rewriting(text="We can owe this.", checks=(), edits=edits)
    answer(PLAIN, "I can not owe it.", made)
    box = hand.named("Rewritten text")
    cursor = box.textCursor()
    cursor.setPosition(box.toPlainText().index("not") + 1)
    place = box.cursorRect(cursor).center()
    qtbot.mouseClick(box.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Change 2 of 3: not decided." in hand.labels()
    hand.click("Reject change (r)")
    hand.click("New text")
    assert box.toPlainText() == copied(hand) == "We can not owe this."
    hand.click("Changes")
    hand.click("Undo last decision (Ctrl+Z)")
    assert copied(hand) == "We can owe this."


def test_a_check_that_failed_is_made_again_when_its_change_is_rejected(hand, answer):
    lost = Check(name="negation", ok=False, detail="lost: not")
    edits = edits_between("I can not owe it.", "I can owe this.")
    made = Rewriting(text="I can owe this.", checks=(lost,), edits=edits)
    answer(PLAIN, "I can not owe it.", made)
    hand.focus("Rewritten text")
    hand.press("A")
    assert not hand.named("Copy answer").isEnabled()
    hand.press("Ctrl+Z")
    hand.press("R")
    assert "✓ no 'not' lost or added" in hand.labels()
    assert copied(hand) == "I can not owe this."
    hand.focus("Rewritten text")
    hand.press("Ctrl+Z")
    assert not hand.named("Copy answer").isEnabled()


def test_a_failed_check_must_be_seen_before_copying(hand, answer):
    lost = Check(name="negation", ok=False, detail="lost: not")
    answer(PLAIN, "I can not owe.", rewriting(Check(name="numbers", ok=True), lost))
    assert "✗ Negation – lost: not" in hand.labels()
    assert "✓ all numbers kept" in hand.labels()
    assert not hand.named("Copy answer").isEnabled()
    hand.focus("I have seen this; let me copy the text")
    hand.press("Space")
    hand.focus("Copy answer")
    hand.press("Space")
    assert QGuiApplication.clipboard().text() == "I can pay."


def test_a_rewrite_in_a_wrong_language_says_so(hand, answer):
    detail = "the text is German, the answer English"
    wrong = Check(name="language", ok=False, detail=detail)
    answer(PLAIN, "Ich kann nicht.", rewriting(Check(name="numbers", ok=True), wrong))
    assert f"✗ The language – {detail}" in hand.labels()
    assert "Look at the rewrite before you use it" in hand.labels()
    assert not hand.named("Copy answer").isEnabled()


def test_a_summary_shows_the_checks_that_failed(hand, answer):
    long = Check(name="length", ok=False, detail="the summary is not shorter than the text")
    answer(SHORT, "One.", Summary(text="One.", parts=(), checks=(long,)))
    assert "✗ The length – the summary is not shorter than the text" in hand.labels()
    answer(SHORT, "One. Two.", Summary(text="One.", parts=(), checks=()), seconds=75.0)
    hand.wait_for("75 s")
    assert "Look at the summary before you use it" not in hand.labels()


def test_a_model_that_was_not_made_for_the_language_is_told(hand, answer):
    note = "The model starter-135m was not made for Finnish."
    answer(SHORT, "Moi.", Summary(text="Moi.", parts=()), notes=(note,))
    assert note in hand.labels()
    answer(SHORT, "Moi.", Summary(text="Moi.", parts=()), notes=(note,), read=0.5)
    hand.wait_for("Only 50 % of the text was read")
    assert note in hand.labels()


def test_a_sentence_of_a_summary_shows_where_it_comes_from(hand, answer, work):
    text = "😀 First thing. Second thing."
    first = SummaryPart(sentence=0, start=2, end=14)
    second = SummaryPart(sentence=1, start=15, end=28)
    answer(SHORT, text, Summary(text="One. Two.", parts=(first, second)))
    hand.focus("Summary")
    hand.press("End")
    assert lit(work) == ["Second thing."]
    hand.press("Home")
    assert lit(work) == ["First thing."]


def test_a_text_can_be_read_while_it_is_written(hand, runs, work):
    runs.gate.clear()
    runs.pieces = ("One ", "two ", "three")
    runs.far = (Progress(done=2, total=5, seconds_left=75.0),)
    work.form.set_task(PLAIN)
    hand.focus("Text")
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for("2 of 5 · 75 s left")
    assert hand.named("Text as it is written").toPlainText() == "One two three"
    runs.gate.set()
    hand.wait_for("kept in the history")


def test_esc_stops_at_once_and_keeps_nothing(hand, runs, desktop, work):
    runs.gate.clear()
    work.form.set_task(PLAIN)
    hand.focus("Text")
    hand.write("A text")
    hand.press("Ctrl+Return")
    runs.begun.wait(10)
    hand.press("Esc")
    assert "Stopping…" in hand.labels()
    hand.wait_for("Stopped. Nothing was kept.")
    assert desktop.history.stored == []
    assert work.input.text() == "A text"
    assert hand.named("Run").isEnabled()


def test_one_run_at_a_time(hand, runs, work):
    runs.gate.clear()
    work.form.set_task(PLAIN)
    hand.focus("Text")
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.press("Ctrl+Enter")
    runs.begun.wait(10)
    runs.gate.set()
    hand.wait_for("kept in the history")
    assert len(runs.asked) == 1


@pytest.mark.parametrize("error", [ModelMissing("big"), EngineCrashed("by SIGSEGV")])
def test_a_failure_is_told_in_the_page_and_the_text_stays(hand, runs, work, error):
    runs.failing = error
    work.form.set_task(QUEUE)
    hand.focus("Text")
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for(str(error))
    assert error.hint_in_window in hand.labels()
    assert work.input.text() == "A text"
    runs.failing = None
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ("", "type at least two labels"),
        ("one", "at least 2"),
        ("same\nsame", "'same' is given twice"),
        ("a\n= nameless", "empty name"),
        ("tax office\ntax  office", "is 'tax office' but for its blanks"),
    ],
)
def test_labels_that_make_no_task_are_told_before_the_model_is_asked(
    hand, runs, labels, told
):
    hand.focus("Labels, one a line: name = what belongs in it")
    hand.write(labels)
    hand.press("Ctrl+Return")
    assert told in hand.labels()
    assert runs.asked == []


def test_an_answer_that_could_not_be_kept_is_shown_with_the_reason(hand, runs, answer):
    runs.not_kept = DiskFull()
    answer(QUEUE, "a text", Classification(label="billing", scores={"billing": 1.0}))
    assert "The answer was not kept: The disk is full" in hand.labels()
    assert not hand.named("Correct answer").isEnabled()


def test_nothing_is_kept_when_the_user_says_so(hand, runs, desktop, answer):
    hand.focus("Keep nothing of this")
    hand.press("Space")
    answer(QUEUE, "a secret", Classification(label="billing", scores={"billing": 1.0}))
    assert "· not kept" in hand.labels()
    assert runs.asked[0][2] is True
    assert desktop.history.stored == []


def test_a_correction_is_given_by_keyboard_and_shown(hand, desktop, answer):
    answer(QUEUE, "a text", Classification(label="billing", scores={"billing": 1.0}))
    hand.focus("Correct answer")
    hand.press("Space")
    hand.focus("Right answer")
    hand.press("Down")
    hand.press("Return")
    hand.wait_for("You corrected this answer")
    assert "technical" in hand.labels()
    assert desktop.history.stored[0].correction == "technical"


def test_an_answer_is_confirmed_with_one_key(hand, desktop, answer):
    answer(QUEUE, "a text", Classification(label="billing", scores={"billing": 1.0}))
    hand.focus("Answer is right")
    hand.press("Space")
    hand.wait_for("You said that this is right")
    assert desktop.history.stored[0].correction == "billing"
    assert not hand.named("Answer is right").isEnabled()


def test_the_text_is_measured_when_typing_pauses(hand, runs, work):
    runs.estimated = Estimate(tokens=31250, parts=9, seconds=118.0)
    work.form.set_task(QUEUE)
    hand.focus("Text")
    hand.write("Long")
    hand.wait_for("31,250 tokens · read in 9 parts · about 2 min")


def test_what_small_models_fail_at_is_told_before_it_runs(hand, runs, work):
    doubts = (Doubt.ARITHMETIC, Doubt.LENGTH)
    runs.estimated = Estimate(tokens=31250, parts=9, seconds=118.0, doubts=doubts)
    work.form.set_task(QUEUE)
    hand.focus("Text")
    hand.write("Long")
    hand.wait_for(
        "Small models often fail at this: it asks to count or to calculate; the text is"
        " read in many parts, never as a whole."
    )
    runs.estimated = Estimate(tokens=3, parts=1, seconds=1.0)
    hand.write("er")
    hand.wait_for("3 tokens")
    assert "Small models often fail" not in hand.labels()


def test_a_dropped_file_fills_the_box_and_what_was_there_can_be_had_back(
    hand, work, tmp_path, qtbot
):
    path = tmp_path / "letter.txt"
    path.write_bytes("Grüße, 5 €".encode("cp1252"))
    hand.focus("Text")
    hand.write("typed before")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    work.input.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: work.input.text() == "Grüße, 5 €", timeout=5000)
    assert "because it is not UTF-8" in hand.labels()
    hand.press("Ctrl+Z")
    assert work.input.text() == "typed before"


@pytest.mark.parametrize("data", [b"\x7fELF\0\0\1", None])
def test_a_file_that_cannot_be_read_is_told_and_the_text_stays(hand, work, tmp_path, data):
    path = tmp_path / "thing.txt"
    if data is not None:
        path.write_bytes(data)
    hand.focus("Text")
    hand.write("typed before")
    work.open_file(path)
    hand.wait_for("The input cannot be read as text")
    assert work.input.text() == "typed before"


def test_a_pasted_text_keeps_its_non_breaking_spaces(hand, work):
    QGuiApplication.clipboard().setText("5\u00a0€\r\nzwei")
    hand.focus("Text")
    hand.press("Ctrl+V")
    assert work.input.text() == "5\u00a0€\nzwei"


def test_an_endless_word_of_two_megabytes_can_be_pasted(hand, work):
    QGuiApplication.clipboard().setText("x" * 2_000_000)
    hand.focus("Text")
    hand.press("Ctrl+V")
    assert len(work.input.text()) == 2_000_000


def test_every_kind_can_be_made_on_the_spot(hand, work):
    hand.focus("Classify")
    hand.press("Right")
    hand.focus("Fields, one a line: name = what it is")
    hand.write("total = amount paid")
    assert isinstance(work.form.task(), Extract)
    hand.focus("Extract")
    hand.press("Right")
    assert isinstance(work.form.task(), Rewrite)
    hand.focus("Style")
    hand.press("End")
    hand.focus("Instruction")
    hand.write("Make it rhyme")
    assert work.form.task().instruction == "Make it rhyme"
    hand.focus("Rewrite")
    hand.press("Right")
    assert isinstance(work.form.task(), Summarise)
    hand.focus("How to summarise")
    hand.write("One line")
    assert work.form.task().instruction == "One line"


def test_a_task_can_be_chosen_and_a_copy_of_it_changed(hand, work):
    hand.focus("Task")
    hand.press("Down")
    assert work.form.task() == QUEUE
    assert "Answers: billing, technical" in hand.labels()
    hand.click("Edit a copy")
    box = hand.focus("Labels, one a line: name = what belongs in it")
    assert box.toPlainText() == "billing = charges\ntechnical"


def test_several_labels_and_an_answer_for_none_can_be_asked_for(hand, work):
    hand.focus("Labels, one a line: name = what belongs in it")
    hand.write("a\nb")
    hand.focus("Several labels may fit")
    hand.press("Space")
    hand.focus("Answer where no label fits")
    hand.write("neither")
    task = work.form.task()
    assert (task.multiple, task.none, task.answers) == (
        True,
        "neither",
        ("a", "b", "neither"),
    )


def test_an_entry_of_the_history_brings_its_task_text_and_answer_back(hand, work):
    other = replace(QUEUE, name="Mailed by a colleague", instruction="Who?")
    work.open_record(record("the text", other, id=7))
    assert work.form.task() == other
    assert work.input.text() == "the text"
    assert "kept in the history" in hand.labels()


def test_what_was_asked_before_an_entry_was_opened_does_not_replace_it(
    hand, runs, work, desktop, qtbot
):
    runs.gate.clear()
    work.form.set_task(QUEUE)
    work.input.set_text("first")
    hand.press("Ctrl+Return")
    runs.begun.wait(10)
    work.open_record(record("the text", id=7))
    runs.gate.set()
    qtbot.wait(50)
    assert work.panel.record.id == 7
    assert hand.named("Run").isEnabled()


def test_a_document_is_taken_apart_elsewhere_and_its_text_shown(work, hand):
    work.open_file(Path("letter.DOCX"))
    hand.wait_for("A note.")
    assert work.input.text() == "the text of letter.DOCX"
    work.open_file(Path("damaged.pdf"))
    hand.wait_for("The input cannot be read as text: it is damaged")


def test_of_a_mail_quotations_can_be_left_out_and_had_back(work, hand, qtbot):
    choice = "Without quotations and signature"
    work.open_file(Path("letter.docx"))
    hand.wait_for("A note.")
    assert not work._mail.isVisible()
    work.open_file(Path("mail.eml"))
    qtbot.waitUntil(work._mail.isVisible)
    assert work.input.text() == "the text of mail.eml"
    hand.named(choice).click()
    qtbot.waitUntil(lambda: work.input.text() == "the own words of mail.eml")
    hand.named(choice).click()
    qtbot.waitUntil(lambda: work.input.text() == "the text of mail.eml")
    work.input.insertPlainText("mine")
    assert not work._mail.isVisible(), "reading again would undo what was typed"


def test_a_paste_of_5_mb_is_taken_whole(work):
    text = "A line of a long log.\n" * 230_000
    pasted = QMimeData()
    pasted.setText(text)
    work.input.insertFromMimeData(pasted)
    assert work.input.text() == text


def test_a_log_of_200_mb_and_a_folder_end_with_a_sentence(work, hand, tmp_path):
    with (tmp_path / "large.log").open("wb") as file:
        file.truncate(200_000_000)
    work.open_file(tmp_path / "large.log")
    hand.wait_for("it is larger than 20 MB")
    work.open_file(tmp_path)
    hand.wait_for("Is a directory")


def marked(view):
    """The sentence of the summary that is marked."""
    return [mark.cursor.selectedText() for mark in view._text.extraSelections()]


@pytest.fixture
def summary(hand, answer, work):
    """The view of a summary whose two sentences come from the ends of a text."""
    text = "First thing. Something between. Second thing."
    made = Summary(
        text="Short one. Short two.",
        parts=(
            SummaryPart(sentence=0, start=0, end=12),
            SummaryPart(sentence=1, start=32, end=45),
        ),
    )
    answer(SHORT, text, made)
    return work.panel._answers.of(work.panel.record)


def point_at(work, place):
    work.input.setFocus()
    cursor = work.input.textCursor()
    cursor.setPosition(place)
    work.input.setTextCursor(cursor)


def test_a_place_in_the_text_shows_the_sentence_that_it_went_into(work, summary):
    point_at(work, 40)
    assert marked(summary) == ["Short two."]
    assert lit(work) == ["Second thing."]
    point_at(work, 3)
    assert marked(summary) == ["Short one."]
    assert lit(work) == ["First thing."]


def test_a_place_that_went_nowhere_leaves_what_is_marked(work, summary):
    point_at(work, 3)
    point_at(work, 20)
    assert marked(summary) == ["Short one."]


def test_a_new_answer_has_no_sentence_marked(hand, answer, work, summary):
    point_at(work, 3)
    answer(SHORT, "Another text.", Summary(text="Other.", parts=()))
    assert marked(summary) == []
    assert lit(work) == []

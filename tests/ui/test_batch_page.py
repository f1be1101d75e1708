"""A batch runs behind the page, makes way, stops, and goes on."""

from __future__ import annotations

import dataclasses
import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from fakes.desktop import LARGER
from fakes.gates import wait
from fakes.policies import linux
from fakes.stores import STARTER, FakeSettings
from fakes.tasks import QUEUE
from fakes.two_models import TwoModels, numbers
from onhand.domain.batch_errors import BatchOver
from onhand.domain.cascading import Foreseen, Worth
from onhand.domain.errors import DiskFull, OutputUnwritable
from onhand.domain.history_errors import HistoryKeyless, HistoryLocked
from onhand.domain.policies import read_policies
from onhand.services.batch_ports import First
from onhand.storage.memory_jobs import MemoryJobs
from onhand.ui.jobs import Then
from onhand.ui.smaller_first import smaller_models

pytestmark = pytest.mark.ui


class SlowRunner:
    """Stands in for the batch's engine; every text waits for the gate."""

    def __init__(self, runner) -> None:
        self._runner = runner
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.calls = 0

    def learn(self, task, groups, cancel, on_progress=None):
        return None

    def answer_many(self, task, texts, cancel, learned=None):
        self.calls += 1
        self.begun.set()
        wait(self.gate, cancel)
        if cancel.cancelled:
            self.gate.clear()
        return self._runner.answer_many(task, texts, cancel)


@pytest.fixture
def slow(desktop):
    desktop.runner = SlowRunner(desktop.runner)
    yield desktop.runner
    desktop.runner.gate.set()


@pytest.fixture
def page(window, hand):
    window.show_place(1)
    return window.batch


def ask_for(hand, source="/in.jsonl"):
    hand.focus("Task of the batch")
    hand.press("Down")
    hand.focus("Input file")
    hand.write(source)


def test_a_batch_runs_to_its_end(page, hand, desktop):
    ask_for(hand)
    assert hand.named("Output file").text() == "/in.answers.jsonl"
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")
    assert [entry.text for entry in desktop.sink.written] == ["one", "two", "three"]
    assert "The answers are in /out.jsonl." in hand.labels()
    hand._qtbot.waitUntil(lambda: hand.named("Batches so far").model().rowCount() == 1)
    assert hand.named("Batches so far").model().index(0, 3).data() == "done, 3 rows"


def test_the_task_set_up_in_work_can_be_used(page, hand, desktop, window):
    window.work.form.set_task(QUEUE)
    hand.focus("Input file")
    hand.write("/in.jsonl")
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")
    assert desktop.sink.written[0].task == QUEUE


def test_rows_with_an_error_are_counted(page, hand, desktop):
    desktop.rows.texts = ("one", None, "three")
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for("Rows that have an error instead of an answer: 1.")


@pytest.mark.parametrize("missing", ["task", "input"])
def test_what_is_missing_is_told(page, hand, missing):
    if missing == "task":
        hand.focus("Input file")
        hand.write("/in.jsonl")
    else:
        hand.focus("Task of the batch")
        hand.press("Down")
    hand.click("Run batch")
    told = {"task": "type at least two labels", "input": "choose an input file"}
    assert told[missing] in hand.labels()


def test_an_output_that_cannot_be_written_is_told(page, hand, desktop):
    desktop.sink.writable = False
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for(OutputUnwritable.title)
    assert hand.named("Run batch").isEnabled()


def test_an_output_that_is_there_is_replaced_only_when_asked(page, hand, desktop):
    desktop.sink.there_before = True
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for("/out.jsonl")
    assert desktop.sink.written is None
    hand.focus("Replace an output that is there, and begin anew")
    hand.press("Space")
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")


def test_a_batch_is_stopped_and_gone_on_with(slow, page, hand, desktop):
    ask_for(hand)
    hand.click("Run batch")
    slow.begun.wait(10)
    hand.click("Stop batch")
    hand.wait_for("Go on with it in the list of batches: what is done stays done.")
    hand.wait_for("If it is not in there, nothing of it was kept, and it begins anew.")
    assert desktop.sink.written is None
    slow.gate.set()
    table = hand.focus("Batches so far")
    hand._qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    table.choose(0)
    hand.click("Go on with this one")
    hand.wait_for("Done: 3 rows")
    assert len(desktop.sink.written) == 3


def test_a_batch_that_was_given_up_cannot_be_gone_on_with(page, hand, desktop, window):
    desktop.journal.fail_at, desktop.journal.failing = 1, DiskFull()
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for(DiskFull.title)
    look_at_batches(hand)
    hand._qtbot.waitUntil(hand.named("Go on with this one").isEnabled)
    window.work.form.set_task(QUEUE)
    hand.focus("Task of the batch")
    hand.press("Up")
    hand.focus("Replace an output that is there, and begin anew")
    hand.press("Space")
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")
    table = hand.named("Batches so far")
    hand._qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    states = [table.model().index(row, 3).data() for row in (0, 1)]
    assert states == ["done, 3 rows", "given up after 0 rows"]
    for row in (0, 1):
        table.choose(row)
        assert not hand.named("Go on with this one").isEnabled()


class UnreadJobs(MemoryJobs):
    """A journal that cannot be read."""

    def __init__(self, failing) -> None:
        super().__init__()
        self.failing = failing

    def all(self):
        raise self.failing


@pytest.fixture
def failing(desktop, request):
    desktop.journal = UnreadJobs(request.param)


@pytest.mark.parametrize(
    ("failing", "told"),
    [(HistoryKeyless(), False), (HistoryLocked(), True)],
    indirect=["failing"],
)
@pytest.mark.usefixtures("failing")
def test_an_empty_list_is_no_failure_where_nothing_was_ever_kept(told, page, hand):
    looked_up = []
    then = Then(done=looked_up.append, failed=looked_up.append)
    page._jobs.look_up(lambda archive: archive.history, then)
    hand._qtbot.waitUntil(lambda: len(looked_up) == 1)
    assert page._notice.isHidden() is not told


def test_a_batch_that_somebody_else_finished_is_not_begun_anew(page, hand, desktop):
    desktop.journal.fail_at, desktop.journal.failing = 1, DiskFull()
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for(DiskFull.title)
    look_at_batches(hand)
    desktop.journal.finish(1)
    hand.click("Go on with this one")
    hand.wait_for(BatchOver.title)
    assert desktop.sink.written is None
    assert len(desktop.journal.all()) == 1


def test_of_a_trial_that_is_stopped_nothing_is_left(slow, page, hand):
    ask_for(hand)
    hand.click("Try 20 rows")
    slow.begun.wait(10)
    hand.click("Stop batch")
    hand.wait_for("Nothing is kept of a trial.")


def test_a_batch_makes_way_for_an_answer_in_work_and_goes_on(
    slow, page, hand, desktop, window
):
    ask_for(hand)
    hand.click("Run batch")
    slow.begun.wait(10)
    window.show_place(0)
    window.work.form.set_task(QUEUE)
    hand.focus("Text")
    hand.write("In between")
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")
    assert desktop.sink.written is None
    hand._qtbot.waitUntil(lambda: slow.calls >= 2)
    slow.gate.set()
    window.show_place(1)
    hand.wait_for("Done: 3 rows")
    assert len(desktop.sink.written) == 3


def test_a_dropped_file_becomes_the_input(page, hand):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/folder/rows.jsonl")])
    page._form.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert hand.named("Input file").text() == "/folder/rows.jsonl"
    assert hand.named("Output file").text() == "/folder/rows.answers.jsonl"


def look_at_batches(hand):
    table = hand.focus("Batches so far")
    hand._qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    table.choose(0)


def test_the_columns_of_an_input_are_offered_and_how_it_is_read_is_told(page, hand):
    ask_for(hand, "/data/tickets.csv")
    assert hand.named("Output file").text() == "/data/tickets.answers.csv"
    hand.wait_for("Read from memory.")
    column = hand.named("Column of the text")
    assert [column.itemText(at) for at in range(column.count())] == ["id", "text"]
    assert column.currentText() == "text"


def test_a_trial_shows_rows_and_the_time_and_runs_them_all(page, hand, desktop):
    desktop.rows.texts = ("one", None, "three")
    ask_for(hand)
    hand.click("Try 20 rows")
    hand.wait_for("All 3 rows will take about")
    assert "Rows without an answer: 1" in hand.labels()
    table = hand.named("Rows that were tried").model()
    assert table.rowCount() == 3
    assert table.index(0, 2).data() == "one"
    assert "line is broken" in table.index(1, 1).data()
    assert desktop.sink.written is None
    hand.click("Run all rows")
    hand.wait_for("Done: 3 rows")
    assert len(desktop.sink.written) == 3


def test_a_trial_that_fails_says_why(page, hand, desktop):
    hand.focus("Task of the batch")
    hand.press("Down")
    hand.click("Try 20 rows")
    assert "choose an input file" in hand.labels()


def test_rows_that_did_not_change_keep_their_answers(page, hand, desktop):
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")
    desktop.runner.asked.clear()
    desktop.rows.texts = ("one", "two", "four")
    hand.focus("Keep the answers of rows that did not change")
    hand.press("Space")
    hand.click("Run batch")
    hand._qtbot.waitUntil(lambda: desktop.sink.written[-1].text == "four")
    assert sum(desktop.runner.asked) == 1


def test_answers_are_looked_through_the_least_sure_first(page, hand, desktop):
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")
    desktop.history.stored[:] = desktop.journal.records(1)  # the real one has them itself
    look_at_batches(hand)
    hand.click("Look through answers…")
    hand.wait_for("Shown: 3, judged: 0.")
    hand.click("It is right")
    hand.wait_for("Shown: 2, judged: 1.")
    hand.click("Correct answer")
    hand.focus("Right answer").setCurrentText("technical")
    hand.click("Keep correction")
    hand.wait_for("Shown: 1, judged: 2.")
    assert sum(each.correction is not None for each in desktop.history.stored) == 2
    hand.click("Close")


def test_what_is_judged_of_a_batch_teaches_its_task(page, hand, desktop):
    ask_for(hand)
    hand.click("Run batch")
    hand.wait_for("Done: 3 rows")
    desktop.history.stored[:] = desktop.journal.records(1)
    desktop.teach.texts = 40
    look_at_batches(hand)
    hand.click("Look through answers…")
    hand.wait_for("Shown: 3, judged: 0.")
    hand.click("It is right")
    hand._qtbot.waitUntil(lambda: desktop.teach.taught != [])
    [(task, _, _)] = desktop.teach.taught
    assert task == desktop.journal.all()[0].plan.task
    hand.click("Close")


@pytest.fixture
def two(desktop):
    """A smaller model beside the one in use, and rows that are enough for both."""
    desktop.settings.save(dataclasses.replace(desktop.settings.load(), model=LARGER.id))
    desktop.runner = TwoModels(STARTER, LARGER)
    desktop.runner.path = lambda: desktop.engine.used
    desktop.rows.texts = tuple(numbers(500))
    return desktop


def let_a_smaller_model_answer_first(hand):
    hand._qtbot.waitUntil(lambda: hand.named("Smaller model").count() == 1)
    hand.focus("Let a smaller model answer first")
    hand.press("Space")


def test_a_smaller_model_answers_first_where_that_pays(two, page, hand):
    ask_for(hand)
    let_a_smaller_model_answer_first(hand)
    assert hand.named("Smaller model").currentText() == STARTER.title
    hand.click("Run batch")
    hand.wait_for(
        "starter-135m answered 300 rows first. That saved about 77 s. On a sample 100 % of"
        " such answers were those of larger-1.5b."
    )
    models = [each.outcome.model for each in two.sink.written]
    assert (models.count(STARTER.id), models.count(LARGER.id)) == (300, 200)


def test_where_it_does_not_pay_that_is_told(two, page, hand):
    two.runner.quick = 1.0
    ask_for(hand)
    let_a_smaller_model_answer_first(hand)
    hand.click("Run batch")
    hand.wait_for("starter-135m was not asked first: hardly any time would be saved.")
    assert {each.outcome.model for each in two.sink.written} == {LARGER.id}


def test_a_batch_that_was_stopped_goes_on_with_the_smaller_model(two, page, hand):
    two.journal.fail_at, two.journal.failing = 3, DiskFull()
    ask_for(hand)
    let_a_smaller_model_answer_first(hand)
    hand.click("Run batch")
    hand.wait_for(DiskFull.title)
    hand.focus("Let a smaller model answer first")
    hand.press("Space")
    look_at_batches(hand)
    hand.click("Go on with this one")
    hand.wait_for("starter-135m answered 300 rows first.")


def test_without_a_smaller_model_none_is_offered(page, hand, desktop):
    hand.wait_for("Batches so far")
    hand._qtbot.waitUntil(lambda: desktop.opened == 1)
    assert page._form.smaller.isHidden()
    assert page._form.smaller.wanted == ""


def test_where_the_model_is_fixed_no_other_one_is_offered(two, tmp_path):
    held = read_policies(linux(tmp_path, {"Model": LARGER.id}).read())
    with two.open() as services:
        assert smaller_models(services) == [(STARTER.id, STARTER.title)]
    two.settings = FakeSettings(policies=held)
    with two.open() as services:
        assert smaller_models(services) == []


@pytest.mark.parametrize(
    ("saved", "said"), [(-3.0, "That saved no time."), (3.0, "That saved about 3")]
)
def test_what_a_smaller_model_saved_is_said(page, saved, said):
    found = Foreseen(worth=Worth.PAYS, agreement=0.97)
    first = First(model=STARTER.path, model_id=STARTER.id, found=found, saved=saved)
    job = SimpleNamespace(plan=SimpleNamespace(first=first, model_id="m"))
    assert said in page._form.smaller.told(job)

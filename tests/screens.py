"""Draws every page of the window in every state: `python tests/screens.py OUTDIR`.

A second argument narrows what is drawn: "models", "privacy", "quick", "batch" or "cloud"
("" for all). A third says in which language: "en", "de", or "rtl" for one that runs from
right to left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from fakes.desktop import LARGER, Desktop
from fakes.pseudo import speak_backwards
from fakes.stores import STARTER, outcome
from fakes.tasks import QUEUE, RECEIPT, TAGS, record
from fakes.teaching import ADOPTED, evaluation, labelled_rows, tagged_rows, tagging
from onhand.domain.answers import (
    Check,
    Classification,
    Extraction,
    Rewriting,
    Summary,
    SummaryPart,
    Value,
)
from onhand.domain.cascading import Foreseen, Worth
from onhand.domain.cloud_errors import CloudBusy
from onhand.domain.edits import edits_between
from onhand.domain.errors import DiskFull, ModelMissing
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.model_errors import NetworkFailed, NothingToCompare
from onhand.domain.policies import Level, RawPolicies, read_policies
from onhand.domain.progress import Progress
from onhand.domain.settings import Appearance, Language
from onhand.domain.tasks import (
    Classify,
    Example,
    Extract,
    Field,
    Kind,
    Label,
    Rewrite,
    Summarise,
)
from onhand.domain.transfers import Transfer, TransferState
from onhand.domain.usage import Counted
from onhand.services.batch_ports import First
from onhand.services.exporting import Sought
from onhand.services.key_ports import KeyState
from onhand.services.measuring import bare
from onhand.services.remove_task import RemovedTask, StoredLesson
from onhand.services.run_task import Estimate
from onhand.ui.cloud_add_dialog import CloudAddDialog
from onhand.ui.cloud_sheet import CloudSheet
from onhand.ui.correct_dialog import CorrectDialog
from onhand.ui.crash_dialog import CrashDialog
from onhand.ui.examples_dialog import ExamplesDialog
from onhand.ui.file_opening import TaskDialog
from onhand.ui.forget_dialog import ForgetDialog, Reach
from onhand.ui.global_shortcut import GlobalShortcut
from onhand.ui.guide_window import GuideWindow
from onhand.ui.jobs import Jobs
from onhand.ui.keys_dialog import KeysDialog
from onhand.ui.ledger_dialog import LedgerDialog
from onhand.ui.main_window import MainWindow
from onhand.ui.program_icon import program_icon
from onhand.ui.quick_panel import QuickPanel
from onhand.ui.restore_dialog import RestoreDialog
from onhand.ui.review_dialog import ReviewDialog
from onhand.ui.shortcuts_dialog import ShortcutsDialog
from onhand.ui.speaking import speak
from onhand.ui.task_dialog import EditTaskDialog
from onhand.ui.task_list import TaskListDialog
from onhand.ui.task_preview import PAUSE
from onhand.ui.teach_dialog import TeachDialog
from onhand.ui.theme import Theme
from onhand.ui.tray import Tray
from onhand.ui.trial_dialog import TrialDialog
from onhand.ui.unlock_dialog import UnlockDialog
from onhand.ui.usage_dialog import UsageDialog

MAIL = (
    "Hello,\n\nI was charged twice for order 4711 on 3 March 2026 and the app does not let "
    "me ask for a refund. Please pay 27.10 EUR back to my card.\n\n"
    "Kind regards\nAmélie Brandt"
)
PLAIN_MAIL = (
    "Hello,\n\nYou took the money for order 4711 two times on 3 March 2026. The app does "
    "let me ask for the money back. Please pay 27.10 EUR back to my card.\n\n"
    "Thank you\nAmélie Brandt"
)
TEAMS = Classify(
    instruction="Which team should handle this message?",
    name="Support queue",
    labels=(
        Label(name="billing", meaning="charges, refunds, invoices"),
        Label(name="technical", meaning="something does not work"),
        Label(name="delivery", meaning="where is my parcel"),
        Label(name="praise & thanks"),
        Label(
            name="Kündigung und Widerruf laufender Verträge mit Bezug auf frühere Schreiben"
        ),
    ),
    none="something else",
)
SLIP = Extract(
    instruction="Read the message.",
    name="Refund request",
    fields=(
        Field(name="order"),
        Field(name="date"),
        Field(name="amount"),
        Field(name="customer"),
        Field(name="phone"),
    ),
)
POLICIES = read_policies(
    (
        RawPolicies(
            level=Level.MANAGED,
            place="/etc/onhand/policies/managed/site.json",
            values={"LockMinutes": 5, "RequireSandbox": True, "Colour": "red"},
        ),
        RawPolicies(
            level=Level.RECOMMENDED,
            place="/etc/onhand/policies/recommended/site.json",
            values={"KeepDays": 90, "Context": "many"},
        ),
    )
)
ROWS = (
    "I was charged twice for order 4711 and would like the money back.",
    "The app closes as soon as I open the list of my orders.",
    "My invoice of March names a company that I never heard of.",
    None,
    "The printer in the hall says 'E05' and does nothing.",
    "Thank you for the quick reply, everything works again.",
)
"""What the rows of a batch hold; None for one that cannot be read."""

WIDE, NARROW = (1180, 760), (683, 384)
ONLY = sys.argv[2] if len(sys.argv) > 2 else ""
"""What to draw: "models", "privacy", "quick", "batch", "tasks" or "measure"; "" for all."""
LANGUAGE = sys.argv[3] if len(sys.argv) > 3 else "en"


class Studio:
    """A window with services behind it, and a place for its pictures."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder, self.suffix = folder, suffix
        self.application = QApplication.instance() or QApplication(["screens"])
        self.theme = Theme(self.application)
        self.desktop = Desktop()
        self.desktop.history = self.desktop.run_task._history
        self.desktop.run_task.estimated = Estimate(tokens=61, parts=1, seconds=0.4)
        desk = self.desktop
        self.jobs = Jobs(desk.open, desk.open_archive, desk.open_shelf)
        self.window = MainWindow(self.jobs, self.theme)

    def wait(self, milliseconds: int = 120) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def show(self, size: tuple[int, int] = WIDE) -> None:
        self.window.resize(*size)
        self.window.show()
        self.window.load()
        self.wait()

    def shoot(self, name: str, widget=None) -> None:
        self.wait()
        target = self.folder / f"{name}{self.suffix}.png"
        (widget or self.window).grab().save(str(target))
        sys.stdout.write(f"{target}\n")
        for each in (widget or self.window).findChildren(QPushButton):
            if each.isVisible() and each.width() < each.sizeHint().width():
                sys.stdout.write(f"  cut: {each.text()}\n")

    def run(self, task, text, answer, **more) -> None:
        self.window.show_place(0)
        work = self.window.work
        work.form.set_task(task)
        work.input.set_text(text)
        if answer is not None:
            made = replace(outcome(answer), model="smollm2-135m", **more)
            self.desktop.run_task.answers[text] = made
        self.wait(750)
        work.run()
        self.wait()

    def end(self) -> None:
        self.window.close()
        self.jobs.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def place(text: str, wanted: str, confidence: float) -> tuple[Value, ...]:
    start = text.index(wanted)
    return (
        Value(
            text=wanted,
            start=start,
            end=start + len(wanted),
            confidence=confidence,
            value=wanted,
        ),
    )


def label_scores() -> dict[str, float]:
    shares = (0.83, 0.09, 0.04, 0.002, 0.028, 0.01)
    return dict(zip(TEAMS.answers, shares, strict=True))


def extraction() -> Extraction:
    return Extraction(
        fields={
            "order": place(MAIL, "4711", 0.16),
            "date": place(MAIL, "3 March 2026", 0.99),
            "amount": place(MAIL, "27.10 EUR", 0.99),
            "customer": place(MAIL, "Amélie Brandt", 0.37),
            "phone": (),
        }
    )


def rewriting() -> Rewriting:
    return Rewriting(
        text=PLAIN_MAIL,
        checks=(
            Check(name="text", ok=True),
            Check(name="numbers", ok=True),
            Check(name="dates", ok=True),
            Check(name="names", ok=True),
            Check(name="negation", ok=False, detail="lost: not"),
        ),
        edits=edits_between(MAIL, PLAIN_MAIL),
    )


def summary() -> Summary:
    start = MAIL.index("I was")
    end = MAIL.index(" Please")
    last = MAIL.index("Please")
    return Summary(
        text="Order 4711 was charged twice and a refund cannot be asked for. "
        "27.10 EUR are wanted back.",
        parts=(
            SummaryPart(sentence=0, start=start, end=end),
            SummaryPart(sentence=1, start=last, end=MAIL.index("\n\nKind")),
        ),
    )


def draw_work(studio: Studio) -> None:
    work = studio.window.work
    studio.shoot("work-empty")
    studio.run(TEAMS, MAIL, Classification(label="billing", scores=label_scores()))
    studio.shoot("work-classified")
    studio.run(
        TEAMS,
        MAIL + "\n",
        Classification(label="billing", scores=label_scores()),
        read=0.38,
    )
    studio.shoot("work-partly-read")
    studio.run(SLIP, MAIL, extraction())
    work.panel._answers._views[Kind.EXTRACT].get()._table.choose(2)
    studio.shoot("work-extracted")
    studio.run(
        Rewrite(instruction="Rewrite in plain language.", name="Plain"), MAIL, rewriting()
    )
    studio.shoot("work-rewritten")
    studio.run(Summarise(instruction="Shorten.", name="In short"), MAIL, summary())
    studio.shoot("work-summarised")
    task = studio.desktop.run_task
    task.failing = ModelMissing("qwen2.5-1.5b")
    studio.run(TEAMS, MAIL, None)
    studio.shoot("work-failed")
    task.failing, task.not_kept = None, DiskFull()
    studio.run(TEAMS, MAIL, Classification(label="billing", scores=label_scores()))
    studio.shoot("work-not-kept")
    task.not_kept = None
    task.gate.clear()
    task.pieces = ("Hello,\n\nYou took the money for order 4711 ", "two times on 3 March")
    task.far = (Progress(done=3, total=11, seconds_left=48.0),)
    studio.run(
        Rewrite(instruction="Rewrite in plain language.", name="Plain"), MAIL, rewriting()
    )
    studio.shoot("work-running")
    work.stop()
    studio.shoot("work-stopped")
    task.pieces, task.far = (), ()


def draw_editors(studio: Studio) -> None:
    form = studio.window.work.form
    for number, name in enumerate(("labels", "fields", "style", "wish")):
        form._kinds.button(number).setChecked(True)
        form._names.setCurrentIndex(0)
        studio.shoot(f"work-form-{name}")


def draw_tasks(studio: Studio) -> None:
    tasks = [(each.name, each) for each in (TEAMS, SLIP)]
    listed = TaskListDialog(tasks, studio.window)
    listed.show()
    listed.show_recent([TEAMS])
    studio.shoot("task-list", listed)
    gone = replace(TEAMS, examples=(Example(text="a", answer="b"),) * 3)
    lesson = StoredLesson(version="1", model="m", taught="{}")
    listed.show_tasks(tasks[1:])
    listed.show_deleted([RemovedTask(task=gone, text="", lessons=(lesson,))])
    studio.shoot("task-list-deleted", listed)
    listed._edit.setText(listed.tr("&Edit a copy…"))
    studio.shoot("task-list-copy", listed)
    listed.show_deleted([])
    listed.show_tasks(tasks)
    listed._query.setText("nothing that fits")
    studio.shoot("task-list-empty", listed)
    listed.reject()
    made = EditTaskDialog(studio.jobs, studio.theme, studio.window, MAIL, TEAMS)
    made.show()
    studio.wait(PAUSE + 700)
    studio.shoot("task-edited", made)
    made.reject()
    new = EditTaskDialog(studio.jobs, studio.theme, studio.window, "")
    new.show()
    new._tell()
    studio.shoot("task-refused", new)
    new.reject()


def draw_pages(studio: Studio) -> None:
    window = studio.window
    window.show_place(1)
    studio.shoot("batch")
    draw_batch(studio)
    window.show_place(2)
    studio.wait()
    window.history._table.choose(1)
    studio.shoot("history")
    window.history._query.setText("nothing like this")
    studio.wait(300)
    studio.shoot("history-nothing-found")
    draw_history(studio)
    window.show_place(4)
    window.preferences._ask_engine()
    studio.shoot("preferences")
    draw_privacy(studio)
    draw_ladder(studio)
    window.places.areas[4].ensureWidgetVisible(window.preferences.speed)
    studio.desktop.tune.gate.clear()
    window.preferences.speed.tune()
    studio.wait()
    studio.shoot("preferences-tuning")
    studio.desktop.tune.gate.set()
    studio.wait()
    studio.shoot("preferences-tuned")


def draw_measure(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    times = 24
    desktop.evaluate.found = {
        "starter-135m": evaluation("starter-135m", "Starter", 98_000_000, 21, times),
        "larger-1.5b": evaluation("larger-1.5b", "Larger", 1_100_000_000, 4, times),
    }
    page, area = window.measure, window.places.areas[3]
    window.work.form.set_task(QUEUE)
    window.show_place(3)
    studio.shoot("measure-empty")
    page._run_form()
    studio.shoot("measure-failed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.csv"
        path.write_text(labelled_rows(times))
        page._form.rows.take(str(path))
        page._form._ticks["larger-1.5b"].setChecked(True)
        studio.wait(200)
        desktop.evaluate.gate.clear()
        desktop.evaluate.far = (
            Progress(done=70, total=240, seconds_left=41.0, note="Starter"),
        )
        page._run_form()
        studio.wait(200)
        studio.shoot("measure-running")
        page._halt()
        studio.wait(200)
        studio.shoot("measure-stopped")
        desktop.evaluate.gate.set()
        page._run_form()
        studio.wait(300)
    for name, widget in (
        ("figures", page.view._clearing),
        ("details", page.view.details._which),
        ("threshold", page.view.details._labels),
        ("rows", page.view._whole),
    ):
        at = widget.mapTo(page, QPoint()).y()
        area.verticalScrollBar().setValue(at - 40 if name != "threshold" else at - 200)
        if name == "rows":
            page.view._rows.choose(1)
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        studio.shoot(f"measure-{name}")
    page.before._table.selectAll()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    studio.shoot("measure-before")


def draw_measured_tags(studio: Studio) -> None:
    window, desktop, times = studio.window, studio.desktop, 24
    desktop.evaluate.found = {
        "starter-135m": tagging("starter-135m", "Starter", 98_000_000, 41, times),
        "larger-1.5b": tagging("larger-1.5b", "Larger", 1_100_000_000, 12, times),
    }
    page, area = window.measure, window.places.areas[3]
    window.work.form.set_task(TAGS)
    page._look_back()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.csv"
        path.write_text(tagged_rows(times))
        page._form.rows.take(str(path))
        studio.wait(200)
        area.verticalScrollBar().setValue(0)
        studio.shoot("measure-tags-asked")
        page._run_form()
        studio.wait(300)
    page.view._rows.choose(1)
    page.before._table.selectAll()
    for name, widget in (
        ("figures", page.view._clearing),
        ("labels", page.view.details._kept),
        ("rows", page.view._filter),
    ):
        at = widget.mapTo(page, QPoint()).y()
        area.verticalScrollBar().setValue(at - 40)
        studio.shoot(f"measure-tags-{name}")


def draw_lessons(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    desktop.teach.texts = 24
    desktop.teach.lesson = replace(ADOPTED, examples=24, before=15, after=21)
    studio.run(TEAMS, MAIL, Classification(label="billing", scores=label_scores()))
    window.work.panel.confirmation_asked.emit()
    studio.wait(300)
    window.places.areas[0].ensureWidgetVisible(window.lessons.notice)
    studio.shoot("work-learned")
    window.lessons.open(window.work.form.task)
    dialog = window.findChildren(TeachDialog)[-1]
    studio.wait(300)
    studio.shoot("teach", dialog)
    dialog._begin()
    studio.wait(300)
    studio.shoot("teach-done", dialog)
    dialog._show_examples()
    examples = dialog.findChildren(ExamplesDialog)[-1]
    studio.wait(300)
    examples._table.choose(0)
    studio.shoot("examples", examples)
    examples.reject()
    dialog.reject()


def draw_history(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    history = window.history
    history._query.clear()
    studio.wait(400)
    history.filters._days.setCurrentIndex(5)
    studio.wait(300)
    history._table.setFocus()
    history._table.selectAll()
    studio.shoot("history-many-chosen")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tickets.csv"
        history._export.write(Sought(), out)
        studio.wait(300)
        studio.shoot("history-exported")
        desktop.backups.make()
        history.forget()
        dialog = window.findChildren(ForgetDialog)[-1]
        studio.wait(400)
        studio.shoot("forget", dialog)
        for reach in (Reach.TASK, Reach.OLDER):
            dialog._reach.setCurrentIndex(dialog._reach.findData(reach))
            studio.wait(300)
            studio.shoot(f"forget-{reach.value}", dialog)
        desktop.forget.gate.clear()
        dialog._begin(delete_unreadable=False)
        studio.wait(300)
        studio.shoot("forget-working", dialog)
        desktop.forget.unreadable = ("/data/onhand.db.damaged-20260301T120000Z",)
        desktop.forget.gate.set()
        studio.wait(300)
        studio.shoot("forget-unreadable", dialog)
        desktop.forget.unreadable = ()
        dialog.reject()
    history.filters._days.setCurrentIndex(0)
    draw_keeping(studio)


def draw_keeping(studio: Studio) -> None:
    window, keeping = studio.window, studio.window.keeping
    keeping.show_damage()
    studio.shoot("damaged")
    window.preferences.privacy._keys.click()
    keys = window.findChildren(KeysDialog)[-1]
    studio.wait(300)
    keys._recover.click()
    studio.wait(300)
    studio.shoot("keys", keys)
    keys.reject()
    keeping.restore()
    dialog = window.findChildren(RestoreDialog)[-1]
    studio.wait(300)
    studio.shoot("restore", dialog)
    dialog._restore()
    studio.wait(400)
    studio.shoot("restored")
    keeping.notice.hide()
    searched = studio.desktop.history.search
    studio.desktop.history.search = fails_with(HistoryLocked())
    window.history.lock()
    studio.wait(300)
    studio.shoot("history-locked")
    studio.desktop.history.search = searched
    window.history.refresh()
    studio.wait(300)


def fails_with(error: Exception):
    def fail(*_, **__):
        raise error

    return fail


def draw_privacy(studio: Studio) -> None:
    window = studio.window
    area, page = window.places.areas[4], window.preferences
    area.ensureWidgetVisible(page.privacy, 0, 0)
    studio.shoot("preferences-privacy")
    area.verticalScrollBar().setValue(page.managed.y() - 20)
    studio.shoot("preferences-managed-by-nobody")
    page.show_policies(POLICIES)
    studio.wait()
    page.managed._table.choose(1)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    studio.shoot("preferences-managed")


def draw_cloud(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    desktop.cloud.masks.people = ["Amélie Brandt"]
    window.show_place(4)
    window.preferences.change("cloud", "yes")
    studio.wait(300)
    window.places.areas[4].ensureWidgetVisible(window.preferences.cloud, 0, 0)
    bar, card = window.places.areas[4].verticalScrollBar(), window.preferences.cloud
    bar.setValue(card.y() - 20)
    studio.shoot("preferences-cloud")
    adding = CloudAddDialog(studio.jobs, window)
    adding.open()
    studio.shoot("cloud-add", adding)
    adding.reject()
    desktop.cloud.counts = [
        Counted(
            month="2026-11", task_id="t", route="local", requests=1234, seconds=812.0,
            characters=400_000,
        )
    ]  # fmt: skip
    used = UsageDialog(studio.jobs, window)
    used.open()
    studio.wait(300)
    studio.shoot("cloud-usage", used)
    used.reject()
    studio.run(QUEUE, MAIL, label_scores_answer())
    studio.shoot("cloud-offered")
    window.leaving.ask()
    studio.wait(400)
    [sheet] = window.findChildren(CloudSheet)
    studio.shoot("cloud-sheet", sheet)
    desktop.cloud.cloud.failing = CloudBusy("status 529")
    sheet._send.click()
    studio.wait(300)
    studio.shoot("cloud-sheet-failed", sheet)
    desktop.cloud.cloud.says = '{"label": "billing"}'
    sheet._send.click()
    studio.wait(400)
    studio.shoot("cloud-answered")


def label_scores_answer() -> Classification:
    return Classification(label="billing", scores={"billing": 0.46, "technical": 0.41})


def draw_smaller_first(studio: Studio) -> None:
    page = studio.window.batch
    before = studio.desktop.settings.load()
    studio.desktop.settings.save(replace(before, model=LARGER.id))
    studio.window.show_place(0)
    studio.window.show_place(1)
    studio.wait(400)
    page._form.smaller._wanted.setChecked(True)
    found = Foreseen(worth=Worth.PAYS, share=0.61, agreement=0.975, texts=200)
    first = First(
        model=STARTER.path,
        model_id=STARTER.id,
        found=found,
        answered=3120,
        saved=512.0,
    )
    plan = SimpleNamespace(first=first, model_id=LARGER.id, target="/data/out.csv")
    page._show_end(SimpleNamespace(plan=plan, done=5000, failed=0))
    studio.shoot("batch-smaller-first")
    page._form.smaller._wanted.setChecked(False)
    page._notice.hide()
    studio.desktop.settings.save(before)


def draw_batch(studio: Studio) -> None:
    page, desktop = studio.window.batch, studio.desktop
    desktop.rows.texts = ROWS
    page._form._names.setCurrentIndex(1)
    page._form._source.setText("/data/tickets.csv")
    studio.wait(600)
    studio.shoot("batch-columns")
    page._try_form()
    studio.wait(500)
    trial = next(each for each in page.findChildren(TrialDialog))
    studio.shoot("batch-trial", trial)
    trial.reject()
    studio.wait(200)
    draw_smaller_first(studio)
    page._begin("Waiting for its turn…")
    run = page._running
    page._follow(run, Progress(done=1840, total=5000, seconds_left=412.0))
    studio.shoot("batch-running")
    page._running = None
    page._settle()
    page._run_form()
    studio.wait(500)
    studio.shoot("batch-done")
    studio.window.places.areas[1].verticalScrollBar().setValue(10_000)
    page._table.choose(0)
    studio.shoot("batch-earlier")
    page._open_review()
    studio.wait(400)
    review = next(each for each in page.findChildren(ReviewDialog))
    studio.shoot("batch-review", review)
    review.accept()
    studio.window.places.areas[1].verticalScrollBar().setValue(0)
    studio.wait(200)


def draw_ladder(studio: Studio) -> None:
    window = studio.window
    card = window.preferences.models
    window.places.areas[4].verticalScrollBar().setValue(0)
    card.choose("larger-1.5b")
    shoot_card(studio, "ladder-fits")
    card.choose("largest-4b")
    shoot_card(studio, "ladder-cannot-run")
    draw_download(studio)
    draw_import(studio)
    draw_care(studio)


def draw_download(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    window.preferences.models.choose("smaller-0.5b")
    desktop.downloads.gate.clear()
    window.transfers.begin("smaller-0.5b", 491_400_064)
    studio.wait(400)
    shoot_card(studio, "ladder-downloading")
    window.transfers.pause("smaller-0.5b")
    studio.wait(400)
    shoot_card(studio, "ladder-paused")
    desktop.downloads.failing = NetworkFailed("hub.example answers 503")
    desktop.downloads.gate.set()
    window.transfers.begin("smaller-0.5b", 491_400_064)
    studio.wait(400)
    shoot_card(studio, "ladder-failed")
    desktop.downloads.failing = None
    window.unfinished._ask(
        [
            Transfer(
                model="smaller-0.5b",
                state=TransferState.PAUSED,
                done=201_000_000,
                total=491_400_064,
            )
        ]
    )
    studio.shoot("unfinished-at-start")
    window.unfinished.hide()


def draw_import(studio: Studio) -> None:
    window = studio.window
    window.imports.take(Path("/stick/unknown-2b.gguf"))
    studio.wait(400)
    box = next(each for each in window.findChildren(QMessageBox) if each.isVisible())
    studio.shoot("ladder-consent", box)
    box.buttons()[0].click()
    studio.wait(400)
    window.preferences.models.choose("unknown-2b.gguf")
    shoot_card(studio, "ladder-unverified")


def draw_care(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    card = window.preferences.models
    desktop.ladder.change("larger-1.5b", damaged=True)
    card.look()
    studio.wait(300)
    card.choose("larger-1.5b")
    shoot_card(studio, "ladder-damaged")
    desktop.ladder.change("larger-1.5b", damaged=False)
    desktop.fit.gate.clear()
    card.look()
    studio.wait(300)
    card._try()
    studio.wait(300)
    shoot_card(studio, "ladder-trying")
    desktop.fit.gate.set()
    studio.wait(300)
    card._ask_to_remove()
    box = next(each for each in window.findChildren(QMessageBox) if each.isVisible())
    studio.shoot("ladder-remove", box)
    box.close()


def shoot_card(studio: Studio, name: str) -> None:
    """The window with the details of the chosen model in sight."""
    studio.wait()
    area = studio.window.places.areas[4]
    area.ensureWidgetVisible(studio.window.preferences.models._details, 0, 40)
    studio.shoot(name)


def draw_changes(studio: Studio) -> None:
    window, desktop = studio.window, studio.desktop
    desktop.compare.gate.clear()
    window.switching.look("larger-1.5b", "Larger", "starter-135m")
    dialog = window.switching._dialog
    studio.wait(300)
    studio.shoot("changes-running", dialog)
    desktop.compare.gate.set()
    studio.wait(300)
    studio.shoot("changes-result", dialog)
    dialog.reject()
    desktop.compare.failing = NothingToCompare()
    window.switching.look("larger-1.5b", "Larger", "starter-135m")
    dialog = window.switching._dialog
    studio.wait(300)
    studio.shoot("changes-nothing", dialog)
    dialog._samples.click()
    studio.wait(300)
    studio.shoot("changes-samples", dialog)
    desktop.compare.failing = None
    dialog._switch.click()
    studio.wait(300)
    studio.shoot("changed-with-undo")
    window.switching.notice.undo.click()
    studio.wait(300)
    studio.shoot("changed-back")
    window.switching.notice.hide()


def draw_first_start(studio: Studio) -> None:
    studio.window.welcome.open()
    dialog = studio.window.welcome._dialog
    for number in range(3):
        dialog._go(number)
        studio.wait(200)
        studio.shoot(f"first-start-{number + 1}", dialog)
    dialog.reject()


def draw_quick(studio: Studio) -> None:
    """The quick panel in each of its states, and what Preferences say of it."""
    clipboard = QApplication.clipboard()
    panel = QuickPanel(studio.jobs, studio.theme, studio.window.shortcuts)
    panel.set_tasks(studio.desktop.tasks.names())
    clipboard.setText(MAIL)
    panel.come()
    panel.list.take_focus()
    studio.shoot("quick-offer", panel)
    for name, task, answer in (
        ("label", TEAMS, Classification(label="billing", scores=label_scores())),
        ("fields", SLIP, extraction()),
        ("check", Rewrite(instruction="Plain language.", name="Plain"), rewriting()),
        ("summary", Summarise(instruction="Shorten.", name="In short"), summary()),
    ):
        made = replace(outcome(answer), model="smollm2-135m")
        clipboard.setText(f"{MAIL} ")
        panel._begin()
        studio.desktop.run_task.answers[f"{MAIL} "] = made
        panel.run(task)
        studio.shoot(f"quick-{name}", panel)
    clipboard.clear()
    panel._begin()
    studio.shoot("quick-empty", panel)
    panel.close()
    panel.deleteLater()
    studio.window.show_place(3)
    shortcut = GlobalShortcut()  # there is none off screen, so it tells how to bind keys
    shortcut.use("Ctrl+Alt+Space")
    card = studio.window.preferences.quick
    card.watch(Tray(program_icon()), shortcut)
    studio.wait(300)
    studio.window.places.areas[3].ensureWidgetVisible(card._list, 0, 40)
    studio.shoot("preferences-quick")
    for name, dialog in (
        ("shortcuts", ShortcutsDialog(studio.window.shortcuts, studio.window)),
        ("task-import", TaskDialog(TEAMS, studio.window)),
    ):
        dialog.show()
        studio.shoot(name, dialog)
        dialog.close()


def draw_dialogs(studio: Studio) -> None:
    for name, entry in (
        ("correct-label", record(task=QUEUE)),
        ("correct-fields", record(task=RECEIPT)),
    ):
        dialog = CorrectDialog(studio.jobs, entry, studio.window)
        dialog.show()
        studio.shoot(name, dialog)
        dialog.close()
    for state in (KeyState.KEYLESS, KeyState.LOCKED, KeyState.SEALED):
        unlock = UnlockDialog(studio.jobs, state, studio.window)
        unlock.show()
        studio.shoot(f"unlock-{state}", unlock)
        unlock.close()
    ledger = LedgerDialog(studio.jobs, studio.window)
    ledger.show()
    studio.wait(300)
    studio.shoot("ledger", ledger)
    ledger.close()
    crash = CrashDialog('  File "page.py", line 3, in run\nValueError', studio.window)
    crash.show()
    studio.shoot("crash", crash)
    crash.close()
    guide = GuideWindow(Path(__file__).parents[1] / "resources" / "guide")
    guide.show()
    studio.shoot("guide", guide)
    guide.close()


def speak_as_asked() -> None:
    """Take the language that was asked for."""
    application = QApplication.instance() or QApplication(["screens"])
    folder = Path(__file__).parents[1] / "resources" / "translations"
    if LANGUAGE != "rtl":
        speak(application, folder, Language(LANGUAGE))
        return
    sys.path.insert(0, str(folder.parents[1] / "packaging"))
    from translations import known  # noqa: PLC0415 - a program of its own

    application.pseudo = speak_backwards(application, known())


def draw(folder: Path, suffix: str) -> None:
    size = NARROW if suffix else WIDE
    speak_as_asked()
    for appearance in (Appearance.LIGHT, Appearance.DARK):
        for draw_them in (draw_all, draw_failures):
            studio = Studio(folder, f"-{appearance}{suffix}")
            try:
                studio.theme.set_appearance(appearance)
                draw_them(studio, size, appearance)
            finally:
                studio.end()


def draw_all(studio: Studio, size: tuple[int, int], appearance: Appearance) -> None:
    settings = replace(studio.desktop.settings.load(), appearance=appearance)
    studio.desktop.settings.save(settings)
    studio.show(size)
    if ONLY == "batch":
        studio.window.show_place(1)
        studio.shoot("batch")
        draw_batch(studio)
        return
    if ONLY == "privacy":
        for number, text in enumerate((MAIL, "The app closes by itself.", PLAIN_MAIL)):
            entry = record(text, QUEUE, pinned=number == 1, correction="billing")
            studio.desktop.history.add(bare(entry) if number == 0 else entry)
        draw_pages(studio)
        draw_dialogs(studio)
        return
    alone = {
        "quick": (draw_quick,),
        "cloud": (draw_cloud,),
        "tasks": (draw_work, draw_tasks),
        "measure": (draw_measure, draw_measured_tags, draw_lessons),
    }
    if ONLY in alone:
        for draw_part in alone[ONLY]:
            draw_part(studio)
        return
    if ONLY != "models":
        draw_work(studio)
        draw_editors(studio)
        draw_tasks(studio)
        draw_pages(studio)
        draw_measure(studio)
        draw_measured_tags(studio)
        draw_lessons(studio)
        draw_dialogs(studio)
        draw_quick(studio)
        draw_cloud(studio)
    else:
        studio.window.show_place(4)
        studio.wait(300)
        draw_ladder(studio)
    draw_changes(studio)
    draw_first_start(studio)


def draw_failures(studio: Studio, size: tuple[int, int], _: Appearance) -> None:
    studio.desktop.opening = DiskFull()
    studio.show(size)
    studio.shoot("services-failed")
    studio.window.show_place(2)
    studio.shoot("history-failed")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if os.environ.get("QT_SCALE_FACTOR"):
        draw(folder, "-200")
        return
    draw(folder, "")
    # The scale is fixed when the application begins: the second one is another process.
    environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
    subprocess.run([sys.executable, *sys.argv], env=environment, check=True)


if __name__ == "__main__":
    main()

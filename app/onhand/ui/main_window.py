"""The window: places on the left, a page, and the strip at the bottom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from onhand.domain.shortcuts import Action
from onhand.ui.batch_page import BatchPage
from onhand.ui.drafting import Drafting
from onhand.ui.history_page import HistoryPage
from onhand.ui.icons import Picture
from onhand.ui.jobs import Jobs, Then
from onhand.ui.keep_afterwards import keep_shown
from onhand.ui.keeping import Keeping
from onhand.ui.leaving import Leaving
from onhand.ui.lessons import Lessons
from onhand.ui.measure_page import MeasurePage
from onhand.ui.model_import import ModelImport
from onhand.ui.parts import Notice, button, scrolled
from onhand.ui.place_notice import PlaceNotice
from onhand.ui.preferences_page import PreferencesPage
from onhand.ui.rail import Place, Rail
from onhand.ui.shortcuts import Shortcuts
from onhand.ui.sleep_watch import SleepWatch
from onhand.ui.status_strip import StatusStrip
from onhand.ui.switching import Switching
from onhand.ui.theme import Gap
from onhand.ui.transfer_notices import MeteredNotice, UnfinishedNotice
from onhand.ui.transfers import Transfers
from onhand.ui.welcome import Welcome
from onhand.ui.window_layout import laid_out
from onhand.ui.work_page import WorkPage

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from onhand.domain.errors import AppError
    from onhand.domain.policies import Policies
    from onhand.domain.settings import Settings
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.services.ports import InstalledModel
    from onhand.ui.scroll_bars import ScrollArea
    from onhand.ui.theme import Theme

_NARROW = 720
_SIZE = QSize(1240, 780)


class MainWindow(QMainWindow):
    """Holds the pages together; `load` fills them once the window is on the screen.

    Signals:
        settings_known: the settings as they are now.
        tasks_known: the tasks with their names.
        closed: nobody sees it any more.
    """

    settings_known = Signal(object)
    tasks_known = Signal(list)
    closed = Signal()

    def __init__(
        self, jobs: Jobs, theme: Theme, shortcuts: Shortcuts | None = None
    ) -> None:
        super().__init__()
        self.shortcuts = shortcuts or Shortcuts()
        self._jobs = jobs
        self._theme = theme
        self.setWindowTitle("Onhand")
        self.setMinimumSize(620, 340)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.92))
        self.work = WorkPage(jobs, theme, self.shortcuts)
        self._drafting = Drafting(jobs, self.work.input, self.work.private)
        self.batch = BatchPage(jobs, self.work.form.task)
        self.history = HistoryPage(jobs)
        self.measure = MeasurePage(jobs, self.work.form.task)
        self.lessons = Lessons(jobs, self)
        self.work.panel.column.addWidget(self.lessons.notice)
        self.transfers = Transfers(jobs)
        self.preferences = PreferencesPage(jobs, self.transfers)
        self.switching = Switching(jobs, self)
        self.imports = ModelImport(jobs, self)
        self.welcome = Welcome(jobs, self.transfers, self)
        self.keeping = Keeping(jobs, self, self.welcome.afterwards)
        self.unfinished = UnfinishedNotice(self.transfers)
        self.metered = MeteredNotice(self.transfers)
        self.place = PlaceNotice(jobs)
        self.strip = StatusStrip()
        self.leaving = Leaving(jobs, theme, self.work, self.strip, self)
        self.sleep_watch = SleepWatch(jobs)
        self.notice = Notice()
        places = (
            Place(self.tr("&Work"), Picture.WORK),
            Place(self.tr("&Batch"), Picture.BATCH),
            Place(self.tr("H&istory"), Picture.HISTORY),
            Place(self.tr("Me&asure"), Picture.MEASURE),
            Place(self.tr("Pre&ferences"), Picture.PREFERENCES),
        )
        self.rail = Rail(places, theme)
        self._pages = QStackedWidget()
        pages = (self.work, self.batch, self.history, self.measure, self.preferences)
        self._areas = [self._area(*each) for each in zip(pages, places, strict=True)]
        self._lay_out()
        self._connect()

    def load(self) -> None:
        """Open the services and show what they know."""
        self.notice.hide()
        self._jobs.start(
            lambda services: services.settings.load(),
            Then(done=self._use_settings, failed=self._show_failure),
        )
        self._jobs.start(
            lambda services: services.settings.policies,
            Then(done=self._use_policies, failed=self._show_failure),
        )
        self._jobs.start(
            lambda services: services.tasks.names(),
            Then(done=self.use_tasks, failed=self._show_failure),
        )
        self._find_model()
        self.transfers.look()
        self.place.look()
        self.keeping.ask_for_key()
        self.work.input.setFocus()

    def show_place(self, number: int) -> None:
        """Go to a page."""
        self.rail.choose(number)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever runs the window, who ends the program or keeps it in the tray."""
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the places show their pictures alone."""
        super().resizeEvent(event)
        self.rail.set_narrow(event.size().width() < _NARROW)

    def _area(self, page: QWidget, place: Place) -> ScrollArea:
        name = self.tr("Page: {name}").format(name=place.title.replace("&", ""))
        area = scrolled(page, name)
        self._pages.addWidget(area)
        return area

    def _lay_out(self) -> None:
        again = button(self.tr("Tr&y again"))
        again.clicked.connect(self.load)
        self.notice.setProperty("place", "banner")
        self.notice.column.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        notices = (
            self.notice,
            self.keeping.notice,
            self.switching.notice,
            self.unfinished,
            self.metered,
            self.place,
        )
        self.setCentralWidget(laid_out(self.rail, notices, self._pages, self.strip))

    def _connect(self) -> None:
        self.rail.chosen.connect(self._pages.setCurrentIndex)
        self.sleep_watch.slept.connect(self.strip.show_asleep)
        self.strip.model_asked.connect(lambda: self.show_place(4))
        self.work.answered.connect(self._show_made)
        self.work.panel_filled.connect(self._show_panel)
        self.work.history_changed.connect(self.history.refresh)
        self.work.judged.connect(self.lessons.judge)
        form = self.work.form
        form.teaching_wanted.connect(lambda: self.lessons.open(form.task))
        self.history.opened.connect(self._open)
        self.preferences.settings_changed.connect(self._use_settings)
        self.preferences.model_changed.connect(self._find_model)
        self._connect_models()
        self._connect_keeping()
        places = (
            *(Action.WORK, Action.BATCH, Action.HISTORY),
            *(Action.MEASURE, Action.PREFERENCES),
        )
        for number, action in enumerate(places):
            self.shortcuts.bind(action, self, partial(self.show_place, number))
        self.shortcuts.bind(Action.FIND, self, self._find)

    def _connect_models(self) -> None:
        card, switching, welcome = self.preferences.models, self.switching, self.welcome
        card.use_wanted.connect(switching.look)
        card.put_import(self.imports)
        switching.changed.connect(self._find_model)
        self.transfers.changed.connect(
            lambda _: self.strip.show_transfers(self.transfers.active())
        )
        card.listed.connect(welcome.show_steps)
        self.preferences.welcome_wanted.connect(welcome.open)
        welcome.import_wanted.connect(self.imports.choose_file)
        welcome.use_wanted.connect(switching.use)
        welcome.try_wanted.connect(self._try_first)

    def _connect_keeping(self) -> None:
        keeping, history, privacy = self.keeping, self.history, self.preferences.privacy
        history.key_wanted.connect(keeping.ask_for_key)
        history.backup_wanted.connect(keeping.restore)
        history.damaged.connect(keeping.show_damage)
        self.work.panel.key_wanted.connect(keeping.ask_for_key)
        privacy.lock_wanted.connect(keeping.lock)
        privacy.forget_wanted.connect(history.forget)
        privacy.restore_wanted.connect(keeping.restore)
        privacy.ledger_wanted.connect(self.leaving.show_ledger)
        self.preferences.cloud.sent.connect(self.leaving.count)
        keeping.opened.connect(self._use_key)
        keeping.locked.connect(self._end_lock)
        keeping.nothing_to_lock.connect(privacy.show_nothing_to_lock)
        keeping.declined.connect(lambda: self.preferences.change("keep_history", "no"))
        keeping.failed.connect(self._show_failure)

    def _find(self) -> None:
        self.show_place(2)
        self.history.start_search()

    def _try_first(self, text: str, task: Task) -> None:
        self.show_place(0)
        self.work.form.set_task(task)
        self.work.input.set_text(text)
        self.work.run()

    def _use_settings(self, settings: Settings) -> None:
        self._theme.set_appearance(settings.appearance)
        self.sleep_watch.set_minutes(settings.idle_minutes)
        self._drafting.want(settings.keeps_texts)
        self.keeping.use_settings(settings)
        self.preferences.show_settings(settings)
        self.leaving.use_settings(settings)
        self.welcome.show_settings(settings)
        self.shortcuts.use(settings.shortcuts)
        self.settings_known.emit(settings)

    def _use_policies(self, policies: Policies) -> None:
        self.preferences.show_policies(policies)
        self.welcome.show_policies(policies)

    def _use_key(self) -> None:
        self.history.refresh()
        self._drafting.restore()
        keep_shown(self._jobs, self.work.panel, self.history.refresh)

    def _end_lock(self) -> None:
        self.history.lock()
        self.preferences.privacy.show_locked()

    def use_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks wherever one is chosen."""
        self.work.form.set_tasks(tasks)
        self.batch.set_tasks(tasks)
        self.tasks_known.emit(tasks)
        self.measure.set_tasks(tasks)

    def _find_model(self) -> None:
        self._jobs.start(
            lambda services: services.models.current(),
            Then(done=self._use_model, failed=self._miss_model),
        )

    def _use_model(self, model: InstalledModel) -> None:
        self.strip.show_model(model)
        self.preferences.show_model()

    def _miss_model(self, error: AppError) -> None:
        self.strip.show_failure(error)
        self.preferences.models.look()

    def _show_panel(self) -> None:
        # The panel has its new height only after the layout was asked.
        QTimer.singleShot(0, self._scroll_to_panel)

    def _scroll_to_panel(self) -> None:
        """Show the answer where it stands below the text; of a long one, its beginning."""
        area, panel = self._areas[0], self.work.panel
        if panel.height() < area.viewport().height():
            area.ensureWidgetVisible(panel)
        else:
            top = panel.mapTo(self.work, QPoint()).y()
            area.verticalScrollBar().setValue(top - Gap.SMALL)

    def _show_made(self, record: Record) -> None:
        if record.outcome is not None:
            self.strip.show_made(record.outcome)

    def _open(self, record: Record) -> None:
        self.show_place(0)
        self.work.open_record(record)

    def _show_failure(self, error: AppError) -> None:
        self.notice.say_failure(error)

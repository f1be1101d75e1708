"""The window: who of its parts hears of whom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from onhand.domain.shortcuts import Action
from onhand.ui import late_parts
from onhand.ui.drafting import Drafting
from onhand.ui.jobs import Jobs, Then
from onhand.ui.keep_afterwards import keep_shown
from onhand.ui.late import load
from onhand.ui.leaving import Leaving
from onhand.ui.loading import Loading
from onhand.ui.shortcuts import Shortcuts
from onhand.ui.sleep_watch import SleepWatch
from onhand.ui.window_frame import WindowFrame

_UNSEEN = 250
"""Milliseconds after which a window loads that nothing has painted."""

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from onhand.domain.errors import AppError
    from onhand.domain.policies import Policies
    from onhand.domain.settings import Settings
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.services.ports import InstalledModel
    from onhand.ui.history_page import HistoryPage
    from onhand.ui.own_tasks import OwnTasks
    from onhand.ui.preferences_page import PreferencesPage
    from onhand.ui.theme import Theme


class MainWindow(WindowFrame):
    """Has its parts hear of each other; `load` fills them once the window is on the screen.

    Attributes:
        loaded: the first screen is whole, and the rest was begun.

    Signals:
        settings_known: the settings as they are now.
        tasks_known: the tasks with their names.
        preferences_made: that page is there from now on.
    """

    settings_known = Signal(object)
    tasks_known = Signal(list)
    preferences_made = Signal(object)

    def __init__(
        self, jobs: Jobs, theme: Theme, shortcuts: Shortcuts | None = None
    ) -> None:
        super().__init__(jobs, theme, shortcuts or Shortcuts())
        self._loading = Loading(jobs, self)
        self._drafting = Drafting(jobs, self.work.input, self.work.private)
        self.leaving = Leaving(jobs, theme, self.work, self.strip, self)
        self.sleep_watch = SleepWatch(jobs)
        self.loaded = False
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.load)
        self._connect()

    def load_when_seen(self) -> None:
        """Load once the window was painted; if nobody sees it, a moment later."""
        self._due.start(_UNSEEN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is loaded takes time from what paints."""
        super().paintEvent(event)
        if self._due.isActive():
            self._due.start(0)

    def load(self) -> None:
        """Open the services and show what they know."""
        self.notice.hide()
        self._loading.begin()
        self.work.input.setFocus()

    def _load_rest(self) -> None:
        self.transfers.look()
        self.place.look()
        self.keeping.ask_for_key()
        self.leaving.count()
        self.loaded = True
        self._jobs.start_aside(
            lambda: load(late_parts.LATE),
            Then(done=lambda _: self.pauses.begin(), failed=self._show_failure),
        )

    def _connect(self) -> None:
        self.rail.chosen.connect(self.places.show_page)
        self.tried_again.connect(self.load)
        self.sleep_watch.slept.connect(self.strip.show_asleep)
        self.strip.model_asked.connect(lambda: self.show_place(4))
        self.work.answered.connect(self._show_made)
        self.work.working.connect(self.strip.show_working)
        self.work.panel_filled.connect(self._show_panel)
        self.work.history_changed.connect(self.refresh_history)
        self.work.judged.connect(self._learn)
        self._batch.tell(lambda page: page.judged.connect(self._learn))
        form = self.work.form
        form.teaching_wanted.connect(lambda: self._lessons.get().open(form.task))
        form.list_wanted.connect(self._list_tasks)
        self._own_tasks.tell(self._connect_tasks)
        self.transfers.changed.connect(
            lambda _: self.strip.show_transfers(self.transfers.active())
        )
        self._connect_loading()
        self._history.tell(self._connect_history)
        self._preferences.tell(self._connect_preferences)
        self._lessons.tell(lambda each: self.work.panel.column.addWidget(each.notice))
        self._connect_models()
        self._connect_keeping()
        places = (
            *(Action.WORK, Action.BATCH, Action.HISTORY),
            *(Action.MEASURE, Action.PREFERENCES),
        )
        for number, action in enumerate(places):
            self.shortcuts.bind(action, self, partial(self.show_place, number))
        self.shortcuts.bind(Action.FIND, self, self._find)

    def _learn(self, judged: Record) -> None:
        self._lessons.get().judge(judged)

    def _connect_loading(self) -> None:
        loading = self._loading
        loading.settings_known.connect(self._use_settings)
        loading.policies_known.connect(self._use_policies)
        loading.tasks_known.connect(self.use_tasks)
        loading.model_known.connect(self._use_model)
        loading.model_missed.connect(self._miss_model)
        loading.failed.connect(self._show_failure)
        loading.filled.connect(self._load_rest)

    def _connect_history(self, history: HistoryPage) -> None:
        history.opened.connect(self._open)
        history.judged.connect(self._learn)
        history.key_wanted.connect(self.keeping.ask_for_key)
        history.backup_wanted.connect(self.keeping.restore)
        history.damaged.connect(self.keeping.show_damage)

    def _connect_preferences(self, page: PreferencesPage) -> None:
        page.settings_changed.connect(self._use_settings)
        page.model_changed.connect(self._loading.find_model)
        page.welcome_wanted.connect(self.welcome.open)
        page.models.use_wanted.connect(self.switching.look)
        page.models.put_import(self.imports)
        page.models.listed.connect(self.welcome.show_steps)
        page.privacy.lock_wanted.connect(self.keeping.lock)
        page.privacy.forget_wanted.connect(lambda: self._history.get().forget())
        page.privacy.restore_wanted.connect(self.keeping.restore)
        page.privacy.ledger_wanted.connect(self.leaving.show_ledger)
        page.cloud.sent.connect(self.leaving.count)
        self.preferences_made.emit(page)

    def _connect_tasks(self, tasks: OwnTasks) -> None:
        tasks.used.connect(self._use_task)
        tasks.changed.connect(self.use_tasks)
        tasks.failed.connect(self._show_failure)

    def _connect_models(self) -> None:
        welcome = self.welcome
        self.switching.changed.connect(self._loading.find_model)
        welcome.steps_wanted.connect(self._look_for_models)
        welcome.import_wanted.connect(lambda: self._imports.get().choose_file())
        welcome.use_wanted.connect(self.switching.use)
        welcome.try_wanted.connect(self._try_first)

    def _look_for_models(self) -> None:
        self.preferences.models.look()

    def _connect_keeping(self) -> None:
        keeping = self.keeping
        self.work.panel.key_wanted.connect(keeping.ask_for_key)
        keeping.opened.connect(self._use_key)
        keeping.locked.connect(self._end_lock)
        keeping.nothing_to_lock.connect(
            lambda: self._preferences.get().privacy.show_nothing_to_lock()  # noqa: PLW0108 - made late
        )
        keeping.declined.connect(lambda: self.preferences.change("keep_history", "no"))
        keeping.failed.connect(self._show_failure)

    def _list_tasks(self) -> None:
        work = self.work
        self._own_tasks.get().open_list(work.input.text(), work.form.typed())

    def _use_task(self, task: Task) -> None:
        self.show_place(0)
        self.work.form.set_task(task)
        self.work.input.setFocus()

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
        self._preferences.tell(lambda page: page.show_settings(settings))
        self.leaving.use_settings(settings)
        self.welcome.show_settings(settings)
        self.shortcuts.use(settings.shortcuts)
        self.settings_known.emit(settings)

    def _use_policies(self, policies: Policies) -> None:
        self._preferences.tell(lambda page: page.show_policies(policies))
        self.welcome.show_policies(policies)

    def _use_key(self) -> None:
        self._loading.find_tasks()
        self.refresh_history()
        self._drafting.restore()
        keep_shown(self._jobs, self.work.panel, self.refresh_history)

    def _end_lock(self) -> None:
        self._history.tell(lambda page: page.lock())
        self.preferences.privacy.show_locked()

    def refresh_history(self) -> None:
        """The history is another one."""
        self._history.tell(lambda page: page.refresh())

    def use_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks wherever one is chosen."""
        self.work.form.set_tasks(tasks)
        self._batch.tell(lambda page: page.set_tasks(tasks))
        self._measure.tell(lambda page: page.set_tasks(tasks))
        self.tasks_known.emit(tasks)

    def _use_model(self, model: InstalledModel) -> None:
        self.strip.show_model(model)
        self._preferences.tell(lambda page: page.show_model())

    def _miss_model(self, error: AppError) -> None:
        self.strip.show_failure(error)
        self._preferences.tell(lambda page: page.models.look())

    def _show_panel(self) -> None:
        # The panel has its new height only after the layout was asked.
        QTimer.singleShot(0, self, lambda: self.places.reveal(self.work.panel))

    def _show_made(self, record: Record) -> None:
        if record.outcome is not None:
            self.strip.show_made(record.outcome)

    def _open(self, record: Record) -> None:
        self.show_place(0)
        self.work.open_record(record)

    def _show_failure(self, error: AppError) -> None:
        self.notice.say_failure(error)

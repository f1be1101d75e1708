"""The program on the screen: the window, the quick panel, the tray and who calls them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from onhand.domain.shortcuts import GUIDE, Action
from onhand.domain.starts import Entrance
from onhand.ui.doorbell import Doorbell
from onhand.ui.global_shortcut import GlobalShortcut
from onhand.ui.jobs import Jobs, Then
from onhand.ui.shortcuts import Shortcuts
from onhand.ui.tray import Tray
from onhand.ui.window_state import WindowState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from onhand.domain.settings import Settings
    from onhand.domain.starts import Start
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.ui.guide_window import GuideWindow
    from onhand.ui.main_window import MainWindow
    from onhand.ui.opening import Opening
    from onhand.ui.preferences_page import PreferencesPage
    from onhand.ui.quick_panel import QuickPanel
    from onhand.ui.theme import Theme

_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - the name of a variable

_LENT = frozenset({"xcb", "wayland"})
"""The platforms on which the clipboard asks the program that filled it."""

NewWindow = Callable[[Shortcuts], "MainWindow"]


class Desktop(QObject):
    """Shows what is asked for, and ends the program when nothing is left to show."""

    def __init__(
        self, jobs: Jobs, theme: Theme, opening: Opening, new_window: NewWindow
    ) -> None:
        super().__init__()
        self._jobs = jobs
        self._theme = theme
        self._stays = False
        self._window: MainWindow | None = None
        self._new_window = new_window
        self.shortcuts = Shortcuts()
        self._guide_folder = opening.guide
        self._licences = opening.licences
        self._guide: GuideWindow | None = None
        self._panel: QuickPanel | None = None
        # Who wants nothing kept has a window as if it were the first.
        kept = None if opening.start.private else opening.state
        self._state = None if kept is None else WindowState(kept)
        self._tasks: list[tuple[str, Task]] | None = None
        self.tray = Tray(QApplication.windowIcon())
        self.hotkey = GlobalShortcut()
        self._bell = None if opening.doorstep is None else Doorbell(opening.doorstep)
        QGuiApplication.setQuitOnLastWindowClosed(False)
        self._connect()
        self.answer(opening.start)

    @property
    def panel(self) -> QuickPanel:
        """The quick panel, made when it is first wanted."""
        if self._panel is None:
            from onhand.ui.quick_panel import QuickPanel  # noqa: PLC0415 - the window first

            with self._theme.bare():
                panel = QuickPanel(self._jobs, self._theme, self.shortcuts)
            self._panel = panel
            panel.window_wanted.connect(self._take_over)
            panel.put_away.connect(self._look_soon)
            panel.answered.connect(self._refresh)
            if self._tasks is not None:
                panel.set_tasks(self._tasks)
        return self._panel

    @property
    def window(self) -> MainWindow:
        """The window, made when it is first wanted."""
        if self._window is None:
            with self._theme.bare():
                self._window = window = self._new_window(self.shortcuts)
            if self._state is not None:
                self._state.restore(window)
            window.settings_known.connect(self._use_settings)
            window.tasks_known.connect(self._use_tasks)
            window.closed.connect(self._keep_state)
            window.closed.connect(self._look_soon)
            window.preferences_made.connect(self._equip)
            self.shortcuts.bind(Action.QUICK, window, self._quick)
            self.shortcuts.bind(Action.KEYS, window, self._show_shortcuts)
            self.shortcuts.bind(Action.QUIT, window, self.end)
            QShortcut(QKeySequence(GUIDE), window).activated.connect(self.show_guide)
        return self._window

    def _equip(self, page: PreferencesPage) -> None:
        page.about.offer(self._licences)
        page.quick.watch(self.tray, self.hotkey)
        page.quick.keys_wanted.connect(self._show_shortcuts)

    def answer(self, start: Start) -> None:
        """Show what a start asks for."""
        if start.token:
            os.environ[_TOKEN] = start.token  # Qt takes it from there
        if start.entrance is Entrance.QUICK:
            self.panel.private.setChecked(start.private)
            self._quick()
            return
        self._show_window()
        if start.private:
            self.window.work.private.setChecked(True)
        if start.file:
            from onhand.ui.file_opening import FileOpening  # noqa: PLC0415 - the window first

            FileOpening(self._jobs, self.window).open(Path(start.file))

    def shown(self) -> QWidget | None:
        """What is on the screen now."""
        both: tuple[QWidget | None, ...] = (self._window, self._panel)
        return next((each for each in both if each is not None and each.isVisible()), None)

    def end(self) -> None:
        """End the program."""
        self._keep_state()
        self.hotkey.release()
        self.tray.hide()
        QApplication.quit()

    def _keep_state(self) -> None:
        if self._state is not None and self._window is not None:
            self._state.keep(self._window)

    def _connect(self) -> None:
        if self._bell is not None:
            self._bell.rang.connect(self.answer)
        self.tray.quick_wanted.connect(self._quick)
        self.tray.window_wanted.connect(self._show_window)
        self.tray.end_wanted.connect(self.end)
        self.hotkey.pressed.connect(self._quick)
        QGuiApplication.clipboard().changed.connect(self._look_at_clipboard)

    def _quick(self) -> None:
        if self._window is None:  # the window would have told the panel all this
            self._jobs.start(
                lambda services: (services.settings.load(), services.tasks.names()),
                Then(done=self._use_both, failed=lambda _: None),  # running tells why
            )
        self.panel.come()

    def _use_both(self, found: tuple[Settings, list[tuple[str, Task]]]) -> None:
        settings, tasks = found
        self._theme.set_appearance(settings.appearance)
        self.shortcuts.use(settings.shortcuts)
        self._use_settings(settings)
        self._use_tasks(tasks)

    def _use_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        self._tasks = tasks
        if self._panel is not None:
            self._panel.set_tasks(tasks)

    def _refresh(self) -> None:
        if self._window is not None:
            self._window.refresh_history()

    def _use_settings(self, settings: Settings) -> None:
        self._stays = settings.stay_in_tray
        self.hotkey.use(settings.quick_shortcut)

    def _show_window(self) -> None:
        fresh = self._window is None
        window = self.window
        if window.isMinimized():
            window.showNormal()
        window.show()
        window.raise_()
        window.activateWindow()
        if fresh:
            window.load_when_seen()

    def show_guide(self) -> None:
        """Show the guide in a window of its own."""
        from onhand.ui.guide_window import GuideWindow  # noqa: PLC0415 - likewise

        if self._guide_folder is None:
            return
        if self._guide is None:
            self._guide = GuideWindow(self._guide_folder)
        self._guide.show_chapter()

    def _take_over(self, text: str, record: Record | None) -> None:
        self._show_window()
        self.window.show_place(0)
        if record is not None:
            self.window.work.open_record(record)
        else:
            self.window.work.input.set_text(text)

    def _show_shortcuts(self) -> None:
        from onhand.ui.shortcuts_dialog import ShortcutsDialog  # noqa: PLC0415 - likewise

        dialog = ShortcutsDialog(self.shortcuts, self.window)
        dialog.changed.connect(
            lambda setting: self.window.preferences.change("shortcuts", setting)
        )
        dialog.open()

    def _look_at_clipboard(self, mode: QClipboard.Mode) -> None:
        if mode is QClipboard.Mode.Clipboard:
            self._look_if_done()

    def _look_soon(self) -> None:
        """What is being closed is visible until that is done."""
        QTimer.singleShot(0, self, self._look_if_done)

    def _look_if_done(self) -> None:
        """End where nothing is shown and nothing would be lost.

        Where the clipboard belongs to the program that filled it, an answer in it would go
        with this process; so that waits, unseen, until something else is copied.
        """
        if self.shown() is not None:
            return
        if self._stays and self.tray.is_there:
            return
        lent = QGuiApplication.platformName() in _LENT
        if lent and self._panel is not None and self._panel.former.lends:
            return
        self.end()

"""Keeps the history for the window: its key, its lock, its backups, and what is damaged."""

# ruff: noqa: PLC0415 - the window is seen before the key is looked for

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout

from onhand.domain.errors import DataDamaged
from onhand.ui import late_parts
from onhand.ui.idle_lock import IdleLock
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Notice, button
from onhand.ui.place_notice import look_for_damage
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.domain.errors import AppError
    from onhand.domain.settings import Settings
    from onhand.services.bundle import Archive
    from onhand.services.key_ports import KeyState
    from onhand.ui.unlock_dialog import UnlockDialog

_BACKUP = 5 * 60 * 1000
"""Milliseconds between two looks whether a backup is due."""


class KeepingNotice(Notice):
    """Says that the history is damaged, or what became of it; blocks nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("place", "banner")
        self.restore = button(
            self.tr("&Restore a backup…"), name=self.tr("Restore a backup of the history")
        )
        close = button(self.tr("&Close"), name=self.tr("Close the notice on the history"))
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self.restore)
        row.addWidget(close)
        row.addStretch()
        self.column.addLayout(row)
        close.clicked.connect(self.hide)


class Keeping(QObject):
    """Asks for the key, gives it up, makes backups and offers them.

    Signals:
        opened: the history can be read and written now, or is another one.
        locked: its key is given up.
        nothing_to_lock: there is no history yet.
        declined: nothing shall be kept.
        failed: what could not be found out.
    """

    opened = Signal()
    locked = Signal()
    nothing_to_lock = Signal()
    declined = Signal()
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, window: QWidget, afterwards: Callable[[Callable[[], None]], None]
    ) -> None:
        """`afterwards` calls what it is given when no introduction is open."""
        super().__init__(window)
        self._jobs = jobs
        self._window = window
        self._afterwards = afterwards
        self._is_damaged = False
        self._unlocking: UnlockDialog | None = None
        self.notice = KeepingNotice()
        self.notice.restore.clicked.connect(self.restore)
        self.idle = IdleLock(self)
        self.idle.idle.connect(self.lock)
        self._backup = QTimer(self)
        self._backup.setInterval(_BACKUP)
        self._backup.timeout.connect(self.back_up)
        self._backup.start()

    def use_settings(self, settings: Settings) -> None:
        """Lock after so many minutes."""
        self.idle.set_minutes(settings.lock_minutes if settings.keep_history else 0)

    def ask_for_key(self) -> None:
        """Ask for what opens the history, where that is needed and wanted."""
        self._jobs.start(
            lambda services: services.settings.load().keep_history,
            Then(done=self._look_for_key, failed=self.failed.emit),
        )

    def lock(self) -> None:
        """Give the key up: the history is closed on both sides, and shown no more.

        A batch that runs goes on with the file that it has open, and closes it at its end.
        """
        self._jobs.look_up(_seal, Then(done=self._end_lock, failed=self.failed.emit))

    def back_up(self) -> None:
        """Copy the history where it is time; of failures only damage is told here."""
        self._jobs.look_up(
            lambda archive: archive.backups.make_if_due(),
            Then(done=lambda _: None, failed=self.show_if_damaged),
        )

    def restore(self) -> None:
        """Let the user choose a backup."""
        dialog = late_parts.restore_dialog(
            self._jobs, self._window, damaged=self._is_damaged
        )
        dialog.restored.connect(self._end_restore)
        dialog.open()

    def show_damage(self) -> None:
        """Offer a backup, once."""
        if not self._is_damaged:
            self._is_damaged = True
            self.notice.restore.show()
            self.notice.say(
                self.tr("The history is damaged"),
                self.tr(
                    "It was left as it is. Answers cannot be kept until a backup takes its"
                    " place; the damaged file is set aside then, not deleted."
                ),
                tone="danger",
            )

    def show_if_damaged(self, error: AppError) -> None:
        """Offer a backup if this is damage."""
        if isinstance(error, DataDamaged):
            self.show_damage()

    def _look_for_key(self, wanted: bool) -> None:
        if wanted:
            self._jobs.look_up(
                lambda archive: archive.keys.state(),
                Then(done=self._ask_for_key, failed=self._tell_failure),
            )

    def _ask_for_key(self, state: KeyState) -> None:
        from onhand.services.key_ports import KeyState

        if state is not KeyState.OPEN:
            self._afterwards(lambda: self._show_unlock(state))
            return
        self._jobs.look_up(
            lambda archive: archive.history.search("", kind=None, limit=1, before=None),
            Then(done=lambda _: self.opened.emit(), failed=self.show_if_damaged),
        )
        look_for_damage(self._jobs, self.show_if_damaged)

    def _show_unlock(self, state: KeyState) -> None:
        if self._unlocking is not None:
            self._unlocking.activateWindow()
            return
        self._unlocking = dialog = late_parts.unlock_dialog(self._jobs, state, self._window)
        dialog.unlocked.connect(self.opened)
        dialog.declined.connect(self.declined)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self, _: int) -> None:
        self._unlocking = None

    def _end_lock(self, is_locked: bool) -> None:
        if not is_locked:
            self.nothing_to_lock.emit()
        else:
            self._jobs.start(
                lambda services: services.let_go(),
                Then(done=lambda _: None, failed=self.failed.emit),
                long=True,
            )
            self.locked.emit()

    def _end_restore(self, title: str, told: str) -> None:
        self._is_damaged = False
        self.notice.restore.hide()
        self.notice.say(title, told, tone="success")
        self.opened.emit()

    def _tell_failure(self, error: AppError) -> None:
        self.show_if_damaged(error)
        if not isinstance(error, DataDamaged):
            self.failed.emit(error)


def _seal(archive: Archive) -> bool:
    """Close it and give the key up; whether there was something to lock."""
    from onhand.services.key_ports import KeyState

    archive.let_go()
    archive.keys.seal()
    return archive.keys.state() is KeyState.SEALED

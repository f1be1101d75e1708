"""Privacy in Preferences: what is kept, for how long, who can read it, and undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from onhand.ui.jobs import Jobs, Then
from onhand.ui.keys_dialog import KeysDialog
from onhand.ui.parts import Card, Notice, button, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.services.keeping_ports import Backup

SETTINGS = ("keep_history", "metrics_only", "keep_days", "lock_minutes", "require_sandbox")
"""The settings of this group, in order."""

_COLUMNS = 2


class PrivacyCard(Card):
    """The settings of the group, and what can be done at once.

    Signals:
        forget_wanted: something shall be forgotten.
        restore_wanted: a backup shall take the place of the history.
        lock_wanted: the history shall be locked now.
        ledger_wanted: the user wants to see which connections there were.
    """

    forget_wanted = Signal()
    restore_wanted = Signal()
    lock_wanted = Signal()
    ledger_wanted = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._notice = Notice()
        self.column.addWidget(label(self.tr("Privacy"), rank="heading"))
        told = self.tr(
            "Everything is kept on this computer alone, and encrypted. Of a text for which"
            " “Keep nothing of this” is ticked in Work there is no trace."
        )
        self.column.addWidget(label(told, tone="muted"))
        self._lock = button(self.tr("L&ock now"), name=self.tr("Lock the history now"))
        self._keys = button(self.tr("Who can open i&t…"), name=self.tr("Who can open it"))
        self._forget = button(self.tr("Forg&et entries…"), name=self.tr("Forget entries"))
        self._make = button(self.tr("Bac&k up now"), name=self.tr("Back up the history"))
        self._restore = button(self.tr("Re&store a backup…"))
        self._ledger = button(self.tr("What left this &computer…"))
        self._buttons = QGridLayout()
        self._buttons.setSpacing(Gap.SMALL)
        made = (
            *(self._lock, self._keys, self._forget),
            *(self._make, self._restore, self._ledger),
        )
        for number, each in enumerate(made):
            self._buttons.addWidget(each, number // _COLUMNS, number % _COLUMNS)
        self._buttons.setColumnStretch(_COLUMNS, 1)
        self._lock.clicked.connect(self.lock_wanted)
        self._keys.clicked.connect(lambda: KeysDialog(self._jobs, self.window()).open())
        self._forget.clicked.connect(self.forget_wanted)
        self._make.clicked.connect(self._back_up)
        self._restore.clicked.connect(self.restore_wanted)
        self._ledger.clicked.connect(self.ledger_wanted)

    def close_column(self) -> None:
        """Put the buttons below the settings, which are there now."""
        self.column.addWidget(self._notice)
        self.column.addLayout(self._buttons)

    def show_locked(self) -> None:
        """Say that the history is locked now."""
        self._notice.say(
            self.tr("The history is locked."),
            self.tr("It is opened again in History, or at the next start."),
        )

    def show_nothing_to_lock(self) -> None:
        """Say that there is no history yet."""
        self._notice.say(self.tr("There is no history yet that could be locked."))

    def _back_up(self) -> None:
        self._make.setEnabled(False)
        self._jobs.look_up(
            lambda archive: archive.backups.make(),
            Then(
                done=self._tell,
                failed=self._notice.say_failure,
                ended=lambda: self._make.setEnabled(True),
            ),
        )

    def _tell(self, backup: Backup) -> None:
        told = self.tr("A backup of {size} was made, reopened and checked.")
        self._notice.say(told.format(size=self._words.size(backup.bytes)), tone="success")

"""Asks for the passphrase of the history, or for a new one where there is no keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.services.key_ports import KeyState
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Notice, button, label
from onhand.ui.secret_line import secret_line
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.errors import AppError


class UnlockDialog(QDialog):
    """Opens the history with what is typed.

    Signals:
        unlocked: the history can be read and written now.
        declined: where there is no history yet, none is wanted.
    """

    unlocked = Signal()
    declined = Signal()

    def __init__(self, jobs: Jobs, state: KeyState, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self._jobs = jobs
        self._state = state
        self._new = state is KeyState.KEYLESS
        self._words = secret_line(self.tr("Passphrase"))
        self._again = secret_line(self.tr("Passphrase, once more"))
        self._notice = Notice()
        self._do = button(
            self.tr("&Set passphrase") if self._new else self.tr("&Unlock"), part="primary"
        )
        self._leave = button(self.tr("&Keep nothing") if self._new else self.tr("&Not now"))
        self._retry = button(
            self.tr("Use the &keyring")
            if state is KeyState.SEALED
            else self.tr("Try the &keyring again")
        )
        self._lay_out()
        self._retry.clicked.connect(self._ask_keyring)
        self._do.clicked.connect(self._try)
        self._leave.clicked.connect(self._refuse)
        self._do.setDefault(True)
        self._words.setFocus()

    def _lay_out(self) -> None:
        title, told = self._told()
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(title, rank="heading"))
        column.addWidget(label(told))
        column.addWidget(self._words)
        column.addWidget(self._again)
        self._again.setVisible(self._new)
        column.addWidget(self._notice)
        column.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        row = QHBoxLayout()
        row.addWidget(self._leave)
        row.addStretch()
        row.addWidget(self._do)
        column.addLayout(row)

    def _told(self) -> tuple[str, str]:
        """What is so, and what can be done."""
        match self._state:
            case KeyState.KEYLESS:
                title = self.tr("A passphrase for your history")
                told = self.tr(
                    "Answers are kept encrypted. This computer has no keyring that could"
                    " hold the key, or it is locked, so a passphrase has to open it. Nobody"
                    " can tell it to you again."
                )
            case KeyState.SEALED:
                title = self.tr("The history is locked")
                told = self.tr(
                    "Its key is no longer in memory. The keyring of this computer opens it"
                    " again, as do your passphrase and the recovery code. Until then"
                    " answers are not kept."
                )
            case _:
                title = self.tr("The history is locked")
                told = self.tr(
                    "The keyring of this computer does not give its key. It may be locked,"
                    " or its dialog was closed: try it again. The passphrase or the"
                    " recovery code opens the history too. Until then answers are not kept."
                )
        return title, told

    def _ask_keyring(self) -> None:
        self._set_enabled(enabled=False)
        self._notice.say(self.tr("Asking the keyring…"))
        self._jobs.look_up(
            lambda archive: archive.keys.retry(),
            lasting(self, Then(done=self._show_keyring, failed=self._show_failure)),
        )

    def _show_keyring(self, state: KeyState) -> None:
        if state is KeyState.OPEN:
            self._finish()
            return
        self._set_enabled(enabled=True)
        self._notice.say(
            self.tr("The keyring does not give the key."),
            self.tr("Unlock it in the settings of your system, or use the passphrase."),
            tone="warning",
        )

    def _set_enabled(self, *, enabled: bool) -> None:
        for each in (self._do, self._retry):
            each.setEnabled(enabled)

    def _try(self) -> None:
        words = self._words.text()
        if self._new and words != self._again.text():
            self._notice.say(self.tr("The two passphrases are not the same."))
            return
        self._set_enabled(enabled=False)
        self._jobs.look_up(
            lambda archive: archive.keys.unlock(words),
            lasting(self, Then(done=lambda _: self._finish(), failed=self._show_failure)),
        )

    def _finish(self) -> None:
        self.unlocked.emit()
        self.accept()

    def _refuse(self) -> None:
        if self._new:
            self.declined.emit()
        self.reject()

    def _show_failure(self, error: AppError) -> None:
        self._set_enabled(enabled=True)
        self._notice.say_failure(error)
        self._words.setFocus()
        self._words.selectAll()

"""Who can open the history: its ways in, further ones, and another key for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.history_errors import CopiesUnreadable
from onhand.services.key_ports import Way
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Notice, button, label
from onhand.ui.secret_line import CodeLine, secret_line
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.services.bundle import Archive, Services
    from onhand.services.key_ports import Rekeyed

Result = TypeVar("Result")


class KeysDialog(QDialog):
    """Tells what opens the history, and changes that."""

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Who can open the history"))
        self.setMinimumWidth(640)
        self._jobs = jobs
        self._words = Wording(self)
        self._ways: frozenset[Way] = frozenset()
        self._rekeying = False
        self._delete = False
        self._states = {way: label() for way in Way}
        self._now = secret_line(self.tr("Passphrase as it is now"))
        self._first = secret_line(self.tr("New passphrase"))
        self._again = secret_line(self.tr("New passphrase, once more"))
        self._code = CodeLine(self.tr("Recovery code"))
        self._notice = Notice()
        self._set = button(self.tr("&Set passphrase"))
        self._recover = button(self.tr("New &recovery code"))
        self._change = button(self.tr("Change the &key"))
        self._leave = button(self.tr("&Close"))
        self._lay_out()
        self._set.clicked.connect(self._set_passphrase)
        self._recover.clicked.connect(self._make_code)
        self._change.clicked.connect(self._rekey)
        self._leave.clicked.connect(self.reject)
        self._look()

    def reject(self) -> None:
        """Close, unless all is being written anew."""
        if not self._rekeying:
            super().reject()

    def _lay_out(self) -> None:
        told = self.tr(
            "The history is encrypted with a key that nobody types. Each of these ways"
            " leads to it; if the last one is lost, so is the history."
        )
        names = {
            Way.KEYRING: self.tr("Keyring of this computer"),
            Way.PASSPHRASE: self.tr("Passphrase"),
            Way.RECOVERY: self.tr("Recovery code"),
            Way.ORGANISATION: self.tr("Key of your organisation"),
        }
        ways = QFormLayout()
        for way, state in self._states.items():
            ways.addRow(label(names[way]), state)
        anew = self.tr(
            "Another key makes what somebody may have learned of the one before useless:"
            " the history and all its backups are written anew. It needs the passphrase"
            " as it is now, if there is one."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("Who can open the history"), rank="heading"))
        column.addWidget(label(told))
        column.addLayout(ways)
        column.addLayout(_row(self._first, self._again, self._set))
        column.addLayout(_row(self._code, self._recover))
        column.addWidget(label(anew, tone="muted"))
        column.addLayout(_row(self._now, self._change))
        column.addWidget(self._notice)
        column.addStretch()
        column.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignRight)

    def _look(self) -> None:
        self._ask(lambda archive: archive.keys.ways(), self._show)

    def _show(self, ways: frozenset[Way]) -> None:
        self._ways = ways
        for way, state in self._states.items():
            state.setText(self.tr("opens it") if way in ways else self.tr("does not"))
        self._now.setVisible(Way.PASSPHRASE in ways)
        self._change.setEnabled(bool(ways))

    def _set_passphrase(self) -> None:
        words = self._first.text()
        if words != self._again.text():
            self._notice.say(self.tr("The two passphrases are not the same."))
            return

        def set_words(archive: Archive) -> frozenset[Way]:
            archive.keys.set_passphrase(words)
            return archive.keys.ways()

        self._ask(set_words, self._end_passphrase)

    def _end_passphrase(self, ways: frozenset[Way]) -> None:
        self._show(ways)
        for line in (self._first, self._again):
            line.clear()
        self._notice.say(
            self.tr("The new passphrase opens the history from now on."),
            self.tr("Nobody can tell it to you again."),
            tone="success",
        )

    def _make_code(self) -> None:
        def make(archive: Archive) -> tuple[str, frozenset[Way]]:
            return archive.keys.add_recovery_code(), archive.keys.ways()

        self._ask(make, self._end_code)

    def _end_code(self, made: tuple[str, frozenset[Way]]) -> None:
        code, ways = made
        self._show(ways)
        self._code.show_code(code)
        self._notice.say(
            self.tr("This recovery code is shown once."),
            self.tr(
                "Print it and keep it apart from this computer. An earlier one is void."
            ),
            tone="success",
        )

    def _rekey(self) -> None:
        words = self._now.text() if Way.PASSPHRASE in self._ways else None
        delete = self._delete

        def rekey(services: Services) -> Rekeyed:
            services.let_go()
            return services.rekey(words, delete_unreadable=delete)

        def go_on(_: None) -> None:
            end = lasting(self, Then(done=self._end_rekey, failed=self._fail))
            self._jobs.start(rekey, end, long=True)

        self._set_working(working=True)
        self._notice.say(self.tr("Everything is written anew…"))
        self._ask(lambda archive: archive.let_go(), go_on)

    def _end_rekey(self, made: Rekeyed) -> None:
        self._set_working(working=False)
        self._delete = False
        self._now.clear()
        if made.recovery_code is not None:
            self._code.show_code(made.recovery_code)
        self._notice.say(
            self.tr("The history has another key."),
            self.tr("Files under it: {number}").format(
                number=self._words.count(made.files)
            ),
            tone="success",
        )
        self._look()

    def _ask(
        self, work: Callable[[Archive], Result], done: Callable[[Result], None]
    ) -> None:
        self._jobs.look_up(work, lasting(self, Then(done=done, failed=self._fail)))

    def _fail(self, error: AppError) -> None:
        self._set_working(working=False)
        self._notice.say_failure(error)
        if isinstance(error, CopiesUnreadable):
            self._delete = True
            self._name_change(self.tr("Delete them and change the &key"))

    def _set_working(self, *, working: bool) -> None:
        self._rekeying = working
        for each in (self._set, self._recover, self._change, self._leave):
            each.setEnabled(not working)
        if not working:
            self._name_change(self.tr("Change the &key"))

    def _name_change(self, text: str) -> None:
        self._change.setText(text)
        self._change.setAccessibleName(text.replace("&", ""))


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for each in widgets:
        row.addWidget(each, 1 if isinstance(each, QLineEdit) else 0)
    row.addStretch()  # where a line is hidden, its button keeps its size
    return row

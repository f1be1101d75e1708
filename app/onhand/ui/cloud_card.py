"""Cloud in Preferences: off; turning it on explains what will happen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.progress import CancelToken
from onhand.ui.cloud_add_dialog import CloudAddDialog
from onhand.ui.cloud_words import CloudWording
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Card, Notice, button, label
from onhand.ui.theme import Gap
from onhand.ui.usage_dialog import UsageDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from onhand.domain.cloud import CloudReply, Provider
    from onhand.services.bundle import Services

SETTINGS = (
    "cloud",
    "cloud_message_cents",
    "cloud_month_cents",
    "masked_words",
    "organisation_words",
    "organisation_patterns",
    "cloud_hosts",
)
"""The settings of this group, in order."""


class CloudCard(Card):
    """The settings of the group, and the cloud models that were added.

    Signals:
        sent: a trial ended; something may have been sent.
    """

    sent = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = CloudWording(self)
        self._notice = Notice()
        self._models = QGridLayout()
        self._models.setHorizontalSpacing(Gap.SMALL)
        self._models.setVerticalSpacing(Gap.SMALL)
        self._models.setColumnStretch(0, 1)
        self._rows: list[QWidget] = []
        self._add = button(
            self.tr("A&dd a cloud model…"), name=self.tr("Add a cloud model")
        )
        self._usage = button(self.tr("What was &used…"), name=self.tr("What was used"))
        self._add.clicked.connect(self._ask)
        self._usage.clicked.connect(lambda: UsageDialog(jobs, self.window()).open())
        self.column.addWidget(label(self.tr("Cloud"), rank="heading"))
        told = self.tr(
            "Where this is on, an answer has a button “Ask a cloud model…”. It shows the"
            " whole request first, to the last byte, with names and numbers masked, where"
            " it goes and what it can cost. Nothing is sent before you press Send there,"
            " and nothing is ever sent by itself."
        )
        self.column.addWidget(label(told, tone="muted"))

    def close_column(self) -> None:
        """Put the cloud models below the settings, which are there now."""
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        for each in (self._add, self._usage):
            buttons.addWidget(each)
        buttons.addStretch()
        self.column.addWidget(self._notice)
        self.column.addLayout(self._models)
        self.column.addLayout(buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Look which cloud models were added."""
        super().showEvent(event)
        self.look()

    def look(self) -> None:
        """Show the cloud models that were added."""
        self._jobs.start(
            lambda services: services.cloud.models.added(),
            Then(done=self._list, failed=self._notice.say_failure),
        )

    def _list(self, providers: Sequence[Provider]) -> None:
        for each in self._rows:
            self._models.removeWidget(each)
            each.deleteLater()
        self._rows = []
        for number, provider in enumerate(providers):
            words = QWidget()
            column = QVBoxLayout(words)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(label(f"{provider.name}: {provider.model}"))
            where = f"{provider.host} · {self._words.price(provider)}"
            column.addWidget(label(where, tone="muted", rank="small"))
            test = button(
                self.tr("Test"), name=self.tr("Test {name}").format(name=provider.name)
            )
            test.clicked.connect(partial(self._test, provider.name))
            remove = button(
                self.tr("Remove"), name=self.tr("Remove {name}").format(name=provider.name)
            )
            remove.clicked.connect(partial(self._remove, provider.name))
            for place, each in enumerate((words, test, remove)):
                self._models.addWidget(each, number, place)
                self._rows.append(each)

    def _ask(self) -> None:
        dialog = CloudAddDialog(self._jobs, self.window())
        dialog.added.connect(self._tell_added)
        dialog.open()

    def _tell_added(self, kept: bool) -> None:
        self.look()
        if kept:
            self._notice.say(self.tr("The cloud model was added."), tone="success")
        else:
            self._notice.say(
                self.tr("The key is only kept until Onhand ends"),
                self.tr("This system has no keyring that can be used."),
                tone="warning",
            )

    def _test(self, name: str) -> None:
        self._notice.say(self.tr("A question without any text of yours was sent…"))

        def work(services: Services) -> CloudReply:
            escalate = services.cloud.escalate
            return escalate.test(escalate.provider(name), CancelToken())

        then = Then(
            done=self._tell_tested, failed=self._notice.say_failure, ended=self.sent.emit
        )
        self._jobs.start(work, then)

    def _tell_tested(self, reply: CloudReply) -> None:
        if '"label"' in reply.text:
            self._notice.say(self.tr("The cloud model answers."), tone="success")
        else:
            self._notice.say(
                self.tr("It answers, but not in the form that is needed"),
                self.tr("Add it again with another form of its replies."),
                tone="warning",
            )

    def _remove(self, name: str) -> None:
        self._jobs.start(
            lambda services: services.cloud.models.remove(name),
            Then(
                done=lambda _: self._notice.hide(),
                failed=self._notice.say_failure,
                ended=self.look,
            ),
        )

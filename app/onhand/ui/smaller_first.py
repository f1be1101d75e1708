"""Letting a smaller model answer first in a batch, and telling what that brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from onhand.domain.cascading import why_not
from onhand.domain.errors import ModelMissing
from onhand.ui.parts import Choice, Tick
from onhand.ui.said import said
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.services.batch_ports import Job
    from onhand.services.bundle import Services


class SmallerFirst(QWidget):
    """Offers the models that are smaller than the one in use; hidden where none is."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Wording(self)
        self._wanted = Tick(self.tr("Let a smaller model answer first"))
        self._models = Choice(self.tr("Smaller model"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._wanted)
        row.addWidget(self._models, 1)
        self._wanted.setToolTip(
            self.tr(
                "It answers the rows of which it is sure enough, if that pays. A sample of"
                " the rows tells."
            )
        )
        self._wanted.toggled.connect(self._models.setEnabled)
        self._models.setEnabled(False)
        self.hide()

    def set_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these models, by id and title; the one that was chosen stays chosen."""
        chosen = self._models.currentData()
        self._models.clear()
        for id_, title in models:
            self._models.addItem(title, id_)
        self._models.setCurrentIndex(max(0, self._models.findData(chosen)))
        self.setVisible(bool(models))

    @property
    def wanted(self) -> str:
        """The id of the model that shall answer first; "" for none."""
        if not self._wanted.isChecked():
            return ""
        return str(self._models.currentData() or "")

    def told(self, job: Job) -> str:
        """What became of it in a batch that is over; "" where none was wanted."""
        first = job.plan.first
        if first is None or first.found is None:
            return ""
        if not first.answers:
            return self.tr("{small} was not asked first: {why}.").format(
                small=first.model_id, why=said(why_not(first.found.worth))
            )
        answered = self.tr("{small} answered {number} rows first.").format(
            small=first.model_id, number=self._words.count(first.answered)
        )
        saved = (
            self.tr("That saved about {time}.").format(
                time=self._words.seconds(first.saved)
            )
            if first.saved > 0
            else self.tr("That saved no time.")
        )
        agreed = self.tr("On a sample {share} of such answers were those of {model}.")
        return " ".join(
            (
                answered,
                saved,
                agreed.format(
                    share=self._words.percent(first.found.agreement),
                    model=job.plan.model_id,
                ),
            )
        )


def smaller_models(services: Services) -> list[tuple[str, str]]:
    """Ids and titles of the models that could answer before the one in use.

    None may where the organisation has fixed which one answers.
    """
    if "model" in services.settings.policies.managed:
        return []
    try:
        current = services.models.original()
    except ModelMissing:
        return []
    return [
        (each.id, each.title)
        for each in services.models.installed()
        if each.kind == "chat" and each.bytes < current.bytes
    ]

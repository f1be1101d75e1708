"""The size ladder: every model, what fits here, and getting, trying and removing them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMessageBox

from onhand.domain.progress import Progress
from onhand.ui.jobs import Jobs, Then
from onhand.ui.model_details import ModelDetails
from onhand.ui.model_words import ModelWording
from onhand.ui.model_work import ModelWork
from onhand.ui.parts import Card, Notice, announce, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.errors import AppError
    from onhand.domain.size_ladder import Step
    from onhand.ui.model_import import ModelImport
    from onhand.ui.transfers import Transfers


class ModelCard(Card):
    """Every model with its state and its fit; the chosen one with what can be done.

    Signals:
        use_wanted: another model shall be used: its id and title, and the one in use.
        listed: the steps, as they are now.
    """

    use_wanted = Signal(str, str, str)
    listed = Signal(object)

    def __init__(self, jobs: Jobs, transfers: Transfers) -> None:
        super().__init__()
        self._jobs = jobs
        self._transfers = transfers
        self._words = ModelWording(self)
        self._numbers = Wording(self)
        self._work = ModelWork(jobs)
        self._shown = ""
        self._notice = Notice()
        self._steps: TableModel[Step] = TableModel(
            (
                Column(title=self.tr("Tier"), text=lambda s: self._words.tier(s.tier)),
                Column(title=self.tr("Model"), text=lambda step: step.title),
                Column(title=self.tr("State"), text=self._state),
                Column(title=self.tr("On this machine"), text=self._words.fit),
            )
        )
        self._table = Table(self.tr("Models"), self._steps, widest=1)
        self._details = ModelDetails()
        self._import = button(self.tr("Impo&rt…"), name=self.tr("Import a model"))
        self._stop_import = button(self.tr("Stop"), name=self.tr("Stop the import"))
        self._stop_import.hide()
        self._import_told = label(tone="muted")
        self._lay_out()
        self._connect()

    def look(self) -> None:
        """Find out anew which models there are and what fits."""
        self._jobs.start(
            lambda services: services.size_ladder(),
            Then(done=self._show, failed=self._notice.say_failure),
        )

    def put_import(self, imports: ModelImport) -> None:
        """Offer to import models, and tell what comes of it."""
        imports.put_behind(self._import)
        self._stop_import.clicked.connect(imports.stop)
        imports.progressed.connect(self._show_import)
        imports.ended.connect(self._end_import)
        imports.imported.connect(self._notice.say)
        imports.failed.connect(self._notice.say_failure)

    def lock(self, by: str) -> None:
        """Let nobody use another model, and say who has fixed that."""
        self._details.lock(by)

    def choose(self, model: str) -> None:
        """Choose a model, if it is there."""
        for row, step in enumerate(self._steps.rows()):
            if step.model == model:
                self._table.choose(row)

    def _lay_out(self) -> None:
        self.column.addWidget(label(self.tr("Model"), rank="heading"))
        told = self.tr("Smaller ones are faster, larger ones are right more often.")
        self.column.addWidget(label(told, tone="muted"))
        self.column.addWidget(self._notice)
        self._table.setFixedHeight(self.fontMetrics().height() * 14)
        self.column.addWidget(self._table)
        self.column.addWidget(self._details)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._import)
        row.addWidget(self._stop_import)
        row.addWidget(self._import_told, 1)
        self.column.addLayout(row)

    def _connect(self) -> None:
        details = self._details
        self._table.chosen.connect(self._show_chosen)
        self._table.entered_row.connect(self._use)
        self._transfers.changed.connect(self._follow)
        self._transfers.arrived.connect(self._arrive)
        self._work.progressed.connect(self._show_progress)
        self._work.ended.connect(self._show_end)
        self._work.failed.connect(self._fail)
        self._work.removed.connect(self._show_removed)
        for wanted, act in (
            (details.use_wanted, self._use),
            (details.download_wanted, self._download),
            (details.pause_wanted, self._pause),
            (details.give_up_wanted, self._give_up),
            (details.try_wanted, self._try),
            (details.verify_wanted, self._verify),
            (details.repair_wanted, self._repair),
            (details.remove_wanted, self._ask_to_remove),
            (details.stop_wanted, self._work.stop),
        ):
            wanted.connect(act)

    def _chosen(self) -> Step | None:
        row = self._table.chosen_row()
        return self._steps.row(row) if row >= 0 else None

    def _state(self, step: Step) -> str:
        return self._words.state(step, self._transfers.of(step.model))

    def _show(self, steps: list[Step]) -> None:
        chosen = self._chosen()
        self._steps.reset(steps)
        self._fit_columns()
        wanted = chosen.model if chosen else next((s.model for s in steps if s.in_use), "")
        self.choose(wanted)
        self.listed.emit(steps)

    def _fit_columns(self) -> None:
        for column in (0, 2, 3):
            self._table.resizeColumnToContents(column)
        # Why a download failed stands below the table as well.
        most = self.fontMetrics().averageCharWidth() * 34
        self._table.setColumnWidth(2, min(most, self._table.columnWidth(2)))

    def _show_chosen(self) -> None:
        step = self._chosen()
        if step is None:
            self._details.hide()
            return
        if self._shown != step.model:
            self._shown = step.model
            self._details.say("")
        self._show_step(step)

    def _show_step(self, step: Step) -> None:
        self._details.show_step(
            step, self._transfers.of(step.model), busy=self._work.model == step.model
        )

    def _follow(self, model: str) -> None:
        """A download stands otherwise."""
        for row, step in enumerate(self._steps.rows()):
            if step.model == model:
                self._steps.replace(row, step)
                self._fit_columns()
        chosen = self._chosen()
        if chosen is not None and chosen.model == model:
            if self._transfers.of(model) is None:
                self._details.say("")
            self._show_step(chosen)

    def _arrive(self, model: str) -> None:
        announce(self, self.tr("{model} is here.").format(model=model))
        self.look()

    def _use(self) -> None:
        step = self._chosen()
        if step is None or not self._details.use.isVisibleTo(self._details):
            return
        if self._details.use.isEnabled():
            used = next((each.model for each in self._steps.rows() if each.in_use), "")
            self.use_wanted.emit(step.model, step.title, used)

    def _download(self) -> None:
        if (step := self._chosen()) is not None:
            self._transfers.begin(step.model, step.bytes)

    def _pause(self) -> None:
        if (step := self._chosen()) is not None:
            self._transfers.pause(step.model)

    def _give_up(self) -> None:
        if (step := self._chosen()) is not None:
            self._transfers.give_up(step.model)

    def _repair(self) -> None:
        if (step := self._chosen()) is not None:
            self._transfers.repair(step.model, step.bytes)

    def _try(self) -> None:
        if (step := self._chosen()) is not None:
            self._work.measure(step.model)

    def _verify(self) -> None:
        if (step := self._chosen()) is not None:
            self._work.verify(step.model)

    def _show_progress(self, model: str, told: str, far: object) -> None:
        """Something is done with a model."""
        chosen = self._chosen()
        if chosen is not None and chosen.model == model:
            self._notice.hide()
            self._details.show_progress(told, far if isinstance(far, Progress) else None)
            self._show_step(chosen)

    def _show_end(self, model: str, told: str) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.model == model:
            self._details.say(told)
            self._show_step(chosen)
        self.look()

    def _fail(self, error: AppError) -> None:
        self._notice.say_failure(error)

    def _show_import(self, told: str, far: object) -> None:
        self._import.hide()
        self._stop_import.show()
        share = ""
        if isinstance(far, Progress) and far.total:
            share = f" · {self._numbers.percent(far.done / far.total)}"
        self._import_told.setText(f"{told}{share}")

    def _end_import(self) -> None:
        self._import.show()
        self._stop_import.hide()
        self._import_told.clear()
        self.look()

    def _show_removed(self, told: str) -> None:
        self._notice.say(told, tone="success")
        self.look()

    def _ask_to_remove(self) -> None:
        step = self._chosen()
        if step is None:
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Remove a model"))
        box.setText(self.tr("Remove {model}?").format(model=step.title))
        again = (
            self.tr("It can be downloaded again.")
            if step.can_be_fetched
            else self.tr("It cannot be downloaded again: keep a copy of its file.")
        )
        frees = self.tr("That frees {size}.").format(size=self._numbers.size(step.bytes))
        box.setInformativeText(f"{frees} {again}")
        remove = box.addButton(self.tr("&Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("&Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        remove.clicked.connect(partial(self._work.remove, step.model, step.title))
        box.open()

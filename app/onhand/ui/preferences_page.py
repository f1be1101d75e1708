"""Preferences: the model, every setting, and what the engine found on this machine."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onhand.domain.settings import Settings, with_value
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Card, Notice, button, label
from onhand.ui.setting_editors import SettingEditor, setting_editor
from onhand.ui.speed_card import SpeedCard
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from onhand.domain.errors import AppError
    from onhand.domain.primitives import EngineState
    from onhand.services.bundle import Services
    from onhand.services.ports import InstalledModel


class PreferencesPage(QWidget):
    """Shows and changes preferences; each change is kept at once.

    Signals:
        settings_changed: the settings as they are now.
        model_changed: another model answers from the next request on.
    """

    settings_changed = Signal(object)
    model_changed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._current: InstalledModel | None = None
        self._notice = Notice()
        self._models: TableModel[InstalledModel] = TableModel(
            (
                Column(title=self.tr("Model"), text=lambda model: model.title),
                Column(title=self.tr("Tier"), text=lambda model: model.tier),
                Column(title=self.tr("Size"), text=lambda m: self._words.size(m.bytes)),
                Column(title=self.tr("Licence"), text=lambda model: model.licence),
                Column(title=self.tr("State"), text=self._state),
            )
        )
        self._table = Table(self.tr("Models on this machine"), self._models, widest=0)
        self._use = button(self.tr("&Use this model"), part="primary")
        self.speed = SpeedCard(jobs)
        self._engine = label(tone="muted")
        self._look = button(self.tr("&Look at the engine"))
        self._editors: dict[str, SettingEditor] = {}
        self._lay_out()
        self._use.clicked.connect(self._use_chosen)
        self._table.entered_row.connect(self._use_chosen)
        self._table.chosen.connect(self._offer)
        self._look.clicked.connect(self._ask_engine)
        self.speed.model_changed.connect(self.model_changed)
        self._offer()

    def show_settings(self, settings: Settings) -> None:
        """Show these values."""
        for name, editor in self._editors.items():
            editor.show_value(getattr(settings, name))

    def show_model(self, model: InstalledModel) -> None:
        """This is the model in use."""
        self._current = model
        self._list_models()
        self.speed.look()

    def showEvent(self, event: QShowEvent) -> None:
        """Look which models are here now."""
        super().showEvent(event)
        self._list_models()

    def _lay_out(self) -> None:
        model = Card()
        model.column.addWidget(label(self.tr("Model"), rank="heading"))
        self._table.setFixedHeight(self.fontMetrics().height() * 10)
        model.column.addWidget(self._table)
        model.column.addWidget(self._use, 0, Qt.AlignmentFlag.AlignLeft)
        settings = Card()
        settings.column.addWidget(label(self.tr("Settings"), rank="heading"))
        for field in dataclasses.fields(Settings):
            if field.name != "model":  # chosen in the table above
                self._add_setting(field, settings.column)
        engine = Card()
        engine.column.addWidget(label(self.tr("Engine"), rank="heading"))
        self._engine.setText(
            self.tr("What the engine runs on, and what it tried, shows once it is loaded.")
        )
        self._engine.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        engine.column.addWidget(self._engine)
        engine.column.addWidget(self._look, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("Preferences"), rank="title"))
        column.addWidget(self._notice)
        for card in (model, self.speed, settings, engine):
            column.addWidget(card)
        column.addStretch()

    def _add_setting(self, field: dataclasses.Field[object], column: QVBoxLayout) -> None:
        editor = setting_editor(field)
        editor.changed.connect(partial(self.change, field.name))
        self._editors[field.name] = editor
        column.addWidget(editor)

    def change(self, name: str, value: str) -> None:
        """Change a setting, and show it."""

        def work(services: Services) -> Settings:
            settings = with_value(services.settings.load(), name, value)
            services.settings.save(settings)
            return settings

        self._notice.hide()
        self._jobs.start(work, Then(done=self._tell, failed=self._refuse))

    def _tell(self, settings: Settings) -> None:
        self.show_settings(settings)
        self.settings_changed.emit(settings)

    def _refuse(self, error: AppError) -> None:
        """Say why, and show what is in force."""
        self._notice.say_failure(error)
        self._jobs.start(
            lambda services: services.settings.load(),
            Then(done=self.show_settings, failed=self._notice.say_failure),
        )

    def _list_models(self) -> None:
        self._jobs.start(
            lambda services: services.models.installed(),
            Then(done=self._show_models, failed=self._notice.say_failure),
        )

    def _show_models(self, models: list[InstalledModel]) -> None:
        chosen = self._table.chosen_row()
        self._models.reset(models)
        for column in range(1, self._models.columnCount()):
            self._table.resizeColumnToContents(column)
        if 0 <= chosen < len(models):
            self._table.choose(chosen)
        self._offer()

    def _state(self, model: InstalledModel) -> str:
        current = self._current
        if current is None or current.id.partition(":")[0] != model.id:
            return ""
        return self.tr("in use, tuned") if current.layout else self.tr("in use")

    def _offer(self) -> None:
        row = self._table.chosen_row()
        self._use.setEnabled(row >= 0 and not self._state(self._models.row(row)))

    def _use_chosen(self) -> None:
        row = self._table.chosen_row()
        if row < 0 or not self._use.isEnabled():
            return
        wanted = self._models.row(row).id
        self._use.setEnabled(False)
        self._notice.hide()
        self._jobs.start(
            lambda services: services.models.use(wanted),
            Then(done=self._show_used, failed=self._notice.say_failure, ended=self._offer),
        )

    def _show_used(self, model: InstalledModel) -> None:
        self.show_model(model)
        self.model_changed.emit()

    def _ask_engine(self) -> None:
        self._look.setEnabled(False)
        self._engine.setText(self.tr("Loading the model…"))
        self._jobs.start(
            lambda services: services.models.loaded(),
            Then(
                done=self._show_engine,
                failed=self._show_engine_failure,
                ended=lambda: self._look.setEnabled(True),
            ),
        )

    def _show_engine(self, state: EngineState) -> None:
        device = f"{state.device} ({state.variant})" if state.variant else state.device
        lines = [
            self.tr("Runs on {device}.").format(device=device),
            self.tr("Sees {number} tokens at once.").format(
                number=self._words.count(state.context)
            ),
        ]
        if state.read_speed and state.write_speed:
            speeds = self.tr("Reads {read} and writes {write} tokens a second.")
            lines.append(
                speeds.format(
                    read=self._words.count(round(state.read_speed)),
                    write=self._words.count(round(state.write_speed)),
                )
            )
        if state.notes:
            lines.append(self.tr("What was tried, and why not:"))
            lines += [f"– {note}" for note in state.notes]
        self._engine.setText("\n".join(lines))

    def _show_engine_failure(self, error: AppError) -> None:
        self._engine.setText(f"{error}. {error.hint_in_window}")

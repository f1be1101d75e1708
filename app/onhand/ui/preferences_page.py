"""Preferences: the model, every setting, and what the engine found on this machine."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings, with_value
from onhand.ui import about_card, cloud_card, said
from onhand.ui.about_card import AboutCard
from onhand.ui.cloud_card import CloudCard
from onhand.ui.jobs import Jobs, Then
from onhand.ui.managed_card import ManagedCard
from onhand.ui.model_card import ModelCard
from onhand.ui.parts import Card, Notice, button, label
from onhand.ui.privacy_card import SETTINGS, PrivacyCard
from onhand.ui.quick_card import QuickCard
from onhand.ui.setting_editors import SettingEditor, setting_editor
from onhand.ui.speed_card import SpeedCard
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from onhand.domain.errors import AppError
    from onhand.domain.policies import Policies
    from onhand.domain.primitives import EngineState
    from onhand.services.bundle import Services
    from onhand.ui.transfers import Transfers


class PreferencesPage(QWidget):
    """Shows and changes preferences; each change is kept at once.

    Signals:
        settings_changed: the settings as they are now.
        model_changed: the model answers in another layout from the next request on.
        welcome_wanted: the introduction of the first start shall be shown.
    """

    settings_changed = Signal(object)
    model_changed = Signal()
    welcome_wanted = Signal()

    def __init__(self, jobs: Jobs, transfers: Transfers) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._notice = Notice()
        self.models = ModelCard(jobs, transfers)
        self.speed = SpeedCard(jobs)
        self.privacy = PrivacyCard(jobs)
        self.cloud = CloudCard(jobs)
        self.managed = ManagedCard()
        self.quick = QuickCard()
        self.about = AboutCard(jobs)
        self._engine = label(tone="muted")
        self._look = button(self.tr("&Look at the engine"))
        self._welcome = button(self.tr("I&ntroduction…"), name=self.tr("Introduction"))
        self._editors: dict[str, SettingEditor] = {}
        self._lay_out()
        self._look.clicked.connect(self._ask_engine)
        self._welcome.clicked.connect(self.welcome_wanted)
        self.speed.model_changed.connect(self.model_changed)

    def show_settings(self, settings: Settings) -> None:
        """Show these values."""
        for name, editor in self._editors.items():
            editor.show_value(getattr(settings, name))

    def show_policies(self, policies: Policies) -> None:
        """Let nobody change what is fixed, and say what that is."""
        self.managed.show_policies(policies)
        by = self.tr("It is managed by your organisation.")
        for name in policies.managed:
            if name in self._editors:
                self._editors[name].lock(by)
        if "model" in policies.managed:
            self.models.lock(by)

    def show_model(self) -> None:
        """Another model is in use, or the same one otherwise."""
        self.models.look()
        self.speed.look()

    def showEvent(self, event: QShowEvent) -> None:
        """Look which models are here now."""
        super().showEvent(event)
        self.models.look()

    def _lay_out(self) -> None:
        settings = Card()
        settings.column.addWidget(label(self.tr("Settings"), rank="heading"))
        elsewhere = {*SETTINGS, *cloud_card.SETTINGS, *about_card.SETTINGS}
        for field in dataclasses.fields(Settings):
            if field.metadata["shown"] and field.name not in elsewhere:
                self._add_setting(field, settings.column)
        private = {each.name: each for each in dataclasses.fields(Settings)}
        for name in SETTINGS:
            self._add_setting(private[name], self.privacy.column)
        self.privacy.close_column()
        for name in cloud_card.SETTINGS:
            self._add_setting(private[name], self.cloud.column)
        self.cloud.close_column()
        for name in about_card.SETTINGS:
            self._add_setting(private[name], self.about.column)
        self.about.close_column()
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
        for card in (
            self.models,
            self.speed,
            self.privacy,
            self.cloud,
            settings,
            self.quick,
            engine,
            self.managed,
            self.about,
        ):
            column.addWidget(card)
        column.addWidget(self._welcome, 0, Qt.AlignmentFlag.AlignLeft)
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

    def _ask_engine(self) -> None:
        self._look.setEnabled(False)
        self._engine.setText(self.tr("Loading the model…"))
        cancel = CancelToken()
        self._jobs.start(
            lambda services: services.models.loaded(cancel),
            Then(
                done=self._show_engine,
                failed=self._show_engine_failure,
                ended=lambda: self._look.setEnabled(True),
            ),
            cancel=cancel,
        )

    def _show_engine(self, state: EngineState) -> None:
        from onhand.domain.confinement import in_words  # noqa: PLC0415 - the window paints first

        device = f"{state.device} ({state.variant})" if state.variant else state.device
        lines = [
            self.tr("Runs on {device}.").format(device=device),
            self.tr("Sees %Ln tokens at once.", "", state.context),
        ]
        lines.append(
            self.tr("Sandbox: {state}.").format(
                state=said.said(in_words(state.confinement))
            )
        )
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
            lines += [f"– {said.said(note)}" for note in state.notes]
        self._engine.setText("\n".join(lines))

    def _show_engine_failure(self, error: AppError) -> None:
        self._engine.setText(said.both(error))

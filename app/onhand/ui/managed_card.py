"""What the organisation has fixed or recommends, and what it got wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.policies import Held, Level
from onhand.ui.parts import Card, Notice, label
from onhand.ui.said import said, setting
from onhand.ui.setting_words import SettingWords
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel

if TYPE_CHECKING:
    from onhand.domain.policies import Policies

_MOST_ROWS = 8
_PLACE = 4
"""The column that says where a policy lies."""


class ManagedCard(Card):
    """Lists every policy that holds, with its place."""

    def __init__(self) -> None:
        super().__init__()
        self._words = SettingWords(self)
        self._told = label(tone="muted")
        self._problems = Notice()
        self._model: TableModel[Held] = TableModel(
            (
                Column(title=self.tr("Setting"), text=lambda held: setting(held.key.title)),
                Column(title=self.tr("Value"), text=lambda held: self._value(held.value)),
                Column(title=self.tr("How far"), text=lambda held: self._level(held.level)),
                Column(title=self.tr("Policy"), text=lambda held: held.key.name),
                Column(title=self.tr("From where"), text=lambda held: held.place),
            )
        )
        self._table = Table(self.tr("Policies"), self._model, widest=_PLACE)
        self.column.addWidget(label(self.tr("Managed"), rank="heading"))
        self._chosen = label(tone="muted", rank="small")
        for each in (self._told, self._problems, self._table, self._chosen):
            self.column.addWidget(each)
        self._table.hide()
        self._chosen.hide()
        self._table.chosen.connect(self._show_chosen)
        self._told.setText(self.tr("Looking for policies…"))

    def show_policies(self, policies: Policies) -> None:
        """Show these; they are the same for a whole run."""
        held = [*policies.managed.values(), *policies.recommended.values()]
        self._told.setText(self._summary(len(policies.managed), len(held)))
        self._model.reset(held)
        self._table.setVisible(bool(held))
        for column in range(_PLACE):
            self._table.resizeColumnToContents(column)
        header = self._table.horizontalHeader()
        row = self._table.verticalHeader().defaultSectionSize()
        rows = min(max(1, len(held)), _MOST_ROWS)
        self._table.setFixedHeight(header.sizeHint().height() + rows * row + 4)
        if policies.problems:
            title = self.tr("Some policies cannot be used, and do not hold:")
            self._problems.say(
                title, "\n".join(said(each) for each in policies.problems), tone="warning"
            )
        else:
            self._problems.hide()

    def _show_chosen(self, row: int) -> None:
        """A place may be longer than its column."""
        self._chosen.setVisible(row >= 0)
        if row >= 0:
            held = self._model.row(row)
            told = self.tr("{policy} stands in {place}. {help}")
            self._chosen.setText(
                told.format(
                    policy=held.key.name, place=held.place, help=setting(held.key.help)
                )
            )

    def _summary(self, managed: int, held: int) -> str:
        if not held:
            return self.tr("Your organisation manages nothing here.")
        if not managed:
            return self.tr("Your organisation recommends settings, and fixes none.")
        return self.tr(
            "Your organisation manages this computer. What is fixed cannot be changed here;"
            " what is recommended holds until you choose otherwise. Policies are read when"
            " Onhand starts."
        )

    def _value(self, value: object) -> str:
        match value:
            case True:
                return self.tr("yes")
            case False:
                return self.tr("no")
            case StrEnum():
                return self._words.value(value)
            case "":
                return self.tr("empty")
            case _:
                return str(value)

    def _level(self, level: Level) -> str:
        return self.tr("fixed") if level is Level.MANAGED else self.tr("recommended")

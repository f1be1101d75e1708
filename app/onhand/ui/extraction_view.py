"""Fields and their values, each with the place in the text that it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from onhand.domain.answers import Extraction, Lane
from onhand.domain.field_rows import (
    CopyForm,
    FieldRow,
    as_csv,
    as_json,
    edited_row,
    rows_of,
    values_in,
)
from onhand.ui.answer_view import LEAST_HEIGHT, AnswerView
from onhand.ui.cell_editor import CellEditor
from onhand.ui.lane_line import LaneLine
from onhand.ui.parts import Choice, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.services.history_ports import Record

_VALUE = 1


class ExtractionView(AnswerView):
    """Shows an `Extraction`.

    Signals:
        edited: the user gave other values; all of them, in the form of a correction.
    """

    edited = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._record = 0
        self._lanes: Mapping[str, Lane] = {}
        self._model: TableModel[FieldRow] = TableModel(
            (
                Column(title=self.tr("Field"), text=lambda row: row.field),
                Column(title=self.tr("Value"), text=_value, edit=self._edit),
                Column(title=self.tr("State"), text=self._state),
            )
        )
        self._table = Table(self.tr("Values found"), self._model, widest=_VALUE)
        self._table.setAccessibleDescription(
            self.tr("Up and down show where a value comes from; Return edits it.")
        )
        self._table.setItemDelegateForColumn(_VALUE, CellEditor(self._name, self))
        self._table.chosen.connect(self._show_source)
        self._table.entered_row.connect(self._begin)
        self._model.row_edited.connect(self._tell)
        self._forms = Choice(self.tr("Copy as"))
        self._forms.addItem(self.tr("Table"), CopyForm.TABLE)
        self._forms.addItem(self.tr("CSV"), CopyForm.CSV)
        self._forms.addItem(self.tr("JSON"), CopyForm.JSON)
        self._lane = LaneLine()
        hint = self.tr("Return or a double click edits a value.")
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(label(hint, tone="muted", rank="small"), 1)
        title = label(self.tr("Copy as"), wrap=False)
        title.setBuddy(self._forms)
        row.addWidget(title)
        row.addWidget(self._forms)
        self.column.addWidget(self._lane)
        self._table.setMinimumHeight(LEAST_HEIGHT)
        self.column.addWidget(self._table, 1)
        self.column.addLayout(row)

    def show_answer(self, record: Record) -> str:
        """See the base class."""
        outcome = record.outcome
        if outcome is None or not isinstance(outcome.answer, Extraction):
            return ""
        chosen = self._table.chosen_row() if record.id and record.id == self._record else -1
        self._text, self._record = record.text, record.id
        self._lanes = outcome.lanes
        right = record.correction if isinstance(record.correction, dict) else None
        rows = rows_of(outcome.answer, right, record.text)
        self._model.reset(rows)
        self._table.resizeColumnToContents(0)
        self._table.resizeColumnToContents(2)
        self._lane.setText(self.words.lane(outcome))
        if 0 <= chosen < len(rows):
            self._table.choose(chosen)
        found = sum(bool(row.text) for row in rows)
        return self.tr("Values found: {number}.").format(number=found)

    def copied(self) -> str:
        """A table with tabs between the columns, or what else was chosen."""
        rows = self._model.rows()
        match CopyForm(self._forms.currentData()):
            case CopyForm.TABLE:
                cells = [(row.field, _value(row), self._state(row)) for row in rows]
                return "\n".join("\t".join(row) for row in cells)
            case CopyForm.CSV:
                return as_csv(rows, self._state)
            case CopyForm.JSON:
                return as_json(rows)
            case form:
                assert_never(form)

    def point(self, position: int) -> None:
        """Choose the value that stands there."""
        for number, row in enumerate(self._model.rows()):
            if row.source is not None and row.source[0] <= position <= row.source[1]:
                self._table.choose(number)
                return

    def _show_source(self, number: int) -> None:
        source = self._model.row(number).source if number >= 0 else None
        self.sources_chosen.emit([] if source is None else [source])

    def _begin(self, number: int) -> None:
        self._table.edit(self._model.index(number, _VALUE))

    def _edit(self, row: FieldRow, typed: str) -> FieldRow:
        return row if typed == _value(row) else edited_row(row, typed, self._text)

    def _tell(self, number: int) -> None:
        self._show_source(number)
        self.edited.emit(values_in(self._model.rows()))

    def _name(self, number: int) -> str:
        return self.tr("Value of {field}").format(field=self._model.row(number).field)

    def _state(self, row: FieldRow) -> str:
        if row.edited is not None:
            return self._state_of_edit(row)
        if row.found is None:
            state = self.tr("not in the text")
        else:
            share = self.words.percent(row.found.confidence)
            told = (
                self.tr("inferred · {share}")
                if row.found.inferred
                else self.tr("found · {share}")
            )
            state = told.format(share=share)
        lane = self._lanes.get(row.field)
        if lane is None:
            return state
        advice = self.tr("sure") if lane is Lane.SURE else self.tr("please check")
        return f"{state} · {advice}"

    def _state_of_edit(self, row: FieldRow) -> str:
        if not row.edited:
            return self.tr("taken out by you")
        if row.place is None:
            return self.tr("yours, not in the text")
        return self.tr("yours")


def _value(row: FieldRow) -> str:
    return " ".join(row.text.split())

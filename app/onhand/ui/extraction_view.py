"""Fields and their values, each with the place in the text that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.answers import Extraction, Value
from onhand.ui.answer_view import LEAST_HEIGHT, AnswerView
from onhand.ui.parts import label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel

if TYPE_CHECKING:
    from onhand.services.history_ports import Record


@dataclass(frozen=True, kw_only=True)
class _Row:
    field: str
    value: Value | None


class ExtractionView(AnswerView):
    """Shows an `Extraction`."""

    def __init__(self) -> None:
        super().__init__()
        self._model: TableModel[_Row] = TableModel(
            (
                Column(title=self.tr("Field"), text=lambda row: row.field),
                Column(title=self.tr("Value"), text=_value),
                Column(title=self.tr("State"), text=self._state),
            )
        )
        self._table = Table(self.tr("Values found"), self._model, widest=1)
        self._table.chosen.connect(self._show_source)
        self._lane = label(tone="muted")
        self.column.addWidget(self._lane)
        self._table.setMinimumHeight(LEAST_HEIGHT)
        self.column.addWidget(self._table, 1)

    def show_answer(self, record: Record) -> str:
        """See the base class."""
        outcome = record.outcome
        if outcome is None or not isinstance(outcome.answer, Extraction):
            return ""
        rows = [
            _Row(field=name, value=value)
            for name, values in outcome.answer.fields.items()
            for value in values or (None,)
        ]
        self._model.reset(rows)
        self._table.resizeColumnToContents(0)
        self._table.resizeColumnToContents(2)
        self._lane.setText(self.words.lane(outcome))
        found = sum(row.value is not None for row in rows)
        return self.tr("Values found: {number}.").format(number=found)

    def copied(self) -> str:
        """A table, tabs between the columns."""
        rows = [(row.field, _value(row), self._state(row)) for row in self._model.rows()]
        return "\n".join("\t".join(row) for row in rows)

    def point(self, position: int) -> None:
        """Choose the value that stands there."""
        for number, row in enumerate(self._model.rows()):
            if row.value is None or row.value.start is None or row.value.end is None:
                continue
            if row.value.start <= position <= row.value.end:
                self._table.choose(number)
                return

    def _show_source(self, number: int) -> None:
        value = self._model.row(number).value if number >= 0 else None
        if value is None or value.start is None or value.end is None:
            self.sources_chosen.emit([])
        else:
            self.sources_chosen.emit([(value.start, value.end)])

    def _state(self, row: _Row) -> str:
        if row.value is None:
            return self.tr("not in the text")
        share = self.words.percent(row.value.confidence)
        if row.value.inferred:
            return self.tr("inferred · {share}").format(share=share)
        return self.tr("found · {share}").format(share=share)


def _value(row: _Row) -> str:
    return "" if row.value is None else " ".join(row.value.text.split())

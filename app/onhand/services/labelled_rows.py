"""Rows of any table that a batch reads, as labelled texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable, UsageError
from onhand.domain.export import defused
from onhand.domain.labelled import LABEL, labels_in, written_column
from onhand.domain.labelled_values import FIELDS, values_in, values_in_object
from onhand.domain.tasks import Classify, Example, Extract, Rewrite, Summarise
from onhand.services.finding_columns import as_text, column_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onhand.domain.column_kinds import Cell
    from onhand.domain.tasks import AnswerData, Task
    from onhand.services.batch_ports import Row, RowSource


class LabelledRows:
    """The labelled texts of a file."""

    def __init__(self, source: RowSource, label: str) -> None:
        """`label` is the column of the labels, as for `column_at`."""
        self._source = source
        self._label = label

    @property
    def told(self) -> str:
        """How the file is read; see `RowSource`."""
        return self._source.told

    def columns(self) -> list[str]:
        """The names of the columns.

        Raises:
            InputUnreadable: the file cannot be read, or there is no row.
        """
        found = [name for name in self._source.columns() if name]
        if not found:
            raise InputUnreadable(f"{self._source.path} has no rows")
        return found

    def examples(self, task: Task | None = None) -> Iterator[Example]:
        """All rows, in order, read as they are asked for; empty lines are no rows.

        Of an extraction a row has the values of all fields; see `domain.labelled_values`.
        Of a task that writes it has a text as it should be written, in a column that may
        be called so, where "label" is wanted and there is none.
        Where any number of labels of the task may be right, a row names any number; none
        only where the task has no answer for that.

        Raises:
            InputUnreadable: the file cannot be read, or a row has no text or no label;
                the message names it.
            UsageError: there is no such column, or several.
        """
        names = self._source.columns()
        for row in self._source.rows():
            if row.error:
                raise InputUnreadable(f"{self._source.path}: {row.error}")
            if isinstance(task, Extract):
                yield Example(text=row.text, answer=self._values(task, names, row))
            else:
                yield self._labelled(task, names, row)

    def _labelled(self, task: Task | None, names: Sequence[str], row: Row) -> Example:
        several = task if isinstance(task, Classify) and task.multiple else None
        wanted = self._label
        writes = isinstance(task, Rewrite | Summarise)
        if writes and wanted == LABEL and LABEL not in names:
            wanted = written_column(names) or wanted
        label = _said(row.cells[column_at(names, wanted)], task)
        if not label and (several is None or several.none is not None):
            raise InputUnreadable(
                f"{self._source.path}: row {row.position + 1} has no '{wanted}'"
            )
        answer = label if several is None else labels_in(several, label)
        return Example(text=row.text, answer=answer)

    def _values(self, task: Extract, names: Sequence[str], row: Row) -> AnswerData:
        """The values of all fields: from an object, or from columns of their own."""
        if FIELDS in names and not any(field.name in names for field in task.fields):
            cell = as_text(row.cells[column_at(names, FIELDS)])
            try:
                return values_in_object(task, cell)
            except UsageError as error:
                raise InputUnreadable(
                    f"{self._source.path}: row {row.position + 1}: {error.detail}"
                ) from error
        return {
            field.name: values_in(field, as_text(row.cells[column_at(names, field.name)]))
            for field in task.fields
        }


def _said(cell: Cell, task: Task | None) -> str:
    """What a cell of labels says, as the task writes it.

    A truth value is written in many ways; and a table of ours has a mark in front of what a
    spreadsheet would run, such as the label "-".
    """
    text = as_text(cell).strip()
    answers = task.answers if isinstance(task, Classify) else ()
    if not answers or text in answers:
        return text
    if isinstance(cell, bool):
        like = (each for each in answers if each.casefold() == text.casefold())
        return next(like, text)
    plain = text.removeprefix("'")
    return plain if defused(plain) == text else text

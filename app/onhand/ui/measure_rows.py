"""The rows of a measurement: what is taken for what, and where answers differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject

from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.field_values import FieldValue
from onhand.domain.result_columns import BETWEEN
from onhand.domain.tasks import Example, Task
from onhand.ui.decimals import decimal
from onhand.ui.table_model import Column
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Labelling
    from onhand.domain.label_scores import LabelScore


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Labelled texts, and what each model made of them, in the same order."""

    task: Task
    rows: tuple[Example, ...]
    found: tuple[Evaluation, ...]


@dataclass(frozen=True)
class MeasuredRow:
    """A text, and the answers of all models to it."""

    text: str
    answers: tuple[Answered, ...]

    @property
    def differs(self) -> bool:
        """Whether the models disagree."""
        return len({each.given for each in self.answers}) > 1


def rows_of(measured: Measured) -> list[MeasuredRow]:
    """A row for each text."""
    answers = zip(*(each.answers for each in measured.found), strict=True)
    return [
        MeasuredRow(row.text, given)
        for row, given in zip(measured.rows, answers, strict=True)
    ]


class RowColumns(QObject):
    """The columns of the tables, which depend on what was measured."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def rows(self, found: Sequence[Evaluation]) -> list[Column[MeasuredRow]]:
        """Text, right label, and a column for each model."""
        return [
            Column(title=self.tr("Text"), text=lambda row: " ".join(row.text.split())),
            Column(
                title=self.tr("Right"), text=lambda row: self._named(row.answers[0].right)
            ),
            *(
                Column(title=each.title, text=partial(self.given, side))
                for side, each in enumerate(found)
            ),
        ]

    def confusion(self, each: Evaluation | None) -> list[Column[str]]:
        """The right label, and a column for each that was given."""
        names = [] if each is None else [one.label for one in each.labels]
        lost = [self.tr("no answer")] if each is not None and each.failed else []
        return [
            Column(title=self.tr("Right ↓  given →"), text=str),
            *(
                Column(title=title, text=partial(_times, each, name))
                for title, name in zip([*names, *lost], [*names, ""], strict=False)
                if each is not None
            ),
        ]

    def labels(self, *, fields: bool) -> list[Column[LabelScore]]:
        """How single labels fare, where any number may be right; or how fields do."""
        count, percent = self._words.count, self._words.percent
        part = self.tr("Field") if fields else self.tr("Label")
        texts = self.tr("Values") if fields else self.tr("Texts")
        return [
            Column(title=part, text=lambda each: each.label),
            Column(title=texts, text=lambda each: count(each.texts)),
            Column(title=self.tr("Found"), text=lambda each: count(each.found)),
            Column(title=self.tr("Missed"), text=lambda each: count(each.missed)),
            Column(title=self.tr("Wrongly given"), text=lambda each: count(each.wrong)),
            Column(title=self.tr("Precision"), text=lambda each: percent(each.precision)),
            Column(title=self.tr("Recall"), text=lambda each: percent(each.recall)),
            Column(title=self.tr("F1"), text=lambda each: _number(each.f1)),
        ]

    def given(self, side: int, row: MeasuredRow) -> str:
        """The answer of one model, and whether it is right."""
        one = row.answers[side]
        mark = "✓" if one.is_right else "✗"
        if one.stays is not None and not one.is_right:
            mark = self._words.percent(one.stays)
        given = one.error if one.given is None else self._named(one.given)
        if one.confidence is None or one.given is None:
            return f"{mark} {given}"
        return f"{mark} {given} ({self._words.percent(one.confidence)})"

    def _named(self, labelling: Labelling) -> str:
        if isinstance(labelling, str):
            return " ".join(labelling.split())
        told = [_value(each) for each in labelling]
        return BETWEEN.join(told) or self.tr("none")


def _value(part: str | FieldValue) -> str:
    if isinstance(part, FieldValue):
        return f"{part.field}: {' '.join(part.text.split())}"
    return part


def _number(value: float) -> str:
    return decimal(value, 3)


def _times(each: Evaluation, given: str, right: str) -> str:
    times = each.confusion.get((right, given), 0)
    return QLocale().toString(times) if times else "·"

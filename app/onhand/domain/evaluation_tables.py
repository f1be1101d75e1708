"""What a measurement found as the sheets of a workbook: figures and labels, no texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.evaluation_page import THRESHOLDS
from onhand.domain.evaluation_words import terms_of
from onhand.domain.result_columns import cell_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.evaluating import Answered, Evaluation, Labelling

Value: TypeAlias = str | int | float | bool | None

NO_LABEL = "(no label)"
"""What stands for none, where any number of labels may be right."""


_STAYS = ("words that stay", "words that stay low (95 %)", "words that stay high (95 %)")
_OF_WRITTEN = ("words that stay", "nothing to change", "confidence", "lane", "seconds")
_SEVERAL = ("micro-F1", "micro-F1 low (95 %)", "micro-F1 high (95 %)", "F1 of a text")


@dataclass(frozen=True)
class NamedTable:
    """A table with a name; its first line holds the names of the columns."""

    name: str
    lines: Sequence[Sequence[Value]]


def evaluation_tables(found: Sequence[Evaluation], bar: float) -> list[NamedTable]:
    """The tables; the rows are told by their number, in the order of the input.

    Args:
        found: one model at least, all on the same texts.
        bar: the score that is enough.
    """
    return [
        NamedTable("Models", _models(found, bar)),
        *_parts(found),
        NamedTable("Reliability", _reliability(found)),
        NamedTable("Thresholds", _thresholds(found)),
        NamedTable("Rows", _any_rows(found)),
    ]


def _parts(found: Sequence[Evaluation]) -> list[NamedTable]:
    """Labels or fields; nothing where texts are written."""
    if found[0].written:
        return []
    parts = NamedTable(f"{terms_of(found[0]).part.capitalize()}s", _labels(found))
    if found[0].several:
        return [parts]
    return [parts, NamedTable("Confusion", _confusion(found))]


def _models(found: Sequence[Evaluation], bar: float) -> list[Sequence[Value]]:
    header = (
        *("model", "title", "texts", "right", "accuracy", "low (95 %)", "high (95 %)"),
        *("bar", "clears the bar", "macro-F1", "ECE", "mean cost", "seconds (median)"),
        *("seconds (95 %)", "memory (bytes)", "no answer", "taught by", "seen before"),
        *((*_SEVERAL, terms_of(found[0]).bare) if found[0].several else ()),
        *(_STAYS if found[0].written else ()),
    )
    return [header, *(_model(each, bar) for each in found)]


def _model(each: Evaluation, bar: float) -> Sequence[Value]:
    return (
        *(each.model, each.title, len(each.answers), each.right, each.accuracy),
        *(*each.interval, bar, each.score >= bar, each.macro_f1),
        *(each.calibration_error, each.mean_cost, each.seconds(0.5), each.seconds(0.95)),
        *(each.memory, each.failed, each.taught, each.seen),
        *(_several(each) if each.several else ()),
        *((each.score, *each.score_interval) if each.written else ()),
    )


def _several(each: Evaluation) -> Sequence[Value]:
    return (each.micro_f1, *each.micro_interval, each.text_f1, each.bare)


def _labels(found: Sequence[Evaluation]) -> list[Sequence[Value]]:
    terms = terms_of(found[0])
    header = (
        *("model", terms.part, "precision", "recall", "F1", terms.texts),
        *("found", "missed", "wrongly given"),
    )
    lines: list[Sequence[Value]] = [header]
    for each in found:
        lines += [
            (
                *(each.title, one.label, one.precision, one.recall, one.f1),
                *(one.texts, one.found, one.missed, one.wrong),
            )
            for one in each.labels
        ]
    return lines


def _confusion(found: Sequence[Evaluation]) -> list[Sequence[Value]]:
    """For each model its right labels downwards, and the given ones across."""
    names = list(dict.fromkeys(one.label for each in found for one in each.labels))
    header = ("model", "right ↓ given →", *names, "(no answer)")
    lines: list[Sequence[Value]] = [header]
    for each in found:
        lines += [
            (
                *(each.title, right),
                *(each.confusion.get((right, given), 0) for given in (*names, "")),
            )
            for right in names
        ]
    return lines


def _reliability(found: Sequence[Evaluation]) -> list[Sequence[Value]]:
    header = ("model", "mean confidence", "right", "answers")
    return [
        header,
        *(
            (each.title, part.confidence, part.right, part.answers)
            for each in found
            for part in each.reliability
        ),
    ]


def _thresholds(found: Sequence[Evaluation]) -> list[Sequence[Value]]:
    wrong = terms_of(found[0]).judged_wrong
    header = ("model", "accepted from", "share", wrong, "cost of one")
    lines: list[Sequence[Value]] = [header]
    for each in found:
        accepted = [(share, each.kept(share)) for share in THRESHOLDS]
        lines += [
            (each.title, share, kept.share, kept.wrong, kept.cost)
            for share, kept in accepted
        ]
        sure = each.sure
        lines.append((each.title, "called sure", sure.share, sure.wrong, sure.cost))
    return lines


def _rows(found: Sequence[Evaluation]) -> list[Sequence[Value]]:
    """A line for each text: its label, and what each model said of it."""
    about = ("given", "correct", "confidence", "lane", "seconds")
    header = ("row", "right", *(f"{each.title}: {one}" for each in found for one in about))
    answers = zip(*(each.answers for each in found), strict=True)
    return [
        header,
        *(
            (
                number,
                _named(given[0].right),
                *(cell for each in given for cell in _told(each)),
            )
            for number, given in enumerate(answers, 1)
        ),
    ]


def _any_rows(found: Sequence[Evaluation]) -> list[Sequence[Value]]:
    """Labels are told; of values and texts no more than how right they are."""
    if found[0].written:
        return _figures(found, _OF_WRITTEN, _told_of_written)
    if found[0].fields:
        of_fields = ("all right", "F1", *found[0].fields, "confidence", "seconds")
        return _figures(found, of_fields, _told_of_fields)
    return _rows(found)


def _figures(
    found: Sequence[Evaluation],
    about: Sequence[str],
    told: Callable[[Answered], Sequence[Value]],
) -> list[Sequence[Value]]:
    """A line for each text, with what is told of each model's answer to it."""
    header = ("row", *(f"{each.title}: {one}" for each in found for one in about))
    answers = zip(*(each.answers for each in found), strict=True)
    return [
        header,
        *(
            (number, *(cell for each in given for cell in told(each)))
            for number, given in enumerate(answers, 1)
        ),
    ]


def _told_of_written(each: Answered) -> Sequence[Value]:
    lane = None if each.given is None else str(each.lane)
    return (each.stays, each.is_right, each.confidence, lane, each.seconds)


def _told_of_fields(each: Answered) -> Sequence[Value]:
    fields = (one.is_right for one in each.fields)
    return (each.is_right, each.f1, *fields, each.confidence, each.seconds)


def _told(each: Answered) -> Sequence[Value]:
    lane = None if each.given is None else str(each.lane)
    return (_named(each.given), each.is_right, each.confidence, lane, each.seconds)


def _named(labelling: Labelling | None) -> str | None:
    """Labels as a batch writes them."""
    if isinstance(labelling, tuple):
        return cell_of([str(each) for each in labelling]) or NO_LABEL
    return labelling

"""What the user says of an answer, compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from onhand.domain.answers import Classification, Extraction, Rewriting, Summary, Tagging
from onhand.domain.tasks import Classify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.answers import Answer, Outcome
    from onhand.domain.tasks import AnswerData, Task


def as_correction(answer: Answer) -> AnswerData:
    """An answer in the form in which a user would give it."""
    match answer:
        case Classification(label=label):
            return label
        case Tagging(labels=labels):
            return list(labels)
        case Extraction(fields=fields):
            return {name: [each.text for each in values] for name, values in fields.items()}
        case Rewriting(text=text) | Summary(text=text):
            return text
        case _:
            assert_never(answer)


def is_right(task: Task, answer: Answer, correction: AnswerData) -> bool:
    """Whether an answer is what the user says that it should be.

    Neither the order of labels or values counts, nor how words are spaced; and no label is
    the same as the one for what belongs nowhere.
    """
    match as_correction(answer), correction:
        case list() as labels, list():
            nothing = {task.none} if isinstance(task, Classify) else set()
            return set(labels) - nothing == set(correction) - nothing
        case dict() as fields, dict():
            return _values(fields) == _values(correction)
        case str() as text, str():
            return _spaced(text) == _spaced(correction)
        case _:
            return False


def field_is_right(
    answer: Extraction, correction: Mapping[str, list[str]], name: str
) -> bool:
    """Whether one field is as the user says; how words are spaced does not count."""
    found = {name: [each.text for each in answer.fields.get(name, ())]}
    return _values(found) == _values({name: correction.get(name, [])})


def is_confirmed(task: Task, outcome: Outcome | None, correction: AnswerData) -> bool:
    """Whether a correction only says that the answer is right."""
    return outcome is not None and is_right(task, outcome.answer, correction)


def _values(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: sorted(map(_spaced, texts)) for name, texts in fields.items() if texts}


def _spaced(text: str) -> str:
    return " ".join(text.split())

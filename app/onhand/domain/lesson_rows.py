"""What of labelled texts a lesson can learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.chat_examples import stand_in_prompt
from onhand.domain.errors import UsageError
from onhand.domain.field_values import Values, values_of
from onhand.domain.labelled import labels_of
from onhand.domain.tasks import Classify, Extract
from onhand.domain.teaching import (
    LEAST_EXAMPLES,
    LEAST_LABELS,
    Lesson,
    UnknownLabels,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.tasks import Example, Task, WritingTask

Drawable: TypeAlias = Classify | Extract

MOST_NAMED = 8
"""Unknown labels that are named."""


def choosing(task: Task) -> Classify:
    """The task, if it chooses labels.

    Raises:
        UsageError: it does not.
    """
    if not isinstance(task, Classify):
        raise UsageError("only tasks that choose labels can be taught so")
    return task


def with_curve(task: Task) -> Drawable:
    """The task, if a curve tells how much more labelled texts help.

    Raises:
        UsageError: it does not.
    """
    if not isinstance(task, Classify | Extract):
        raise UsageError("only tasks that choose labels or find fields have a curve")
    return task


def hopeless(rows: Sequence[tuple[str, object]], *, labels: bool = True) -> Lesson | None:
    """The lesson of labelled texts that can teach nothing; None where they may.

    `labels` says whether what they have are labels, of which there must be several.
    """
    if len(rows) < LEAST_EXAMPLES:
        return Lesson(verdict=Verdict.TOO_FEW, examples=len(rows))
    if labels and len({right for _, right in rows}) < LEAST_LABELS:
        return Lesson(verdict=Verdict.ONE_LABEL, examples=len(rows))
    return None


def raise_if_unknown(task: Classify, examples: Sequence[Example]) -> None:
    """Raise `UnknownLabels`, naming them, if texts have labels that the task has not."""
    unknown = sorted({label for each in examples for label in labels_of(each)})
    unknown = [each for each in unknown if each not in task.answers]
    if unknown:
        more = " …" if len(unknown) > MOST_NAMED else ""
        named = ", ".join(unknown[:MOST_NAMED]) + more
        raise UnknownLabels(f"{named}; the task has {', '.join(task.answers)}")


def rows_of(
    task: Classify, examples: Iterable[Example]
) -> list[tuple[str, tuple[int, ...]]]:
    """Texts with the numbers of what is right; the last that was said of a text counts.

    Labels that are gone are left out, with the text where it may have one only; so is one
    that was given several. Where any number may be right, the answer for what belongs
    nowhere is no label. Texts that the model is shown with their answers, whatever it is
    asked, are left out: nothing that it says of them is held out.
    """
    by_text = {
        each.text.strip(): each for each in examples if not stand_in_prompt(task, each.text)
    }
    if task.multiple:
        return [(text, _right(task, each)) for text, each in by_text.items()]
    return [
        (text, (task.answers.index(label),))
        for text, each in by_text.items()
        for label in labels_of(each)
        if label in task.answers and len(labels_of(each)) == 1
    ]


def field_rows_of(task: Extract, examples: Iterable[Example]) -> list[tuple[str, Values]]:
    """Texts with the right values of each field; the last that was said of one counts."""
    by_text = {
        each.text.strip(): each.answer for each in examples if isinstance(each.answer, dict)
    }
    return [(text, values_of(task, answer)) for text, answer in by_text.items()]


def written_rows_of(
    task: WritingTask, examples: Iterable[Example]
) -> list[tuple[str, str]]:
    """Texts with what is right to be written of each; the last that was said counts.

    Those that the model is shown anyway are left out, as in `rows_of`.
    """
    by_text = {
        each.text.strip(): each.answer
        for each in examples
        if not stand_in_prompt(task, each.text)
    }
    return [
        (text, answer.strip())
        for text, answer in by_text.items()
        if isinstance(answer, str) and answer.strip()
    ]


def _right(task: Classify, example: Example) -> tuple[int, ...]:
    given = labels_of(example)
    return tuple(number for number, each in enumerate(task.labels) if each.name in given)


def relabelled(task: Classify, examples: Sequence[Example]) -> int:
    """How many texts different things were said of."""
    said: dict[str, set[frozenset[str]]] = {}
    for each in examples:
        right = labels_of(each) - ({task.none or ""} if task.multiple else set())
        said.setdefault(each.text.strip(), set()).add(right)
    return sum(len(each) > 1 for each in said.values())

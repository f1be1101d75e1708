"""What evaluations come to, in sentences for the terminal and for reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.calibration import ENOUGH
from onhand.domain.cascading import Worth
from onhand.domain.labelled import is_multiple
from onhand.domain.side_by_side import difference, smallest_that_clears
from onhand.domain.tasks import Extract, Rewrite, Summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.cascading import Cascade
    from onhand.domain.evaluating import Evaluation
    from onhand.domain.tasks import Task


def percent(share: float) -> str:
    """A share from 0 to 1 in hundredths."""
    return f"{100 * share:.1f} %"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What things are called, by what the task asks for.

    Attributes:
        score: what a bar is about, as the head of a column.
        right: the same in a few words, as beside a plot.
        low: the same in a sentence.
        more: another figure beside it, if there is one.
        part: what is counted by itself: a label or a field.
        texts: what of it is counted.
        judged: what is accepted or looked at by itself.
        judged_right: what is counted of those beside a reliability curve.
        judged_wrong: what of those that are accepted is not right.
        speed: the title of the plot of all models.
        bare: texts for which there is none.
    """

    score: str = "accuracy"
    right: str = "right"
    low: str = "accuracy"
    more: str = ""
    part: str = "label"
    texts: str = "texts"
    judged: str = "texts"
    judged_right: str = "right"
    judged_wrong: str = "wrong among them"
    speed: str = "Accuracy against seconds"
    bare: str = "texts without labels"


_LABEL = Terms()
_LABELS = Terms(
    score="all labels right",
    right="all labels right",
    low="share of right answers",
    more="micro-F1",
    judged_right="all labels right",
)
_FIELDS = Terms(
    score="F1",
    right="F1 of the values",
    low="F1",
    more="all values right",
    part="field",
    texts="values",
    judged="fields",
    judged_right="fields right",
    speed="F1 against seconds",
    bare="texts without values",
)
_WRITTEN = Terms(
    score="words that stay",
    right="words that can stay",
    low="share of words that can stay",
    more="nothing to change",
    judged_right="nothing to change",
    judged_wrong="need a change",
    speed="Words that can stay against seconds",
)


def terms_of(each: Evaluation) -> Terms:
    """What things are called in reports of this."""
    if each.fields:
        return _FIELDS
    if each.written:
        return _WRITTEN
    return _LABELS if each.several else _LABEL


def terms_for(task: Task) -> Terms:
    """What things are called where such a task is measured or taught."""
    if isinstance(task, Extract):
        return _FIELDS
    if isinstance(task, Rewrite | Summarise):
        return _WRITTEN
    return _LABELS if is_multiple(task) else _LABEL


def score_titles(each: Evaluation) -> tuple[str, ...]:
    """The heads of the columns that `scores` fills."""
    terms, interval = terms_of(each), "95 % interval"
    more = (terms.more, interval) if terms.more else ()
    return (terms.score, interval, *more)


def scores(each: Evaluation) -> tuple[str, ...]:
    """How good a model is, with intervals: what a bar is about, then what else tells it."""
    told = (percent(each.score), _ends(each.score_interval))
    if each.fields or each.written:
        return (*told, percent(each.accuracy), _ends(each.interval))
    if each.several:
        low, high = each.micro_interval
        return (*told, f"{each.micro_f1:.3f}", f"{low:.3f} to {high:.3f}")
    return told


def macro_titles(each: Evaluation) -> tuple[str, ...]:
    """The heads of the columns that `macro` fills."""
    return () if each.written else ("macro-F1",)


def macro(each: Evaluation) -> tuple[str, ...]:
    """The mean F1 of labels or fields; nothing where there are none."""
    return () if each.written else (f"{each.macro_f1:.3f}",)


def _ends(interval: tuple[float, float]) -> str:
    return "{} to {}".format(*map(percent, interval))


def caveats(found: Sequence[Evaluation]) -> list[str]:
    """What must be known of the figures, and how probable differences are by chance."""
    first, *others = found
    return [
        *notes(found),
        *(
            f"{first.title} and {other.title}: a difference like this comes about by"
            f" chance with p = {difference(first, other):.2g}."
            for other in others
        ),
    ]


def notes(found: Sequence[Evaluation]) -> list[str]:
    """What must be known of the figures of single models."""
    first = found[0]
    lines = [_counted(first)] if first.several or first.written else []
    for each in found:
        if each.seen:
            lines.append(
                f"{each.seen} of these texts taught {each.title}, so it looks better here"
                " than it is. Measure with others."
            )
        if each.failed:
            lines.append(f"{each.title} has no answer for {each.failed} texts.")
    return lines


def _counted(each: Evaluation) -> str:
    if each.written:
        return (
            "Words can stay that need not be taken out, put in or replaced until the text"
            " is the right one, word by word; one may say as much in other words."
        )
    told = "An answer is right where it has all labels of its text, and no others."
    if each.fields:
        told = (
            "F1 is over all values; one is right that says what the row says, whatever its"
            " case, its spaces and its form. How sure it looks is told by field."
        )
    return f"{told} {each.bare} of these texts have none." if each.bare else told


def sureness(each: Evaluation) -> list[str]:
    """What the lanes would do with these texts, and what mistakes cost if that is told."""
    sure, what = each.sure, "fields" if each.fields else "answers"
    wrong = "need a change" if each.written else "are wrong"
    lines = [
        f"{each.title} calls {percent(sure.share)} of these {what} sure;"
        f" {percent(sure.wrong)} of those {wrong}."
        if sure.share
        else f"{each.title} calls none of these {what} sure, by what was judged so far."
    ]
    if each.costs:
        lines.append(
            f"By the costs of the task an answer of {each.title} costs {each.mean_cost:.3f}"
            f" on average, one that it calls sure {sure.cost:.3f}."
        )
    return lines


_WORTH = {
    Worth.PAYS: "That pays.",
    Worth.TOO_FEW: f"It takes {2 * ENOUGH} texts to say whether that pays.",
    Worth.NEVER_SURE: "That does not pay: it is never sure enough.",
    Worth.WORSE: "That does not pay: fewer answers are right, beyond chance.",
    Worth.NO_TIME: "That does not pay: hardly any time is saved.",
}


def cascading(small: Evaluation, large: Evaluation, found: Cascade) -> list[str]:
    """What it would bring to let a smaller model answer where it is sure enough."""
    lines = []
    if found.share:
        lines.append(
            f"With {small.title} before {large.title}, {small.title} answers"
            f" {percent(found.share)} of these texts, {percent(found.agreement)} of those"
            f" as {large.title} would. {percent(found.right)} of all are right, by"
            f" {large.title} alone {percent(found.alone[0])}; a text takes"
            f" {found.seconds:.2f} s instead of {found.alone[1]:.2f} s."
        )
    else:
        lines.append(f"With {small.title} before {large.title}:")
    return [*lines, _WORTH[found.worth]]


def clearing(found: Sequence[Evaluation], bar: float) -> list[str]:
    """The smallest model that clears a bar, and how far to believe that."""
    best = smallest_that_clears(found, bar)
    if best is None:
        return [f"None of them clears your bar of {percent(bar)}."]
    lines = [f"The smallest model that clears your bar of {percent(bar)} is {best.title}."]
    low, _ = best.score_interval
    if low < bar:
        lines.append(
            f"With {len(best.answers)} texts that could be luck: its {terms_of(best).low}"
            f" may be as low as {percent(low)}."
        )
    return lines

"""What evaluations come to, in sentences for the terminal and for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.calibration import ENOUGH
from onhand.domain.cascading import Worth
from onhand.domain.evaluating import difference, smallest_that_clears

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.cascading import Cascade
    from onhand.domain.evaluating import Evaluation


def percent(share: float) -> str:
    """A share from 0 to 1 in hundredths."""
    return f"{100 * share:.1f} %"


def right_as(found: Sequence[Evaluation]) -> str:
    """What an answer is that counts as right, in a few words."""
    return "all labels right" if found[0].several else "right"


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
    lines = []
    if found[0].several:
        bare = f" {found[0].bare} of these texts have none." if found[0].bare else ""
        lines.append(
            "An answer is right where it has all labels of its text, and no others." + bare
        )
    for each in found:
        if each.seen:
            lines.append(
                f"{each.seen} of these texts taught {each.title}, so it looks better here"
                " than it is. Measure with others."
            )
        if each.failed:
            lines.append(f"{each.title} has no answer for {each.failed} texts.")
    return lines


def sureness(each: Evaluation) -> list[str]:
    """What the lanes would do with these texts, and what mistakes cost if that is told."""
    sure = each.sure
    lines = [
        f"{each.title} calls {percent(sure.share)} of these answers sure;"
        f" {percent(sure.wrong)} of those are wrong."
        if sure.share
        else f"{each.title} calls none of these answers sure, by what was judged so far."
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
    if best.interval[0] < bar:
        share = "share of right answers" if best.several else "accuracy"
        lines.append(
            f"With {len(best.answers)} texts that could be luck: its {share} may be as"
            f" low as {percent(best.interval[0])}."
        )
    return lines

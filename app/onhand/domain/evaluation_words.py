"""What evaluations come to, in sentences for the terminal and for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.evaluating import difference, smallest_that_clears

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation


def percent(share: float) -> str:
    """A share from 0 to 1 in hundredths."""
    return f"{100 * share:.1f} %"


def caveats(found: Sequence[Evaluation]) -> list[str]:
    """What must be known of the figures, and how probable differences are by chance."""
    lines = []
    for each in found:
        if each.seen:
            lines.append(
                f"{each.seen} of these texts taught {each.title}, so it looks better here"
                " than it is. Measure with others."
            )
        if each.failed:
            lines.append(f"{each.title} has no answer for {each.failed} texts.")
    for other in found[1:]:
        probability = difference(found[0], other)
        lines.append(
            f"{found[0].title} and {other.title}: a difference like this comes about by"
            f" chance with p = {probability:.2g}."
        )
    return lines


def clearing(found: Sequence[Evaluation], bar: float) -> list[str]:
    """The smallest model that clears a bar, and how far to believe that."""
    best = smallest_that_clears(found, bar)
    if best is None:
        return [f"None of them clears your bar of {percent(bar)}."]
    lines = [f"The smallest model that clears your bar of {percent(bar)} is {best.title}."]
    if best.interval[0] < bar:
        lines.append(
            f"With {len(best.answers)} texts that could be luck: its accuracy may be as"
            f" low as {percent(best.interval[0])}."
        )
    return lines

"""What a measurement found as one drawing: words and plots below each other."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.drawing import Drawing, Ink, Line, Shape, Words
from onhand.domain.evaluation_words import (
    caveats,
    clearing,
    macro,
    score_titles,
    scores,
    terms_of,
)
from onhand.domain.plots import (
    Sheet,
    error_against_share,
    reliability,
    score_against_seconds,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation

_EM = 13
_MARGIN = 24.0
_WIDE, _HIGH = 960.0, 300.0
_BETWEEN = 20.0
_LINE = 1.5 * _EM
_LETTERS = 120
"""So many stand in a line, whatever the font."""


def evaluation_drawing(
    task: str, found: Sequence[Evaluation], bar: float, at: str
) -> Drawing:
    """The drawing, as high as it has to be; see `evaluation_page`."""
    page = _Page()
    page.write(f"{task}, measured", Ink.TEXT)
    page.write(f"Onhand, {at}; {len(found[0].answers)} labelled texts.")
    for line in (*clearing(found, bar), *caveats(found)):
        page.write(line, Ink.TEXT)
    page.space()
    for each in found:
        page.write(_figures(each))
    terms = terms_of(found[0])
    speed = Sheet(width=_WIDE, height=_HIGH, em=_EM, x="seconds a text", y=terms.right)
    page.draw([(terms.speed, score_against_seconds(found, bar, speed))])
    page.write("The lines through the dots are 95 % intervals; the broken line is the bar.")
    for each in found:
        page.draw(_details(each))
    return page.drawing()


def _figures(each: Evaluation) -> str:
    error = each.calibration_error
    told = iter(zip(score_titles(each), scores(each), strict=True))
    good = ", ".join(
        f"{name} {figure} ({ends})"
        for (name, figure), (_, ends) in zip(told, told, strict=True)
    )
    told_macro = "".join(f"macro-F1 {figure}, " for figure in macro(each))
    return (
        f"{each.title}: {good}, {told_macro}calibration error"
        f" {'–' if error is None else f'{error:.3f}'}, {each.seconds(0.5):.2f} s a text,"
        f" {each.memory / 1e6:.0f} MB."
    )


def _details(each: Evaluation) -> list[tuple[str, Drawing]]:
    terms, half = terms_of(each), (_WIDE - _BETWEEN) / 2
    sure = Sheet(
        width=half, height=_HIGH, em=_EM, x="how sure it looked", y=terms.judged_right
    )
    stays = replace(sure, x=f"share of the {terms.judged} that stays", y=terms.judged_wrong)
    return [
        (f"{each.title}: reliability curve", reliability(each, sure)),
        (f"{each.title}: error by coverage", error_against_share(each, 0.8, stays)),
    ]


class _Page:
    """What is drawn so far, and how far down that goes."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._down = _MARGIN

    def write(self, text: str, ink: Ink = Ink.MUTED) -> None:
        """Add a text, in as many lines as it takes."""
        for line in textwrap.wrap(text, _LETTERS):
            self._down += _LINE
            self._shapes.append(Words(x=_MARGIN, y=self._down, text=line, ink=ink))

    def space(self) -> None:
        """Add some room."""
        self._down += _LINE / 2

    def draw(self, plots: Sequence[tuple[str, Drawing]]) -> None:
        """Add plots side by side, each below its title."""
        self._down += 2 * _LINE
        across = _MARGIN
        for title, plot in plots:
            self._shapes.append(Words(x=across, y=self._down, text=title, ink=Ink.TEXT))
            shift = (across, self._down + _LINE / 2)
            self._shapes += [_moved(shape, *shift) for shape in plot.shapes]
            across += plot.width + _BETWEEN
        self._down += _LINE / 2 + max(plot.height for _, plot in plots)

    def drawing(self) -> Drawing:
        """All of it on one sheet."""
        return Drawing(
            width=_WIDE + 2 * _MARGIN,
            height=self._down + _MARGIN,
            em=_EM,
            shapes=tuple(self._shapes),
        )


def _moved(shape: Shape, right: float, down: float) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, points=tuple((x + right, y + down) for x, y in shape.points))
    return replace(shape, x=shape.x + right, y=shape.y + down)

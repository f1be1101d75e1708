"""The plots of an evaluation as drawings: the same in the window and in a report."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.drawing import Anchor, Dot, Drawing, Ink, Line, Shape, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.learning_curve import Curve

STEPS = (1, 2, 2.5, 5, 10)
"""Distances of two ticks, times a power of ten."""

SPARE = 1.2
"""By this factor a learning curve's axis goes beyond its first and its last dot."""


def share(value: float) -> str:
    """A share in hundredths."""
    return f"{100 * value:.0f} %"


def number(value: float) -> str:
    """A number without more digits than it takes."""
    return f"{value:g}"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a plot is drawn on.

    Attributes:
        em: size of the type, in the unit of width and height.
        x: what stands below the axis.
        y: what stands beside it.
        share: a share from 0 to 1 in words.
        number: any other number.
    """

    width: float
    height: float
    em: float
    x: str
    y: str
    share: Callable[[float], str] = share
    number: Callable[[float], str] = number


@dataclass(frozen=True, kw_only=True)
class _Axis:
    low: float
    high: float
    ticks: tuple[float, ...]
    text: Callable[[float], str]
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where on it a value is, from 0 to 1."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


class _Frame:
    """Two axes on a sheet, and where values are between them."""

    def __init__(self, sheet: Sheet, x: _Axis, y: _Axis) -> None:
        self._sheet, self._x, self._y = sheet, x, y
        em = sheet.em
        widest = max(len(y.text(each)) for each in y.ticks)
        self.left, self.top = (0.62 * widest + 2.4) * em, 0.9 * em
        self.right = max(self.left + 1, sheet.width - 2.2 * em)
        self.bottom = max(self.top + 1, sheet.height - 3.5 * em)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a value."""
        return (
            self.left + (self.right - self.left) * self._x.place(x),
            self.bottom - (self.bottom - self.top) * self._y.place(y),
        )

    def drawn(self, shapes: Sequence[Shape]) -> Drawing:
        """The axes, and these shapes over them."""
        sheet, em = self._sheet, self._sheet.em
        axes: list[Shape] = []
        for tick in self._y.ticks:
            _, y = self.at(self._x.low, tick)
            axes.append(Line(points=((self.left, y), (self.right, y))))
            text = self._y.text(tick)
            axes.append(
                Words(x=self.left - em / 2, y=y + em / 3, text=text, anchor=Anchor.END)
            )
        for tick in self._x.ticks:
            x, _ = self.at(tick, self._y.low)
            axes.append(Line(points=((x, self.bottom), (x, self.bottom + em / 3))))
            text = self._x.text(tick)
            axes.append(
                Words(x=x, y=self.bottom + 1.5 * em, text=text, anchor=Anchor.MIDDLE)
            )
        middle = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        below, beside = sheet.height - em / 2, 1.1 * em
        axes += [
            Words(x=middle[0], y=below, text=sheet.x, anchor=Anchor.MIDDLE),
            Words(x=beside, y=middle[1], text=sheet.y, anchor=Anchor.MIDDLE, turned=True),
        ]
        return Drawing(
            width=sheet.width, height=sheet.height, em=em, shapes=(*axes, *shapes)
        )


def score_against_seconds(found: Sequence[Evaluation], bar: float, sheet: Sheet) -> Drawing:
    """Each model's score with its interval, over the seconds that a text takes it."""
    slowest = max((each.seconds(0.5) for each in found), default=0.0)
    least = min([bar, *(each.score_interval[0] for each in found)])
    frame = _Frame(
        sheet,
        _from_zero(slowest * 1.15, sheet.number),
        _shares(sheet, low=max(0.0, math.floor(10 * least - 0.01) / 10)),
    )
    clears = frame.at(0, bar)[1]
    shapes: list[Shape] = [
        Line(points=((frame.left, clears), (frame.right, clears)), ink=Ink.BAR, dashed=True)
    ]
    taken: list[float] = []
    for each in sorted(found, key=lambda one: -one.score):
        x, y = frame.at(each.seconds(0.5), each.score)
        low, high = each.score_interval
        whisker = tuple(frame.at(each.seconds(0.5), end) for end in (low, high))
        shapes.append(Line(points=whisker, ink=Ink.ACCENT, width=1.5))
        shapes.append(Dot(x=x, y=y, radius=0.42 * sheet.em))
        shapes.append(_name(each.title, (x, y), frame, sheet.em, taken))
    return frame.drawn(shapes)


def _name(
    title: str, at: tuple[float, float], frame: _Frame, em: float, taken: list[float]
) -> Words:
    """A model's name beside its dot, on the side with room, and below other names."""
    (x, y), wide = at, 0.6 * em * len(title)
    y += em / 3
    while any(abs(y - other) < 1.2 * em for other in taken):
        y += 1.2 * em
    taken.append(y)
    if x + em + wide <= frame.right or x - em - wide < frame.left:
        return Words(x=x + 0.8 * em, y=y, text=title, ink=Ink.TEXT)
    return Words(x=x - 0.8 * em, y=y, text=title, ink=Ink.TEXT, anchor=Anchor.END)


def reliability(each: Evaluation, sheet: Sheet) -> Drawing:
    """How often answers are right, over how sure they looked; ideally the diagonal."""
    frame = _Frame(sheet, _shares(sheet), _shares(sheet))
    most = max((part.answers for part in each.reliability), default=1)
    places = [frame.at(part.confidence, part.right) for part in each.reliability]
    ideal = Line(points=(frame.at(0, 0), frame.at(1, 1)), ink=Ink.MUTED, dashed=True)
    shapes: list[Shape] = [ideal]
    if len(places) > 1:
        shapes.append(Line(points=tuple(places), ink=Ink.ACCENT, width=2))
    for part, (x, y) in zip(each.reliability, places, strict=True):
        radius = sheet.em * (0.22 + 0.38 * math.sqrt(part.answers / most))
        shapes.append(Dot(x=x, y=y, radius=radius))
    return frame.drawn(shapes)


def error_against_share(each: Evaluation, threshold: float, sheet: Sheet) -> Drawing:
    """The error among the surest answers, or fields, over how large a share they are."""
    points = _risk(each)
    frame = _Frame(
        sheet,
        _shares(sheet),
        _from_zero(max(0.05, *(error for _, error in points)), sheet.share),
    )
    shapes: list[Shape] = [
        Line(points=tuple(frame.at(*point) for point in points), ink=Ink.ACCENT, width=2)
    ]
    kept = each.kept(threshold)
    if kept.share:
        x, y = frame.at(kept.share, kept.wrong)
        line = ((x, frame.top), (x, frame.bottom))
        shapes.append(Line(points=line, ink=Ink.BAR, dashed=True))
        shapes.append(Dot(x=x, y=y, radius=0.42 * sheet.em, ink=Ink.BAR))
    return frame.drawn(shapes)


def learning_curve(curve: Curve, sheet: Sheet) -> Drawing:
    """Accuracy over the number of labelled texts; the broken line is without any."""
    sizes = [each.texts for each in curve.points]
    shares = [curve.before, *(each.right for each in curve.points)]
    low = max(0.0, math.floor(10 * min(shares) - 0.01) / 10)
    # Beyond both ends, so that what stands above a dot does not run into the axis.
    beyond = SPARE if len(sizes) > 1 else 2.0
    ends = (sizes[0] / beyond, sizes[-1] * beyond)
    x = _Axis(
        low=ends[0], high=ends[1], ticks=tuple(sizes), text=sheet.number, logarithmic=True
    )
    frame = _Frame(sheet, x, _shares(sheet, low=low))
    level = frame.at(ends[0], curve.before)[1]
    line = ((frame.left, level), (frame.right, level))
    places = [frame.at(each.texts, each.right) for each in curve.points]
    shapes: list[Shape] = [
        Line(points=line, ink=Ink.BAR, dashed=True),
        Line(points=tuple(places), ink=Ink.ACCENT, width=2),
    ]
    for each, (x_, y) in zip(curve.points, places, strict=True):
        shapes.append(Dot(x=x_, y=y, radius=0.35 * sheet.em))
        text = sheet.share(each.right)
        above = max(1.0 * sheet.em, y - 0.7 * sheet.em)
        shapes.append(Words(x=x_, y=above, text=text, ink=Ink.TEXT, anchor=Anchor.MIDDLE))
    return frame.drawn(shapes)


def _risk(each: Evaluation) -> list[tuple[float, float]]:
    """(share, error) of the surest answers, more and more of them; equals go together."""
    ranked = sorted(each.judged, key=lambda one: -(one.confidence or 0.0))
    points, wrong = [(0.0, 0.0)], 0
    for done, one in enumerate(ranked, 1):
        wrong += not one.is_right
        last = done == len(ranked)
        if last or (ranked[done].confidence or 0.0) != (one.confidence or 0.0):
            points.append((done / len(ranked), wrong / done))
    return points[1:] if len(points) > 2 else points


def _shares(sheet: Sheet, low: float = 0.0) -> _Axis:
    step = 0.25 if low == 0 else 0.1 if low < 0.8 else 0.05
    count = round((1 - low) / step)
    ticks = tuple(low + step * each for each in range(count + 1))
    return _Axis(low=low, high=1.0, ticks=ticks, text=sheet.share)


def _from_zero(most: float, text: Callable[[float], str]) -> _Axis:
    """From 0 to at least `most`, with a few round ticks."""
    most = max(most, 1e-3)
    power = 10 ** math.floor(math.log10(most / 4))
    step = next(each for each in STEPS if each * power * 4.0001 >= most) * power
    ticks = tuple(step * each for each in range(math.ceil(most / step - 1e-9) + 1))
    return _Axis(low=0.0, high=ticks[-1], ticks=ticks, text=text)

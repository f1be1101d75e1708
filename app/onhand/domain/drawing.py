"""Drawings as plain shapes: a window paints them, a page holds them as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence


class Ink(StrEnum):
    """What a shape is for; who draws it chooses the colour."""

    TEXT = "text"
    MUTED = "muted"
    LINE = "line"
    ACCENT = "accent"
    BAR = "bar"


class Anchor(StrEnum):
    """Which part of a text stands at its place; the values are those of SVG."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Line:
    """Straight pieces from point to point."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = Ink.LINE
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    ink: Ink = Ink.ACCENT


@dataclass(frozen=True, kw_only=True)
class Words:
    """One line of text; `y` is its base line. `turned` reads from the bottom to the top."""

    x: float
    y: float
    text: str
    ink: Ink = Ink.MUTED
    anchor: Anchor = Anchor.START
    turned: bool = False


Shape: TypeAlias = Line | Dot | Words


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Shapes on a sheet, from its upper left corner.

    Attributes:
        em: size of the type, in the same unit as everything else.
    """

    width: float
    height: float
    em: float
    shapes: tuple[Shape, ...]


COLOURS = {
    Ink.TEXT: ("#1c2530", "#e6eaf0"),
    Ink.MUTED: ("#566170", "#a6b1bf"),
    Ink.LINE: ("#dde2e9", "#2c343f"),
    Ink.ACCENT: ("#2a62b8", "#8ab6f0"),
    Ink.BAR: ("#80500a", "#ecc271"),
}
"""Each ink on light and on dark paper."""


def style_of_inks() -> str:
    """The style sheet that gives SVG its colours, light and dark as the system has it."""
    rules = [
        "\n".join(
            f".{ink}-line {{ stroke: {pair[side]}; fill: none; }}"
            f" .{ink}-fill {{ fill: {pair[side]}; }}"
            for ink, pair in COLOURS.items()
        )
        for side in (0, 1)
    ]
    return f"{rules[0]}\n@media (prefers-color-scheme: dark) {{\n{rules[1]}\n}}"


def svg(drawing: Drawing, title: str, *, alone: bool = False) -> str:
    """A drawing as SVG; `alone` as a file of its own, else as a part of a page."""
    size = f"{drawing.width:g} {drawing.height:g}"
    style = f"<style>{style_of_inks()}</style>" if alone else ""
    shapes = "\n".join(_element(each) for each in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img"'
        f' width="{drawing.width:g}" height="{drawing.height:g}"'
        f' font-family="sans-serif" font-size="{drawing.em:g}">'
        f"<title>{escape(title)}</title>{style}\n{shapes}\n</svg>"
    )


def _element(shape: Shape) -> str:
    match shape:
        case Line():
            dashes = ' stroke-dasharray="5 4"' if shape.dashed else ""
            return (
                f'<polyline class="{shape.ink}-line" stroke-width="{shape.width:g}"'
                f'{dashes} points="{_points(shape.points)}"/>'
            )
        case Dot():
            return (
                f'<circle class="{shape.ink}-fill" cx="{shape.x:.1f}"'
                f' cy="{shape.y:.1f}" r="{shape.radius:.1f}"/>'
            )
        case Words():
            turn = f' transform="rotate(-90 {shape.x:.1f} {shape.y:.1f})"'
            return (
                f'<text class="{shape.ink}-fill" x="{shape.x:.1f}" y="{shape.y:.1f}"'
                f' text-anchor="{shape.anchor}"{turn if shape.turned else ""}>'
                f"{escape(shape.text)}</text>"
            )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)

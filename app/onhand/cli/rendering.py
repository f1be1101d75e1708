"""Answers and tables as a terminal shows them; imported only where there is one."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from onhand.cli import wording
from onhand.domain.answers import Classification, Extraction, Tagging

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from onhand.domain.answers import Answer, Value
    from onhand.domain.progress import Progress

MOST_LABELS = 10
BAR = 30
GAP = 3
"""Columns between two cells of a table."""

ROOM = 30
"""Columns that the last column of a table keeps if it needs them, while others can be made
narrower."""

LEAST = 6


def picture(answer: Answer, *, width: int) -> str:
    """A classification as bars, where there are probabilities, an extraction as a table."""
    match answer:
        case Classification(label=label, scores=scores) if scores:
            return _bars(scores, {label}, width)
        case Tagging(labels=labels, scores=scores) if scores:
            return _bars(scores, set(labels), width)
        case Extraction(fields=fields):
            return _fields(fields, width)
        case _:
            return "\n".join(wording.answer_lines(answer)) + "\n"


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, folded: bool
) -> str:
    """Rows under their titles; the last column takes what room is left.

    Long cells of other columns are cut; those of the last one too, unless it is `folded`.
    """
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    widths = _widths(columns, rows, width)
    for column, room in zip(columns, widths, strict=True):
        shown.add_column(column, width=room, no_wrap=True, overflow="ellipsis")
    if folded:
        shown.columns[-1].no_wrap = False
        shown.columns[-1].overflow = "fold"
    for row in rows:
        shown.add_row(*(_text(wording.one_line(cell)) for cell in row))
    return _drawn(shown, width)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """What each column gets: what it needs, as long as the last one keeps some room."""
    needed = [
        max(cell_len(wording.one_line(cell)) for cell in cells)
        for cells in zip(columns, *rows, strict=True)
    ]
    *others, last = needed
    gaps = GAP * len(others)
    most = max(others, default=0)
    room = min(ROOM, last)
    while most > LEAST and sum(min(most, each) for each in others) + gaps + room > width:
        most -= 1
    given = [min(most, each) for each in others]
    return [*given, max(LEAST, min(last, width - sum(given) - gaps))]


class ProgressBar:
    """A bar on a terminal; nothing is drawn before there is something to show."""

    def __init__(self, stream: TextIO | None, what: str) -> None:
        self._bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
            console=Console(file=stream),
            transient=True,
            auto_refresh=False,
        )
        self._what = what
        self._task = self._bar.add_task(what, total=None, left="", start=True)
        self._started = False

    def show(self, progress: Progress) -> None:
        """Draw how far the work is."""
        if progress.total <= 1:
            return
        left = progress.seconds_left
        self._bar.update(
            self._task,
            description=progress.note or self._what,
            completed=progress.done,
            total=progress.total,
            left="" if left is None else f"{wording.duration(left)} left",
        )
        if self._started:
            self._bar.refresh()
        else:
            self._started = True
            self._bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self._started:
            self._bar.stop()


def _bars(scores: Mapping[str, float], chosen: set[str], width: int) -> str:
    best = sorted(scores.items(), key=lambda item: -item[1])
    shown = Table(box=None, pad_edge=False, show_header=False)
    shown.add_column(no_wrap=True, overflow="ellipsis", max_width=max(10, width - BAR - 12))
    shown.add_column(no_wrap=True, width=min(BAR, max(5, width // 3)))
    shown.add_column(no_wrap=True, justify="right")
    room = min(BAR, max(5, width // 3))
    for label, score in best[:MOST_LABELS]:
        style = "bold green" if label in chosen else ""
        bar = "\N{FULL BLOCK}" * round(score * room)
        shown.add_row(
            _text(wording.one_line(label), style), _text(bar, style), f"{score:.0%}"
        )
    drawn = _drawn(shown, width)
    left = len(best) - MOST_LABELS
    return drawn + (f"and {left} more labels\n" if left > 0 else "")


def _fields(fields: Mapping[str, Sequence[Value]], width: int) -> str:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    shown.add_column("field", no_wrap=True, overflow="ellipsis", max_width=width // 3)
    shown.add_column("value", overflow="fold")
    shown.add_column("state", no_wrap=True)
    for name, values in fields.items():
        if not values:
            shown.add_row(
                _text(wording.one_line(name)), "", _text("not in the text", "dim")
            )
        for value in values:
            state = "inferred" if value.inferred else f"found, {value.confidence:.0%}"
            shown.add_row(_text(wording.one_line(name)), _text(value.text), _text(state))
    return _drawn(shown, width)


def _text(text: str, style: str = "") -> Text:
    """Text that is shown as it is: nothing in it is markup or commands the terminal."""
    return Text(wording.visible(text), style=style)


def _drawn(shown: Table, width: int) -> str:
    drawing = StringIO()
    Console(file=drawing, width=width, force_terminal=True, highlight=False).print(shown)
    return "\n".join(line.rstrip() for line in drawing.getvalue().splitlines()) + "\n"

"""How a download stands: a bar on a terminal, else a line now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn
from rich.progress import Progress as RichProgress

from onhand.cli import wording
from onhand.domain.transfers import TransferState

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from onhand.domain.transfers import Transfer

STEPS = 10
"""So many lines tell of a whole download where there is no bar."""


class TransferBar:
    """A bar on a terminal, with speed and time left."""

    def __init__(self, stream: TextIO | None) -> None:
        self._bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=Console(file=stream),
            transient=True,
            auto_refresh=False,
        )
        self._task = self._bar.add_task("", total=None, left="")
        self._started = False

    def show(self, transfer: Transfer) -> None:
        """Draw how it stands."""
        self._bar.update(
            self._task,
            description=wording.transfer_state(transfer),
            completed=transfer.done,
            total=transfer.total,
            left=wording.transfer_speed(transfer),
        )
        if not self._started:
            self._started = True
            self._bar.start()
        self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._started:
            self._bar.stop()


class TransferLines:
    """A line for each change of state, and for each tenth that has arrived."""

    def __init__(self, print_line: Callable[[Transfer], None]) -> None:
        self._print = print_line
        self._last: tuple[TransferState, str, int] | None = None

    def show(self, transfer: Transfer) -> None:
        """Print how it stands, if that is new."""
        moves = transfer.state is TransferState.RUNNING and transfer.total > 0
        step = STEPS * transfer.done // transfer.total if moves else 0
        reason = transfer.reason.partition(";")[0]
        now = (transfer.state, reason, step)
        if now != self._last:
            self._last = now
            self._print(transfer)

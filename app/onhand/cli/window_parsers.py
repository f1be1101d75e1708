"""The commands that show something on the screen, as argparse knows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.on_screen import QUICK, WINDOW
from onhand.cli.options import flag

if TYPE_CHECKING:
    from onhand.cli.options import Commands


def add_window(commands: Commands) -> None:
    """Add them."""
    window = commands.add(
        WINDOW,
        "open the window, or bring the one that is open to the front",
        "onhand window ticket-queue.onhandtask",
    )
    window.add_argument(
        "opened", metavar="FILE", type=Path, nargs="?",
        help="a text or document, a task file or a pack to open in it",
    )  # fmt: skip
    flag(
        window,
        "--stopwatch",
        "tell at the end how long the window was held up, and by what",
    )
    commands.add(
        QUICK,
        "open the quick panel, which works on what is in the clipboard; to bind to a key",
        "onhand quick",
    )

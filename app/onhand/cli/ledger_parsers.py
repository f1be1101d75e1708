"""The command `onhand ledger`, as argparse knows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import option

if TYPE_CHECKING:
    from onhand.cli.options import Commands


def add_ledger(commands: Commands) -> None:
    """Add it."""
    ledger = commands.add(
        "ledger",
        "list every connection that was ever attempted",
        "onhand ledger --proof proof.pdf",
    )
    text = "write a page for a security officer, .html or .pdf"
    option(ledger, "--proof", "FILE", text, Path)

"""The commands of `onhand policy`, as argparse knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onhand.cli.options import Commands


def add_policy(commands: Commands) -> None:
    """Add them."""
    commands.add("show", "show what your organisation has fixed or recommends, and where")

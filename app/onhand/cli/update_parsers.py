"""The commands of `onhand update`, as argparse knows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onhand.cli.options import Commands


def add_update(commands: Commands) -> None:
    """Add them."""
    check = commands.add(
        "check",
        "check a package of a newer version, its signature and every byte",
        "onhand update check onhand_1.2.0_amd64.deb",
    )
    text = "the package with its .onhandupdate beside it, or that file"
    check.add_argument("file", metavar="FILE", type=Path, help=text)

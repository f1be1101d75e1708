"""Programs of the system that packages are made and tried with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from building import Unbuildable

if TYPE_CHECKING:
    from collections.abc import Sequence


def tool(name: str) -> str:
    """Where a program lies.

    Raises:
        Unbuildable: there is none of this name.
    """
    found = shutil.which(name)
    if found is None:
        raise Unbuildable(f"there is no {name} here; Debian or its makers have it")
    return found


def run(argv: Sequence[str]) -> None:
    """Run a program to its end.

    Raises:
        Unbuildable: it failed; with the end of what it said.
    """
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    if done.returncode:
        told = (done.stdout + done.stderr).strip()[-2000:]
        raise Unbuildable(f"{Path(argv[0]).name}: {told}")

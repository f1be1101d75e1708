"""Writes entries of the history into a file that anybody can read."""

from __future__ import annotations

from io import TextIOWrapper
from typing import TYPE_CHECKING

from onhand.domain.errors import OutputExists, OutputUnwritable
from onhand.domain.export_form import Format
from onhand.storage.result_files import OutputFile
from onhand.storage.safe_files import failures_as

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def raise_if_there(path: Path) -> None:
    """Raise `OutputExists` where a file would be replaced."""
    with failures_as(OutputUnwritable, path):
        if path.exists():
            raise OutputExists(str(path))


def write_export(path: Path, form: Format, pieces: Iterable[str]) -> None:
    """Write pieces of text one after the other, into a file that is whole or not there.

    What is no file, a pipe say, gets them as they come.

    Raises:
        OutputUnwritable: it cannot be written.
        DiskFull: there is no room for it.
    """
    # Spreadsheets take a CSV file for UTF-8 only where it says so.
    encoding = "utf-8-sig" if form is Format.CSV else "utf-8"
    with failures_as(OutputUnwritable, path):
        if path.exists() and not path.is_file():
            with path.open("w", encoding=encoding, newline="") as file:
                file.writelines(pieces)
            return
    with OutputFile(path).replaced() as whole:
        text = TextIOWrapper(whole, encoding=encoding, newline="")
        text.writelines(pieces)
        text.detach()

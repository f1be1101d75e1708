"""Labelled texts in real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.services.labelled_rows import LabelledRows
from onhand.storage.row_files import TEXTS, open_text_rows, raise_if_unknown

if TYPE_CHECKING:
    from pathlib import Path


def open_labelled(path: Path, columns: tuple[str, str]) -> LabelledRows:
    """Labelled texts in a real file that is a text."""
    raise_if_unknown(path, TEXTS)
    text, label = columns
    return LabelledRows(open_text_rows(path, text or "#1"), label)

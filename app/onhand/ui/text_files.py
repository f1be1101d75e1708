"""Choosing a file with a text, and reading one that was dropped or chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt

from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import InputUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.services.reading import ReadText

_MOST_BYTES = 20_000_000
_KINDS = " ".join(f"*{each}" for each in (".txt", ".md", ".csv", ".log", *DOCUMENTS))


def choose_text_file(parent: QWidget, then: Callable[[Path], None]) -> None:
    """Let the user choose a file; `then` gets its path."""
    from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - the window paints first

    translate = QCoreApplication.translate
    dialog = QFileDialog(parent, translate("text_files", "Open a text file"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters(
        [
            translate("text_files", "Texts and documents ({kinds})").format(kinds=_KINDS),
            translate("text_files", "All files (*)"),
        ]
    )
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def read_file(path: Path) -> ReadText:
    """The text of a file; slow, so not for the UI thread.

    Raises:
        InputUnreadable: it cannot be opened, is too large, or is not text.
    """
    from onhand.services.reading import read_text  # noqa: PLC0415 - the window paints first

    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise InputUnreadable(f"it is larger than {_MOST_BYTES // 1_000_000} MB")
        return read_text(path.read_bytes())
    except OSError as error:
        raise InputUnreadable(error.strerror or type(error).__name__) from error

"""Reading a file that the user dropped or chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.services.reading import ReadText

_MOST_BYTES = 20_000_000


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

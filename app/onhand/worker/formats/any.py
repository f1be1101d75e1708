"""A document of any known kind as text."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable
from onhand.worker.formats.html import text_of_page
from onhand.worker.formats.labels import LOST
from onhand.worker.formats.limits import MOST_CHARACTERS
from onhand.worker.formats.mail import text_of_mail
from onhand.worker.formats.office import text_of_docx, text_of_odt
from onhand.worker.formats.outlook import text_of_msg
from onhand.worker.formats.pdf import text_of_pdf
from onhand.worker.formats.rtf import text_of_rtf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_READERS: Mapping[str, Callable[[bytes], tuple[str, str]]] = MappingProxyType(
    {
        ".docx": text_of_docx,
        ".odt": text_of_odt,
        ".rtf": text_of_rtf,
        ".pdf": text_of_pdf,
        ".html": text_of_page,
        ".htm": text_of_page,
    }
)

_MAILS = MappingProxyType({".eml": text_of_mail, ".msg": text_of_msg})


def read_document(path: Path, *, own_words: bool = False) -> tuple[str, str]:
    """The text of a document, and a sentence on how it was read or "".

    Of a mail only what its writer wrote in it, if `own_words`.

    Raises:
        InputUnreadable: there is no text in it.
        OSError: it cannot be opened.
        Whatever its parser raises: it is damaged.
    """
    ending = path.suffix.lower()
    read = partial(_MAILS[ending], own=own_words) if ending in _MAILS else _READERS[ending]
    text, note = read(path.read_bytes())
    # Halves of characters, as some formats write them, become whole or a sign of loss.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if not text.strip():
        raise InputUnreadable("there is no text in it")
    if len(text) > MOST_CHARACTERS:
        raise InputUnreadable(f"it holds more than {MOST_CHARACTERS:,} characters")
    notes = [note] if note else []
    if LOST in text:
        notes.append("Broken characters are shown as \N{REPLACEMENT CHARACTER}.")
    return text.strip() + "\n", " ".join(notes)

"""PDF documents: the text of their pages, where they have some."""

from __future__ import annotations

from io import BytesIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from onhand.domain.errors import InputUnreadable
from onhand.worker.formats.limits import MOST_CHARACTERS

_WRITTEN = frozenset({"/Tx", "/Ch"})
"""Fields that hold a text, or one that was chosen; what was ticked says little."""


def text_of_pdf(data: bytes) -> tuple[str, str]:
    """The pages, then what was filled in, with a word on those without text."""
    if b"%PDF-" not in data[:1024]:
        raise InputUnreadable("it is damaged, or no PDF document")
    try:
        return _pages(PdfReader(BytesIO(data)))
    except (DependencyError, FileNotDecryptedError) as error:
        raise InputUnreadable("it is protected by a password") from error
    except (PyPdfError, RecursionError) as error:
        raise InputUnreadable("it is damaged") from error


def _pages(reader: PdfReader) -> tuple[str, str]:
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise InputUnreadable("it is protected by a password")
    texts: list[str] = []
    length = 0
    for page in reader.pages:
        texts.append(page.extract_text().strip())
        length += len(texts[-1])
        if length > MOST_CHARACTERS:
            break
    bare = texts.count("")
    filled, note = _filled_in(reader)
    if bare == len(texts) and not filled:
        raise InputUnreadable("its pages are pictures; there is no text in it")
    left = f"{bare} of {len(texts)} pages are pictures and were left out." if bare else ""
    text = "\n\n".join(filter(None, [*texts, "\n".join(filled)]))
    return text, " ".join(filter(None, (left, note)))


def _filled_in(reader: PdfReader) -> tuple[list[str], str]:
    """What stands in the fields of a form, which is in no page, and a note."""
    try:
        fields = (reader.get_fields() or {}).items()
        found = [(each.get("/TU") or name, each.get("/V"), each) for name, each in fields]
    # Forms are damaged in many ways; the pages can be read all the same.
    except Exception:  # noqa: BLE001
        return [], "What was filled into its form could not be read."
    return [
        f"{name}: {value.strip()}"
        for name, value, each in found
        if each.get("/FT") in _WRITTEN and isinstance(value, str) and value.strip()
    ], ""

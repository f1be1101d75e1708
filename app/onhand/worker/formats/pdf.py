"""PDF documents: the text of their pages, where they have some."""

from __future__ import annotations

from io import BytesIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from onhand.domain.errors import InputUnreadable
from onhand.worker.formats.limits import MOST_CHARACTERS


def text_of_pdf(data: bytes) -> tuple[str, str]:
    """The pages, one after the other, with a word on those without text."""
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
    if bare == len(texts):
        raise InputUnreadable("its pages are pictures; there is no text in it")
    note = f"{bare} of {len(texts)} pages are pictures and were left out." if bare else ""
    return "\n\n".join(filter(None, texts)), note

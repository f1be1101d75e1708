"""Word documents and OpenDocument texts: the paragraphs of one part of an archive."""

from __future__ import annotations

import re
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from onhand.domain.errors import InputUnreadable
from onhand.worker.formats.limits import unpacked
from onhand.worker.formats.paragraphs import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

_OLE = b"\xd0\xcf\x11\xe0"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
_NOTE = f"{_TEXT} note"
_CHOOSING = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ALTERNATIVES = f"{_CHOOSING} AlternateContent"
_CHOICES = frozenset({f"{_CHOOSING} Choice", f"{_CHOOSING} Fallback"})
_MOST_SPACES = 1000


def text_of_docx(data: bytes) -> tuple[str, str]:
    """Text, footnotes and endnotes; what was deleted under tracking is left out."""
    if data.startswith(_OLE):
        raise InputUnreadable("it is protected by a password, or an older .doc")
    with _opened(data) as archive:
        found = [_part(archive, name) for name in ("document", "footnotes", "endnotes")]
        if found[0] is None:
            raise InputUnreadable("it is not a Word document")
        parts = filter(None, found)
        return "\n".join(_read(archive, each, _Word()) for each in parts), ""


def _part(archive: ZipFile, name: str) -> str | None:
    """A part of a Word document; some programs put a number behind its name."""
    pattern = re.compile(rf"word/{name}\d*\.xml")
    return min(filter(pattern.fullmatch, archive.namelist()), default=None)


def text_of_odt(data: bytes) -> tuple[str, str]:
    """Text; what was deleted under tracking, and comments, are left out."""
    with _opened(data) as archive:
        names = set(archive.namelist())
        if "content.xml" not in names:
            raise InputUnreadable("it is not an OpenDocument text")
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in b"".join(
            unpacked(archive, manifest)
        ):
            raise InputUnreadable("it is protected by a password")
        return _read(archive, "content.xml", _OpenDocument()), ""


def _opened(data: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(data))
    except BadZipFile as error:
        raise InputUnreadable("it is damaged, or no office document") from error


def _of_word(*names: str) -> frozenset[str]:
    return frozenset(f"{space} {name}" for space in (_WORD, _STRICT) for name in names)


class _Word(Paragraphs):
    paragraphs = _of_word("p")
    rows = _of_word("tr")
    cells = _of_word("tc")
    texts = _of_word("t")
    # What was deleted, or moved from here; and properties, which have tab stops.
    unsaid = _of_word("del", "moveFrom", "pPr")
    marks: Mapping[str, str] = MappingProxyType(
        {
            **dict.fromkeys(_of_word("tab", "ptab"), "\t"),
            **dict.fromkeys(_of_word("br", "cr"), "\n"),
            **dict.fromkeys(_of_word("noBreakHyphen"), "-"),
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self._choices: list[int] = []

    def skips(self, name: str) -> bool:
        """See the base class."""
        if name in _CHOICES and self._choices:
            # The same for other programs, where one form of it has been read.
            return any(each.strip() for each in self.words[self._choices[-1] :])
        return name in self.unsaid

    def begun(self, name: str, _: Mapping[str, str]) -> None:
        """See the base class."""
        self._inside += name in self.texts
        if name == _ALTERNATIVES:
            self._choices.append(len(self.words))
        elif name in self.marks:
            self.words.append(self.marks[name])

    def ended(self, name: str) -> None:
        """See the base class."""
        self._inside -= name in self.texts
        if name == _ALTERNATIVES:
            self._choices.pop()


class _OpenDocument(Paragraphs):
    paragraphs = frozenset({f"{_TEXT} p", f"{_TEXT} h"})
    rows = frozenset({f"{_TABLE} table-row"})
    cells = frozenset({f"{_TABLE} table-cell"})
    unsaid = frozenset(
        (
            *(f"{_TEXT} tracked-changes", f"{_TEXT} note-citation"),
            *(f"{_OFFICE} annotation", f"{_SVG} title", f"{_SVG} desc"),
        )
    )

    def __init__(self) -> None:
        super().__init__()
        self._notes: list[str] = []

    def skips(self, name: str) -> bool:
        """See the base class."""
        return name in self.unsaid

    def begun(self, name: str, attributes: Mapping[str, str]) -> None:
        """See the base class."""
        self._inside += name in self.paragraphs
        if name == f"{_TEXT} s":
            count = attributes.get(f"{_TEXT} c", "1")
            self._mark(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif name == f"{_TEXT} tab":
            self._mark("\t")
        elif name == f"{_TEXT} line-break":
            self._mark("\n")
        elif name == _NOTE:
            self.apart()

    def ended(self, name: str) -> None:
        """See the base class."""
        self._inside -= name in self.paragraphs
        if name == _NOTE:
            self._notes.append(self.together())

    def said(self, words: str) -> None:
        """Words between them; white space that is more than a blank has marks."""
        super().said(re.sub(r"[ \t\r\n]+", " ", words))

    def text(self) -> str:
        """All of it; notes stand at the end, as in a Word document."""
        return "\n".join(["".join(self.words), *self._notes])

    def _mark(self, mark: str) -> None:
        if self._inside:
            self.words.append(mark)


def _read(archive: ZipFile, name: str, paragraphs: Paragraphs) -> str:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = paragraphs.start
    parser.EndElementHandler = paragraphs.end
    parser.CharacterDataHandler = paragraphs.said
    # No office program writes one; entities, own or from elsewhere, are declared in it.
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in unpacked(archive, name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, BadZipFile, EOFError) as error:
        raise InputUnreadable("it is damaged") from error
    return paragraphs.text()


def _refuse(*_: object) -> None:
    raise InputUnreadable("it declares entities, as no office program does")

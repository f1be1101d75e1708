"""Word documents and OpenDocument texts: the paragraphs of one part of an archive."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from onhand.domain.errors import InputUnreadable
from onhand.worker.formats.limits import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping

_OLE = b"\xd0\xcf\x11\xe0"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_MOST_SPACES = 1000


def text_of_docx(data: bytes) -> tuple[str, str]:
    """Text, footnotes and endnotes; what was deleted under tracking is left out."""
    if data.startswith(_OLE):
        raise InputUnreadable("it is protected by a password, or an older .doc")
    with _opened(data) as archive:
        names = set(archive.namelist())
        if "word/document.xml" not in names:
            raise InputUnreadable("it is not a Word document")
        parts = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
        return "\n".join(
            _read(archive, each, _Word()) for each in parts if each in names
        ), ""


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


class _Paragraphs:
    """Gathers the words of a part while expat reads it."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._inside = 0
        self._skipped = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """An element ends."""
        raise NotImplementedError

    def said(self, words: str) -> None:
        """Words between them."""
        if self._inside and not self._skipped:
            self.words.append(words)


class _Word(_Paragraphs):
    marks = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}  # noqa: RUF012
    ends = {"p": "\n", "tc": "\t", "tr": "\n"}  # noqa: RUF012

    def start(self, name: str, _: Mapping[str, str]) -> None:
        """See the base class."""
        space, __, local = name.rpartition(" ")
        if space in (_WORD, _STRICT):
            self._inside += local == "t"
            self.words.append(self.marks.get(local, ""))

    def end(self, name: str) -> None:
        """See the base class."""
        space, _, local = name.rpartition(" ")
        if space in (_WORD, _STRICT):
            self._inside -= local == "t"
            self.words.append(self.ends.get(local, ""))


class _OpenDocument(_Paragraphs):
    skipped = (f"{_TEXT} tracked-changes", f"{_OFFICE} annotation")
    paragraphs = (f"{_TEXT} p", f"{_TEXT} h")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """See the base class."""
        self._skipped += name in self.skipped
        self._inside += name in self.paragraphs
        if name == f"{_TEXT} s":
            count = attributes.get(f"{_TEXT} c", "1")
            self.said(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif name == f"{_TEXT} tab":
            self.said("\t")
        elif name == f"{_TEXT} line-break":
            self.said("\n")

    def end(self, name: str) -> None:
        """See the base class."""
        if name in self.paragraphs:
            self.said("\n")
            self._inside -= 1
        self._skipped -= name in self.skipped


def _read(archive: ZipFile, name: str, paragraphs: _Paragraphs) -> str:
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
    return "".join(paragraphs.words)


def _refuse(*_: object) -> None:
    raise InputUnreadable("it declares entities, as no office program does")

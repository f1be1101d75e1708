"""Web pages: the words that a reader would see; nothing is loaded from elsewhere."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from onhand.services.reading import read_text
from onhand.worker.formats.labels import codec_of, read_as

_UNSEEN = frozenset(
    ("script", "style", "head", "title", "template", "noscript", "svg", "object")
)
# What may stand in a head; anything else ends it, since its end need not be written.
_IN_HEAD = frozenset(
    ("base", "link", "meta", "noscript", "script", "style", "template", "title")
)
_WRITTEN_AS_SEEN = frozenset({"pre", "textarea"})
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd"),
        *("details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend"),
        *("li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table"),
        *("textarea", "tr", "ul"),
    )
)
_ROWS = frozenset({"table", "tr"})
_CELLS = frozenset({"td", "th"})
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)


def text_of_page(data: bytes) -> tuple[str, str]:
    """The text of a page, and how its bytes were read."""
    codec = _said(data)
    if codec is not None and (text := read_as(data, codec)) is not None:
        return text_of_html(text), ""
    read = read_text(data)
    return text_of_html(read.text), read.note


def _said(data: bytes) -> str | None:
    """The encoding that a page says it is in; a mark at its start says more."""
    found = _CHARSET.search(data[:4096])
    if not found or data.startswith((b"\xff\xfe", b"\xfe\xff", codecs.BOM_UTF8)):
        return None
    codec = codec_of(found[1].decode("ascii"))
    if codec is not None and codec.startswith(("utf-16", "utf-32")):
        # In these nobody could have read that it is one (HTML, section 13.2.3.2).
        return "utf-8"
    return codec


def text_of_html(page: str) -> str:
    """The text of a page that is decoded already."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = "".join(reader.words).split("\n")
    spaced = (re.sub(r"[ \r\f\v]+", " ", line).strip(" ") for line in lines)
    tidy = "\n".join(re.sub(r" ?\t ?", "\t", line) for line in spaced)
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen: list[str] = []
        self._as_seen = 0
        self._first_cell = True
        self._cell_begins = False

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag not in _IN_HEAD:
            self._leave_head()
        if tag == "body":
            self._unseen.clear()  # whatever the head left open
        if tag in _UNSEEN:
            self._unseen.append(tag)
        self._as_seen += tag in _WRITTEN_AS_SEEN
        self._separate(tag)

    def handle_startendtag(self, tag: str, _: object) -> None:
        if tag not in _IN_HEAD:
            self._leave_head()
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        if tag in _ROWS or tag in _CELLS:
            self._cell_begins = False
        if tag in _WRITTEN_AS_SEEN:
            self._as_seen = max(0, self._as_seen - 1)
        if tag in _BLOCKS and not self._cell_begins:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._leave_head()
            self._cell_begins = False
        if not self._unseen:
            lines = data.replace("\r\n", "\n")
            self.words.append(lines if self._as_seen else lines.replace("\n", " "))

    def _separate(self, tag: str) -> None:
        """Keep words apart that stand in different lines or cells."""
        if tag in _CELLS:
            self._begin_cell()
        elif tag in _ROWS:
            self._first_cell, self._cell_begins = True, False
        if tag in _BLOCKS and not self._cell_begins:
            self.words.append("\n")

    def _begin_cell(self) -> None:
        """A tab and no line between cells, whatever paragraphs they are made of."""
        if not self._first_cell:
            while self.words and not self.words[-1].strip(" \n"):
                self.words.pop()
        if not self._first_cell or (self.words and self.words[-1].strip()):
            self.words.append("\t")
        self._first_cell, self._cell_begins = False, True

    def _leave_head(self) -> None:
        if self._unseen == ["head"]:
            self._unseen.clear()

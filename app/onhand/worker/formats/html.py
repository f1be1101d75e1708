"""Web pages: the words that a reader would see; nothing is loaded from elsewhere."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from onhand.services.reading import read_text

_UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "svg", "object"})
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"),
        *("tr", "ul"),
    )
)
_CELLS = frozenset({"td", "th"})
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)


def text_of_page(data: bytes) -> tuple[str, str]:
    """The text of a page, and how its bytes were read."""
    found = _CHARSET.search(data[:4096])
    if found and not data.startswith((b"\xff\xfe", b"\xfe\xff", codecs.BOM_UTF8)):
        try:
            return text_of_html(data.decode(found[1].decode("ascii"))), ""
        except (LookupError, UnicodeError):
            pass
    read = read_text(data)
    return text_of_html(read.text), read.note


def text_of_html(page: str) -> str:
    """The text of a page that is decoded already."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = "".join(reader.words).split("\n")
    tidy = "\n".join(re.sub(r"[ \r\f\v]+", " ", line).strip(" ") for line in lines)
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "body":
            self._unseen.clear()  # whatever the head left open
        elif tag in _BLOCKS:
            self.words.append("\n")
        elif tag in _CELLS:
            self.words.append("\t")

    def handle_startendtag(self, tag: str, _: object) -> None:
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data.replace("\n", " "))

"""Mails that Outlook saves: properties in a file system in a file."""

from __future__ import annotations

import re
from io import BytesIO

import olefile
from compressed_rtf import decompress

from onhand.domain.errors import InputUnreadable
from onhand.services.reading import read_text
from onhand.worker.formats.html import text_of_html, text_of_page
from onhand.worker.formats.limits import MOST_UNPACKED
from onhand.worker.formats.mail import as_text
from onhand.worker.formats.rtf import text_of_rtf

# Tags of properties, from the format's description (MS-OXPROPS).
_HEAD = (("From", "0C1A"), ("To", "0E04"), ("Cc", "0E03"), ("Subject", "0037"))
_BODY, _HTML, _RICH = "1000", "1013", "1009"
_TAGS = re.compile(rb"\{\\\*\\htmltag[^{}]*\}|\\htmlrtf\b.*?\\htmlrtf0 ?", re.DOTALL)
_START = 512
_UTF16, _ANSI, _BINARY = "001F", "001E", "0102"


def text_of_msg(data: bytes, *, own: bool = False) -> tuple[str, str]:
    """Head and body: plain, else HTML, else rich text. No attachments.

    `own` as for `text_of_mail`.
    """
    # Not by olefile: it takes few bytes for the name of a file, and opens that.
    if not data.startswith(olefile.MAGIC):
        raise InputUnreadable("it is damaged, or no mail of Outlook")
    with olefile.OleFileIO(BytesIO(data)) as mail:
        head = [(name, _property(mail, tag)[0]) for name, tag in _HEAD]
        body, note = _body(mail)
        attached = {each[0] for each in mail.listdir() if each[0].startswith("__attach")}
    if not body and not any(value for _, value in head):
        raise InputUnreadable("it holds no mail, or one without words")
    return as_text(head, body, note, attached=len(attached), own=own)


def _body(mail: olefile.OleFileIO) -> tuple[str, str]:
    """The first form of the body in which there are words, and how it was read."""
    body, note = _property(mail, _BODY)
    if not body.strip():
        page, note = _property(mail, _HTML)
        body = text_of_html(page)
    if not body.strip() and (raw := _stream(mail, _HTML, _BINARY)):
        body, note = text_of_page(raw.rstrip(b"\0"))
    if not body.strip():
        body, note = _rich(_stream(mail, _RICH, _BINARY))
    return body, note


def _rich(packed: bytes) -> tuple[str, str]:
    """The words of a body that is there as compressed rich text alone, and a note."""
    if not packed:
        return "", ""
    said = int.from_bytes(packed[4:8], "little")
    if said > MOST_UNPACKED:
        raise InputUnreadable(f"it unpacks to over {MOST_UNPACKED // 1_000_000} MB")
    try:
        rich = decompress(packed)
    # The library raises that and nothing closer.
    except Exception as error:
        raise InputUnreadable("its text is damaged") from error
    return text_of_rtf(_without_tags(rich.rstrip(b"\0")))


def _without_tags(rich: bytes) -> bytes:
    """Rich text that carries a web page, without the tags of that (MS-OXRTFEX)."""
    return _TAGS.sub(b"", rich) if b"\\fromhtml" in rich[:_START] else rich


def _property(mail: olefile.OleFileIO, tag: str) -> tuple[str, str]:
    """What stands there, and how it was read."""
    if raw := _stream(mail, tag, _UTF16):
        return raw.decode("utf-16-le", errors="replace").rstrip("\0"), ""
    read = read_text(_stream(mail, tag, _ANSI).rstrip(b"\0"))
    return read.text, read.note


def _stream(mail: olefile.OleFileIO, tag: str, kind: str) -> bytes:
    name = f"__substg1.0_{tag}{kind}"
    if not mail.exists(name):
        return b""
    if mail.get_size(name) > MOST_UNPACKED:
        raise InputUnreadable(f"it unpacks to over {MOST_UNPACKED // 1_000_000} MB")
    with mail.openstream(name) as stream:
        return bytes(stream.read())

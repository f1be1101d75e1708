"""Mails as they are sent and saved: the head that people read, and the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable
from onhand.services.reading import read_text
from onhand.worker.formats.html import text_of_html, text_of_page
from onhand.worker.formats.labels import codec_of, read_as

if TYPE_CHECKING:
    from email.message import EmailMessage, MIMEPart

HEAD = ("From", "To", "Cc", "Date", "Subject")
_LABEL = re.compile(r"=\?([\w.:-]{1,40})(?=[?*])")
_WORDS = frozenset({"text/plain", "text/html"})


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What was read of a part of a mail."""

    text: str = ""
    note: str = ""
    attached: int = 0


def text_of_mail(data: bytes, *, own: bool = False) -> tuple[str, str]:
    """Head and body; of several forms of the body the plain one. No attachments.

    If `own`, the body is without what is quoted in it, and without the signature.
    """
    mail: EmailMessage = BytesParser(policy=policy.default).parsebytes(data)
    raw = {name.casefold(): value for name, value in reversed(list(mail.raw_items()))}
    head = [(name, _line(name, str(raw.get(name.casefold(), "")))) for name in HEAD]
    body = _read(mail)
    return as_text(head, body.text, body.note, attached=body.attached, own=own)


def as_text(
    head: list[tuple[str, str]], body: str, note: str, *, attached: int, own: bool
) -> tuple[str, str]:
    """A mail as a text, and what is to be said of it beside how its body was read."""
    notes = [note] if note else []
    notes += [f"{attached} attachment(s) were left out."] if attached else []
    if own:
        # Its patterns take as long as all the rest, and only some want it.
        from onhand.worker.formats.own_words import own_words  # noqa: PLC0415

        body, note = own_words(body)
        notes += [note] if note else []
    return with_head(head, body), " ".join(notes)


def with_head(head: list[tuple[str, str]], body: str) -> str:
    """A mail as a text: what stands in its head, an empty line, the body."""
    lines = [f"{name}: {' '.join(value.split())}" for name, value in head if value.strip()]
    return "\n".join([*lines, "", body]).strip()


def _line(name: str, raw: str) -> str:
    """What a line of the head says: words of it may be encoded, each in its own way."""
    # As the parser does, which hides bytes beyond ASCII in the text.
    data = "".join(raw.splitlines()).encode("utf-8", "surrogateescape")
    try:
        raw = read_text(data).text
    except InputUnreadable:
        raw = data.decode("utf-8", "replace")
    meant = _LABEL.sub(lambda found: f"=?{codec_of(found[1]) or found[1]}", raw)
    return str(policy.default.header_factory(name, meant))


def _read(part: MIMEPart) -> _Read:
    if part.is_attachment():
        return _Read(attached=1)
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        parts = list(part.iter_parts())
        alternative = part.get_content_subtype() == "alternative"
        return _likeliest(parts) if alternative else _one_after_another(parts)
    # What says that it has parts and has none is a text.
    if part.get_content_type() in _WORDS or part.get_content_maintype() == "multipart":
        text, note = _words(part)
        return _Read(text=text, note=note)
    return _Read(attached=1)


def _likeliest(parts: list[MIMEPart]) -> _Read:
    """Of several forms of the same the plain one, or the next in which there are words."""
    parts.sort(key=lambda part: part.get_content_type() != "text/plain")
    forms = [_read(part) for part in parts]
    # Pictures and dates are there for one of the forms; a mixed one has what was attached.
    attached = max(
        (
            form.attached
            for part, form in zip(parts, forms, strict=True)
            if part.get_content_subtype() == "mixed"
        ),
        default=0,
    )
    found = next((form for form in forms if form.text.strip()), _Read())
    return replace(found, attached=attached)


def _one_after_another(parts: list[MIMEPart]) -> _Read:
    """What is shown as one text, as mail programs do that have pictures between words."""
    texts: list[str] = []
    notes: list[str] = []
    attached = 0
    for part in parts:
        named = texts and not part.is_multipart() and part.get_filename()
        found = _Read(attached=1) if named else _read(part)
        texts += [found.text.rstrip()] if found.text.strip() else []
        notes += [found.note] if found.note not in notes else []
        attached += found.attached
    note = " ".join(filter(None, notes))
    return _Read(text="\n\n".join(texts), note=note, attached=attached)


def _words(part: MIMEPart) -> tuple[str, str]:
    """The words of a part, by what it says of their encoding or by their look."""
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    page = part.get_content_subtype() == "html"
    codec = codec_of(part.get_content_charset() or "")
    if codec is not None and (text := read_as(data, codec)) is not None:
        return text_of_html(text) if page else text, ""
    try:
        return text_of_page(data) if page else _by_look(data)
    except InputUnreadable:
        # The head and the other parts can be read all the same.
        return data.decode("ascii", "replace"), ""


def _by_look(data: bytes) -> tuple[str, str]:
    read = read_text(data)
    return read.text, read.note

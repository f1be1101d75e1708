"""Mails as they are sent and saved: the head that people read, and the body."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

from onhand.services.reading import read_text
from onhand.worker.formats.html import text_of_html

if TYPE_CHECKING:
    from email.message import EmailMessage, MIMEPart

HEAD = ("From", "To", "Cc", "Date", "Subject")


def text_of_mail(data: bytes, *, own: bool = False) -> tuple[str, str]:
    """Head and body; of several forms of the body the plain one. No attachments.

    If `own`, the body is without what is quoted in it, and without the signature.
    """
    mail: EmailMessage = BytesParser(policy=policy.default).parsebytes(data)
    head = [(name, str(mail[name] or "")) for name in HEAD]
    body = mail.get_body(preferencelist=("plain", "html"))
    text = "" if body is None else _text_of(body)
    attached = sum(1 for _ in mail.iter_attachments())
    return as_text(head, text, attached=attached, own=own)


def as_text(
    head: list[tuple[str, str]], body: str, *, attached: int, own: bool
) -> tuple[str, str]:
    """A mail as a text, and what is to be said of how it was read."""
    notes = [f"{attached} attachment(s) were left out."] if attached else []
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


def _text_of(part: MIMEPart) -> str:
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeError):  # an encoding that there is not
        raw = part.get_payload(decode=True)
        text = read_text(raw).text if isinstance(raw, bytes) else ""
    return text_of_html(text) if part.get_content_subtype() == "html" else text

"""Documents, made here: whole ones of every kind, hostile ones, broken ones."""

from __future__ import annotations

import struct
import zipfile
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = "Größe: 5 × 3 € – 😀"
"""Stands in every whole document that can hold it."""

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
ODT = (
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A .zip with these parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def docx(body: str, head: str = "") -> bytes:
    """A Word document with this body."""
    whole = f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": whole})


def paragraph(text: str) -> str:
    """A paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def odt(body: str, **more: str) -> bytes:
    """An OpenDocument text with this body."""
    whole = f"<office:document-content {ODT}>{body}</office:document-content>"
    return archive({"content.xml": whole, **more})


def pdf(*pages: str, locked: str = "") -> bytes:
    """A PDF document with a line on each page; "" for a page without text."""
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(300, 300)
        page[NameObject("/Resources")] = _resources()
        if text:
            stream = DecodedStreamObject()
            stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode("latin-1"))
            page[NameObject("/Contents")] = writer._add_object(stream)
    if locked:
        writer.encrypt(locked, algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _resources() -> DictionaryObject:
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    return DictionaryObject({NameObject("/Font"): fonts})


def filled_pdf(*pages: str, fields: Mapping[str, str], kind: str = "/Tx") -> bytes:
    """A PDF document with a form, in which this was filled into the fields."""
    writer = PdfWriter(BytesIO(pdf(*pages)))
    made = ArrayObject()
    for name, value in fields.items():
        field = DictionaryObject(
            {
                NameObject("/FT"): NameObject(kind),
                NameObject("/T"): TextStringObject(name),
                NameObject("/V"): TextStringObject(value),
            }
        )
        made.append(writer._add_object(field))
    form = DictionaryObject({NameObject("/Fields"): made})
    writer._root_object[NameObject("/AcroForm")] = form
    whole = BytesIO()
    writer.write(whole)
    return whole.getvalue()


def endless_pdf() -> bytes:
    """A PDF document whose one page writes for a very long time."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    # Of a page without any, nothing is read at all.
    page[NameObject("/Resources")] = _resources()
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf " + b"(x) Tj 1 0 Td " * 2_000_000 + b"ET")
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def circular_pdf() -> bytes:
    """A PDF document whose tree of pages contains itself."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(made)
    made += b"xref\n0 3\n0000000000 65535 f \n"
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer << /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def eml(body: str = TEXT, *, html: str = "", attached: bool = False) -> bytes:
    """A mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ann Müller <ann@example.org>", "bob@example.org"
    mail["Subject"] = "Rechnung für März"
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    if attached:
        mail.add_attachment(
            b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf"
        )
    return bytes(mail)


def msg(properties: Mapping[str, bytes]) -> bytes:
    """A mail of Outlook: a compound file with a stream for each property."""
    # Streams below 4096 bytes would lie in a file of their own; so all are longer.
    streams = [
        (f"__substg1.0_{tag}", data.ljust(4608, b"\0")) for tag, data in properties.items()
    ]
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    directory = -(-(len(streams) + 1) // 4)
    chain = [table] + [number + 1 for number in range(1, directory)] + [end]
    body, starts = b"", []
    for _, data in streams:
        sectors = -(-len(data) // 512)
        first = len(chain)
        starts.append(first)
        chain += [first + number + 1 for number in range(sectors - 1)] + [end]
        body += data.ljust(sectors * 512, b"\0")
    assert len(chain) <= 128
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    entries = [_entry("Root Entry", 5, 1 if streams else free, free, end, 0)]
    for number, ((name, data), start) in enumerate(zip(streams, starts, strict=True), 1):
        right = number + 1 if number < len(streams) else free
        entries.append(_entry(name, 2, free, right, start, len(data)))
    tree = b"".join(entries).ljust(directory * 512, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    return head + struct.pack("<109I", 0, *[free] * 108) + fat + tree + body


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    named = name.encode("utf-16-le")
    entry = named.ljust(64, b"\0") + struct.pack("<HBB", len(named) + 2, kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


PROPERTIES = {
    "0037001F": "Rechnung für März".encode("utf-16-le"),
    "0C1A001F": "Ann Müller".encode("utf-16-le"),
    "1000001F": TEXT.encode("utf-16-le"),
}

WHOLE: Mapping[str, bytes] = {
    "a.docx": docx(paragraph(TEXT)),
    "a.odt": odt(f"<text:p>{TEXT}</text:p>"),
    "a.rtf": rb"{\rtf1\ansi Gr\u246?\'dfe: 5 \'d7 3 \'80 \'96 \u-10179?\u-8704?\par}",
    "a.eml": eml(),
    "a.msg": msg(PROPERTIES),
    "a.html": f"<p>{TEXT}</p>".encode(),
    "a.htm": f"<meta charset=utf-16><p>{TEXT}".encode("utf-16"),
}
"""By file name; all of them hold `TEXT`."""

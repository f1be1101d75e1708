"""Documents become texts, hostile or broken ones a sentence; in a real, limited child."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.documents import (
    PROPERTIES,
    TEXT,
    WHOLE,
    archive,
    circular_pdf,
    docx,
    eml,
    endless_pdf,
    msg,
    odt,
    paragraph,
    pdf,
)
from onhand.bootstrap import open_archive
from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import InputUnreadable
from onhand.host import Paths
from onhand.worker.client import DocumentReader
from onhand.worker.formats.any import read_document
from onhand.worker.formats.html import text_of_html
from onhand.worker.formats.office import text_of_docx

COMMAND = [sys.executable, "-P", "-m", "onhand", "document"]


@pytest.fixture
def read(tmp_path):
    """Read a file with this content, in a child."""

    def reading(name, content, **limits):
        path = tmp_path / name
        path.write_bytes(content)
        return DocumentReader(COMMAND, **limits)(path)

    return reading


@pytest.fixture
def read_here(tmp_path):
    """Read a file with this content in this process, which is quick."""

    def reading(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return read_document(path)

    return reading


def test_every_kind_is_tried_here():
    assert {Path(name).suffix for name in WHOLE} | {".pdf"} == set(DOCUMENTS)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_document_is_read(read_here, name):
    assert TEXT in read_here(name, WHOLE[name])[0]


def test_the_wired_program_reads_a_document_in_a_child(tmp_path):
    (tmp_path / "a.docx").write_bytes(WHOLE["a.docx"])
    with open_archive(Paths.of(tmp_path / "data")) as kept:
        found = kept.read_document(tmp_path / "a.docx")
    assert found.text == f"{TEXT}\n"
    assert found.note == ""


def test_a_pdf_is_read_page_by_page_and_pictures_are_told(read_here):
    text, note = read_here("a.pdf", pdf("First page", "", "Third page"))
    assert text == "First page\n\nThird page\n"
    assert note == "1 of 3 pages are pictures and were left out."


def test_tables_breaks_and_tabs_of_word_stay(read_here):
    cells = "".join(f"<w:tc>{paragraph(each)}</w:tc>" for each in "ab")
    body = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
    )
    deleted = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    text, _ = read_here(
        "a.docx", docx(f"{body}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{deleted}")
    )
    assert text.startswith("one\ttwo\nthree\na\n\tb")
    assert "gone" not in text


def test_spaces_and_changes_of_opendocument_are_taken_into_account(read_here):
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        '<text:h>Head</text:h><text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d'
        "<office:annotation><text:p>gone too</text:p></office:annotation></text:p>"
    )
    assert read_here("a.odt", odt(body))[0] == "Head\na   b\tc\nd\n"


def test_a_mail_has_its_head_and_its_plain_body(read_here):
    text, note = read_here("a.eml", eml("Hello", html="<p>Other</p>", attached=True))
    assert text.startswith("From: Ann Müller <ann@example.org>\nTo: bob@example.org\n")
    assert "Subject: Rechnung für März\n\nHello" in text
    assert "Other" not in text
    assert note == "1 attachment(s) were left out."


def test_a_mail_of_html_alone_is_read(read_here):
    mail = (
        eml("x")
        .replace(b"text/plain", b"text/html")
        .replace(b"\nx", b"\n<b>Hi</b><script>no</script>")
    )
    assert read_here("a.eml", mail)[0].endswith("\n\nHi\n")


def test_a_mail_of_outlook_is_read_in_its_older_encodings(read_here):
    ansi = {"0037001E": "Größe".encode("cp1252"), "10130102": b"<p>Hi</p>"}
    assert read_here("a.msg", msg(ansi))[0] == "Subject: Größe\n\nHi\n"
    assert read_here("a.msg", msg(PROPERTIES))[0].startswith(
        "From: Ann Müller\nSubject: Rech"
    )


def test_of_a_page_only_what_is_seen_is_read():
    page = (
        "<html><head><title>no</title><style>p{}</style></head><body><h1>A&amp;B</h1><p>one"
        "\n two<br>three<script>no()</script><table><tr><td>x<td>y</table><img src=http://x>"
    )
    text = text_of_html(page)
    assert text.split() == ["A&B", "one", "two", "three", "x", "y"]
    assert "one two\nthree" in text


HOSTILE = {
    "zip bomb": (
        "a.docx",
        lambda: docx(paragraph("x" * 80_000_000)),
        "unpacks to over 64 MB",
    ),
    "entity bomb": (
        "a.docx",
        lambda: docx(paragraph("&a;"), '<!DOCTYPE d [<!ENTITY a "aaaa">]>'),
        "declares entities",
    ),
    "entity of a file": (
        "a.docx",
        lambda: docx(
            paragraph("&a;"), '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        ),
        "declares entities",
    ),
    "circular pages": ("a.pdf", circular_pdf, "."),
    "a password": ("a.pdf", lambda: pdf("secret", locked="x"), "protected by a password"),
    "pictures": ("a.pdf", lambda: pdf("", ""), "its pages are pictures"),
    "a password of office": ("a.docx", lambda: msg({}), "protected by a password"),
    "a password of opendocument": (
        "a.odt",
        lambda: odt("", **{"META-INF/manifest.xml": "<encryption-data/>"}),
        "protected by a password",
    ),
    "no words": ("a.docx", lambda: docx(""), "there is no text in it"),
    "another archive": ("a.docx", lambda: archive({"a": "b"}), "not a Word document"),
    "an empty file": ("a.pdf", bytes, "damaged"),
    "half a document": ("a.docx", lambda: WHOLE["a.docx"][:200], "damaged"),
    "half of a pdf": ("a.pdf", lambda: pdf("x" * 50)[:300], "damaged"),
    "a picture as rtf": ("a.rtf", lambda: b"\x89PNG\r\n", "no rich text"),
    "a text as mail": ("a.msg", lambda: b"hello", "no mail of Outlook"),
    "an empty mail of outlook": ("a.msg", lambda: msg({}), "holds no mail"),
}


@pytest.mark.parametrize(("name", "content", "why"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_ends_with_a_sentence(read, name, content, why):
    with pytest.raises(InputUnreadable) as caught:
        read(name, content())
    assert why in f"{caught.value.detail}."
    assert caught.value.exit_code == 14


def test_an_endless_document_ends_at_its_limit_and_with_a_sentence(read):
    with pytest.raises(InputUnreadable, match="over 1 seconds"):
        read("a.pdf", endless_pdf(), seconds=1)


@pytest.mark.skipif(sys.platform == "win32", reason="memory is not limited there")
def test_a_greedy_document_ends_at_its_limit(read, tmp_path):
    code = (
        "import sys; from onhand.worker.main import limit; import os;"
        "limit(os.getppid(), 20); bytearray(2 << 30)"
    )
    with pytest.raises(InputUnreadable):
        DocumentReader([sys.executable, "-c", code])(_file(tmp_path))


def _file(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(WHOLE["a.docx"])
    return path


def test_a_file_that_is_not_there_or_too_large_is_told(tmp_path):
    read = DocumentReader(COMMAND)
    with pytest.raises(InputUnreadable, match="No such file"):
        read(tmp_path / "gone.docx")
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(InputUnreadable, match="larger than 100 MB"):
        read(tmp_path / "large.pdf")


def test_a_child_that_cannot_be_started_or_babbles_is_told(tmp_path):
    path = _file(tmp_path)
    for argv in (["/no/such/program"], [sys.executable, "-c", "print('babble')"]):
        with pytest.raises(InputUnreadable, match="could not be taken apart"):
            DocumentReader(argv)(path)


@pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")
def test_the_child_is_limited_before_it_reads(tmp_path):
    code = (
        "import os, sys, resource; from onhand.worker.main import limit\n"
        "limit(os.getppid(), 20)\n"
        "status = open('/proc/self/status').read()\n"
        "assert 'Seccomp:\\t2' in status, status\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] == 1 << 30\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU)[0] == 20\n"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == 0\n"
        'print(\'{"text": "limited"}\')'
    )
    assert DocumentReader([sys.executable, "-c", code])(_file(tmp_path)).text == "limited"


def damaged(content, places, values):
    changed = bytearray(content)
    for place, value in zip(places, values, strict=False):
        changed[place % len(changed)] = value
    return bytes(changed)


# What a parser raises ends its process, which is told; it must not hang or answer nonsense.
PARSER_FAULTS = (Exception,)
SMALL = {**WHOLE, "a.pdf": pdf("A page of text")}


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=40)
@pytest.mark.parametrize("name", SMALL)
@given(
    places=st.lists(st.integers(0, 10_000), min_size=1, max_size=8),
    values=st.binary(min_size=8, max_size=8),
    cut=st.integers(0, 200),
)
def test_a_damaged_document_is_a_text_or_a_failure(
    tmp_path_factory, name, places, values, cut
):
    content = damaged(SMALL[name], places, values)
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(content[: len(content) - cut])
    try:
        text, note = read_document(path)
    except PARSER_FAULTS:
        return
    assert text.strip()
    assert isinstance(note, str)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_any_words_of_a_word_document_come_out_whole(words):
    assert text_of_docx(docx(paragraph(escape(words))))[0].removesuffix("\n") == words

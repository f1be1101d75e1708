"""Mails as they arrive: wrong names of encodings, none at all, several bodies."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.documents import msg
from onhand.worker.formats.any import read_document
from onhand.worker.formats.labels import LOST, codec_of
from onhand.worker.formats.mail import text_of_mail

BROKEN = f"Broken characters are shown as {LOST}."
BY_LOOK = "Read as Latin-1, because it is not UTF-8."
META = '<html><head><meta charset="utf-8"></head><body>{}</body></html>'


@pytest.fixture
def read(tmp_path):
    """Text and note of a mail with this content."""

    def reading(content, name="a.eml"):
        path = tmp_path / name
        path.write_bytes(content)
        return read_document(path)

    return reading


def mail(body, kind="text/plain", head=b"From: Ann\n"):
    lines = b"MIME-Version: 1.0\nContent-Type: %s\nContent-Transfer-Encoding: 8bit\n\n"
    return head + lines % kind.encode() + body


def parts(kind, *several):
    """A part that is made of parts, each its lines of head and its content."""
    inner = "".join(f"--{kind}\n{part}\n" for part in several)
    return f"Content-Type: multipart/{kind}; boundary={kind}\n\n{inner}--{kind}--\n"


def text(content, kind="text/plain", more=""):
    return f"Content-Type: {kind}\n{more}\n{content}"


PICTURE = text("xx", "image/png", "Content-Disposition: inline; filename=a.png\n")
PDF = text("xx", "application/pdf", "Content-Disposition: attachment; filename=a.pdf\n")
LOG = text("a log", "text/plain", "Content-Disposition: inline; filename=a.log\n")


@pytest.mark.parametrize(
    ("kind", "words", "codec", "note"),
    [
        ("text/plain", "Schöne Grüße, 5 €", "utf-8", ""),
        ("text/plain; charset=us-ascii", "Schöne Grüße, 5 €", "utf-8", ""),
        ("text/plain; charset=us-ascii", "Schöne Grüße", "latin-1", BY_LOOK),
        ("text/plain; charset=utf-8", "Schöne Grüße", "latin-1", BY_LOOK),
        ("text/plain; charset=no-such", "Schöne Grüße, 5 €", "utf-8", ""),
        ('text/plain; charset="a\0b"', "Schöne Grüße, 5 €", "utf-8", ""),
        ("text/plain; charset=hex", "Schöne Grüße, 5 €", "utf-8", ""),
        ("text/plain; charset=iso-8859-1", "Preis 5 € „gut“", "cp1252", ""),
        ('text/plain; charset="gb2312"', "朱镕基来了", "gb18030", ""),
        ("text/plain; charset=x-sjis", "①と髙", "cp932", ""),
        ("text/plain; charset=ks_c_5601-1987", "똠방각하", "cp949", ""),
        ("text/plain; charset=windows-874", "ราคา €", "cp874", ""),
        ("text/html", META.format("Schöne Grüße"), "utf-8", ""),
        ("text/html; charset=iso-8859-1", META.format("5 €"), "cp1252", ""),
        ("text/html; charset=us-ascii", META.format("Grüße"), "utf-8", ""),
    ],
)
def test_a_body_is_read_as_it_is_encoded_whatever_it_says(read, kind, words, codec, note):
    seen = words.partition("<body>")[2].partition("<")[0] or words
    found = read(mail(words.encode(codec), kind))
    assert found == (f"From: Ann\n\n{seen}\n", note)


def test_a_mail_that_says_nothing_of_its_form_is_read_by_its_look(read):
    raw = "From: Jörg\nSubject: Grüße aus\n Köln\n\nSchöne Grüße"
    whole = "From: Jörg\nSubject: Grüße aus Köln\n\nSchöne Grüße\n"
    assert read(raw.encode()) == (whole, "")
    assert read(raw.encode("latin-1")) == (whole, BY_LOOK)


def test_words_of_the_head_are_read_by_what_senders_mean(read):
    name = base64.b64encode("朱镕基".encode("gb18030")).decode()
    head = f"From: =?gb2312?b?{name}?=\nSubject: =?iso-8859-1?q?5_=80?=\n\nHi"
    assert read(head.encode()) == ("From: 朱镕基\nSubject: 5 €\n\nHi\n", "")
    assert read(b"Subject: =?us-ascii?q?=FC?=\n\nHi")[1] == BROKEN


def test_broken_characters_are_told_and_the_rest_is_read(read):
    japanese = "①に".encode("iso2022_jp", "replace").replace(b"?", b"\x1b$B-!\x1b(B")
    text, note = read(mail(japanese, "text/plain; charset=iso-2022-jp"))
    assert text.endswith("に\n")
    assert note == BROKEN
    text, note = read(
        mail("一二三四".encode("gb18030") + b"\xff", "text/plain; charset=gbk")
    )
    assert text.endswith(f"一二三四{LOST}\n")
    assert note == BROKEN
    text, note = read(mail(b"\xff\0\x01\x02\x03", "text/plain"))
    assert text.startswith("From: Ann")
    assert note == BROKEN
    half = {"0037001F": b"H\0\x00\xd8i\0", "1000001F": "Hi".encode("utf-16-le")}
    assert read(msg(half), "a.msg") == (f"Subject: H{LOST}i\n\nHi\n", BROKEN)


def test_a_mail_of_outlook_says_how_its_body_was_read(read):
    body = "Schöne Grüße aus Köln".encode("cp1252")
    found = read(msg({"0037001F": "Hi".encode("utf-16-le"), "1000001E": body}), "a.msg")
    assert found == ("Subject: Hi\n\nSchöne Grüße aus Köln\n", BY_LOOK)
    blank = {"1000001F": " \r\n".encode("utf-16-le"), "10130102": b"<p>All is here</p>"}
    assert read(msg(blank), "a.msg") == ("All is here\n", "")


FORMS = {
    "blank plain": (
        parts("alternative", text(" \n"), text("<p>All</p>", "text/html")),
        ("All", 0),
    ),
    "plain last": (
        parts("alternative", text("<p>Page</p>", "text/html"), text("Plain")),
        ("Plain", 0),
    ),
    "words around a picture": (
        parts("mixed", text("First."), PICTURE, text("Pay 500 EUR.")),
        ("First.\n\nPay 500 EUR.", 1),
    ),
    "a page behind a file": (
        parts("mixed", text("First."), PDF, text("<b>Pay</b>", "text/html")),
        ("First.\n\nPay", 1),
    ),
    "the foot of a list": (
        parts(
            "mixed",
            parts("alternative", text("Hi"), text("<p>Hi</p>", "text/html")),
            text("To unsubscribe"),
        ),
        ("Hi\n\nTo unsubscribe", 0),
    ),
    "a file that is a text": (parts("mixed", text("Hi"), LOG), ("Hi", 1)),
    "a page with pictures": (
        parts(
            "alternative",
            text(""),
            parts("related", text("<p>Hi</p>", "text/html"), PICTURE),
        ),
        ("Hi", 0),
    ),
    "files in one of the forms": (
        parts("alternative", text("Hi"), parts("mixed", text("Hi"), PDF, text("all"))),
        ("Hi", 1),
    ),
    "a signature": (
        parts("signed", text("Hi"), text("x", "application/pgp-signature")),
        ("Hi", 1),
    ),
    "parts that are not there": ("Content-Type: multipart/mixed\n\nHi", ("Hi", 0)),
    "a file alone": (PDF, ("", 1)),
}


@pytest.mark.parametrize(("form", "found"), FORMS.values(), ids=FORMS)
def test_of_several_parts_all_words_are_read_once(form, found):
    words, attached = found
    told = f"{attached} attachment(s) were left out." if attached else ""
    content = f"From: Ann\nMIME-Version: 1.0\n{form}".encode()
    assert text_of_mail(content) == (f"From: Ann\n\n{words}".strip(), told)


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
LABELS = st.sampled_from(
    [
        *("utf-8", "us-ascii", "iso-8859-1", "iso-8859-2", "windows-1251", "gb2312"),
        *("big5", "shift_jis", "euc-kr", "iso-2022-jp", "utf-7", "x-sjis", "koi8-r"),
    ]
)


@given(words=LETTERS, label=LABELS)
def test_words_come_out_as_they_were_encoded(words, label):
    codec = codec_of(label)
    sent = words.encode(codec, "ignore")
    assert text_of_mail(mail(sent, f"text/plain; charset={label}")) == (
        f"From: Ann\n\n{sent.decode(codec)}".strip(),
        "",
    )


@given(sent=st.binary(), label=LABELS | st.text(max_size=12), page=st.booleans())
def test_no_character_is_lost_without_a_note(tmp_path_factory, sent, label, page):
    path = tmp_path_factory.getbasetemp() / "any.eml"
    kind = f"text/{'html' if page else 'plain'}; charset={label}"
    path.write_bytes(mail(sent, kind))
    found, note = read_document(path)
    assert found.startswith("From: Ann\n")
    assert (LOST in found) <= (BROKEN in note)

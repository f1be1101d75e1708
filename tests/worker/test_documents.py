"""Documents become texts, hostile or broken ones a sentence; in a real, limited child."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from compressed_rtf import compress
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.documents import (
    PROPERTIES,
    TEXT,
    WHOLE,
    W,
    archive,
    circular_pdf,
    docx,
    eml,
    endless_pdf,
    filled_pdf,
    msg,
    odt,
    paragraph,
    pdf,
)
from onhand.bootstrap import open_archive
from onhand.domain.confinement import ENFORCED
from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import InputUnreadable
from onhand.domain.policy_errors import DocumentSandboxMissing
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.privacy_wiring import document_reader
from onhand.storage.settings_file import SettingsFile
from onhand.worker.client import DocumentReader
from onhand.worker.formats.any import read_document
from onhand.worker.formats.html import text_of_html
from onhand.worker.formats.office import text_of_docx, text_of_odt
from onhand.worker.formats.own_words import NOTHING_ELSE, STAYS, own_words

NOWHERE = [sys.executable, str(Path(__file__).parents[1] / "fakes" / "refusing_kernel.py")]
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


def test_what_was_filled_into_a_form_is_read(read_here):
    fields = {"Name": "Anna Müller", "Remark": "one\ntwo", "Empty": " "}
    filled = "Name: Anna Müller\nRemark: one\ntwo\n"
    content = filled_pdf("Please fill in", fields=fields)
    assert read_here("a.pdf", content) == (f"Please fill in\n\n{filled}", "")
    assert read_here("a.pdf", filled_pdf("", fields=fields, kind="/Ch")) == (
        filled,
        "1 of 1 pages are pictures and were left out.",
    )
    ticked = filled_pdf("Page", fields={"Yes": "Yes"}, kind="/Btn")
    assert read_here("a.pdf", ticked) == ("Page\n", "")


def test_a_form_that_is_damaged_is_told_and_the_pages_are_read(read_here):
    content = filled_pdf("Page", fields={"Name": "Ann"})
    broken = content.replace(b"/V (Ann)", b"/Kids[3]")
    assert read_here("a.pdf", broken) == (
        "Page\n",
        "What was filled into its form could not be read.",
    )


def test_tables_breaks_and_tabs_of_word_stay(read_here):
    cells = "".join(f"<w:tc>{paragraph(each)}</w:tc>" for each in "ab")
    body = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
    )
    deleted = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    text, _ = read_here(
        "a.docx", docx(f"{body}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{deleted}")
    )
    assert text == "one\ttwo\nthree\na\tb\n"


def moved(name, text):
    return f"<w:p><w:{name}><w:r><w:t>{text}</w:t></w:r></w:{name}></w:p>"


def box(*forms):
    """A box in a paragraph, in several forms of which one is shown."""
    names = ("Choice", "Choice", "Fallback")[-len(forms) :]
    choices = "".join(
        f"<mc:{name}><w:txbxContent>{form}</w:txbxContent></mc:{name}>"
        for name, form in zip(names, forms, strict=True)
    )
    both = f"<mc:AlternateContent>{choices}</mc:AlternateContent>"
    return f"<w:p><w:r><w:t>Before</w:t>{both}<w:t>after</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (box(paragraph("Total"), paragraph("Total")), "Before\nTotal\nafter"),
        (box("", "<w:p/>", paragraph("Total")), "Before\n\nTotal\nafter"),
        (
            box(box(paragraph("a"), paragraph("a")), box(paragraph("a"), paragraph("a"))),
            "Before\nBefore\na\nafter\nafter",
        ),
        (
            moved("moveFrom", "A") + paragraph("B") + moved("moveTo", "A"),
            "B\nA",
        ),
        (
            (
                "<w:p><w:del><w:r><w:delText>no</w:delText><w:br/></w:r></w:del>"
                "<w:r><w:t>yes</w:t></w:r></w:p>"
            ),
            "yes",
        ),
        (
            (
                "<w:p><w:pPr><w:tabs><w:tab/><w:tab/></w:tabs></w:pPr>"
                "<w:r><w:t>a</w:t><w:ptab/><w:t>b</w:t></w:r></w:p>"
            ),
            "a\tb",
        ),
    ],
)
def test_each_word_of_a_word_document_is_read_once(read_here, body, text):
    assert read_here("a.docx", docx(body)) == (f"{text}\n", "")


def word_table(rows):
    return "".join(
        "<w:tbl><w:tr>"
        + "".join(f"<w:tc>{''.join(map(paragraph, cell))}</w:tc>" for cell in row)
        + "</w:tr></w:tbl>"
        for row in rows
    )


def opendocument_table(rows):
    return "".join(
        "<table:table><table:table-row>"
        + "".join(
            "<table:table-cell>"
            + "".join(f"<text:p>{each}</text:p>" for each in cell)
            + "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row></table:table>"
        for row in rows
    )


ROWS = [
    [["Total"], ["27,10"]],
    [["VAT", "of it"], [""], ["4,33", "EUR"]],
    [[""], ["below"]],
    [["Dear Ann,", "thanks."], [""]],
]


def test_a_row_of_a_table_is_a_line_and_a_laid_out_page_keeps_its_own(read_here):
    lines = "Total\t27,10\nVAT of it\t\t4,33 EUR\n\tbelow\nDear Ann,\nthanks.\n"
    assert read_here("a.docx", docx(word_table(ROWS))) == (lines, "")
    assert read_here("a.odt", odt(opendocument_table(ROWS))) == (lines, "")


def test_a_table_in_the_only_cell_of_another_keeps_its_rows(read_here):
    outer = f"<w:tbl><w:tr><w:tc>{word_table(ROWS[:2])}<w:p/></w:tc></w:tr></w:tbl>"
    text, _ = read_here("a.docx", docx(outer))
    assert text == "Total\t27,10\nVAT of it\t\t4,33 EUR\n"


WORD = st.from_regex(r"[a-z]{1,4}", fullmatch=True)


@given(rows=st.lists(st.lists(st.lists(WORD, min_size=1), min_size=2), min_size=1))
def test_any_table_has_a_line_for_each_row_and_a_tab_between_its_cells(rows):
    lines = ["\t".join(map(" ".join, row)) for row in rows]
    assert text_of_docx(docx(word_table(rows)))[0].splitlines() == lines
    assert text_of_odt(odt(opendocument_table(rows)))[0].splitlines() == lines


def test_spaces_and_changes_of_opendocument_are_taken_into_account(read_here):
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        '<text:h>Head</text:h><text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d'
        "<office:annotation><text:p>gone too</text:p></office:annotation></text:p>"
    )
    assert read_here("a.odt", odt(body))[0] == "Head\na   b\tc\nd\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            (
                "<text:p>one<text:note><text:note-citation>1</text:note-citation>"
                "<text:note-body><text:p>a note</text:p></text:note-body></text:note>, two"
                "</text:p>"
            ),
            "one, two\n\na note",
        ),
        (
            (
                "<text:p>one<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box>"
                "<svg:title>picture</svg:title><svg:desc>of it</svg:desc></draw:frame>two"
                "</text:p>"
            ),
            "one\nbox\ntwo",
        ),
        ("<text:p>one\n   two<text:s/> three</text:p>", "one two  three"),
    ],
)
def test_notes_and_boxes_of_opendocument_stand_by_themselves(read_here, body, text):
    assert read_here("a.odt", odt(body)) == (f"{text}\n", "")


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


def test_a_mail_of_outlook_that_is_rich_text_alone_is_read(read_here):
    rich = rb"{\rtf1\ansi Dear Ann,\par the \'a3 rose.\par}"
    mail = {"0037001F": "Rates".encode("utf-16-le"), "10090102": compress(rich)}
    assert read_here("a.msg", msg(mail))[0] == "Subject: Rates\n\nDear Ann,\nthe £ rose.\n"


def test_of_rich_text_that_carries_a_page_the_tags_are_left_out(read_here):
    rich = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 One &"
        rb"{\*\htmltag84 <br>}\htmlrtf \line\htmlrtf0  two}"
    )
    text, _ = read_here("a.msg", msg({"10090102": compress(rich)}))
    assert text.split() == ["One", "&", "two"]


QUOTED = {
    "english": ("Yes.", "On Mon, 3 Mar 2025 at 10:00, Bob <bob@example.org> wrote:\n> Old"),
    "german": ("Ja.", "Am 03.03.2025 um 10:00 schrieb Bob <bob@example.org>:\n> Old"),
    "french": ("Oui.", "Le lun. 3 mars 2025 à 10:00, Bob <b@x.fr> a écrit :\n> Old"),
    "outlook": (
        "Yes.",
        "-----Original Message-----\nFrom: Bob\nSent: Monday\nTo: A\nSubject: B\n\nOld",
    ),
    "signature": ("Yes.\n- one\n- two", "-- \nAnn Miller, Old Street"),
    "greeting": ("The Old is wrong".replace("Old", "new"), "Best regards\nOld Ann"),
}


@pytest.mark.parametrize(("own", "rest"), QUOTED.values(), ids=QUOTED)
@pytest.mark.parametrize("name", ["a.eml", "a.msg"])
def test_of_a_mail_only_the_own_words_can_be_taken(tmp_path, name, own, rest):
    body = f"{own}\n\n{rest}"
    path = tmp_path / name
    path.write_bytes(
        eml(body) if name == "a.eml" else msg({"1000001F": body.encode("utf-16-le")})
    )
    text, note = read_document(path, own_words=True)
    assert text.endswith(own + "\n")
    assert "Old" not in text
    assert "were left out" in note
    whole, note = read_document(path)
    assert "Old" in whole
    assert note == ""


def test_answers_between_the_lines_stay_and_what_is_quoted_goes():
    body = "> When?\nTomorrow.\n> Where?\nHere."
    assert own_words(body) == (
        "Tomorrow.\nHere.",
        "2 lines, quoted or of the signature, were left out.",
    )


@pytest.mark.parametrize(
    ("body", "told"), [("> all of it", NOTHING_ELSE), ("x" * 200_001, STAYS), ("Hi", "")]
)
def test_where_nothing_can_be_left_out_all_stays_and_that_is_told(body, told):
    assert own_words(body) == (body, told)


@given(st.text(max_size=300), st.text(max_size=100))
def test_of_any_mail_every_own_word_stood_in_it(before, after):
    own, _ = own_words(f"{before}\nOn Monday Bob wrote:\n> {after}")
    assert set(own.split()) <= set(f"{before}\nOn Monday Bob wrote:\n> {after}".split())


def test_of_a_page_only_what_is_seen_is_read():
    page = (
        "<html><head><title>no</title><style>p{}</style></head><body><h1>A&amp;B</h1><p>one"
        "\n two<br>three<script>no()</script><table><tr><td>x<td>y</table><img src=http://x>"
    )
    text = text_of_html(page)
    assert text.split() == ["A&B", "one", "two", "three", "x", "y"]
    assert "one two\nthree" in text


@pytest.mark.parametrize(
    ("head", "codec", "words"),
    [
        (r"\ansi", "utf-8", "Größe 5 €"),
        (r"\ansi\ansicpg1252", "cp1252", "Größe 5 €"),
        (r"\ansi\ansicpg1251", "cp1251", "Привет"),
        (r"\ansi\ansicpg932", "cp932", "表示ソ"),
        (r"\ansi\ansicpg99999", "cp1252", "Größe 5 €"),
        (r"\mac", "mac_roman", "Größe"),
        (r"\pc", "cp437", "Größe"),
        (r"\pca", "cp850", "Größe"),
        (r"\pard", "cp1252", "Größe"),
    ],
)
def test_letters_of_rich_text_that_are_no_escapes_are_read(read_here, head, codec, words):
    rich = rf"{{\rtf1{head} {words}\par}}".encode(codec)
    assert read_here("a.rtf", rich) == (f"{words}\n", "")


def test_escaped_letters_of_other_systems_and_bytes_of_pictures_are_read(read_here):
    assert read_here("a.rtf", rb"{\rtf1\mac \'8a}")[0] == "ä\n"
    pictures = b"{\\rtf1\\ansi a{\\pict\\bin4 }\xc3\xbc}}b}"
    assert read_here("a.rtf", pictures)[0] == "ab\n"


def test_what_is_left_out_of_rich_text_is_told(read_here):
    told = "Footnotes and text boxes were left out."
    box = rb"{\shp{\*\shpinst{\shptxt box}}}"
    assert read_here("a.rtf", rb"{\rtf1 a{\footnote note}b}") == ("ab\n", told)
    assert read_here("a.rtf", rb"{\rtf1 a" + box + b"}") == ("a\n", told)


def test_a_word_document_may_number_its_parts(read_here):
    whole = archive(
        {
            f"word/{name}2.xml": f"<w:x {W}>{paragraph(name)}</w:x>"
            for name in ("footnotes", "document", "documents")
        }
    )
    assert read_here("a.docx", whole) == ("document\n\nfootnotes\n", "")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Hi</p><pre>Name: Ann\r\nTotal: 5</pre>a\nb", "Hi\n\nName: Ann\nTotal: 5\na b"),
        ("<textarea>one\ntwo</textarea>", "one\ntwo"),
        ("</pre>a\nb<pre>c\nd</pre></pre>e\nf", "a b\nc\nd\n\ne f"),
        ("<head><title>T</title><p>Hello <b>world</b>", "Hello world"),
        ("<head><title>T</title>Hello <title>no</title>world", "Hello world"),
        ("<head><meta charset=utf-8><br/>Hello", "Hello"),
        ("<head><noscript><p>no</noscript><script>no</script><link>\n</head>Hi", "Hi"),
        ("<head><title>T<body>Hi", "Hi"),
        ("<title>T</title>Hi", "Hi"),
        ("<select><option>A<option>B</select>", "A\nB"),
        ("<details><summary>Sum</summary>text</details>", "Sum\ntext"),
    ],
)
def test_lines_of_a_page_stay_and_what_follows_its_head_is_read(page, text):
    assert text_of_html(page) == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("<tr><td><p>Total</p></td>\n<td> <p>27,10</p></td></tr>", "Total\t27,10"),
        ("<tr><td>Total<td><br>27,10<tr><td>VAT<th>4,33", "Total\t27,10\nVAT\t4,33"),
        ("<tr><td>a</td><td><p>b</p><p>c</p></td></tr>", "a\tb\n\nc"),
        ("<tr><td>a</td><td></td><td><div></div>c</td></tr>", "a\t\tc"),
        ("<tr><td><table><tr><td>a<td>b</table></td><td>c</td></tr>", "a\tb\tc"),
        ("<tr><td></table>a<table><tr><td><pre>b\nc</pre>", "a\n\nb\nc"),
    ],
)
def test_between_cells_of_a_page_are_tabs_and_no_lines(rows, text):
    assert text_of_html(f"<table>{rows}</table>") == text


def test_cells_without_a_table_are_no_piece_of_what_stands_before_them():
    assert text_of_html("x<td>y</td><p>z") == "x\ty\nz"


@given(rows=st.lists(st.lists(WORD, min_size=1), min_size=1), tag=st.sampled_from("pbi"))
def test_any_table_of_a_page_has_a_line_for_each_row(rows, tag):
    cells = ("".join(f"<td><{tag}>{each}</{tag}></td>\n" for each in row) for row in rows)
    found = text_of_html("".join(f"<tr>{each}</tr>" for each in cells))
    assert found.split("\n\n") == ["\t".join(row) for row in rows]


@given(lines=st.lists(st.from_regex(r"[a-z]+( [a-z]+)?", fullmatch=True), min_size=1))
def test_any_lines_that_are_written_as_seen_stay(lines):
    body = "\n".join(lines)
    assert text_of_html(f"<head><title>T</title><pre>{body}") == body


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("iso-8859-1", "cp1252", "5 €, „gut“"),
        ("utf-16", "utf-8", "5 € für Ann"),
        ("UTF-16LE", "utf-8", "5 € für Ann"),
        ("shift_jis", "cp932", "①と髙"),
        ("gb2312", "gb18030", "朱镕基"),
        ("us-ascii", "utf-8", "5 € für Ann"),
        ("no-such", "utf-8", "5 € für Ann"),
    ],
)
def test_a_page_is_read_as_its_name_of_an_encoding_is_meant(read_here, label, codec, words):
    page = f'<meta charset="{label}"><p>{words}</p>'.encode(codec)
    assert read_here("a.html", page) == (f"{words}\n", "")


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
    "damaged rich text": (
        "a.msg",
        lambda: msg({"10090102": compress(b"{\\rtf1 Hi}").replace(b"LZFu", b"LZFx")}),
        "its text is damaged",
    ),
    "rich text that says it is huge": (
        "a.msg",
        lambda: msg({"10090102": b"\xff" * 8 + b"LZFu" + bytes(20)}),
        "unpacks to over 64 MB",
    ),
    "a broken document of word": (
        "a.docx",
        lambda: archive({"word/document.xml": "<w:document><w:p>"}),
        "it is damaged",
    ),
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


def test_a_document_of_300_pages_is_read_in_time(read):
    found = read("a.pdf", pdf(*(f"Page {number} of many" for number in range(300))))
    assert found.text.count("of many") == 300


def test_a_folder_that_is_named_like_a_document_is_told(tmp_path):
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(InputUnreadable, match="it is a folder"):
        DocumentReader(COMMAND)(tmp_path / "a.pdf")


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
        'print(\'{"type": "reply", "text": "limited"}\')'
    )
    assert DocumentReader([sys.executable, "-c", code])(_file(tmp_path)).text == "limited"


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_the_child_can_neither_open_a_connection_nor_start_a_program(tmp_path):
    code = (
        "import os, socket, subprocess, sys; from onhand.worker.main import limit\n"
        "def refused(what, *given):\n"
        "    try: what(*given)\n"
        "    except PermissionError: return True\n"
        "assert not refused(subprocess.run, ['/bin/true'])\n"
        "limit(os.getppid(), 20)\n"
        "assert refused(socket.socket, socket.AF_INET, socket.SOCK_STREAM)\n"
        "assert refused(subprocess.run, ['/bin/true'])\n"
        "assert refused(os.execv, '/bin/true', ['true'])\n"
        'print(\'{"type": "reply", "text": "held"}\')'
    )
    assert DocumentReader([sys.executable, "-c", code])(_file(tmp_path)).text == "held"


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
class TestRequiredSandbox:
    def test_a_document_is_read_where_the_kernel_confines_the_child(self, tmp_path):
        read = DocumentReader(COMMAND, confined=lambda: True)
        assert TEXT in read(_file(tmp_path)).text
        assert read.confinement() == ENFORCED

    def test_where_the_kernel_refuses_it_is_refused_with_a_sentence(self, tmp_path):
        read = DocumentReader([*NOWHERE, *COMMAND], confined=lambda: True)
        with pytest.raises(DocumentSandboxMissing, match="seccomp") as caught:
            read(_file(tmp_path))
        assert caught.value.exit_code == 7
        assert not read.confinement().enforced

    def test_where_it_is_not_required_it_is_read_there_too(self, tmp_path):
        read = DocumentReader([*NOWHERE, *COMMAND])
        assert TEXT in read(_file(tmp_path)).text

    def test_the_wired_program_heeds_the_policy(self, tmp_path):
        paths = Paths.of(tmp_path / "data")
        paths.prepare()
        SettingsFile(paths.settings).save(Settings(require_sandbox=True))
        reader = document_reader(SettingsFile(paths.settings))
        assert reader._confined()
        assert TEXT in reader(_file(tmp_path)).text

    @pytest.mark.parametrize("reader", ["linux", "macos", "windows"])
    def test_the_policy_is_kept_where_the_kernel_refuses(self, tmp_path, reader):
        code = (
            "import sys; from pathlib import Path; from fakes.policies import READERS\n"
            "from onhand.bootstrap import open_archive; from onhand.host import Paths\n"
            "from onhand.domain.policy_errors import DocumentSandboxMissing\n"
            "here = Path(sys.argv[1])\n"
            f"held = READERS[{reader!r}](here, {{'RequireSandbox': True}})\n"
            "with open_archive(Paths.of(here / 'data'), policies=held) as kept:\n"
            "    try: kept.read_document(here / 'a.docx')\n"
            "    except DocumentSandboxMissing as error: print(error.code)"
        )
        _file(tmp_path)
        argv = [*NOWHERE, sys.executable, "-c", code, str(tmp_path)]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(argv, capture_output=True, text=True, check=True, env=env)
        assert done.stdout.strip() == "document_sandbox_missing"

    def test_a_child_that_cannot_say_is_not_believed(self):
        assert not DocumentReader(["/no/such/program"]).confinement().enforced
        silent = DocumentReader([sys.executable, "-c", ""])
        assert "exit 0" in silent.confinement().reason


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

"""Bytes to text: nothing is lost, nothing is silent, and what is no text is refused."""

# ruff: noqa: RUF001 - letters of other scripts are the point

import codecs
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.errors import InputUnreadable
from onhand.services.reading import read_argument, read_text

# What people type, without the control characters that only data of programs have.
characters = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])
texts = st.text(characters | st.sampled_from("\n\r\t"))

GERMAN = "Sehr geehrte Damen und Herren, die Gebühr wurde zweimal abgebucht. Grüße, Jörg"
OLDER = {
    "latin-1": ("Latin-1", GERMAN),
    "cp1252": ("Windows-1252", "It’s “broken” and costs 5 €."),
    "cp1250": ("Windows-1250", "Proszę o zwrot pieniędzy, ponieważ zapłaciłem dwa razy."),
    "cp1251": ("Windows-1251", "Здравствуйте, с меня списали деньги дважды."),
    "koi8_r": ("KOI8-R", "Здравствуйте, с меня списали деньги дважды."),
    "cp1253": ("Windows-1253", "Καλημέρα, δεν μπορώ να συνδεθώ στον λογαριασμό μου."),
    "cp932": ("Shift JIS", "お世話になっております。請求書がまだ届いておりません。"),
    "cp949": ("Windows-949", "안녕하세요. 결제가 두 번 되었습니다. 환불해 주세요."),
    "gb18030": ("GB 18030", "您好，我的账户被重复扣款，请帮我退款。谢谢。"),
}


@given(texts)
@example("a\r\nb\rc\n")
@example("e\u0301 👩\u200d👩\u200d👧 \u202bעברית\u202c")
def test_utf8_comes_out_as_it_went_in_and_needs_no_note(text):
    read = read_text(text.encode())
    assert (read.text, read.encoding, read.note) == (
        text.removeprefix("\ufeff"),
        "utf-8",
        "",
    )


@given(texts, st.sampled_from(["utf-16", "utf-32", "utf-8-sig"]))
def test_text_with_a_byte_order_mark_comes_out_whole(text, codec):
    read = read_text(text.encode(codec))
    assert read.text == text
    assert (f"Read as {codec.upper()}." == read.note) == (codec != "utf-8-sig")


@given(
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1),
    st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
)
def test_western_text_of_wide_characters_is_known_without_a_mark(text, codec):
    read = read_text(text.encode(codec))
    assert (read.text, read.encoding) == (text, codec)
    assert "by the look of it" in read.note


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_cyrillic_of_wide_characters_is_known_without_a_zero_byte(codec):
    assert read_text("Привет".encode(codec)).text == "Привет"


@pytest.mark.parametrize("codec", OLDER)
def test_older_encodings_are_recognised_and_named(codec):
    name, text = OLDER[codec]
    read = read_text(text.encode(codec))
    assert read.text == text
    assert read.note.startswith(f"Read as {name}")


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(codecs.BOM_UTF32_LE)
@example(b"\x81")
@example(b"\x01\x02\x03")
def test_any_bytes_are_read_without_loss_or_refused(data):
    with suppress(InputUnreadable):
        read = read_text(data)
        assert read.note or read.encoding == "utf-8"
        # Codecs of Chinese and Japanese have several spellings of some characters.
        several = read.encoding in {"gb18030", "cp932", "euc_jp", "big5"}
        if not several and "read as Windows-1252" not in read.note:
            assert data.endswith(read.text.encode(read.encoding))


@given(
    st.text(st.sampled_from("äöüß€语"), min_size=20),
    st.sampled_from([b"\xfc", b"\x80", b"\x9d", b"\xe4"]),
)
def test_a_stray_byte_in_utf8_is_read_for_itself_and_told(text, stray):
    read = read_text(text.encode() + stray + b" " + text.encode())
    assert read.text.startswith(text)
    assert read.text.endswith(" " + text)
    assert len(read.text) == 2 * len(text) + 2
    assert "(1)" in read.note


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"PK\x03\x04\x14\0\0\0", "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "office"),
        (b"GGUF\x03\0\0\0", "language model"),
        (b"\x7fELF\x02\x01\x01\0", "program"),
        (b"a\0b\0\0\0c", "zero bytes"),
        (bytes(range(256)), "zero bytes"),
        (b"\x01\x02\x03\x04abc", "not like a text"),
        (b"\xff\xfea", "UTF-16"),
    ],
)
def test_what_is_no_text_is_refused_with_what_it_seems_to_be(data, kind):
    with pytest.raises(InputUnreadable, match=kind):
        read_text(data)


@pytest.mark.parametrize("text", ["GGUF is a format", "PAR1", "RIFF", "BZh", "PK", "MZ"])
def test_a_text_may_begin_like_a_file_of_another_kind(text):
    assert read_text(text.encode()).text == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "latin-1"])
def test_two_megabytes_are_read_whole(codec):
    text = (GERMAN + "\r\n") * (2_000_000 // len(GERMAN))
    assert read_text(text.encode(codec)).text == text


def test_colours_and_line_ends_of_terminals_are_text():
    assert read_text(b"\x1b[31mred\x1b[0m\x0c\r\n").text == "\x1b[31mred\x1b[0m\x0c\r\n"


def test_an_argument_of_good_characters_is_taken_as_it_is():
    assert read_argument("ein Käse 🧀").text == "ein Käse 🧀"


def test_an_argument_in_an_older_encoding_is_read_like_a_file():
    argument = GERMAN.encode("latin-1").decode(errors="surrogateescape")
    read = read_argument(argument)
    assert read.text == GERMAN
    assert "Latin-1" in read.note


def test_half_a_character_in_an_argument_is_replaced_and_told():
    read = read_argument("a\ud83d b")
    assert read.text == "a\N{REPLACEMENT CHARACTER} b"
    assert "Broken" in read.note


@given(st.text(st.characters()))
def test_any_argument_is_read_or_refused(argument):
    with suppress(InputUnreadable):
        assert read_argument(argument).text.encode() is not None

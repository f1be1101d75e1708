"""Masks: what is covered, and the exact way back."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.cloud_errors import MaskPatternUnusable
from onhand.domain.mask_patterns import LONGEST, MOST, MaskPattern, patterns_of
from onhand.domain.masking import (
    Found,
    MaskKind,
    apart,
    mask,
    masks_for,
    placeholders_in,
    words_in,
)
from onhand.identifiers import MOST_SEARCHED, MOST_TEXT, FormIdentifiers

IDENTIFIERS = FormIdentifiers()
LOOKALIKES = st.sampled_from(
    [
        "[EMAIL_1]", "[PERSON_2]", "[CARD_1", "EMAIL_1]", "[ID_01]", "[Email 1]", "WORD_12",
        r"\[id\_1\]", "[", "]", "\\", "PHONE", "_1",
    ]
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        LOOKALIKES,
        st.sampled_from(["a@b.example", "Ada", "+49 30 1234567", "é\u0301🎉"]),
    ),
    max_size=12,
).map("".join)


@st.composite
def found_in(draw):
    text = draw(TEXTS)
    place = st.integers(0, len(text))
    names = st.sampled_from(["", "", "CUSTOMER", "EMAIL", "A_1"])
    spans = st.builds(Found, place, place, st.sampled_from(MaskKind), names)
    return text, draw(st.lists(spans, max_size=8))


def covered(text):
    return {
        (text[each.start : each.end], each.kind)
        for each in apart(text, IDENTIFIERS.find(text))
    }


@given(found_in())
def test_putting_the_words_back_is_exact(case):
    text, found = case
    masked = mask(text, found)
    assert masked.restored(masked.text) == text
    assert masked.invented(masked.text) == ()


@given(found_in(), st.data())
def test_so_it_is_with_any_masks_taken_off(case, data):
    text, found = case
    names = [each.name for each in masks_for(text, found)]
    off = data.draw(st.lists(st.sampled_from(names), max_size=3)) if names else []
    masked = mask(text, found, off)
    assert masked.restored(masked.text) == text
    assert not {each.name for each in masked.masks} & set(off)


@given(found_in())
def test_no_masked_words_stay_where_they_stood(case):
    text, found = case
    settled = apart(text, found)
    assert all(one.end <= other.start for one, other in pairwise(settled))
    masked = mask(text, found)
    shown = placeholders_in(masked.text, masked.masks)
    assert len(shown) == len(settled)
    left = "".join(
        text[start:end]
        for start, end in zip(
            [0, *(each.end for each in settled)],
            [*(each.start for each in settled), len(text)],
            strict=True,
        )
    )
    bare = masked.text
    for start, end, _ in reversed(shown):
        bare = bare[:start] + bare[end:]
    assert bare == left


@given(st.text(alphabet="0123456789 .-/+()@:[]xabcDE", max_size=80))
def test_the_identifiers_of_any_text_lie_in_it(text):
    for each in IDENTIFIERS.find(text):
        assert 0 <= each.start < each.end <= len(text)


def test_the_same_words_have_the_same_placeholder():
    text = "Ada wrote to Bo. Ada waits."
    masked = mask(text, words_in(text, ["ada", "Bo"], MaskKind.PERSON))
    assert masked.text == "[PERSON_1] wrote to [PERSON_2]. [PERSON_1] waits."
    assert masked.restored("Tell [PERSON_2]") == "Tell Bo"
    assert masked.invented("[PERSON_2], [PERSON_3] and [EMAIL_1]") == (
        "[PERSON_3]",
        "[EMAIL_1]",
    )


def test_a_placeholder_that_stands_in_the_text_is_not_given_out():
    text = "[EMAIL_1] is a placeholder, a@b.example an address"
    masked = mask(text, IDENTIFIERS.find(text))
    assert masked.text == "[EMAIL_1] is a placeholder, [EMAIL_2] an address"
    assert masked.restored(masked.text) == text


def test_words_of_a_list_are_found_by_themselves_and_in_any_case():
    text = "Project  Falcon; FALCON, falconry"
    found = words_in(text, ["project falcon", "Falcon", " "], MaskKind.WORD)
    assert [text[each.start : each.end] for each in found] == ["Project  Falcon", "FALCON"]
    found = words_in("昨日田中さんに会った。", ["田中"], MaskKind.WORD)
    assert [(each.start, each.end) for each in found] == [(2, 4)]
    found = words_in("请给Anna打电话", ["anna"], MaskKind.WORD)
    assert [(each.start, each.end) for each in found] == [(2, 6)]


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("mail jo.e+x@mail.example.org.", "jo.e+x@mail.example.org", MaskKind.EMAIL),
        ("see https://x.example/a?b=c, ok", "https://x.example/a?b=c", MaskKind.URL),
        ("GB29 NWBK 6016 1331 9268 19 OK", "GB29 NWBK 6016 1331 9268 19", MaskKind.IBAN),
        ("iban de89370400440532013000", "de89370400440532013000", MaskKind.IBAN),
        ("card 4111 1111 1111 1111.", "4111 1111 1111 1111", MaskKind.CARD),
        ("SSN 078-05-1120", "078-05-1120", MaskKind.ID),
        ("PESEL 44051401359", "44051401359", MaskKind.ID),
        ("VAT DE136695976", "DE136695976", MaskKind.ID),
        ("NINO AB 12 34 56 C", "AB 12 34 56 C", MaskKind.ID),
        ("CF RSSMRA85T10A562S", "RSSMRA85T10A562S", MaskKind.ID),
        ("host 10.1.2.3:80", "10.1.2.3", MaskKind.IP),
        ("host 2001:db8::ff00:42:8329", "2001:db8::ff00:42:8329", MaskKind.IP),
        ("call +44 20 7946 0958", "+44 20 7946 0958", MaskKind.PHONE),
        ("Tel. 030/901820 bitte", "030/901820", MaskKind.PHONE),
        ("(555) 010-9999 x12", "(555) 010-9999 x12", MaskKind.PHONE),
        ("key sk-abcdefghijklmnop1234", "sk-abcdefghijklmnop1234", MaskKind.KEY),
        ("Passwort: hunter2!", "hunter2!", MaskKind.KEY),
        # What stands beside it does not hide it.
        ("KW23 bitte auf DE89370400440532013000", "DE89370400440532013000", MaskKind.IBAN),
        ("RE45 Konto DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00",
         MaskKind.IBAN),
        ("Visa 4111 1111 1111 1111 12/27", "4111 1111 1111 1111", MaskKind.CARD),
        ("4111111111111111 123", "4111111111111111", MaskKind.CARD),
        ("No. 7 5500-0000-0000-0004 737", "5500-0000-0000-0004", MaskKind.CARD),
        ("Amex 3782 822463 10005 0127", "3782 822463 10005", MaskKind.CARD),
        ("Tel. 030 12345678 / 0171 23456789", "030 12345678", MaskKind.PHONE),
        ("Tel. 030 12345678 / 0171 23456789", "0171 23456789", MaskKind.PHONE),
        ("0171 2345678 0172 3456789", "0172 3456789", MaskKind.PHONE),
        ("01 42 68 53 00 01 42 68 53 01", "01 42 68 53 00", MaskKind.PHONE),
        ("555-123-4567 555-987-6543", "555-123-4567", MaskKind.PHONE),
        ("0171 2345678 15.03.2026", "0171 2345678", MaskKind.PHONE),
        ("030/901820 / 0171/2345678", "0171/2345678", MaskKind.PHONE),
        ("15.03.2026 0171 23456789", "0171 23456789", MaskKind.PHONE),
        ("PESEL 44051401359 12.03.2026", "44051401359", MaskKind.ID),
        # However its groups are parted.
        ("DE89-3704-0044-0532-0130-00.", "DE89-3704-0044-0532-0130-00", MaskKind.IBAN),
        ("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
         "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", MaskKind.IBAN),
        ("DE89 3704 0044\n0532 0130 00", "DE89 3704 0044\n0532 0130 00", MaskKind.IBAN),
        ("4111.1111.1111.1111", "4111.1111.1111.1111", MaskKind.CARD),
        ("4111\u00a01111\u00a01111\u00a01111", "4111\u00a01111\u00a01111\u00a01111",
         MaskKind.CARD),
        ("+49\u00a030\u00a0901820", "+49\u00a030\u00a0901820", MaskKind.PHONE),
        ("01\u202f42\u202f68\u202f53\u202f00", "01\u202f42\u202f68\u202f53\u202f00",
         MaskKind.PHONE),
        # Without a blank before it, or between words of a script that has none.
        ("Tel.:030/901820", "030/901820", MaskKind.PHONE),
        ("Tel.030/901820", "030/901820", MaskKind.PHONE),
        ("fax:+4930901820", "+4930901820", MaskKind.PHONE),
        ("电话13800138000。", "13800138000", MaskKind.PHONE),
        ("電話03-1234-5678まで", "03-1234-5678", MaskKind.PHONE),
        ("卡号4111 1111 1111 1111谢谢", "4111 1111 1111 1111", MaskKind.CARD),
        ("主机10.1.2.3上", "10.1.2.3", MaskKind.IP),
        ("见https://x.example/a", "https://x.example/a", MaskKind.URL),
        ("密钥sk-abcdefghijklmnop1234", "sk-abcdefghijklmnop1234", MaskKind.KEY),
        ("2001:db8::ff00:42:8329: no route", "2001:db8::ff00:42:8329", MaskKind.IP),
        # As mails and files of settings have it.
        ("the password is: hunter2", "hunter2", MaskKind.KEY),
        ("Das Passwort lautet: hunter2", "hunter2", MaskKind.KEY),
        ('"password": "hunter2"', '"hunter2"', MaskKind.KEY),
        ("DB_PASSWORD=hunter2", "hunter2", MaskKind.KEY),
        # Other addresses.
        ("at intranet.weiss-soehne.de/kunde/7.", "intranet.weiss-soehne.de/kunde/7",
         MaskKind.URL),
        ("see müller.de, or write", "müller.de", MaskKind.URL),
        ("sftp://x.example/of/ada", "sftp://x.example/of/ada", MaskKind.URL),
        ("https://x.example/?f[name]=Meier&n=2", "https://x.example/?f[name]=Meier&n=2",
         MaskKind.URL),
        ("mu\u0308ller@x.example", "mu\u0308ller@x.example", MaskKind.EMAIL),
        (f"{'a' * 80}@reply.example.org", f"{'a' * 80}@reply.example.org", MaskKind.EMAIL),
    ],
)  # fmt: skip
def test_an_identifier_is_covered_whole(text, words, kind):
    assert (words, kind) in covered(text)


@pytest.mark.parametrize(
    "text",
    [
        "on 2026-11-02 at 10:30", "2.3.1998", "from 2019-2024", "1992/93", "version 1.2.3",
        "it costs 1234567 EUR", "3.14159265", "chapter 12, page 345", "4111 1111 1111 1112",
        "12:30:45", "a:b::c", "100 200 300 €", "1.1.2026 - 5.1.2026", "15.-17.03.2026",
        "01.02.–05.02.2026", "1.234.567 people", "1 234 567 people", "10.0.19045.3930",
        "ASP.NET and Node.js", "good.it works", "gut.es geht", "setup.py", "at 10:30-12:45",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_left(text):
    assert covered(text) == set()


def test_a_long_text_is_searched_to_its_end():
    text = "x " * (MOST_TEXT // 2 - 5) + "mail anna.long@mail.example.org" + " y" * 1000
    [found] = apart(text, IDENTIFIERS.find(text))
    assert text[found.start : found.end] == "anna.long@mail.example.org"


def by_pattern(text, setting):
    found = apart(text, IDENTIFIERS.by_patterns(text, patterns_of(setting)))
    return [(text[each.start : each.end], each.name) for each in found]


def test_patterns_of_an_organisation_have_names_and_stand_behind_semicolons_or_on_lines():
    setting = "CUSTOMER = KD-\\d{6};PROJECT=PRJ;[A-Z]{3}\nTICKET_2=#\\d+=x ;"
    assert patterns_of(setting) == (
        MaskPattern("CUSTOMER", r"KD-\d{6}"),
        MaskPattern("PROJECT", "PRJ;[A-Z]{3}"),
        MaskPattern("TICKET_2", r"#\d+=x"),
    )
    assert patterns_of(" ;\n") == ()


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("other", "'other' is no NAME=expression"),
        ("customer=KD", "'customer=KD' is no NAME"),
        ("CUSTOMER=; PROJECT=a", "CUSTOMER has no expression"),
        (f"LONG={'a' * (LONGEST + 1)}", "LONG has more than"),
        ("A=a;" * (MOST + 1), f"there are {MOST + 1}"),
    ],
)
def test_patterns_in_another_form_are_refused_in_words(setting, told):
    with pytest.raises(MaskPatternUnusable, match=told):
        patterns_of(setting)


@given(st.text(alphabet="A=;\n (b+)\\\ud800", max_size=30))
def test_any_setting_is_patterns_or_refused_in_words(setting):
    with suppress(MaskPatternUnusable):
        for each in IDENTIFIERS.by_patterns("b \\ \ud800 bb", patterns_of(setting)):
            assert each.name.startswith("A")


def test_what_has_the_form_of_a_pattern_is_masked_under_its_name():
    text = "KD-123456 and kd-1 \ud83d\ude00 for \ud800 KD-654321, KD-123456"
    found = IDENTIFIERS.by_patterns(text, patterns_of(r"CUSTOMER=KD-\d{6}"))
    masked = mask(text, found)
    assert masked.text == (
        "[CUSTOMER_1] and kd-1 \ud83d\ude00 for \ud800 [CUSTOMER_2], [CUSTOMER_1]"
    )
    assert masked.restored(masked.text) == text
    assert masked.invented("[CUSTOMER_2] [CUSTOMER_3] [FIGURE_1]") == ("[CUSTOMER_3]",)


def test_a_pattern_that_calls_itself_like_a_kind_counts_with_it():
    text = "a@b.example, N-12"
    found = [
        *IDENTIFIERS.find(text),
        *IDENTIFIERS.by_patterns(text, patterns_of("EMAIL=N-12")),
    ]
    assert mask(text, found).text == "[EMAIL_1], [EMAIL_2]"


def test_what_has_a_form_keeps_its_own_mask_inside_a_name():
    text = "Customer KD-123456 of Weiss & Sons wrote."
    [pattern] = IDENTIFIERS.by_patterns(text, patterns_of(r"CUSTOMER=\bKD-\d{6}\b"))
    seen = Found(0, text.index(" wrote"), MaskKind.ORGANISATION)
    found = apart(text, [seen, pattern])
    words = [(text[each.start : each.end], each.called) for each in found]
    assert words == [
        ("Customer", "ORGANISATION"),
        ("KD-123456", "CUSTOMER"),
        ("of Weiss & Sons", "ORGANISATION"),
    ]


@given(found_in())
def test_no_word_of_what_was_found_is_uncovered(case):
    text, found = case
    names = [replace(each, kind=MaskKind.PERSON, name="") for each in found[::2]]
    everything = [*names, *found[1::2]]
    settled = apart(text, everything)
    covered = {place for each in settled for place in range(each.start, each.end)}
    for each in everything:
        words = re.finditer(r"\w", text[each.start : each.end])
        assert all(each.start + word.start() in covered for word in words)


@pytest.mark.parametrize(
    "expression", ["(", "(?=a)b", r"(a)\1", "a{0,1000}{0,1000}", "[[:nothing:]]", "\ud800"]
)
def test_a_pattern_that_cannot_be_searched_for_is_told_with_its_name(expression):
    with pytest.raises(MaskPatternUnusable, match="CUSTOMER: "):
        IDENTIFIERS.by_patterns("a", (MaskPattern("CUSTOMER", expression),))


@pytest.mark.parametrize(
    "expression", ["(a+)+$", "(a|a)*b", "(?:a.*z|a)", "(.*a){12}b", "a*"]
)
def test_no_pattern_goes_on_for_ever(expression):
    # By going back, some of these would take longer than there is time.
    text = "a" * (3 * MOST_SEARCHED) + "!"
    for each in IDENTIFIERS.by_patterns(text, (MaskPattern("ANY", expression),)):
        assert 0 <= each.start < each.end <= len(text)


def test_a_pattern_is_found_wherever_pieces_of_a_long_text_end():
    for at in range(MOST_SEARCHED - 12, MOST_SEARCHED + 3):
        text = " " * at + "KD-123456" + " " * MOST_SEARCHED
        assert by_pattern(text, r"CUSTOMER=\bKD-\d{6}\b") == [("KD-123456", "CUSTOMER")]


@pytest.mark.parametrize(
    ("listed", "text", "masked"),
    [
        ("O'Brien", "Mr O\u2019Brien came.", "Mr [WORD_1] came."),
        ("Weiss-Meier", "Weiss\u2011Meier", "[WORD_1]"),
        ("M\u00fcller", "Herr Mu\u0308ller", "Herr [WORD_1]"),
        ("Mu\u0308ller", "Herr M\u00fcller", "Herr [WORD_1]"),
        ("Falcon", "Fal\u00adcon", "[WORD_1]"),
        ("Strau\u00df", "Herr STRAUSS", "Herr [WORD_1]"),
        ("Falcon", "offer_Falcon_2.pdf", "offer_[WORD_1]_2.pdf"),
    ],
)
def test_words_of_a_list_are_found_however_they_were_typed(listed, text, masked):
    assert mask(text, words_in(text, [listed], MaskKind.WORD)).text == masked


def test_what_lies_over_the_edge_of_something_else_is_covered_as_well():
    text = "Anna Maria Schmidt, Project Falcon@mail.example.org"
    listed = ["Anna Maria", "Maria Schmidt", "Project Falcon"]
    words = words_in(text, listed, MaskKind.WORD)
    masked = mask(text, [*words, *IDENTIFIERS.find(text)])
    assert masked.text == "[WORD_1] [WORD_2], [WORD_3] [EMAIL_1]"
    assert masked.restored(masked.text) == text


@pytest.mark.parametrize(
    "written",
    [
        "[PERSON_1]", "[person_1]", "[Person 1]", "[PERSON-1]", r"\[PERSON\_1\]",
        r"[PERSON\_1]", "[ PERSON_1 ]", "PERSON_1",
    ],
)  # fmt: skip
def test_a_placeholder_that_a_model_wrote_a_little_otherwise_is_put_back(written):
    masked = mask("Ada called.", words_in("Ada called.", ["Ada"], MaskKind.PERSON))
    assert masked.restored(f"**{written}**'s call") == "**Ada**'s call"
    assert masked.invented(f"a {written}") == ()


@pytest.mark.parametrize(
    "own", ["[Person 1]", "PERSON_1", "[person-1]", r"\[PERSON\_1\]", "[PERSON_1]"]
)
def test_what_the_text_holds_of_that_stays_its_own(own):
    text = f"Ada has seat {own}."
    masked = mask(text, words_in(text, ["Ada"], MaskKind.PERSON))
    assert masked.text == f"[PERSON_2] has seat {own}."
    assert masked.restored(masked.text) == text
    assert masked.restored(f"{own} is for [Person 2]") == f"{own} is for Ada"
    assert masked.invented(f"{own}, [Person 3]") == ("[Person 3]",)


def test_patterns_whose_names_read_alike_are_kept_apart():
    found = [Found(0, 1, MaskKind.PATTERN, "A_B"), Found(2, 3, MaskKind.PATTERN, "A__B")]
    masked = mask("x y", found)
    assert masked.restored(masked.text) == "x y"


def test_a_long_list_takes_no_time_to_speak_of():
    began = time.process_time()
    listed = [f"Project {number} of Müller-{number}" for number in range(2000)]
    found = words_in("about project 7 of müller-7 ", listed, MaskKind.WORD)
    assert [(each.start, each.end) for each in found] == [(6, 27)]
    assert time.process_time() - began < 5

"""Masks: what is covered, and the exact way back."""

from __future__ import annotations

import re
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
LOOKALIKES = st.sampled_from(["[EMAIL_1]", "[PERSON_2]", "[CARD_1", "EMAIL_1]", "[ID_01]"])
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
    ],
)  # fmt: skip
def test_an_identifier_is_covered_whole(text, words, kind):
    assert (words, kind) in covered(text)


@pytest.mark.parametrize(
    "text",
    [
        "on 2026-11-02 at 10:30", "2.3.1998", "from 2019-2024", "1992/93", "version 1.2.3",
        "it costs 1234567 EUR", "3.14159265", "chapter 12, page 345", "4111 1111 1111 1112",
        "12:30:45", "a:b::c", "100 200 300 €",
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
    settled = apart(text, [*names, *found[1::2]])
    covered = {place for each in settled for place in range(each.start, each.end)}
    for each in names:
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

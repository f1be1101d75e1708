"""Masks: what is covered, and the exact way back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.masking import (
    Found,
    MaskKind,
    apart,
    mask,
    masks_for,
    placeholders_in,
    words_in,
)
from onhand.identifiers import MOST_TEXT, FormIdentifiers

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
    spans = st.builds(Found, place, place, st.sampled_from(MaskKind))
    return text, draw(st.lists(spans, max_size=8))


def covered(text):
    return {
        (text[each.start : each.end], each.kind) for each in apart(IDENTIFIERS.find(text))
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
    settled = apart(found)
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
    [found] = apart(IDENTIFIERS.find(text))
    assert text[found.start : found.end] == "anna.long@mail.example.org"

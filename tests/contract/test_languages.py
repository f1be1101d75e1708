"""What everything that tells languages apart does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakes.languages import FakeLanguages
from fakes.office import LANGUAGES, LETTERS, letters
from onhand.domain.languages import NAMES, UNKNOWN
from onhand.languages import Cld3Languages

BOTH = [FakeLanguages(), Cld3Languages()]


@pytest.fixture(params=BOTH, ids=["fake", "cld3"])
def languages(request):
    return request.param


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_in_its_language(languages, language):
    right = [languages.of(each.text) == language for each in letters(language)]
    # The fake counts words, and may be unsure of some.
    least = 16 if isinstance(languages, FakeLanguages) else 20
    assert sum(right) >= least


def test_no_letter_is_taken_for_another_language(languages):
    for letter in LETTERS:
        for text in (letter.text, letter.faithful):
            assert languages.of(text) in {letter.language, UNKNOWN}


@pytest.mark.parametrize("text", ["", " \n", "ok", "4711", "Okafor, Nowak", "12.05.2026"])
def test_what_is_too_short_is_unknown(languages, text):
    assert languages.of(text) == UNKNOWN


def test_what_is_mixed_is_unknown(languages):
    pairs = zip(letters("en"), letters("de"), strict=True)
    found = [languages.of(f"{ours.text} {theirs.text}") for ours, theirs in pairs]
    assert found.count(UNKNOWN) >= (18 if isinstance(languages, FakeLanguages) else 20)


def test_the_beginning_decides(languages):
    letter = letters("fr")[0].text
    assert languages.of(f"{letter}\n" * 200) == languages.of(letter) == "fr"


@given(st.text())
@example("\0" * 40)
@example("\ud800 a b c d e f g h")
@example("\U0010ffff " * 30)
@example("<script>" * 2000)
@example("会議は金曜日に移動します。資料を忘れずに持ってきてください。")
def test_any_string_is_a_text(text):
    for languages in BOTH:
        found = languages.of(text)
        assert found == UNKNOWN or found in NAMES
        assert languages.of(text) == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hei kaikille, kokous siirtyy torstaihin kello kahdeksi, eikä salia ole.", "fi"),
        ("Hej alla, mötet är flyttat till torsdag klockan två i det stora rummet.", "sv"),
        ("Всем привет, встреча переносится на четверг, на два часа дня.", "ru"),
        (
            "会議は金曜日の午後二時に変更されました。資料を忘れずに持ってきてください。",
            "ja",
        ),
        ("会议改到星期五下午两点。请大家带上自己的合同和上个月的报告。", "zh"),
        ("הפגישה עברה ליום חמישי בשעה שתיים, נא להביא את החוזה החתום לחדר.", "he"),
    ],
)
def test_the_network_knows_more_languages(text, language):
    assert Cld3Languages().of(text) == language


def test_nothing_is_loaded_before_the_first_text():
    code = (
        "import sys, onhand.bootstrap; from onhand.languages import Cld3Languages;"
        " Cld3Languages(); sys.exit('gcld3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Finding any text by any of its words, or by part of one, in any language."""

# ruff: noqa: RUF001 - letters of many scripts look alike

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fakes.histories import open_database
from fakes.tasks import RECEIPT, record
from onhand.storage.folding import fold
from onhand.storage.history import SqliteHistory
from onhand.storage.search_index import index_waiting

ALPHABETS = {
    "German": "abcdefghijklmnopqrstuvwxyzäöüßAÄÖÜẞ",
    "Turkish": "abcçdefgğhıijklmnoöprsştuüvyzIİÇĞÖŞÜ",
    "Polish": "aąbcćdeęfghijklłmnńoóprsśtuwyzźżŁŚŻ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΣΏ",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяЁЙ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي\u064b\u064f\u0651",
    "Hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
    "Thai": "กขคงจชซญดตถทนบปผพฟมยรลวสหอะาำิีึืุูเแโใไ่้๊๋์",
    "Hindi": "अआइईउऊएऐओऔकखगघचछजझटठडढतथदधनपफबभमयरलवशषसहािीुूेैोौं्",
    "Chinese": "的一是不了人我在有他这为之大来以个中上们付款账单",
    "Japanese": "あいうえおかきくけこアイウエオガギグ日本語請求書",
    "Korean": "가나다라마바사아자차카타파하청구서영수증",
    "Emoji": "😀👍🏽🇩🇪❤️🧾",
}
WORDS = st.one_of(
    *(st.text(alphabet, min_size=1, max_size=12) for alphabet in ALPHABETS.values())
)


class Indexed(SqliteHistory):
    """A history in which no entry waits for its place in the indexes."""

    def __init__(self, database):
        super().__init__(database)
        self.database = database

    def add(self, entry):
        number = super().add(entry)
        with self.database.writing() as connection:
            index_waiting(connection)
        return number


@pytest.fixture(scope="module", params=[SqliteHistory, Indexed])
def history(request, tmp_path_factory):
    database = open_database(tmp_path_factory.mktemp("search") / "history.db")
    yield request.param(database)
    database.close()


def is_found(history, words, number):
    return number in [
        each.id for each in history.search(words, kind=None, limit=10**6, before=None)
    ]


@given(words=st.lists(WORDS, min_size=1, max_size=6), data=st.data())
def test_a_text_is_found_by_any_of_its_words(history, words, data):
    number = history.add(record(" ".join(words)))
    asked = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4))
    assert is_found(history, " ".join(asked), number)


@given(word=WORDS, data=st.data())
def test_a_text_is_found_by_any_part_of_a_word(history, word, data):
    start = data.draw(st.integers(0, len(word) - 1))
    end = data.draw(st.integers(start + 1, len(word)))
    # Half a letter is no part of a word: neither side may begin with an accent.
    assume(not unicodedata.combining(word[start]))
    assume(end == len(word) or not unicodedata.combining(word[end]))
    number = history.add(record(f"«{word}»"))
    assert is_found(history, word[start:end], number)


@given(word=WORDS)
def test_case_and_the_way_of_writing_accents_do_not_count(history, word):
    number = history.add(record(f"({word})"))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert is_found(history, unicodedata.normalize(form, word), number)
    assert is_found(history, word.upper(), number)
    assert is_found(history, word.lower(), number)


@given(text=st.text(), words=st.text())
def test_no_text_and_no_words_are_too_strange(history, text, words):
    number = history.add(record(text))
    history.search(words, kind=None, limit=3, before=None)
    assert is_found(history, "", number)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Die Straße ist gesperrt", "STRASSE"),
        ("Die Strasse ist gesperrt", "straße"),
        ("Müllabfuhrgebühren", "abfuhr"),
        ("Müllabfuhrgebühren", "gebuhr"),
        ("İstanbul'da kargo", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("فاتورة مُدفوعة", "مدفوعة"),
        ("الفاتورة", "فاتورة"),
        ("我被收了两次费用", "两次"),
        ("我被收了两次费用", "费"),
        ("ใบเสร็จรับเงิน", "เสร็จ"),
        ("請求書を送りました", "請求"),
        ("영수증을 보내 주세요", "영수"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ﬁnance", "fin"),
        ("Łódź", "lodz"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_people_find_what_they_mean(history, text, words):
    assert is_found(history, words, history.add(record(text)))


def test_a_task_is_found_by_its_name_and_an_extraction_by_its_values(history):
    number = history.add(record("Gasthaus Krone, bar", RECEIPT))
    assert is_found(history, "receipt krone", number)
    assert is_found(history, "gasthaus", number)


@given(text=st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_answers_of_a_batch_are_found_like_all_others(history):
    number = history.add(record("from a batch, row 17", name="r17"))
    assert is_found(history, "row 17", number)

"""Choosing the examples that are most like a text."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.engine import FakeEngine
from onhand.domain.nearest import Nearest
from onhand.domain.primitives import Score
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.prompting import SHOWN, classify_prompt, text_with_examples
from onhand.domain.tasks import Classify, Example, Label
from onhand.services.classifying import Classifier
from onhand.services.reading_parts import Reader
from onhand.services.showing import CHOSEN, LETTERS, Showing

TEXTS = (
    "My card was charged twice",
    "The app crashes at the start",
    "A parcel came broken",
    "Please change my address",
    "Ich wurde doppelt belastet",
)


def task_with(texts):
    return Classify(
        instruction="Which team?",
        labels=(Label(name="billing"), Label(name="technical")),
        examples=tuple(Example(text=each, answer="billing") for each in texts),
    )


def many(*first):
    return task_with((*first, *(f"filler number {at}" for at in range(SHOWN))))


def test_the_text_that_shares_most_words_comes_first():
    nearest = Nearest(TEXTS)
    assert nearest.of("why was I charged two times on my card?", 1) == [0]
    assert nearest.of("it crashes", 2)[0] == 1


def test_other_forms_of_a_word_count_as_well():
    assert Nearest(TEXTS).of("Doppelte Belastung", 1) == [4]


def test_what_shares_nothing_comes_last_in_its_order():
    assert Nearest(("b", "a", "zebra crossing")).of("zebras", 3) == [2, 0, 1]


@given(st.lists(st.text()), st.text(), st.integers(0, 5))
def test_any_texts_can_be_compared(texts, text, count):
    found = Nearest(texts).of(text, count)
    assert len(found) == min(count, len(texts))
    assert len(set(found)) == len(found)


def test_a_few_examples_stand_in_the_prompt_and_none_is_chosen():
    task = task_with(TEXTS)
    assert all(text in classify_prompt(task).before for text in TEXTS)
    assert Showing().examples(task, "charged") == []


def test_of_many_examples_the_nearest_are_shown_and_the_most_similar_one_last():
    task = many(*TEXTS)
    assert TEXTS[0] not in classify_prompt(task).before
    shown = Showing().examples(task, "card charged twice, number 3")
    assert len(shown) == CHOSEN
    assert shown[-1].text == TEXTS[0]


def test_a_text_is_not_shown_its_own_answer():
    shown = Showing().examples(many(*TEXTS), f" {TEXTS[0]}\n")
    assert TEXTS[0] not in {each.text for each in shown}


@settings(deadline=None)
@given(st.lists(st.integers(0, LETTERS + 1), max_size=8), st.text(max_size=20))
def test_examples_take_no_more_room_than_they_may(sizes, text):
    showing, task = Showing(), many(*("x" * size for size in sizes))
    shown = showing.examples(task, text)
    assert sum(len(each.text) for each in shown) <= LETTERS
    assert sum(len(each.text) for each in showing.longest(task)) <= LETTERS


def test_the_engine_reads_the_chosen_examples_in_front_of_each_text():
    engine = FakeEngine()
    engine.use(Path("a.gguf"))
    task = many(*TEXTS)
    Classifier(engine, Reader(engine)).evidence(
        task, ["charged twice", "crashes"], CancelToken(), ignore_progress
    )
    [asked] = [each for each in engine.asked if isinstance(each, Score)]
    first, second = asked.texts
    assert first.endswith(f"{TEXTS[0]}\nCategory: billing\n\nText: charged twice")
    assert second.endswith(f"{TEXTS[1]}\nCategory: billing\n\nText: crashes")


def test_a_text_without_examples_is_the_text():
    assert text_with_examples((), "as it is") == "as it is"

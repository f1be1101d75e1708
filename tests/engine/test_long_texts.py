"""Texts longer than the context, cut by the services and answered by the real engine."""

from __future__ import annotations

import re

import pytest

from fakes.requests import PROMPT, QUESTION, blank
from fakes.starter import needs_starter, real_engine
from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Count, Fill, Question, Score
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.styles import CLASSIFY, EXTRACT, TAG
from onhand.domain.tasks import Classify, Extract, Field, FieldType, Label
from onhand.services.classifying import Classifier, judge
from onhand.services.extracting import Extractor
from onhand.services.reading_parts import Reader

pytestmark = [pytest.mark.e2e, *needs_starter]

CONTEXT = 512
SENTENCE = "The invoice of 12 May was paid twice, please return 99.50 EUR to us. "
TEXT = SENTENCE * 22
MEANING = "what belongs here is everything that has to do with this"


@pytest.fixture(scope="module")
def engine():
    with real_engine(context=CONTEXT) as engine:
        yield engine


def classified(engine, task):
    classify = Classifier(engine, Reader(engine))
    [evidence] = classify.evidence(task, [TEXT], CancelToken(), ignore_progress)
    return judge(task, evidence).answer.scores


def test_a_long_text_is_sorted(engine):
    labels = tuple(Label(name=f"team {number}") for number in range(20))
    scores = classified(engine, Classify(instruction=CLASSIFY, labels=labels))
    assert sum(scores.values()) == pytest.approx(1)


def test_a_long_text_is_tagged(engine):
    labels = tuple(
        Label(name=f"kind number {number}", meaning=MEANING) for number in range(5)
    )
    scores = classified(engine, Classify(instruction=TAG, labels=labels, multiple=True))
    assert all(0 <= score <= 1 for score in scores.values())


NAMES = ("Anna Schmidt", "John Miller", "Maria Rossi", "Peter Novak", "Laura Jensen")


def test_names_are_found_in_most_sentences_of_a_page(engine):
    text = " ".join(
        f"On Monday {name} called our office about an invoice that was paid twice, and"
        " asked for the money to be sent back before the end of the month."
        for name in NAMES
    )
    fields = (Field(name="person", description="names of people", many=True),)
    extract = Extractor(engine, Reader(engine))
    task = Extract(instruction=EXTRACT, fields=fields)
    found = extract(task, text, CancelToken(), ignore_progress).answer.fields["person"]
    assert len({each.text for each in found} & {*NAMES}) > len(NAMES) / 2


def test_values_are_found_in_a_long_text(engine):
    fields = tuple(
        Field(name=name, description=MEANING) for name in ("who", "what", "when")
    )
    extract = Extractor(engine, Reader(engine))
    task = Extract(instruction=EXTRACT, fields=fields)
    found = extract(task, TEXT, CancelToken(), ignore_progress).answer
    for values in found.fields.values():
        assert all(TEXT[each.start : each.end] == each.text for each in values)


@pytest.mark.parametrize("place", [0, 40, 80], ids=["beginning", "middle", "end"])
def test_a_fact_is_found_wherever_it_stands_in_three_contexts(engine, place):
    sentences = [SENTENCE] * 80
    sentences.insert(place, "Questions are answered at desk@harbour.example by Ms Lund. ")
    text = "".join(sentences)
    [tokens] = engine.count(Count(texts=(text,)), CancelToken()).tokens
    assert tokens > 3 * CONTEXT
    field = Field(name="email", type=FieldType.EMAIL, required=True)
    extract = Extractor(engine, Reader(engine))
    task = Extract(instruction=EXTRACT, fields=(field,))
    found = extract(task, text, CancelToken(), ignore_progress).answer
    [value] = found.fields["email"]
    assert value.text == text[value.start : value.end] == "desk@harbour.example"


def longest(engine, ask):
    """The longest text of whole sentences that `ask` takes."""
    with pytest.raises(TextTooLong) as refused:
        ask(SENTENCE * 100)
    room = int(re.search(r"(\d+) fit", refused.value.detail)[1])
    [each] = engine.count(Count(texts=(SENTENCE,)), CancelToken()).tokens
    assert room > 10 * each
    return SENTENCE * (room // each)


def test_more_questions_take_no_more_room_than_one(engine):
    def ask(count, text):
        questions = tuple(
            Question(ask=f"\n\nIs it about {MEANING} {n}?", reply="", options=("yes", "no"))
            for n in range(count)
        )
        engine.score(
            Score(prompt=PROMPT, texts=(text,), questions=questions), CancelToken()
        )

    ask(12, longest(engine, lambda text: ask(1, text)))


def test_more_blanks_take_no_more_room_than_one(engine):
    def ask(count, text):
        blanks = tuple(blank(f"{MEANING} {n}") for n in range(count))
        filled = engine.fill(Fill(prompt=PROMPT, text=text, blanks=blanks), CancelToken())
        assert all(filled.spans)

    ask(9, longest(engine, lambda text: ask(1, text)))


def test_many_options_take_no_more_room_than_few(engine):
    options = tuple(f"{first} {second}" for first in "abcdefgh" for second in "xyzw")
    many = Question(ask=QUESTION.ask, reply="", options=options)

    def ask(question, text):
        engine.score(
            Score(prompt=PROMPT, texts=(text,), questions=(question,)), CancelToken()
        )

    ask(many, longest(engine, lambda text: ask(QUESTION, text)))

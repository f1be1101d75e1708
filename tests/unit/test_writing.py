"""Written answers stay in the language of the text, unless the task says otherwise."""

from __future__ import annotations

import dataclasses
import re

import pytest

from fakes.desk import FAKE, answering_on, models_on
from fakes.engine import FakeEngine
from fakes.languages import FakeLanguages
from fakes.office import letters
from onhand.domain.primitives import Write
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.styles import Style, rewrite_in
from onhand.domain.tasks import Classify, Label, Rewrite, Summarise
from onhand.services.writing import Watch

ENGLISH = letters("en")[4].text
GERMAN = letters("de")[4].text
GERMAN_TOO = letters("de")[7].text
FRENCH = letters("fr")[11].text
FORMAL = rewrite_in(Style.FORMAL)
SHORT = Summarise(instruction="Summarise it.")
TRANSLATE = Rewrite(instruction="Translate into English.")
FINNISH = "Kokous on siirtyy mukaan ja se ei ole kello kaksi että joka kokous."


class Scripted(FakeEngine):
    """Writes one text after the other, whatever it is asked; the last one again."""

    def __init__(self, *texts: str) -> None:
        super().__init__(writes=lambda _: self._next())
        self._texts = list(texts)

    def _next(self) -> str:
        return self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]

    @property
    def asks(self) -> list[str]:
        return [each.ask for each in self.asked if isinstance(each, Write)]


def answering(engine, *made_for: str, languages=None):
    models = models_on(engine, dataclasses.replace(FAKE, languages=made_for))
    models.select()
    return answering_on(engine, models, languages=languages or FakeLanguages())


def answer(engine, task, text, on_text=ignore_text):
    watch = Watch(CancelToken(), on_text, ignore_progress)
    return answering(engine).answer(task, text, watch).answer


def check(told, name):
    return next((each for each in told.checks if each.name == name), None)


@pytest.mark.parametrize(
    ("task", "ask"), [(FORMAL, "\n\nRewritten text:"), (SHORT, "\n\nSummary:")]
)
def test_an_english_text_is_asked_as_if_there_were_no_other_language(task, ask):
    engine = Scripted(ENGLISH)
    assert check(answer(engine, task, ENGLISH), "language").ok
    assert engine.asks == [ask]


@pytest.mark.parametrize("task", [FORMAL, SHORT])
def test_another_language_is_named_behind_the_text_and_the_prompt_stays(task):
    engine = Scripted(GERMAN)
    assert check(answer(engine, task, GERMAN_TOO), "language").ok
    [ask] = engine.asks
    assert ask.endswith(" in German:")
    answer(engine, task, ENGLISH)
    prompts = {each.prompt for each in engine.asked if isinstance(each, Write)}
    assert len(prompts) == 1


@pytest.mark.parametrize("task", [FORMAL, SHORT])
def test_an_answer_in_a_wrong_language_is_asked_for_again_firmly(task):
    engine, pieces = Scripted(ENGLISH, GERMAN), []
    told = answer(engine, task, GERMAN_TOO, pieces.append)
    assert told.text == GERMAN
    assert check(told, "language").ok
    assert "in no other language" in engine.asks[1]
    assert "".join(pieces).rstrip() == f"{ENGLISH}\n\n{GERMAN}"


@pytest.mark.parametrize("task", [FORMAL, SHORT])
def test_what_stays_wrong_is_asked_twice_and_says_so(task):
    engine = Scripted(ENGLISH)
    told = answer(engine, task, GERMAN)
    assert len(engine.asks) == 2
    assert check(told, "language").detail == "the text is German, the answer English"


def test_a_first_answer_that_is_no_worse_than_the_second_counts():
    assert answer(Scripted(ENGLISH, FRENCH), FORMAL, GERMAN).text == ENGLISH
    assert answer(Scripted(ENGLISH, "Ja."), FORMAL, GERMAN).text == "Ja."


@pytest.mark.parametrize("text", ["Bitte zahlen.", f"{GERMAN} {ENGLISH}"])
def test_where_the_language_is_unknown_any_answer_is_right(text):
    engine = Scripted(ENGLISH)
    assert check(answer(engine, FORMAL, text), "language") is None
    assert engine.asks == ["\n\nRewritten text:"]


def test_a_translation_that_was_asked_for_is_no_failure():
    engine = Scripted(letters("en")[0].text)
    told = answer(engine, TRANSLATE, letters("de")[0].text)
    assert engine.asks == ["\n\nRewritten text:"]
    assert [each.name for each in told.checks if not each.ok] == []
    assert check(told, "language").ok
    assert check(told, "negation") is None
    assert check(told, "dates").ok


def test_a_rewrite_tells_in_which_language_its_text_was_checked():
    assert answer(Scripted(GERMAN), FORMAL, GERMAN_TOO).language == "de"
    translated = answer(Scripted(letters("en")[0].text), TRANSLATE, letters("de")[0].text)
    assert translated.language == ""


def test_a_translation_that_did_not_happen_is_one():
    engine = Scripted(GERMAN)
    told = answer(engine, TRANSLATE, GERMAN)
    assert check(told, "language").detail == "English was asked for, the answer German"
    assert engine.asks[1].endswith("in English:")


def test_an_instruction_that_speaks_of_languages_somehow_is_left_alone():
    engine = Scripted(FRENCH)
    told = answer(engine, Rewrite(instruction="Translate it."), GERMAN)
    assert check(told, "language") is None
    assert engine.asks == ["\n\nRewritten text:"]


def test_a_translation_behind_the_answer_is_cut_off():
    engine = Scripted(f"{GERMAN}\n\n{ENGLISH}\n\n{letters('en')[7].text}")
    assert answer(engine, FORMAL, GERMAN).text == GERMAN


def test_paragraphs_of_a_text_in_two_languages_stay():
    text = f"{GERMAN}\n\n{GERMAN_TOO}\n\n{GERMAN}\n\n{ENGLISH}"
    engine = FakeEngine()
    assert answer(engine, FORMAL, text).text == text


@pytest.mark.parametrize("gap", ["\n", " "])
def test_a_footer_in_another_language_stays_though_it_was_set_apart(gap):
    body = " ".join([GERMAN, GERMAN_TOO] * 4)
    apart = f"{body}\n\n{letters('en')[4].faithful}"
    assert answer(Scripted(apart), FORMAL, f"{body}{gap}{ENGLISH}").text == apart


def test_a_long_text_is_kept_in_its_language_part_by_part():
    engine = Scripted(GERMAN, ENGLISH, GERMAN)
    engine._context = 420
    told = answer(engine, FORMAL, " ".join([GERMAN_TOO] * 12))
    assert ENGLISH not in told.text
    assert check(told, "language").ok


class TheBeginning(FakeLanguages):
    """Looks no further than the beginning of a text."""

    def of(self, text: str) -> str:
        """See the protocol."""
        return super().of(text[: len(GERMAN_TOO)])


def rewritten(engine, text):
    engine._context = 420
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    told = answering(engine, languages=TheBeginning())
    return told.answer(FORMAL, text, watch).answer


def test_a_part_of_a_long_text_stays_in_its_own_language():
    engine = FakeEngine()
    text = "\n\n".join([GERMAN_TOO] * 8 + [ENGLISH] * 8)
    told = rewritten(engine, text)
    assert told.text == text
    assert check(told, "language").ok
    asks = {each.ask for each in engine.asked if isinstance(each, Write)}
    assert asks == {"\n\nRewritten text in German:", "\n\nRewritten text:"}


def test_a_later_part_in_a_wrong_language_is_told():
    told = rewritten(Scripted(GERMAN, ENGLISH), "\n\n".join([GERMAN_TOO] * 12))
    assert told.text.startswith(GERMAN)
    assert ENGLISH in told.text
    detail = check(told, "language").detail
    assert re.fullmatch(r"one of \d parts: the text is German, the answer English", detail)


@pytest.mark.parametrize(
    "task",
    [
        FORMAL,
        SHORT,
        Classify(instruction="?", labels=(Label(name="a"), Label(name="b"))),
    ],
    ids=["rewrite", "summarise", "classify"],
)
def test_a_model_that_was_not_made_for_a_language_says_so(task):
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    engine = FakeEngine(writes=lambda text: text[: len(text) // 2])
    made_for = answering(engine, "en", "de")
    outcome = made_for.answer(task, FINNISH, watch)
    assert outcome.notes == ("The model fake was not made for Finnish.",)
    assert made_for.answer(task, GERMAN, watch).notes == ()
    assert made_for.answer(task, "Moro!", watch).notes == ()
    assert answering(engine).answer(task, FINNISH, watch).notes == ()
    [one, two] = made_for.answer_many(task, [FINNISH, GERMAN], CancelToken())
    assert (len(one.notes), len(two.notes)) == (1, 0)

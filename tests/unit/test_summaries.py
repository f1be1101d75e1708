"""Summaries: what only copies its text is written once more, as summaries begin."""

from pathlib import Path

import pytest

from fakes.engine import FakeEngine
from fakes.languages import FakeLanguages
from onhand.domain.primitives import Write
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.tasks import Summarise
from onhand.services.reading_parts import Reader
from onhand.services.summarising import Summariser
from onhand.services.writing import Watch, Writer

ENGLISH = "Dear Ms Lund, the pump is here and we will fit it on Monday. " * 20
GERMAN = "Sehr geehrte Frau Lund, die Pumpe ist da und wir bauen sie am Montag ein. " * 20
FINNISH = "Hyvä Lund, kokous ja pumppu on siirtyy joka maanantai ei mukaan se ole. " * 20


class Copying(FakeEngine):
    """Copies the text, unless its turn was begun: then it says `short`."""

    short = " The pump will be fitted on Monday."

    def write(self, request, cancel, on_text):
        self.writes = lambda text: self.short if request.reply else text
        return super().write(request, cancel, on_text)

    def replies(self):
        """How the turns of the model began."""
        return [each.reply for each in self.asked if isinstance(each, Write)]


@pytest.fixture
def engine():
    engine = Copying()
    engine.use(Path("fake.gguf"))
    return engine


def summary(engine, text):
    """The words of a summary, whether it ended, and what was seen while it was written."""
    seen = []
    watch = Watch(CancelToken(), seen.append, ignore_progress)
    summarise = Summariser(Writer(engine, FakeLanguages()), Reader(engine))
    answer = summarise(Summarise(instruction="Sum up."), text, watch).answer
    [ended] = [each.ok for each in answer.checks if each.name == "ending"]
    return answer.text, ended, "".join(seen)


@pytest.mark.parametrize(
    ("text", "begin", "short"),
    [
        (ENGLISH, "In short:", " The pump will be fitted on Monday."),
        (GERMAN, "Kurz gesagt:", " Die Pumpe wird am Montag eingebaut."),
    ],
)
def test_a_copy_is_written_anew_in_the_words_of_its_language(engine, text, begin, short):
    engine.short = short
    told, ended, seen = summary(engine, text)
    assert (told, ended) == (short.strip(), True)
    assert engine.replies() == ["", begin]
    assert seen.endswith(short + "\n")


def test_a_copy_in_a_language_without_such_words_stays(engine):
    told, ended, _ = summary(engine, FINNISH)
    assert not ended
    assert engine.replies() == [""]
    assert FINNISH.startswith(told)


def test_a_second_time_that_comes_to_no_end_either_does_not_count(engine):
    engine.short = ENGLISH
    told, ended, _ = summary(engine, ENGLISH)
    assert not ended
    assert len(engine.replies()) == 2
    assert ENGLISH.startswith(told)


@pytest.mark.parametrize("short", ["", " \n"])
def test_a_second_time_that_says_nothing_does_not_count(engine, short):
    engine.short = short
    told, ended, _ = summary(engine, ENGLISH)
    assert told
    assert not ended
    assert ENGLISH.startswith(told)


def test_of_a_short_text_nearly_all_may_be_said(engine):
    text = "The pump will be fitted on Monday, the valve on Tuesday."
    told, ended, _ = summary(engine, text)
    assert ended
    assert told == text
    assert engine.replies() == [""]

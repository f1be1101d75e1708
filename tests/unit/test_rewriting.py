"""Corrections are written passage by passage, and nothing of a text is lost by them."""

from __future__ import annotations

from fakes.desk import answering_on, models_on
from fakes.engine import FakeEngine
from onhand.domain.primitives import Write, WriteEach
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.styles import Style, rewrite_in
from onhand.domain.tasks import Rewrite
from onhand.services.rewriting import COPIED
from onhand.services.writing import Watch

FIX = rewrite_in(Style.FIX)
HEADING = "Report of the region North"
SENTENCES = [
    f"In {month} the warehouse in Kiel sold less then in the year before, as was expected."
    for month in ("March", "April", "May", "June")
]
TEXT = f"{HEADING}\n\n{' '.join(SENTENCES)}\n"


def outcome_of(
    engine, text=TEXT, task=FIX, on_text=ignore_text, on_progress=ignore_progress
):
    models = models_on(engine)
    models.select()
    watch = Watch(CancelToken(), on_text, on_progress)
    return answering_on(engine, models).answer(task, text, watch)


def rewritten(engine, text=TEXT, **how):
    return outcome_of(engine, text, **how).answer


def failed(told):
    return {check.name: check.detail for check in told.checks if not check.ok}


def asked_for(engine):
    """Texts by the requests in which they were put to the engine."""
    return [
        (each.text,) if isinstance(each, Write) else each.texts
        for each in engine.asked
        if isinstance(each, Write | WriteEach)
    ]


def test_each_passage_is_corrected_by_itself_and_all_join_to_the_text():
    progress, pieces = [], []
    engine = FakeEngine(writes=lambda text: text.replace("then", "than"))
    told = rewritten(engine, on_text=pieces.append, on_progress=progress.append)
    assert told.text == TEXT.replace("then", "than") == "".join(pieces)
    assert asked_for(engine) == [(HEADING, *SENTENCES)]
    assert [each.done for each in progress] == [1, 2, 3, 4, 5]
    assert not failed(told)


def test_anything_else_is_written_as_a_whole():
    engine = FakeEngine()
    rewritten(engine, task=Rewrite(instruction="Make a letter of it."))
    assert asked_for(engine) == [(TEXT.strip(),)]


def test_a_passage_that_becomes_something_else_stays_and_that_is_told():
    def writes(text: str) -> str:
        if text == HEADING:
            return f"{HEADING}: I hope that this message finds you well."
        return "Sold." if "April" in text else text.replace("then", "than")

    pieces = []
    told = rewritten(FakeEngine(writes=writes), on_text=pieces.append)
    sentences = [
        each if "April" in each else each.replace("then", "than") for each in SENTENCES
    ]
    assert told.text == f"{HEADING}\n\n{' '.join(sentences)}\n" == "".join(pieces)
    assert failed(told) == {
        "text": "nothing usable was written for 2 of 5 parts, which stay as they were"
    }


def test_a_passage_that_comes_to_no_end_stays():
    engine = FakeEngine(
        writes=lambda text: "again " * 500 if "May" in text else text,
    )
    told = rewritten(engine)
    assert told.text == TEXT
    assert failed(told) == {
        "text": "nothing usable was written for a part, which stays as it was"
    }


def test_of_a_single_passage_everything_is_shown():
    told = rewritten(FakeEngine(writes=lambda text: f"{text} {text} {text}"), HEADING)
    assert told.text == f"{HEADING} {HEADING} {HEADING}"


def test_that_a_text_was_only_copied_is_said_unless_it_was_to_be_corrected():
    def notes(style, writes):
        return outcome_of(FakeEngine(writes=writes), task=rewrite_in(style)).notes

    assert notes(Style.PLAIN, str) == (COPIED,)
    assert notes(Style.SHORTER, lambda text: text.replace("then", "than", 1)) == (COPIED,)
    assert notes(Style.FIX, str) == ()
    assert notes(Style.SHORTER, lambda text: text[: len(text) // 2]) == ()

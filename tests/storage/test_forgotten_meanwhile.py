"""Texts are forgotten while a program runs that has learned from them."""

from __future__ import annotations

import dataclasses

import pytest

from fakes.desk import answering_on, models_on
from fakes.engine import FakeEngine
from fakes.histories import open_database
from fakes.stores import (
    NOON,
)
from fakes.tasks import SHORT, record
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.tasks import Classify, Label, version
from onhand.services.keeping_ports import Which
from onhand.services.writing import Watch
from onhand.storage.forgetting import forget_in
from onhand.storage.history import SqliteHistory
from onhand.storage.priors import SqlitePriors
from onhand.storage.task_samples import SqliteSamples

QUEUE = Classify(
    instruction="Which team?",
    labels=(Label(name="billing", meaning="charges"), Label(name="technical")),
)


class Interrupted(FakeEngine):
    """An engine behind whose next answer something else happens, once."""

    def __init__(self, **more):
        super().__init__(**more)
        self.then = None

    def score(self, request, cancel):
        found = super().score(request, cancel)
        then, self.then = self.then, None
        if then is not None:
            then()
        return found


class Program:
    """A running program over a history."""

    def __init__(self, path):
        self.database = open_database(path)
        self.priors, self.samples = (
            SqlitePriors(self.database),
            SqliteSamples(self.database),
        )
        self.history = SqliteHistory(self.database)
        engine = Interrupted(keywords={"billing": "charged", "technical": "crash"})
        models = models_on(engine)
        models.select()
        self.engine = engine
        self._answering = answering_on(
            engine, models, priors=self.priors, samples=self.samples
        )

    def answer(self, text, *, keep=True):
        """The shares of the labels."""
        watch = Watch(CancelToken(), ignore_text, ignore_progress)
        found = self._answering.answer(QUEUE, text, watch, keep=keep)
        self.history.add(dataclasses.replace(record(text, QUEUE), outcome=found))
        return found.answer.scores

    def learned(self):
        """Of how many texts the history knows something, as prior and as sample."""
        prior = self.priors.load(version(QUEUE), "fake")
        sample = self.samples.load(version(QUEUE), "fake")
        return prior and prior.texts, sample and len(sample.texts)


@pytest.fixture
def start(tmp_path):
    """Starts a program, like one that runs already."""
    running = []

    def begin():
        running.append(Program(tmp_path / "history.db"))
        return running[-1]

    yield begin
    for each in running:
        each.database.close()


def forget(program, *entries):
    which = Which(ids=entries) if entries else Which(all=True)
    forget_in(program.database, which, NOON)


def teach(program, count=30):
    for number in range(count):
        words = ("charged " * (number % 5 + 1), "crash " * (number % 3), "x" * number)
        program.answer("".join(words))


@pytest.fixture(params=["here", "elsewhere"])
def other(request, start):
    """Given a program, the one in which something is forgotten."""
    return lambda program: program if request.param == "here" else start()


def test_the_next_text_is_answered_as_after_a_restart(start, other):
    window = start()
    before = window.answer("crash of a bill")
    teach(window)
    prior, sample = window.learned()
    assert (prior > 5, sample) == (True, 31)
    assert window.answer("crash of a bill") != before
    forget(other(window))
    assert window.answer("crash of a bill") == before
    assert window.learned() == (1, 1)


def test_a_program_that_keeps_nothing_drops_it_as_well(start, other):
    window = start()
    before = window.answer("crash of a bill", keep=False)
    teach(window)
    forget(other(window))
    assert window.answer("crash of a bill", keep=False) == before
    assert window.learned() == (None, None)


def test_what_another_program_learned_since_is_what_counts(start):
    window, command = start(), start()
    teach(window)
    forget(command)
    teach(command, 12)
    found = window.answer("crash of a bill", keep=False)
    assert found == start().answer("crash of a bill", keep=False)


def test_texts_of_other_tasks_are_still_known(start, other):
    window = start()
    teach(window)
    known = window.learned()
    entry = window.history.add(record("short", SHORT))
    after = pytest.approx(start().answer("crash of a bill", keep=False))
    asked = len(window.engine.asked)
    forget(other(window), entry)
    assert window.answer("crash of a bill", keep=False) == after
    assert len(window.engine.asked) <= asked + 2  # the text, and a head
    assert window.learned() == known


def test_what_is_forgotten_while_a_text_is_answered_is_not_kept_again(start, other):
    window = start()
    teach(window)
    elsewhere = other(window)
    window.engine.then = lambda: forget(elsewhere)
    window.answer("crash of a bill")
    assert window.learned() == (None, None)

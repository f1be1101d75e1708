"""A lesson that was undone is not learned again from the same texts, restart or not."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fakes.engine import FakeEngine
from fakes.school import Classroom
from fakes.tasks import QUEUE as SHOWN
from fakes.tasks import record
from onhand.domain.heads import Learned
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Example, identity
from onhand.domain.teaching import Lesson, Taught, Verdict
from onhand.services.learn import Learn

# Without keywords this engine takes both labels for equally probable, and so the first.
QUEUE = replace(SHOWN, examples=())
PLAIN = {"billing": "never", "technical": "never"}
ORDERS = ["".join(order) for order in itertools.permutations("aeiou")]
RIGHT = {"bill": "billing", "crash": "technical"}


class School(Classroom):
    """One in which answers of a queue are corrected, and the program is started anew."""

    def __init__(self):
        super().__init__(FakeEngine(keywords=PLAIN))
        self.restart()

    def restart(self):
        self._learn = Learn(self.teach, self.settings)

    def correct(self, start, end):
        """Judge the answers of some texts of two kinds in turn."""
        for number in range(start, end):
            kind = "bill" if number % 2 else "crash"
            entry = self.history.add(record(f"{kind} {ORDERS[number]}", QUEUE))
            self.judge(entry, RIGHT[kind])

    def judge(self, entry, label):
        self.history.correct(entry, label, self.clock.now())

    def learned(self):
        """Whether the window learns by itself now, as after each correction."""
        return self._learn(QUEUE, CancelToken()) is not None

    def answers_with(self):
        """By how many texts the task was taught that it answers with."""
        taught = self.heads.load(QUEUE, "tiny")
        return 0 if taught is None else taught.learned.taught


@pytest.fixture
def school():
    return School()


@pytest.fixture
def undone(school):
    """Forty texts taught something, and that was taken back."""
    school.correct(0, 40)
    assert school.learned()
    assert school.teach.undo(QUEUE)
    return school


def test_the_same_texts_do_not_teach_it_again_after_a_restart(undone):
    undone.restart()
    assert not undone.learned()
    undone.correct(40, 44)
    assert not undone.learned()
    assert undone.answers_with() == 0


def test_once_enough_new_texts_are_there_it_is_tried_again(undone):
    undone.restart()
    undone.correct(40, 45)
    assert undone.learned()
    assert undone.answers_with() == 45


def test_what_was_undone_elsewhere_is_not_learned_in_a_window_either(school):
    school.correct(0, 40)
    school.learn(QUEUE, [])
    school.teach.undo(QUEUE)
    school.correct(40, 41)
    assert not school.learned()


def test_the_lesson_before_does_not_bring_back_the_one_that_was_undone(school):
    school.correct(0, 40)
    school.learn(QUEUE, [])
    school.correct(40, 50)
    school.learn(QUEUE, [])
    school.teach.undo(QUEUE)
    assert school.answers_with() == 40
    school.restart()
    assert not school.learned()


def test_what_is_forgotten_meanwhile_makes_nothing_new_and_keeps_nothing_waiting(undone):
    undone.restart()
    undone.history.forget(set(range(1, 21)))
    assert not undone.learned()
    undone.correct(40, 44)
    assert not undone.learned()
    undone.correct(44, 45)
    assert undone.learned()
    assert undone.answers_with() == 25


def test_the_same_said_of_a_text_once_more_is_nothing_new_but_another_label_is(undone):
    undone.restart()
    undone.correct(0, 6)
    assert not undone.learned()
    for number in range(6, 11):
        [entry] = undone.history.search(ORDERS[number], kind=None, limit=1, before=None)
        kind = entry.text.split()[0]
        undone.judge(entry.id, RIGHT["crash" if kind == "bill" else "bill"])
    assert undone.learned()


def test_what_somebody_asks_for_is_learned_from_the_same_texts(undone):
    assert undone.learn(QUEUE, []).lesson.verdict is Verdict.ADOPTED
    assert undone.answers_with() == 40


def test_undoing_what_a_model_taught_keeps_no_lesson_of_people_waiting(school):
    lesson = Lesson(verdict=Verdict.ADOPTED, examples=200)
    at = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    taught = Taught(learned=Learned({}), lesson=lesson, at=at, teacher="large")
    school.heads.save(QUEUE, "tiny", taught)
    school.correct(0, 40)
    assert school.teach.undo(QUEUE)
    assert school.learned()


def test_examples_count_by_when_they_came(undone):
    undone.restart()
    new = [
        Example(text=f"bill {ORDERS[number]}", answer="billing") for number in range(40, 45)
    ]
    undone.history.teach(identity(QUEUE), new, undone.clock.now())
    assert undone.teach.standing(QUEUE).new == 5
    assert undone.learned()


def test_where_nobody_can_say_whether_it_was_undone_nothing_is_learned(undone):
    undone.restart()
    undone.heads.failing = HistoryLocked()
    with pytest.raises(HistoryLocked):
        undone.learned()

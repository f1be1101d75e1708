"""When a lesson from corrections is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.stores import FakeSettings
from fakes.tasks import QUEUE, RECEIPT, TAGS
from fakes.teaching import ADOPTED, FakeTeach
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.settings import Settings
from onhand.domain.styles import Style, rewrite_in
from onhand.domain.teaching import Verdict
from onhand.services.learn import Learn


@pytest.fixture
def teach():
    return FakeTeach()


@pytest.fixture
def settings():
    return FakeSettings()


@pytest.fixture
def learn(teach, settings):
    return Learn(teach, settings)


def after(learn, teach, texts, task=QUEUE):
    """What comes of it where there are so many labelled texts."""
    teach.texts = texts
    return learn(task, CancelToken())


def test_nothing_is_tried_before_there_are_ten(learn, teach):
    assert after(learn, teach, 9) is None
    assert after(learn, teach, 10).lesson is ADOPTED
    assert len(teach.taught) == 1


def test_it_is_tried_again_after_five_more(learn, teach):
    teach.lesson = replace(ADOPTED, verdict=Verdict.NO_GAIN)
    assert [after(learn, teach, texts) is not None for texts in range(10, 21)] == [
        *(True, False, False, False, False),
        *(True, False, False, False, False, True),
    ]


def test_what_was_adopted_before_the_start_counts(teach, settings):
    teach.lessons, teach.lesson = 1, replace(ADOPTED, examples=40)
    learn = Learn(teach, settings)
    assert after(learn, teach, 44) is None
    assert after(learn, teach, 45) is not None


def test_what_a_model_labelled_does_not_count(teach, settings):
    teach.lessons, teach.lesson = 1, replace(ADOPTED, examples=200)
    teach.teacher = "large"
    learn = Learn(teach, settings)
    assert after(learn, teach, 9) is None
    assert after(learn, teach, 10) is not None
    assert after(learn, teach, 14) is None


def test_another_task_has_a_count_of_its_own(learn, teach):
    teach.lesson = replace(ADOPTED, verdict=Verdict.NO_GAIN)
    assert after(learn, teach, 12) is not None
    other = replace(QUEUE, instruction="Which one, then?")
    assert after(learn, teach, 12, other) is not None
    assert after(learn, teach, 12) is None


def test_it_can_be_turned_off(learn, teach, settings):
    settings.save(Settings(learn=False))
    assert after(learn, teach, 50) is None
    assert teach.taught == []


@pytest.mark.parametrize("task", [TAGS, RECEIPT, rewrite_in(Style.PLAIN)])
def test_every_kind_of_task_learns(learn, teach, task):
    assert after(learn, teach, 50, task).lesson is ADOPTED


def test_a_lesson_that_was_stopped_is_still_due(learn, teach):
    teach.texts = 20
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        learn(QUEUE, stopped)
    assert learn(QUEUE, CancelToken()) is not None

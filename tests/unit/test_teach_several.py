"""Teaching a task of which any number of labels may be right."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from fakes.engine import FakeEngine
from fakes.school import Classroom
from fakes.stores import FakeClock
from fakes.tasks import TAGS as SHOWN
from fakes.tasks import record
from onhand.domain.answers import Lane, Tagging
from onhand.domain.calibration import calibrated
from onhand.domain.lesson_rows import rows_of
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Example, identity
from onhand.domain.teaching import UnknownLabels, Verdict, lesson_of
from onhand.services.calibrating import Calibrations

TAGS = replace(SHOWN, examples=())
KNOWN = {"price": "cheap", "taste": "good", "neither": "never"}
CLUELESS = {"price": "never", "taste": "never", "neither": "never"}
WORDS = {
    (): "dddddddddddd",
    ("price",): "bbbbbbbbbbbb",
    ("taste",): "cccccccccccc",
    ("price", "taste"): "bbbbbbbbbbbbcccccccccccc",
}


def labelled(count=40):
    """Texts of the same letters for the same labels, and each of them once."""
    ends = ("".join(order) for order in itertools.permutations("aeiou"))
    kinds = itertools.cycle(WORDS.items())
    return [
        Example(text=f"{word} {end}", answer=list(labels))
        for (labels, word), end in zip(kinds, itertools.islice(ends, count), strict=False)
    ]


@pytest.fixture
def school():
    return Classroom(FakeEngine(keywords=CLUELESS))


def test_what_helps_on_held_out_texts_is_answered_with(school):
    both = f"{WORDS['price', 'taste']} aeiou"
    before = school.answer(TAGS, both)
    lesson = school.learn(TAGS, labelled()).lesson
    assert lesson.verdict is Verdict.ADOPTED
    assert (lesson.examples, lesson.after) == (40, 40)
    assert lesson.before < 20
    assert lesson.f1[0] < lesson.f1[1] == 1.0
    assert lesson.probability < 0.001
    after = school.answer(TAGS, both)
    assert (before.taught, after.taught) == (0, 40)
    assert after.answer.labels == ("price", "taste")
    assert school.answer(TAGS, f"{WORDS['taste',]} aeiou").answer.labels == ("taste",)
    assert school.answer(TAGS, f"{WORDS[()]} aeiou").answer.labels == ("neither",)
    bare = replace(TAGS, none=None)
    school.learn(bare, labelled())
    assert school.answer(bare, f"{WORDS[()]} aeiou").answer.labels == ()


def test_a_batch_answers_with_it_and_reads_no_sample(school):
    school.learn(TAGS, labelled())
    asked = len(school.engine.asked)
    text = f"{WORDS['price', 'taste']} aeiou"
    learned = school.answering.learn(TAGS, [[text]], CancelToken())
    assert len(school.engine.asked) == asked
    [outcome] = school.answering.answer_many(TAGS, [text], CancelToken(), learned)
    assert outcome.answer == school.answer(TAGS, text).answer
    assert outcome.taught == 40


def test_undone_it_answers_as_before(school):
    text = f"{WORDS['taste',]} aeiou"
    before = school.answer(TAGS, text).answer
    school.learn(TAGS, labelled())
    assert school.answer(TAGS, text).answer != before
    assert school.teach.undo(TAGS) is True
    assert school.answer(TAGS, text).answer == before


def test_a_trial_keeps_nothing(school):
    teaching = school.learn(TAGS, labelled(), keep=False)
    assert teaching.lesson.verdict is Verdict.ADOPTED
    assert school.heads.known == {}
    assert school.history.corrections(identity(TAGS)) == []


def test_what_the_model_knows_already_is_left_as_it_is():
    school = Classroom(FakeEngine(keywords=KNOWN))
    said = {(): "of it", ("price",): "cheap", ("taste",): "good"}
    examples = [
        Example(text=f"{word} {number}", answer=list(labels))
        for number in range(14)
        for labels, word in said.items()
    ]
    lesson = school.learn(TAGS, examples).lesson
    assert lesson.verdict is Verdict.NO_GAIN
    assert lesson.before == 42
    assert school.heads.known == {}


def test_corrections_count_as_examples(school):
    for each in labelled():
        number = school.history.add(record(each.text, TAGS))
        school.history.correct(number, each.answer or ["neither"], FakeClock().now())
    assert school.learn(TAGS, []).lesson.verdict is Verdict.ADOPTED


@pytest.mark.parametrize(
    ("examples", "verdict"),
    [
        (labelled(9), Verdict.TOO_FEW),
        ([replace(each, answer=["taste"]) for each in labelled()], Verdict.ONE_LABEL),
        ([replace(each, answer=[]) for each in labelled()], Verdict.ONE_LABEL),
    ],
)
def test_what_cannot_teach_is_said_before_anything_is_read(school, examples, verdict):
    assert school.learn(TAGS, examples).lesson.verdict is verdict
    assert school.engine.asked == []


def test_labels_that_the_task_does_not_have_are_listed(school):
    strange = Example(text="sun", answer=["taste", "weather", "wind"])
    with pytest.raises(UnknownLabels, match="weather, wind; the task has price, taste"):
        school.learn(TAGS, [*labelled(), strange])


def test_none_is_no_label_and_labels_that_are_gone_are_left_out():
    texts = [
        Example(text="one", answer=["neither"]),
        Example(text="two", answer=["gone", "taste"]),
        Example(text="three", answer=["taste", "price"]),
        Example(text="one ", answer=["price"]),
    ]
    one = replace(TAGS, multiple=False)
    assert rows_of(one, texts) == [("one", (0,))]
    assert rows_of(TAGS, texts) == [("one", (0,)), ("two", (1,)), ("three", (0, 1))]


def test_the_same_labels_in_another_order_are_no_other_answer(school):
    turned = [replace(each, answer=each.answer[::-1]) for each in labelled()]
    teaching = school.learn(TAGS, [*labelled(), *turned])
    assert (teaching.relabelled, teaching.lesson.examples) == (0, 40)
    assert teaching.bare == 20
    wrong = [replace(each, answer=["taste"]) for each in labelled()]
    assert school.learn(TAGS, [*wrong, *labelled()]).relabelled == 30


def test_the_held_out_answers_say_how_sure_all_labels_are(school):
    school.learn(TAGS, labelled())
    calibration = Calibrations(school.history, school.heads, lambda _: 0.2)(TAGS, "tiny")
    assert calibration.judged == 40
    given = calibrated(school.answer(TAGS, f"{WORDS['taste',]} aeiou"), calibration, TAGS)
    assert isinstance(given.answer, Tagging)
    assert 0.8 < given.confidence < 1
    assert calibration.lane(calibration.confidence(1.0)) is Lane.SURE


def test_a_text_counts_for_the_calibration_where_all_its_labels_are_right(school):
    school.learn(TAGS, labelled())
    taught = school.heads.load(TAGS, "tiny")
    rows = ((0.9, 0.2), (0.6, 0.7), (0.1, 0.1))
    taught = replace(taught, held_out=rows, right=((0,), (0,), ()))
    found = taught.sightings(TAGS)
    assert [each.right for each in found] == [True, False, True]
    assert [each.raw for each in found] == pytest.approx([0.72, 0.42, 0.81])


def test_a_curve_counts_texts_with_all_labels_right(school):
    found = school.teach.curve(TAGS, labelled(60), cancel=CancelToken())
    assert [each.texts for each in found.points] == [10, 20, 50]
    assert found.before < 0.5
    assert found.points[-1].right > 0.9
    assert school.teach.standing(TAGS).taught is None


def rows(answers):
    """Probabilities of six labels that make such answers."""
    return [[0.9 if number in each else 0.1 for number in range(6)] for each in answers]


def test_labels_that_were_given_too_freely_are_worth_leaving_out():
    right = [(0,), (1,), (0, 1)] * 10
    before = [(0, 1, 2), (1, 2), (0, 1, 2)] * 10
    after = [(0, 2), (1,), (0, 1)] * 10
    lesson = lesson_of(right, rows(before), rows(after), several=True)
    assert (lesson.before, lesson.after) == (0, 20)
    assert lesson.verdict is Verdict.ADOPTED


def test_whole_answers_must_not_cost_labels():
    right = [(0,)] * 20 + [(0, 1, 2, 3)] * 60
    before = [(0, 1)] * 20 + [(0, 1, 2)] * 60
    after = [(0,)] * 20 + [(0,)] * 60
    lesson = lesson_of(right, rows(before), rows(after), several=True)
    assert lesson.after == 20
    assert lesson.verdict is Verdict.NO_GAIN


def test_more_of_the_labels_must_not_cost_whole_answers():
    right = [(0, 1, 2, 3)] * 60 + [(4,)] * 10
    before = [(0,)] * 60 + [(4,)] * 10
    after = [(0, 1, 2)] * 60 + [(4, 5)] * 10
    lesson = lesson_of(right, rows(before), rows(after), several=True)
    assert lesson.probability < 0.05
    assert lesson.f1[1] > lesson.f1[0]
    assert lesson.verdict is Verdict.NO_GAIN
    kept = lesson_of(right, rows(before), rows([*after[:60], *before[60:]]), several=True)
    assert kept.verdict is Verdict.ADOPTED

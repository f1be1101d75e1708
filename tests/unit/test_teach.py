"""Teaching a classification: what is learned, tried, kept and undone."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import pytest

from fakes.engine import FakeEngine
from fakes.school import Classroom
from fakes.stores import FakeClock
from fakes.tasks import QUEUE as SHOWN
from fakes.tasks import record
from onhand.domain.answers import Lane
from onhand.domain.belonging import with_none
from onhand.domain.errors import DataDamaged, EngineFailed, UsageError
from onhand.domain.heads import NONE_KNOWN, Head, finished
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.learning_curve import draws
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Example, identity
from onhand.domain.teaching import UnknownLabels, Verdict, lesson_of
from onhand.services.calibrating import Calibrations
from onhand.services.teach import Standing

# Without keywords this engine takes both labels for equally probable, and so the first.
QUEUE = replace(SHOWN, examples=())
PLAIN = {"billing": "never", "technical": "never"}


def labelled(count=40):
    """Texts of the same letters for the same label, and each of them once."""
    ends = ("".join(order) for order in itertools.permutations("aeiou"))
    return [
        Example(
            text=f"{'bill' if number % 2 else 'crash'} {end}",
            answer="billing" if number % 2 else "technical",
        )
        for number, end in enumerate(itertools.islice(ends, count))
    ]


class School(Classroom):
    """One that teaches a queue."""

    def __init__(self, keywords=None):
        super().__init__(FakeEngine(keywords=keywords or PLAIN))

    def learn(self, examples, task=QUEUE, **more):
        return super().learn(task, examples, **more)

    def answer(self, text, task=QUEUE):
        return super().answer(task, text)


@pytest.fixture
def school():
    return School()


def test_what_helps_on_held_out_texts_is_answered_with(school):
    before = school.answer("crash aeiou")
    lesson = school.learn(labelled()).lesson
    assert lesson.verdict is Verdict.ADOPTED
    assert (lesson.examples, lesson.before, lesson.after) == (40, 20, 40)
    assert school.heads.load(QUEUE, "tiny").lesson == lesson
    after = school.answer("crash aeiou")
    assert (before.answer.label, before.taught) == ("billing", 0)
    assert (after.answer.label, after.taught) == ("technical", 40)


def test_a_batch_answers_with_it_and_reads_no_sample(school):
    school.learn(labelled())
    asked = len(school.engine.asked)
    learned = school.answering.learn(
        QUEUE, [["crash aeiou"], ["bill aeiou"]], CancelToken()
    )
    assert len(school.engine.asked) == asked
    assert learned == school.heads.load(QUEUE, "tiny").learned
    outcomes = school.answering.answer_many(QUEUE, ["crash aeiou"], CancelToken(), learned)
    assert [(each.answer.label, each.taught) for each in outcomes] == [("technical", 40)]


def test_undone_it_answers_as_before(school):
    school.learn(labelled())
    assert school.teach.undo(QUEUE) is True
    assert school.answer("crash aeiou").taught == 0
    assert school.teach.undo(QUEUE) is False


def test_what_could_be_chance_is_not_used():
    right = {"billing": "bill", "technical": "crash"}
    school = School(right)
    lesson = school.learn(labelled()).lesson
    assert lesson.verdict is Verdict.NO_GAIN
    assert (lesson.before, lesson.after) == (40, 40)
    assert school.heads.known == {}


@pytest.mark.parametrize(
    ("examples", "verdict"),
    [
        ([], Verdict.TOO_FEW),
        (labelled(9), Verdict.TOO_FEW),
        (labelled(1) * 30, Verdict.TOO_FEW),
        ([replace(each, answer="billing") for each in labelled()], Verdict.ONE_LABEL),
    ],
)
def test_what_cannot_teach_is_said_before_anything_is_read(school, examples, verdict):
    assert school.learn(examples).lesson.verdict is verdict
    assert school.engine.asked == []


def test_a_text_counts_once_as_it_was_labelled_last(school):
    wrong = [replace(each, answer="billing") for each in labelled()]
    teaching = school.learn([*wrong, *labelled()])
    assert teaching.relabelled == 20
    assert teaching.lesson.examples == 40
    assert teaching.lesson.verdict is Verdict.ADOPTED


def test_labels_that_the_task_does_not_have_are_listed(school):
    strange = Example(text="sun", answer="weather")
    with pytest.raises(UnknownLabels, match="weather; the task has billing, technical"):
        school.learn([*labelled(), strange])
    assert school.history.corrections(identity(QUEUE)) == []


def test_examples_are_kept_and_count_the_next_time(school):
    assert school.learn(labelled()[:20]).examples_kept
    assert school.learn(labelled()[20:]).lesson.examples == 40
    assert school.learn([]).lesson.examples == 40


def test_corrections_count_as_examples(school):
    for each in labelled():
        number = school.history.add(record(each.text, QUEUE))
        school.history.correct(number, each.answer, FakeClock().now())
    assert school.learn([]).lesson.verdict is Verdict.ADOPTED


def test_examples_of_the_task_count_too(school):
    task = replace(QUEUE, examples=tuple(labelled()))
    assert school.learn([], task).lesson.examples == 40


def test_what_the_model_is_shown_with_its_answer_is_not_held_out(school):
    task = replace(QUEUE, examples=tuple(labelled(4)))
    assert school.learn(labelled(), task).lesson.examples == 36
    assert school.teach.standing(task).texts == 36


def test_a_trial_keeps_nothing(school):
    teaching = school.learn(labelled(), keep=False)
    assert teaching.lesson.verdict is Verdict.ADOPTED
    assert not teaching.examples_kept
    assert school.heads.known == {}
    assert school.history.corrections(identity(QUEUE)) == []


def test_where_examples_have_no_place_the_head_is_learned_all_the_same(school):
    school.history.failing = HistoryKeyless()
    teaching = school.learn(labelled())
    assert not teaching.examples_kept
    assert school.answer("crash aeiou").taught == 40


def test_a_text_that_cannot_be_read_is_left_out(school):
    school.engine.failing = EngineFailed("in a test")
    lesson = school.learn(labelled()).lesson
    # The first group failed once, and was then read one by one.
    assert (lesson.examples, lesson.skipped) == (40, 0)


def test_a_head_that_cannot_be_read_stops_no_answer(school):
    school.learn(labelled())
    school.heads.failing = DataDamaged("in a test")
    assert school.answer("crash aeiou").taught == 0


def test_the_held_out_answers_say_how_sure_the_head_is(school):
    school.learn(labelled())
    tell = Calibrations(school.history, school.heads, lambda _: 0.2)
    calibration = tell(QUEUE, "tiny:q4_0")
    assert calibration.judged == 40
    assert calibration.lane(calibration.confidence(1.0)) is Lane.SURE


def test_progress_counts_texts(school):
    told = []
    school.learn(labelled(), on_progress=lambda far: told.append((far.done, far.total)))
    assert told == [(16, 40), (32, 40), (40, 40)]


RIGHT, UNSURE, NEARLY, WRONG = (0.9, 0.1), (0.55, 0.45), (0.45, 0.55), (0.1, 0.9)


def lesson(before, after):
    """The lesson of texts of which the first of two labels is right."""
    return lesson_of([(0,)] * len(before), before, after)


def test_a_lesson_counts_pairs():
    found = lesson([WRONG] * 8 + [RIGHT] * 2, [*[RIGHT] * 8, WRONG, RIGHT])
    assert (found.before, found.after, found.only) == (2, 9, (1, 8))
    assert found.verdict is Verdict.ADOPTED
    assert lesson([WRONG] * 4, [RIGHT] * 4).verdict is Verdict.NO_GAIN


def test_what_becomes_nearly_right_counts_as_well():
    before = [WRONG] * 16 + [UNSURE] * 14
    after = [NEARLY] * 14 + [UNSURE] * 2 + [RIGHT] * 14
    found = lesson(before, after)
    assert found.only == (0, 2)
    assert found.verdict is Verdict.ADOPTED


def test_being_surer_alone_is_nothing_to_learn():
    found = lesson([NEARLY] * 10 + [UNSURE] * 30, [WRONG] * 10 + [RIGHT] * 30)
    assert (found.before, found.after) == (30, 30)
    assert found.verdict is Verdict.NO_GAIN
    assert found.probability > 0.05


def test_nearer_answers_that_are_right_less_often_are_not_used():
    before = [WRONG] * 20 + [UNSURE] * 21
    found = lesson(before, [NEARLY] * 21 + [RIGHT] * 20)
    assert found.probability < 0.001
    assert found.only == (1, 0)
    assert found.verdict is Verdict.NO_GAIN


def test_a_head_as_sure_as_it_was_taught_is_not_made_flatter():
    head = Head(weights=((1.0,), (0.0,)), bias=(0.0, 0.0), own=0.0, temperature=1.0)
    first, second = head.applied([0.1, 0.9], [2.0])
    assert first / second == pytest.approx(7.389, abs=0.001)


def nowhere(count):
    """Texts that belong nowhere, of letters of their own."""
    ends = itertools.islice(itertools.permutations("aeiou"), count)
    return [Example(text=f"nnnn {''.join(order)}", answer="neither") for order in ends]


def test_a_lesson_counts_the_answers_that_are_given_where_a_text_may_belong_nowhere(school):
    task = replace(QUEUE, none="neither")
    assert school.answer("crash aeiou", task).answer.label == "neither"
    lesson = school.learn([*labelled(30), *nowhere(10)], task).lesson
    # Whoever knows nothing of a text says that it belongs nowhere.
    assert (lesson.before, lesson.after) == (10, 40)
    assert school.answer("nnnn aeiou", task).answer.label == "neither"


@pytest.mark.parametrize(("texts", "knows"), [(NONE_KNOWN - 1, False), (NONE_KNOWN, True)])
def test_a_head_tells_by_itself_what_belongs_nowhere_once_it_was_taught_enough_of_it(
    school, texts, knows
):
    task = replace(QUEUE, none="neither")
    school.learn([*labelled(), *nowhere(texts)], task)
    taught = school.heads.load(task, "tiny")
    assert taught.learned.head.knows_none is knows
    unsure = [0.36, 0.34, 0.3]
    assert finished(task, unsure, taught.learned.head) == (
        unsure if knows else with_none(unsure)
    )
    taught = replace(taught, held_out=(tuple(unsure),), labels=(2,))
    assert [each.right for each in taught.sightings(task)] == [not knows]


def test_how_a_task_stands_is_known(school):
    assert school.teach.standing(QUEUE) == Standing(
        model="tiny", texts=0, new=0, taught=None
    )
    school.learn(labelled())
    standing = school.teach.standing(QUEUE)
    assert (standing.texts, standing.taught.lesson.after) == (40, 40)


def test_a_curve_tells_what_more_texts_are_worth_and_teaches_nothing(school):
    told = []
    found = school.teach.curve(
        QUEUE, labelled(60), cancel=CancelToken(), on_progress=told.append
    )
    assert found.before == 0.5
    assert [each.texts for each in found.points] == [10, 20, 50]
    assert found.points[-1].right > 0.9
    assert all(0 <= each.right <= 1 for each in found.points)
    assert school.teach.standing(QUEUE) == Standing(
        model="tiny", texts=0, new=0, taught=None
    )
    assert any(each.note == "20 texts" for each in told)


class Misled(FakeEngine):
    """Takes from labelled texts that the first answer is right, whatever they say."""

    def train(self, request, cancel):
        """Weights that always give it."""
        trained = super().train(request, cancel)
        if not request.labels:
            return trained
        answers = range(len(trained.bias))
        return msgspec.structs.replace(
            trained,
            bias=tuple(99.0 * (each == 0) for each in answers),
            held_out=(tuple(float(each == 0) for each in answers),) * len(request.labels),
        )


def test_a_curve_is_of_what_a_lesson_would_change():
    school = Classroom(Misled(keywords={"billing": "bill", "technical": "crash"}))
    found = school.teach.curve(QUEUE, labelled(60), cancel=CancelToken())
    assert found.before == 1
    assert [each.right for each in found.points] == [1, 1, 1]


def test_a_curve_counts_what_was_taught_before(school):
    school.learn(labelled(30))
    found = school.teach.curve(QUEUE, [], cancel=CancelToken())
    assert [each.texts for each in found.points] == [10, 20]


def test_too_few_texts_make_no_curve(school):
    for rows in (labelled(19), [each for each in labelled(40) if each.answer == "billing"]):
        with pytest.raises(UsageError, match="20 labelled texts of several labels"):
            school.teach.curve(QUEUE, rows, cancel=CancelToken())
    with pytest.raises(UnknownLabels):
        school.teach.curve(QUEUE, [Example(text="x", answer="other")], cancel=CancelToken())


class Picky(FakeEngine):
    """An engine that fails on one of the texts."""

    def score(self, request, cancel):
        if any(labelled(1)[0].text in each for each in request.texts):
            raise EngineFailed("in a test")
        return super().score(request, cancel)


def test_texts_that_cannot_be_read_make_no_curve():
    picky = Classroom(Picky(keywords=PLAIN))
    with pytest.raises(UsageError, match="20 labelled texts of several labels"):
        picky.teach.curve(QUEUE, labelled(20), cancel=CancelToken())


def test_draws_are_the_same_each_time_and_hold_no_text_twice():
    labels = [number % 3 for number in range(130)]
    plan = draws(130, labels)
    assert plan == draws(130, labels)
    assert [(size, len(drawn)) for size, drawn in plan] == [
        *((10, 10), (20, 10), (50, 10), (100, 10)),
    ]
    for size, drawn in plan:
        assert all(len(set(each)) == size for each in drawn)
    assert draws(30, [0] * 30) == []

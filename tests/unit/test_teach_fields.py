"""Teaching an extraction by texts with their right values."""

from __future__ import annotations

import pytest

from fakes.engine import FakeEngine
from fakes.school import Classroom
from onhand.domain.errors import EngineFailed, UsageError
from onhand.domain.field_lesson import field_lesson_of
from onhand.domain.field_values import values_of
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Example, Extract, Field, FieldType, identity
from onhand.domain.teaching import Verdict
from onhand.services.learn import Learn

TASK = Extract(
    instruction="Find it.",
    fields=(Field(name="party"), Field(name="total", type=FieldType.AMOUNT)),
)
NUMBERS = ("2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "14", "15")


def labelled(count=24):
    """Bookings of which the model finds the number alone, and people want the guests."""
    return [
        Example(
            text=f"Table {at} for {NUMBERS[at % 12]} guests near {at * 3}.00 EUR",
            answer={"party": [f"{NUMBERS[at % 12]} guests"], "total": [f"{at * 3}.00"]},
        )
        for at in range(1, count + 1)
    ]


@pytest.fixture
def school():
    return Classroom(
        FakeEngine(patterns={"party": r"(?<=for )\d+", "total": r"[\d.]+(?= EUR)"})
    )


NEW = "Table 40 for 13 guests near 99.00 EUR"


def values(school, text=NEW):
    found = school.answer(TASK, text).answer.fields
    return {name: [each.text for each in several] for name, several in found.items()}


def test_what_people_showed_is_answered_with_afterwards(school):
    assert values(school)["party"] == ["13"]
    lesson = school.learn(TASK, labelled()).lesson
    assert lesson.verdict is Verdict.ADOPTED
    assert lesson.fields
    assert (lesson.examples, lesson.before, lesson.after) == (24, 0, 24)
    assert lesson.f1[0] < lesson.f1[1] == 1.0
    assert lesson.probability < 0.001
    assert values(school) == {"party": ["13 guests"], "total": ["99.00"]}
    outcome = school.answer(TASK, NEW)
    assert outcome.taught == 24
    [party] = outcome.answer.fields["party"]
    assert NEW[party.start : party.end] == "13 guests"
    assert 0.5 < party.confidence <= 1


def test_a_batch_that_began_before_goes_on_as_it_began(school):
    begun = school.answering.learn(TASK, [], CancelToken())
    school.learn(TASK, labelled())
    now = school.answering.learn(TASK, [], CancelToken())
    [before] = school.answering.answer_many(TASK, [NEW], CancelToken(), begun)
    [after] = school.answering.answer_many(TASK, [NEW], CancelToken(), now)
    assert [each.text for each in before.answer.fields["party"]] == ["13"]
    assert [each.text for each in after.answer.fields["party"]] == ["13 guests"]
    assert (before.taught, after.taught) == (0, 24)


def test_undone_it_answers_as_before(school):
    school.learn(TASK, labelled())
    assert school.teach.standing(TASK).texts == 24
    assert school.teach.undo(TASK) is True
    assert values(school)["party"] == ["13"]
    assert school.teach.standing(TASK).taught is None


def test_what_is_right_anyway_teaches_nothing(school):
    rows = [
        Example(
            text=each.text, answer={**each.answer, "party": [each.answer["party"][0][:-7]]}
        )
        for each in labelled()
    ]
    lesson = school.learn(TASK, rows).lesson
    assert lesson.verdict is Verdict.NO_GAIN
    assert lesson.before == 24
    assert values(school)["party"] == ["13"]


def test_values_that_stand_nowhere_change_nothing(school):
    rows = [Example(text=each.text, answer={"party": ["nobody"]}) for each in labelled()]
    assert school.learn(TASK, rows).lesson.verdict is Verdict.NO_GAIN
    assert values(school)["party"] == ["13"]


def test_a_few_texts_are_too_few(school):
    lesson = school.learn(TASK, labelled(9)).lesson
    assert lesson.verdict is Verdict.TOO_FEW


def test_the_last_that_was_said_of_a_text_counts(school):
    wrong = [Example(text=each.text, answer={"party": ["x"]}) for each in labelled()]
    lesson = school.learn(TASK, [*wrong, *labelled()]).lesson
    assert (lesson.verdict, lesson.examples) == (Verdict.ADOPTED, 24)


def test_corrections_teach_in_the_background(school):
    learn = Learn(school.teach, school.settings)
    school.history.teach(identity(TASK), labelled(), school.clock.now())
    assert learn(TASK, CancelToken()).lesson.verdict is Verdict.ADOPTED
    assert learn(TASK, CancelToken()) is None
    assert values(school)["party"] == ["13 guests"]


def test_a_text_that_cannot_be_read_is_counted(school):
    longest = Example(text="word " * 5000, answer={"party": ["word"]})
    task = Extract(instruction="Find it. " * 2000, fields=TASK.fields)
    rows = [*labelled(), longest]
    with pytest.raises(EngineFailed, match="could be read"):
        school.learn(task, rows)


def test_a_curve_tells_what_more_texts_are_worth_and_teaches_nothing(school):
    found = school.teach.curve(TASK, labelled(30), cancel=CancelToken())
    assert [each.texts for each in found.points] == [10, 20]
    assert found.before == 0.5
    assert found.before < found.points[0].right <= found.points[1].right <= 1.0
    assert school.teach.standing(TASK).taught is None
    assert values(school)["party"] == ["13"]


def test_too_few_texts_make_no_curve(school):
    with pytest.raises(UsageError, match="takes 20 labelled texts with their values"):
        school.teach.curve(TASK, labelled(19), cancel=CancelToken())


def test_values_are_compared_field_by_field():
    right = [values_of(TASK, {"party": ["2 guests", " "], "total": ["9.00"]})]
    assert right == [(("2 guests",), ("9.00",))]
    school = Classroom(FakeEngine(patterns={"party": "9.00", "total": "2"}))
    crossed = school.answer(TASK, "2 guests, 9.00 EUR").answer
    lesson = field_lesson_of(TASK, right, [crossed], [crossed])
    assert (lesson.before, lesson.f1[0]) == (0, 0.0)

"""Values of fields compared with those that are right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.answers import Extraction, Value
from onhand.domain.field_values import FieldValue, given_values, right_values, values_of
from onhand.domain.field_weights import is_one_of
from onhand.domain.label_scores import counted
from onhand.domain.tasks import Extract, Field, FieldType

TASK = Extract(
    instruction="Find it.",
    fields=(
        Field(name="party", many=True),
        Field(name="total", type=FieldType.AMOUNT, many=True),
    ),
)
WORDS = st.sampled_from(["Ann", "ann", "Ann  Lee", "Bob", "12.50", "12.5", "13"])
ANSWERS = st.fixed_dictionaries({each.name: st.lists(WORDS) for each in TASK.fields})


def extraction(answer):
    return Extraction(
        fields={
            name: tuple(
                Value(text=each, start=None, end=None, confidence=0.5, value=each)
                for each in some
            )
            for name, some in answer.items()
        }
    )


def compared(said, wanted):
    right = right_values(TASK, values_of(TASK, wanted))
    return right, given_values(TASK, extraction(said), right)


def test_a_right_value_is_written_as_it_is_right_and_comes_first():
    right, given_ = compared(
        {"party": ["Zoe", "ANN  lee", "zoe"], "total": ["12.50"]},
        {"party": ["Bob", "Ann Lee", "bob"], "total": ["12.5"]},
    )
    assert right == (("party", "Bob"), ("party", "Ann Lee"), ("total", "12.5"))
    assert given_ == (("party", "Ann Lee"), ("party", "Zoe"), ("total", "12.5"))


def test_a_value_of_another_field_is_not_right():
    right, given_ = compared({"party": ["12.5"], "total": []}, {"total": ["12.5"]})
    assert not {*right} & {*given_}


@given(said=ANSWERS, wanted=ANSWERS)
def test_each_value_counts_once_and_as_it_is_compared_anywhere(said, wanted):
    right, given_ = compared(said, wanted)
    assert len({*right}) == len(right)
    assert len({*given_}) == len(given_)
    for field in TASK.fields:
        goals = [each.text for each in right if each.field == field.name]
        for each in said[field.name]:
            assert is_one_of(field, each, goals) == is_one_of(
                field, each, wanted[field.name]
            )
        found = {each for each in given_ if each.field == field.name and each in right}
        assert found == {
            FieldValue(field.name, each)
            for each in goals
            if is_one_of(field, each, said[field.name])
        }
    both, total = counted(right, given_)
    assert both <= total


@given(said=ANSWERS)
def test_what_is_said_is_right_where_it_is_what_is_wanted(said):
    right, given_ = compared(said, {name: some[::-1] for name, some in said.items()})
    assert right == given_

"""Tasks: what makes one usable, what it is recognised by, and what changes its answers."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.tasks import EVERY_TASK, PLAIN, QUEUE, RECEIPT, SHORT, TAGS
from onhand.domain.errors import TaskInvalid
from onhand.domain.tasks import (
    NOTHING,
    Classify,
    Example,
    Extract,
    Field,
    FieldType,
    Keep,
    Kind,
    Label,
    Rewrite,
    Summarise,
    identity,
    kind_of,
    version,
)

names = st.text(min_size=1).filter(str.strip)


def sorting(*labels: str, **more) -> Classify:
    return Classify(
        instruction="Which?", labels=tuple(Label(name=name) for name in labels), **more
    )


@pytest.mark.parametrize("count", [2, 3, 150])
def test_a_classification_has_two_labels_or_more(count):
    task = sorting(*(f"label {number}" for number in range(count)))
    assert len(task.answers) == count


@pytest.mark.parametrize("labels", [(), ("only",)])
def test_fewer_than_two_labels_are_no_choice(labels):
    with pytest.raises(TaskInvalid, match=f"at least 2 label.*has {len(labels)}"):
        sorting(*labels)


def test_where_any_number_may_be_right_a_model_may_always_choose_none():
    assert QUEUE.options == QUEUE.answers
    assert TAGS.options == TAGS.answers == ("price", "taste", "neither")
    labels = tuple(Label(name=name) for name in ("price", NOTHING))
    task = Classify(instruction="What?", labels=labels, multiple=True)
    assert task.answers == ("price", NOTHING)
    assert task.options == ("price", NOTHING, f"({NOTHING})")


@pytest.mark.parametrize("more", [{"multiple": True}, {"none": "neither"}])
def test_one_label_is_enough_where_it_need_not_apply(more):
    assert sorting("spam", **more).labels == (Label(name="spam"),)
    with pytest.raises(TaskInvalid, match="at least 1"):
        sorting(**more)


@pytest.mark.parametrize("empty", ["", " ", "\n\t"])
def test_an_empty_label_is_refused(empty):
    with pytest.raises(TaskInvalid, match="empty name"):
        sorting("billing", empty)
    with pytest.raises(TaskInvalid, match="empty name"):
        sorting("billing", "technical", none=empty)


def test_a_label_given_twice_is_refused_by_its_name():
    with pytest.raises(TaskInvalid, match="'billing' is given twice"):
        sorting("billing", "technical", "billing")
    with pytest.raises(TaskInvalid, match="'billing' is given twice"):
        sorting("billing", "technical", none="billing")


def test_labels_that_begin_alike_or_differ_in_case_are_different():
    task = sorting("bill", "billing", "Billing", "billing ")
    assert len(task.answers) == 4


@given(st.lists(names, min_size=2, max_size=20, unique=True))
def test_a_label_may_hold_any_text(labels):
    task = sorting(*labels)
    assert task.answers == tuple(labels)
    assert identity(task) == identity(sorting(*reversed(labels)))


def test_the_answer_for_what_belongs_nowhere_comes_last():
    assert sorting("b", "a", none="neither").answers == ("b", "a", "neither")


def test_an_extraction_needs_a_field_with_a_name_of_its_own():
    with pytest.raises(TaskInvalid, match="at least 1 field"):
        Extract(instruction="Find.", fields=())
    with pytest.raises(TaskInvalid, match="field 'total' is given twice"):
        Extract(instruction="Find.", fields=(Field(name="total"), Field(name="total")))
    with pytest.raises(TaskInvalid, match="empty name"):
        Extract(instruction="Find.", fields=(Field(name=" "),))


@pytest.mark.parametrize(
    "field",
    [
        Field(name="way", type=FieldType.CHOICE),
        Field(name="way", choices=("cash",)),
        Field(name="way", type=FieldType.DATE, choices=("cash",)),
    ],
)
def test_choices_and_the_type_choice_go_together(field):
    with pytest.raises(TaskInvalid, match=r"'way'.*go together"):
        Extract(instruction="Find.", fields=(field,))


@pytest.mark.parametrize("choices", [("cash", ""), ("cash", "cash")])
def test_a_choice_is_not_empty_and_given_once(choices):
    field = Field(name="way", type=FieldType.CHOICE, choices=choices)
    with pytest.raises(TaskInvalid, match="choice of 'way'"):
        Extract(instruction="Find.", fields=(field,))


def test_every_task_knows_its_kind():
    assert [kind_of(task) for task in EVERY_TASK] == [
        Kind.CLASSIFY,
        Kind.CLASSIFY,
        Kind.EXTRACT,
        Kind.REWRITE,
        Kind.SUMMARISE,
        Kind.CLASSIFY,
    ]


def test_a_task_with_an_id_is_recognised_by_it_whatever_changes():
    changed = dataclasses.replace(SHORT, instruction="Shorten a lot.", name="Other")
    assert identity(SHORT) == identity(changed) == "short-1"


@pytest.mark.parametrize(
    "changed",
    [
        dataclasses.replace(QUEUE, instruction="Who?", name="Other", costs={}),
        dataclasses.replace(QUEUE, labels=tuple(reversed(QUEUE.labels)), examples=()),
        dataclasses.replace(
            QUEUE, labels=tuple(Label(name=each.name) for each in QUEUE.labels)
        ),
    ],
)
def test_a_bare_classification_is_recognised_by_its_labels(changed):
    assert identity(changed) == identity(QUEUE)


def test_other_labels_fields_or_wishes_make_another_task():
    tasks = [
        *EVERY_TASK,
        dataclasses.replace(QUEUE, labels=(*QUEUE.labels, Label(name="sales"))),
        dataclasses.replace(QUEUE, none="neither"),
        dataclasses.replace(RECEIPT, fields=RECEIPT.fields[:1]),
        dataclasses.replace(PLAIN, instruction="Say it formally."),
        Summarise(instruction=PLAIN.instruction),
    ]
    assert len({identity(task) for task in tasks}) == len(tasks)


def test_names_that_join_to_the_same_text_are_not_mixed_up():
    assert identity(sorting("a,b", "c")) != identity(sorting("a", "b,c"))
    assert version(sorting("a,b", "c")) != version(sorting("a", "b,c"))


@pytest.mark.parametrize(
    ("task", "changed"),
    [
        (QUEUE, {"instruction": "Who?"}),
        (QUEUE, {"labels": tuple(reversed(QUEUE.labels))}),
        (QUEUE, {"labels": tuple(Label(name=each.name) for each in QUEUE.labels)}),
        (QUEUE, {"multiple": True}),
        (QUEUE, {"none": "neither"}),
        (QUEUE, {"examples": ()}),
        (QUEUE, {"examples": (Example(text="It broke", answer="billing"),)}),
        (TAGS, {"none": None}),
        (RECEIPT, {"fields": tuple(reversed(RECEIPT.fields))}),
        (RECEIPT, {"fields": RECEIPT.fields[:1]}),
        (PLAIN, {"keep": (Keep.NUMBERS, Keep.DATES)}),
        (SHORT, {"instruction": "Shorten a lot."}),
    ],
)
def test_what_can_change_an_answer_changes_the_version(task, changed):
    assert version(dataclasses.replace(task, **changed)) != version(task)


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "what it says"},
        {"type": FieldType.DATE},
        {"multiline": True},
        {"many": True},
        {"required": True},
    ],
)
def test_everything_said_of_a_field_changes_the_version(changed):
    plain = Field(name="day")
    assert version(
        Extract(instruction="Find.", fields=(dataclasses.replace(plain, **changed),))
    ) != version(Extract(instruction="Find.", fields=(plain,)))


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_a_name_and_an_id_change_no_answer(task):
    renamed = dataclasses.replace(task, name="Other", id="other")
    assert version(renamed) == version(task)


def test_versions_of_different_kinds_differ():
    kinds = (Rewrite(instruction="Do it.", keep=()), Summarise(instruction="Do it."))
    assert version(kinds[0]) != version(kinds[1])


def test_identity_and_version_are_the_same_on_every_machine():
    assert identity(QUEUE) == "classify-d132acea1bb3b850"
    assert version(QUEUE) == "e3810d0bb35bda99"

"""Tasks that a user writes and edits: as text, with what a form cannot show, and kept."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.names import NAMES
from fakes.stores import FakeTasks
from fakes.tasks import EVERY_TASK, PLAIN, QUEUE, RECEIPT
from onhand.domain.errors import TaskInvalid
from onhand.domain.task_editing import edited_task, is_built_in
from onhand.domain.task_file import read_task
from onhand.domain.task_writing import task_text
from onhand.domain.tasks import (
    Classify,
    Example,
    Extract,
    Field,
    FieldType,
    Keep,
    Label,
    Rewrite,
    Summarise,
)
from onhand.services.save_task import SaveTask

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COMMON = {
    "instruction": WORDS,
    "name": WORDS,
    "id": WORDS,
    "adapter": WORDS,
    "promised_error": st.none() | st.integers(1, 50),
}


@st.composite
def tasks(draw):
    common = {key: draw(each) for key, each in COMMON.items()}
    names = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    match draw(st.sampled_from(["classify", "extract", "rewrite", "summarise"])):
        case "classify":
            return Classify(
                **common,
                labels=tuple(Label(name=name, meaning=draw(WORDS)) for name in names),
                none=draw(st.sampled_from([None, "".join(names) + "?"])),
                examples=(Example(text=draw(WORDS), answer=names[0]),),
            )
        case "extract":
            kinds = st.sampled_from(FieldType)
            fields = []
            for name in names:
                kind = draw(kinds)
                choices = ("a", draw(NAMES) + "b") if kind is FieldType.CHOICE else ()
                flags = {each: draw(st.booleans()) for each in ("multiline", "many")}
                fields.append(
                    Field(
                        name=name,
                        description=draw(WORDS),
                        type=kind,
                        choices=choices,
                        required=draw(st.booleans()),
                        **flags,
                    )
                )
            values = {names[0]: [draw(WORDS)]}
            example = Example(text=draw(WORDS), answer=values)
            return Extract(**common, fields=tuple(fields), examples=(example,))
        case "rewrite":
            keep = draw(st.lists(st.sampled_from(Keep), unique=True))
            return Rewrite(**common, keep=tuple(keep))
        case _:
            return Summarise(**common, examples=(Example(text="a", answer=draw(WORDS)),))


@given(tasks())
def test_a_task_that_was_written_is_read_as_it_was(task):
    assert read_task(task_text(task, examples=True)) == task


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_a_form_that_changed_nothing_changes_nothing(task):
    assert edited_task(task, task) == task


def test_costs_stay_where_both_of_their_labels_are_left():
    costs = {"technical>billing": 3.0, "billing>technical": 2.0}
    before = dataclasses.replace(QUEUE, costs=costs, id="mine")
    left = tuple(each for each in QUEUE.labels if each.name != "technical")
    form = dataclasses.replace(QUEUE, labels=(*left, Label(name="new")), id="")
    kept = edited_task(before, form)
    assert kept.id == "mine"
    assert kept.costs == {}
    assert edited_task(before, dataclasses.replace(QUEUE, id="")).costs == costs


def test_a_field_keeps_its_type_under_its_name():
    before = dataclasses.replace(
        RECEIPT, fields=(Field(name="total", type=FieldType.AMOUNT, many=True),)
    )
    form = Extract(
        instruction="Read.",
        fields=(Field(name="total", description="paid"), Field(name="new")),
    )
    assert edited_task(before, form).fields == (
        Field(name="total", description="paid", type=FieldType.AMOUNT, many=True),
        Field(name="new"),
    )


def test_examples_go_with_the_labels_that_they_need():
    examples = tuple(Example(text=each, answer=each) for each in ("billing", "technical"))
    before = dataclasses.replace(QUEUE, examples=examples)
    left = tuple(each for each in QUEUE.labels if each.name != "technical")
    form = dataclasses.replace(QUEUE, labels=(*left, Label(name="new")), examples=())
    assert [each.answer for each in edited_task(before, form).examples] == ["billing"]


def test_what_a_task_promises_is_kept_by_a_form_that_does_not_show_it():
    before = dataclasses.replace(QUEUE, promised_error=10)
    assert edited_task(before, QUEUE).promised_error == 10


def test_another_kind_keeps_the_identity_alone():
    before = dataclasses.replace(QUEUE, id="mine", adapter="a.gguf", promised_error=10)
    assert edited_task(before, PLAIN) == dataclasses.replace(PLAIN, id="mine")


def saver(*held):
    tasks = FakeTasks(*held)
    return tasks, SaveTask(shelf=tasks, tasks=tasks, new_id=lambda: "task-new")


def test_a_new_task_gets_an_identity_and_is_found_by_its_name():
    tasks, save = saver()
    kept = save(Summarise(instruction="Shorten.", name="  In   short "))
    assert (kept.id, kept.name) == ("task-new", "In short")
    assert tasks.find("in short") == kept


def test_an_own_task_may_change_its_name_and_is_there_once():
    tasks, save = saver(Summarise(instruction="Shorten.", name="In short", id="mine"))
    save(Summarise(instruction="Shorten!", name="Shorter", id="mine"))
    assert [name for name, _ in tasks.names()] == ["Shorter"]


def test_a_task_that_came_with_the_program_stays_as_it_is():
    came = Summarise(instruction="Shorten.", name="In short", id="onhand-short")
    tasks, save = saver(came)
    assert is_built_in(came)
    kept = save(dataclasses.replace(came, name="My own"))
    assert kept.id == "task-new"
    assert tasks.find("In short") == came


@pytest.mark.parametrize(
    ("task", "what"),
    [
        (Summarise(instruction="Shorten.", name=" "), "name"),
        (Summarise(instruction=" \n", name="A"), "instruction"),
        (Summarise(instruction="Shorten.", name="IN SHORT"), "already"),
    ],
)
def test_what_cannot_be_kept_is_told(task, what):
    tasks, save = saver(Summarise(instruction="Shorten.", name="In short", id="mine"))
    before = tasks.names()
    with pytest.raises(TaskInvalid, match=what):
        save(task)
    assert tasks.names() == before


@pytest.mark.parametrize(
    "task",
    [
        Classify(instruction="Which?", labels=(Label(name="a\tb"), Label(name="c"))),
        Extract(instruction="Find.", fields=(Field(name="a"), Field(name="a "))),
    ],
    ids=["label", "field"],
)
def test_a_task_whose_file_would_be_refused_is_not_kept(task):
    tasks, save = saver()
    with pytest.raises(TaskInvalid):
        save(dataclasses.replace(task, name="Mine"))
    assert tasks.names() == []

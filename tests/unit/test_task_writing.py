"""What is written as a task file says the same when it is read."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.names import NAMES
from fakes.tasks import EVERY_TASK, QUEUE
from onhand.domain.task_file import read_task
from onhand.domain.task_writing import task_text
from onhand.domain.tasks import Classify, Example, Extract, Field, Label

words = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_every_kind_comes_back_as_it_was(task):
    assert read_task(task_text(task, examples=True)) == task
    bare = dataclasses.replace(task, examples=())
    assert read_task(task_text(task, examples=False)) == bare


def test_examples_are_left_out_unless_they_are_wanted():
    assert "It broke" not in task_text(QUEUE, examples=False)


@given(
    st.lists(NAMES, min_size=2, unique=True), words, st.text(st.characters(codec="utf-8"))
)
def test_whatever_labels_are_called_they_come_back(names, instruction, text):
    task = Classify(
        instruction=instruction,
        labels=tuple(Label(name=each, meaning=text) for each in names),
        none=None,
        costs={f"{names[0]}>{names[1]}": 0.1},
        examples=(Example(text=text, answer=names[0]),),
    )
    assert read_task(task_text(task, examples=True)) == task


@given(st.lists(NAMES, min_size=1, unique=True), words)
def test_whatever_fields_are_called_they_come_back(names, value):
    task = Extract(
        instruction="Find.",
        fields=tuple(Field(name=each, description=value) for each in names),
        examples=(Example(text=value, answer={names[0]: [value]}),),
    )
    assert read_task(task_text(task, examples=True)) == task

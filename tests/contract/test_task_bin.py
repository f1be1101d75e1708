"""What everything does from which a task can be deleted."""

from __future__ import annotations

import dataclasses

import pytest

from fakes.histories import open_database
from fakes.stores import FakeTasks
from onhand.domain.errors import TaskNotOwn, TaskUnknown
from onhand.domain.task_writing import task_text
from onhand.domain.tasks import Example, Summarise
from onhand.services.remove_task import RemoveTask
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.task_examples import TaskExamples
from onhand.storage.task_files import TaskFiles

MINE = Summarise(
    instruction="Shorten.",
    name="In short",
    id="mine",
    examples=(Example(text="A long letter.", answer="A letter."),),
)
OTHER = Summarise(instruction="Mend.", name="Other", id="other")


@pytest.fixture(params=["fake", "files"])
def held(request, tmp_path):
    """A bin that holds both tasks, and what lists them."""
    if request.param == "fake":
        tasks = FakeTasks(MINE, OTHER)
        return tasks, tasks
    examples = TaskExamples(open_database(tmp_path / "history.db"))
    own = OwnTasks(tmp_path / "tasks", examples)
    for each in (MINE, OTHER):
        own.keep(each, task_text(each, examples=True))
    folder = tmp_path / "tasks"
    return own, TaskFiles(built_in=folder / "none", own=folder, examples=examples.load)


def listed(tasks):
    return sorted((task for _, task in tasks.names()), key=lambda task: task.id)


def test_a_task_that_is_deleted_is_not_there_and_the_others_are(held):
    bin_, tasks = held
    removed = RemoveTask(bin_)(MINE)
    assert removed.task == MINE
    assert listed(tasks) == [OTHER]


def test_it_is_there_again_with_its_examples_when_that_is_undone(held):
    bin_, tasks = held
    remove = RemoveTask(bin_)
    remove.undo(remove(MINE))
    assert listed(tasks) == [MINE, OTHER]


def test_a_task_that_is_not_there_cannot_be_deleted(held):
    bin_, tasks = held
    remove = RemoveTask(bin_)
    with pytest.raises(TaskUnknown):
        remove(dataclasses.replace(MINE, id="unknown"))
    remove(MINE)
    with pytest.raises(TaskUnknown):
        remove(MINE)
    assert listed(tasks) == [OTHER]


def test_what_came_with_the_program_stays(held):
    with pytest.raises(TaskNotOwn):
        RemoveTask(held[0])(dataclasses.replace(MINE, id="onhand-short"))

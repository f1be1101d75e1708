"""What every task store does."""

from __future__ import annotations

import pytest

from fakes.stores import FakeTasks
from onhand.domain.errors import TaskUnknown
from onhand.domain.tasks import Rewrite, Summarise
from onhand.storage.task_files import TaskFiles

FIRST = Summarise(instruction="Shorten.", name="In short")
SECOND = Rewrite(instruction="Mend.", name="Grußformel")


@pytest.fixture(params=["fake", "files"])
def tasks(request, tmp_path):
    if request.param == "fake":
        return FakeTasks(FIRST, SECOND)
    built_in, own = tmp_path / "built-in", tmp_path / "own"
    for folder, task in ((built_in, FIRST), (own, SECOND)):
        folder.mkdir()
        kind = type(task).__name__.lower()
        (folder / "one.toml").write_text(
            f'kind = "{kind}"\nname = "{task.name}"\ninstruction = "{task.instruction}"\n',
            encoding="utf-8",
        )
    return TaskFiles(built_in=built_in, own=own)


def test_every_task_has_a_name_and_built_in_ones_come_first(tasks):
    assert tasks.names() == [("In short", FIRST), ("Grußformel", SECOND)]


@pytest.mark.parametrize("wanted", ["In short", "IN SHORT", "in short"])
def test_case_does_not_count(tasks, wanted):
    assert tasks.find(wanted) == FIRST


def test_every_listed_name_is_found(tasks):
    for name, task in tasks.names():
        assert tasks.find(name) == task


@pytest.mark.parametrize("wanted", ["", "In", "nothing", "\0", "x" * 5000])
def test_what_is_not_there_is_said_to_be_unknown(tasks, wanted):
    with pytest.raises(TaskUnknown):
        tasks.find(wanted)

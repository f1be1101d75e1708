"""The folder of the user's own tasks."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.tasks import SHORT
from onhand.domain.errors import DataFolderUnwritable
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.task_files import TaskFiles


def file_of(name: str, identity: str) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    lines = ('kind = "summarise"', f'id = "{identity}"', f'name = "{quoted}"')
    return "\n".join((*lines, 'instruction = "Do it."'))


def kept(folder, name="Key points", identity="one"):
    task = dataclasses.replace(SHORT, name=name, id=identity)
    OwnTasks(folder).keep(task, file_of(name, identity))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_task_is_kept_under_its_name_and_found_by_it(tmp_path):
    kept(tmp_path / "tasks")
    assert names(tmp_path / "tasks") == ["key-points.toml"]
    found = TaskFiles(built_in=tmp_path / "none", own=tmp_path / "tasks").find("key points")
    assert found.id == "one"


def test_a_task_takes_the_place_of_its_older_version_alone(tmp_path):
    kept(tmp_path)
    kept(tmp_path, identity="two")
    kept(tmp_path, identity="two")
    assert names(tmp_path) == ["key-points-2.toml", "key-points.toml"]


def test_a_file_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "key-points.toml").write_bytes(b"\xff\x00")
    kept(tmp_path)
    assert (tmp_path / "key-points.toml").read_bytes() == b"\xff\x00"


@pytest.mark.parametrize("name", ["con", "NUL", "...", "🧀", "LPT1"])
def test_a_name_that_no_file_can_have_becomes_one(tmp_path, name):
    kept(tmp_path, name)
    assert names(tmp_path)[0].startswith("task")


@given(st.text(min_size=1))
def test_whatever_a_task_is_called_its_file_stays_in_the_folder(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("tasks")
    task = dataclasses.replace(SHORT, name=name)
    OwnTasks(folder).keep(task, "any")
    assert [path.suffix for path in folder.iterdir()] == [".toml"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderUnwritable):
        kept(tmp_path / "file")


def test_a_task_with_another_name_stays_in_its_file(tmp_path):
    kept(tmp_path)
    kept(tmp_path, name="What matters")
    assert names(tmp_path) == ["key-points.toml"]
    found = TaskFiles(built_in=tmp_path / "none", own=tmp_path)
    assert [name for name, _ in found.names()] == ["What matters"]

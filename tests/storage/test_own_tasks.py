"""The folder of the user's own tasks."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.histories import KEY, open_database
from fakes.tasks import SHORT
from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.task_file import read_task
from onhand.storage.cipher import encrypted
from onhand.storage.database import Database
from onhand.storage.encrypting import encrypt_plain
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.removed_tasks import take_out
from onhand.storage.task_examples import TaskExamples
from onhand.storage.task_files import TaskFiles
from onhand.storage.task_text import without_examples


def file_of(name: str, identity: str) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    lines = ('kind = "summarise"', f'id = "{identity}"', f'name = "{quoted}"')
    return "\n".join((*lines, 'instruction = "Do it."'))


EXAMPLES = """

# What colleagues agreed on.
[[examples]]
text = "A long letter."
answer = "A letter."

[[examples]]
text = "A long tale."
answer = "A tale."
"""


def shelf(folder, keys=lambda: (KEY,)):
    """A folder with the history beside it."""
    history = folder.with_name("history.db")
    return OwnTasks(folder, TaskExamples(Database(history, encrypted(keys, encrypt_plain))))


def found(folder, name="Key points"):
    """The task as it would be run."""
    examples = TaskExamples(open_database(folder.with_name("history.db")))
    tasks = TaskFiles(built_in=folder / "none", own=folder, examples=examples.load)
    return tasks.find(name)


def keyless():
    raise HistoryKeyless


def kept(folder, name="Key points", identity="one", more="", **at):
    text = file_of(name, identity) + more
    task = dataclasses.replace(
        SHORT, name=name, id=identity, examples=read_task(text).examples
    )
    return shelf(folder, **at).keep(task, text)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_task_is_kept_under_its_name_and_found_by_it(tmp_path):
    kept(tmp_path / "tasks")
    assert names(tmp_path / "tasks") == ["key-points.toml"]
    assert found(tmp_path / "tasks", "key points").id == "one"


def test_examples_are_kept_in_the_history_and_not_in_the_file(tmp_path):
    folder = tmp_path / "tasks"
    assert kept(folder, more=EXAMPLES)
    content = (folder / "key-points.toml").read_text()
    assert "letter" not in content
    assert 'name = "Key points"' in content
    assert [each.text for each in found(folder).examples] == [
        "A long letter.",
        "A long tale.",
    ]


def test_a_file_without_examples_leaves_those_that_the_task_had(tmp_path):
    folder = tmp_path / "tasks"
    kept(folder, more=EXAMPLES)
    assert kept(folder)
    assert len(found(folder).examples) == 2


def test_without_a_key_the_task_is_kept_and_its_examples_are_not(tmp_path):
    folder = tmp_path / "tasks"
    assert not kept(folder, more=EXAMPLES, keys=keyless)
    assert "letter" not in (folder / "key-points.toml").read_text()
    assert found(folder).examples == ()


def test_a_locked_history_leaves_a_task_without_its_examples(tmp_path):
    folder = tmp_path / "tasks"
    kept(folder, more=EXAMPLES)
    examples = shelf(folder, keys=keyless)._examples
    tasks = TaskFiles(built_in=folder / "none", own=folder, examples=examples.load)
    assert tasks.find("key points").examples == ()


def test_examples_that_were_written_by_hand_go_to_the_history_too(tmp_path):
    folder = tmp_path / "tasks"
    kept(folder, more=EXAMPLES)
    path = folder / "key-points.toml"
    added = EXAMPLES.replace("A long tale", "A short tale")
    path.write_text(path.read_text() + added)
    shelf(folder).seal()
    assert "tale" not in path.read_text()
    assert [each.text for each in found(folder).examples] == [
        "A long letter.",
        "A long tale.",
        "A short tale.",
    ]


def test_examples_by_hand_stay_where_they_cannot_be_encrypted(tmp_path):
    folder = tmp_path / "tasks"
    folder.mkdir()
    path = folder / "key-points.toml"
    path.write_text(file_of("Key points", "one") + EXAMPLES)
    shelf(folder, keys=keyless).seal()
    assert len(found(folder).examples) == 2


def test_examples_for_a_label_that_is_gone_are_set_aside(tmp_path):
    folder = tmp_path / "tasks"
    file = 'kind = "classify"\nid = "q"\nname = "Queue"\ninstruction = "Which?"\n'
    example = '[[examples]]\ntext = "Pay me."\nanswer = "billing"\n'
    text = file + "[labels]\nbilling = ''\nother = ''\n" + example
    shelf(folder).keep(read_task(text), text)
    assert len(found(folder, "Queue").examples) == 1
    renamed = file + "[labels]\nmoney = ''\nother = ''\n"
    shelf(folder).keep(read_task(renamed), renamed)
    assert found(folder, "Queue").examples == ()


@given(
    before=st.sampled_from(["", "# a note\n", "\n\n", "adapter = 'a.gguf'\n"]),
    inline=st.booleans(),
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1),
        max_size=3,
    ),
)
def test_taking_out_examples_changes_nothing_else(before, inline, texts):
    pairs = [
        f"text = {json.dumps(each, ensure_ascii=False)}, answer = 'b'" for each in texts
    ]
    joined = ", ".join(f"{{ {each} }}" for each in pairs)
    tables = "".join(
        "[[examples]]\n" + each.replace(", answer", "\nanswer") + "\n" for each in pairs
    )
    text = (
        before
        + (f"examples = [{joined}]\n" if inline else "")
        + file_of("Any", "one")
        + "\n"
        + ("" if inline else tables)
    )
    bare = read_task(without_examples(text))
    assert bare == dataclasses.replace(read_task(text), examples=())
    assert (before.strip() or "id") in without_examples(text)


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
    shelf(folder).keep(task, file_of("any", "one"))
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


def test_a_locked_history_lets_no_task_be_deleted(tmp_path):
    folder = tmp_path / "tasks"
    kept(folder, more=EXAMPLES)
    task = found(folder)
    with pytest.raises(HistoryKeyless):
        shelf(folder, keys=keyless).remove(task)
    assert found(folder) == task


def test_without_a_history_a_task_is_deleted_and_comes_back(tmp_path):
    folder = tmp_path / "tasks"
    kept(folder, keys=keyless)
    removed = shelf(folder, keys=keyless).remove(found_bare(folder))
    assert names(folder) == []
    shelf(folder, keys=keyless).put_back(removed)
    assert names(folder) == ["key-points.toml"]
    assert not (tmp_path / "history.db").exists()


def test_a_file_that_cannot_be_removed_keeps_its_examples(tmp_path):
    folder = tmp_path / "tasks"
    kept(folder, more=EXAMPLES)
    task = found(folder)

    def fail():
        raise DataFolderUnwritable("it is somebody else's")

    with pytest.raises(DataFolderUnwritable):
        take_out(open_database(tmp_path / "history.db"), "one", fail)
    assert found(folder) == task


def found_bare(folder):
    return TaskFiles(built_in=folder / "none", own=folder).find("Key points")

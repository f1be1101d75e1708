"""`tasks new`, `edit` and `export`, as somebody types them."""

from __future__ import annotations

import dataclasses
import re
import shutil
import sys
from pathlib import Path

import pytest

from onhand.domain.task_file import read_task
from onhand.domain.task_writing import task_text
from onhand.domain.tasks import Kind, Summarise, kind_of

MINE = Summarise(instruction="Write one sentence.", name="One sentence", id="mine")


def test_a_task_is_made_of_options(desk):
    said = desk.run("tasks new Mood --label good=pleased --label bad --none neither")
    assert said.code == 0
    assert "--task 'Mood'" in said.err
    made = read_task(desk.shelf.kept["Mood"])
    assert made.answers == ("good", "bad", "neither")
    assert made.id == "task-new"


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ("--field total", Kind.EXTRACT),
        ("--style fix", Kind.REWRITE),
        ("--instruction 'As a poem.'", Kind.REWRITE),
        ("--kind summarise --instruction 'In one line.'", Kind.SUMMARISE),
    ],
)
def test_options_tell_the_kind_of_a_new_task(desk, options, kind):
    assert desk.run(f"tasks new Mine {options}").code == 0
    assert kind_of(read_task(desk.shelf.kept["Mine"])) is kind


@pytest.mark.parametrize("options", ["", "--label one", "--kind classify", "--style odd"])
def test_what_makes_no_task_is_told(desk, options):
    assert desk.run(f"tasks new Mine {options}").code == 2
    assert desk.shelf.kept == {}


def test_a_new_task_takes_the_place_of_no_other(desk):
    said = desk.run("tasks new 'ticket QUEUE' --label a --label b")
    assert said.code == 2
    assert "onhand tasks edit" in said.err


def editor(folder, script):
    """A command that edits a file as a person would."""
    path = folder / "editor.py"
    lines = ("import pathlib, sys", "path = pathlib.Path(sys.argv[1])", script)
    path.write_text("\n".join(lines))
    return f"{sys.executable} {path}"


def take_away(told):
    """Remove the file that an edit in vain has left, which must be there to be mended."""
    shutil.rmtree(Path(re.search(r"is in (\S+task\.toml)", told)[1]).parent)


def test_a_task_is_edited_and_kept(desk, tmp_path, monkeypatch):
    change = "path.write_text(path.read_text().replace('Which team?', 'Whose is it?'))"
    monkeypatch.setenv("VISUAL", editor(tmp_path, change))
    assert desk.run("tasks edit 'Ticket queue'").code == 0
    assert read_task(desk.shelf.kept["Ticket queue"]).instruction == "Whose is it?"


@pytest.mark.parametrize(
    ("script", "code", "told"),
    [
        ("", 0, "Nothing was changed."),
        ("path.write_text('kind = 3')", 2, "What you wrote is in"),
        ("path.write_bytes(bytes([255]))", 14, "What you wrote is in"),
        ("path.unlink()", 14, "task.toml"),
        ("sys.exit(3)", 2, "ended with status 3"),
    ],
)
def test_an_edit_that_makes_no_task_changes_nothing(
    desk, tmp_path, monkeypatch, script, code, told
):
    monkeypatch.setenv("VISUAL", editor(tmp_path, script))
    said = desk.run("tasks edit 'Ticket queue'")
    assert said.code == code
    assert told in said.err
    assert desk.shelf.kept == {}
    if code:
        take_away(said.err)


def test_an_editor_that_is_not_there_is_told(desk, monkeypatch):
    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    said = desk.run("tasks edit 'Ticket queue'")
    assert said.code == 2
    assert "/nowhere/editor" in said.err
    take_away(said.err)


def test_a_task_is_exported_without_its_examples(desk, tmp_path):
    file = tmp_path / "queue.toml"
    said = desk.run(["tasks", "export", "Ticket queue", str(file)])
    assert said.code == 0
    assert "--with-examples" in said.err
    assert read_task(file.read_text()).examples == ()
    assert desk.run(["tasks", "export", "Ticket queue", str(file)]).code == 2


def test_examples_leave_with_a_task_when_that_is_said_and_are_listed(desk, tmp_path):
    file = tmp_path / "queue.toml"
    said = desk.run(["tasks", "export", "Ticket queue", str(file), "--with-examples"])
    assert "It broke" in said.err
    assert len(read_task(file.read_text()).examples) == 1
    more = [*("tasks", "export", "Ticket queue", str(tmp_path / "b.toml")), "--json"]
    assert desk.run(more).objects[0]["examples"] == 0


def test_a_task_is_deleted_when_that_is_meant(desk):
    desk.tasks.keep(MINE, task_text(MINE, examples=True))
    said = desk.run("tasks remove 'one SENTENCE' --yes --json")
    assert said.code == 0
    assert said.objects == [{"task": MINE.name, "id": "mine", "examples": 0, "lessons": 0}]
    assert "answers stay" in said.err
    assert desk.run("tasks show 'One sentence'").code == 2


def test_nothing_is_deleted_by_a_slip(desk):
    desk.tasks.keep(MINE, task_text(MINE, examples=True))
    said = desk.run("tasks remove 'One sentence'")
    assert said.code == 2
    assert "--yes" in said.err
    assert desk.run("tasks show 'One sentence'").code == 0


def test_what_came_with_the_program_is_not_deleted(desk):
    came = dataclasses.replace(MINE, id="onhand-short")
    desk.tasks.keep(came, task_text(came, examples=True))
    said = desk.run("tasks remove 'One sentence' --yes")
    assert said.code == 2
    assert "came with the program" in said.err

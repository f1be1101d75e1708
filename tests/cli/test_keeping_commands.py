"""`history backup`, `restore`, `forget`, `export`."""

from __future__ import annotations

import json

import pytest

from fakes.tasks import QUEUE, record


@pytest.fixture
def filled(desk):
    for text in ("one", "=two", "three"):
        desk.history.add(record(text, QUEUE))
    return desk


def test_a_backup_is_made_listed_and_restored(desk):
    assert desk.run("history restore").code == 2
    assert "onhand-0.db" in desk.run("history backup").out
    assert len(desk.run("history backup --list --json").objects) == 1
    said = desk.run("history restore --json")
    assert said.objects[0]["restored"] == "onhand-0.db"
    assert "is kept as" in said.err
    assert desk.run("history restore onhand-7.db").code == 2


def test_forgetting_is_asked_about_and_needs_a_yes(filled):
    said = filled.run("history forget r2")
    assert said.code == 2
    assert "--yes" in said.err
    said = filled.run("history forget r2 --yes --json")
    assert said.objects[0]["entries"] == 1
    assert "exported" in said.err
    assert filled.run("history show r2").code == 2
    assert filled.run("history show r1").code == 0


@pytest.mark.parametrize("options", ["", "r1 --all", "--all --older 3", "--older 0", "r9"])
def test_what_is_to_be_forgotten_must_be_clear(filled, options):
    assert filled.run(f"history forget {options} --yes").code == 2
    assert len(filled.history.search("", kind=None, limit=9, before=None)) == 3


def test_a_task_is_forgotten_by_its_name(filled):
    filled.history.add(record("other"))
    said = filled.run(f"history forget --task '{QUEUE.name}' --yes --json")
    assert said.objects[0]["entries"] >= 3


def test_copies_that_could_not_be_rewritten_are_named(filled):
    filled.forget.unreadable = ("/backups/onhand-1.db",)
    assert "onhand-1.db" in filled.run("history forget --all --yes").err
    said = filled.run("history forget --all --yes --delete-unreadable")
    assert "onhand-1.db" not in said.err


def test_entries_are_exported_to_a_pipe_and_to_a_file(filled, tmp_path):
    lines = [json.loads(line) for line in filled.run("history export").out.splitlines()]
    assert [each["text"] for each in lines] == ["three", "=two", "one"]
    out = tmp_path / "out.csv"
    assert filled.run(f"history export --format csv --out {out}").code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid,at,")
    assert b",'=two," in out.read_bytes()
    assert filled.run(f"history export --format csv --out {out}").code == 2
    assert filled.run(f"history export two --format md --out {out} --replace").code == 0
    assert out.read_text().startswith("# History")
    assert "one" not in out.read_text().split("##", 1)[1].splitlines()
    assert filled.run("history export --out /nowhere/out.csv").code == 2


def test_files_that_were_exported_are_named_before_anything_is_forgotten(filled, tmp_path):
    out = tmp_path / "out.csv"
    filled.run(f"history export --format csv --out {out}")
    said = filled.run("history forget --all --yes --json")
    assert said.objects[0]["stays"] == [str(out)]


def test_one_can_begin_with_an_empty_history(desk):
    said = desk.run("history restore --empty --json")
    assert said.code == 0
    assert said.objects[0] == {"restored": None, "set_aside": "/data/onhand.db.damaged"}

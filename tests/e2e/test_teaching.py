"""A task is taught on the command line with a real model, and answers with that."""

from __future__ import annotations

import json
import subprocess

import pytest

from fakes.launcher import LAUNCHER
from fakes.starter import needs_starter

pytestmark = [pytest.mark.e2e, *needs_starter]

# Nobody can know from their names which texts belong to which team.
TASK = """
kind = "classify"
name = "Teams"
instruction = "Which team?"
[labels]
"team one" = ""
"team two" = ""
"""
KITCHEN = ("soup", "bread", "salad", "cake", "cheese", "coffee", "rice", "pizza")
GARAGE = ("engine", "brake", "tyre", "battery", "gearbox", "mirror", "clutch", "pump")
SAID = (
    ("The {} was cold and tasted of nothing.", "The {} makes a noise when I drive."),
    ("I would like to order another {} please.", "Please repair the {} of my car."),
)
ROWS = [
    {"text": said[team].format(thing), "label": ("team one", "team two")[team]}
    for said in SAID
    for team, things in enumerate((KITCHEN, GARAGE))
    for thing in things
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "task.toml").write_text(TASK)
    lines = "".join(f"{json.dumps(row)}\n" for row in ROWS)
    (tmp_path / "rows.jsonl").write_text(lines)
    (tmp_path / "passphrase").write_text("correct horse battery\n")
    return tmp_path


def onhand(folder, *words, key=True):
    """One JSON object that a command prints, and what it says besides."""
    more = ["--passphrase-file", str(folder / "passphrase")] if key else []
    ran = subprocess.run(
        [
            *LAUNCHER,
            *words,
            *("--data-dir", str(folder / "data"), *more, "--json"),
        ],
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout), ran.stderr


@pytest.mark.parametrize("key", [True, False], ids=["with a key", "without one"])
def test_a_taught_task_answers_with_what_it_learned(folder, key):
    task = str(folder / "task.toml")
    lesson, said = onhand(folder, "teach", task, str(folder / "rows.jsonl"), key=key)
    assert lesson["verdict"] == "adopted"
    assert lesson["examples_kept"] is key
    assert ("numbers, no text" in said) is not key
    text = "A slice of the tart, and the bill."
    answer, _ = onhand(folder, "classify", text, "--task", task, key=key)
    assert answer["answer"]["label"] == "team one"
    undone, _ = onhand(folder, "teach", task, "--undo", key=key)
    assert undone["undone"] is True
    kept = [path.read_bytes() for path in folder.glob("data*/**/*") if path.is_file()]
    assert not any(b"tasted of nothing" in content for content in kept)

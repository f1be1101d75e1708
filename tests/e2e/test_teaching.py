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


# Whether a text is for the one team, the other, both or neither.
SEVERAL = TASK.replace("[labels]", "multiple = true\n[labels]").replace("Teams", "Tags")
ELSEWHERE = ("walk", "swim", "sleep", "party", "sunrise", "story", "journey", "song")
BOTH = [
    (f"{SAID[0][0].format(dish)} {SAID[1][1].format(part)}", ["team one", "team two"])
    for dish, part in zip(KITCHEN, GARAGE, strict=True)
]
NEITHER = [(f"That was a wonderful {each}.", []) for each in ELSEWHERE]
UNSEEN = [
    ("The soup was salty. Please repair the horn of my car.", {"team one", "team two"}),
    ("The window makes a noise when I drive.", {"team two"}),
    ("I would like to order another tart please.", {"team one"}),
    ("That was a wonderful evening.", set()),
]


def wrong_labels(folder, task, name):
    """How many labels of unseen texts are missing or too much."""
    rows, out = folder / "unseen.jsonl", folder / f"{name}.jsonl"
    rows.write_text("".join(f"{json.dumps({'text': text})}\n" for text, _ in UNSEEN))
    onhand(folder, "batch", task, str(rows), "--out", str(out))
    said = [json.loads(line) for line in out.read_text().splitlines()]
    given = [{*each["answer"]["labels"]} for each in said]
    return sum(len(one ^ right) for one, (_, right) in zip(given, UNSEEN, strict=True))


def test_a_task_with_any_number_of_labels_answers_with_what_it_learned(folder):
    task = folder / "tags.toml"
    task.write_text(SEVERAL)
    single = [(row["text"], [row["label"]]) for row in ROWS[::2]]
    lines = [{"text": text, "label": labels} for text, labels in single + BOTH + NEITHER]
    (folder / "tags.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    before = wrong_labels(folder, str(task), "before")
    lesson, said = onhand(folder, "teach", str(task), str(folder / "tags.jsonl"))
    assert lesson["verdict"] == "adopted"
    assert lesson["after"] > lesson["before"]
    assert lesson["f1_after"] > max(0.8, lesson["f1_before"])
    assert "8 rows name no label" in said
    assert wrong_labels(folder, str(task), "after") < min(before, 2)


# A way of writing that nobody could guess, and that all of them share.
STATUS = """
kind = "rewrite"
name = "Status"
instruction = "Rewrite the note as a short status line."
"""
NOTES = [
    ("The printer on floor 2 has no toner again, Kim orders some today.",
     "Printer on floor 2 has no toner. Next: Kim orders some today."),
    ("The door of the archive does not lock; Ben comes on 14 May.",
     "Door of the archive does not lock. Next: Ben comes on 14 May."),
    ("I think that room 12 is too cold; Jens looks at it tomorrow.",
     "Room 12 too cold. Next: Jens looks at it tomorrow."),
    ("The beamer shows only green, so Ann sends a new one by Friday.",
     "Beamer shows only green. Next: Ann sends a new one by Friday."),
    ("I noticed that the light flickers. Tom changes the tube this week.",
     "Light flickers. Next: Tom changes the tube this week."),
    ("Several people said that the tap leaks; Rosa calls on Thursday.",
     "Tap leaks. Next: Rosa calls on Thursday."),
    ("Our server room was 31 degrees warm, and Ahmed helps at noon.",
     "Server room 31 degrees warm. Next: Ahmed helps at noon."),
    ("It seems that phone 7 is dead, Lena exchanges it on Monday.",
     "Phone 7 dead. Next: Lena exchanges it on Monday."),
    ("The bicycle stand is bent now; Paolo repairs it on Saturday.",
     "Bicycle stand bent. Next: Paolo repairs it on Saturday."),
    ("The scanner takes two sheets, so Mia cleans the rollers tonight.",
     "Scanner takes two sheets. Next: Mia cleans the rollers tonight."),
]  # fmt: skip


def test_a_task_that_writes_takes_over_how_people_write(folder):
    task, rows = folder / "status.toml", folder / "notes.jsonl"
    task.write_text(STATUS)
    lines = [{"text": text, "rewritten": right} for text, right in NOTES]
    rows.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    new = "The window on floor 3 does not close; Huber comes on 3 June."

    def written():
        said, _ = onhand(folder, "rewrite", new, "--task", str(task))
        return said["answer"]["text"]

    lesson, _ = onhand(folder, "teach", str(task), str(rows))
    assert lesson["verdict"] == "adopted"
    assert lesson["edit_rate_after"] < lesson["edit_rate_before"]
    assert "Next:" in written()
    out = folder / "batch.jsonl"
    rows.write_text(json.dumps({"text": new}) + "\n")
    onhand(folder, "batch", str(task), str(rows), "--out", str(out))
    assert "Next:" in json.loads(out.read_text())["answer"]["text"]
    kept = [path.read_bytes() for path in folder.glob("data*/**/*") if path.is_file()]
    assert not any(b"31 degrees" in content for content in kept)


def test_without_a_key_a_task_that_writes_is_not_taught_and_says_why(folder):
    task, rows = folder / "status.toml", folder / "notes.jsonl"
    task.write_text(STATUS)
    lines = [{"text": text, "rewritten": right} for text, right in NOTES]
    rows.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    ran = subprocess.run(
        [*LAUNCHER, "teach", str(task), str(rows), "--data-dir", str(folder / "data")],
        capture_output=True, check=False, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode != 0
    assert "keyring" in ran.stderr

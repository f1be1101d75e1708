"""Texts planted everywhere: none of them is in a log, a crash file or the report."""

from __future__ import annotations

import os
import subprocess
from zipfile import ZipFile

import pytest

from fakes.launcher import LAUNCHER
from fakes.starter import needs_starter

pytestmark = [pytest.mark.e2e, *needs_starter]

CANARY = "kanarienvogel"
"""In every text, name and value that a user could give."""

TASK = f"""
kind = "classify"
name = "{CANARY}"
instruction = "Which {CANARY}?"
[labels]
{CANARY} = "a {CANARY}"
other = ""
"""


def onhand(folder, *arguments):
    # There may be no keyring here, and a history that is not kept would plant nothing.
    passphrase = folder.parent / "passphrase"
    passphrase.write_text(f"{CANARY} sings a {CANARY} song\n")
    argv = [
        *LAUNCHER,
        "--data-dir",
        str(folder),
        *("--passphrase-file", str(passphrase), *arguments),
    ]
    return subprocess.run(
        argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def holding(folder):
    """The files below a folder that hold the canary."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {
        each.relative_to(folder).as_posix()
        for each in files
        if CANARY in each.read_bytes().decode("utf-8", errors="ignore").casefold()
    }


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """A data folder in which everything that a user gives was given, and went wrong."""
    folder = tmp_path_factory.mktemp("canaries") / "data"
    text = f"A {CANARY} was charged twice."
    labels = ["--label", f"billing={CANARY}", "--label", f"{CANARY}=what is technical"]
    assert onhand(folder, "classify", text, *labels).returncode == 0
    (folder / f"{CANARY}.toml").write_text(TASK)
    assert onhand(folder, "tasks", "import", str(folder / f"{CANARY}.toml")).returncode == 0
    (folder / "tasks" / f"{CANARY}-2.toml").write_text(f"kind = '{CANARY}'")
    assert onhand(folder, "tasks", "list").returncode == 0
    assert onhand(folder, "settings", "set", "model", f"/{CANARY}.gguf").returncode == 0
    assert onhand(folder, "classify", text, "--task", CANARY).returncode == 3
    found = onhand(folder, "history", "search", CANARY)
    assert found.returncode == 0
    assert CANARY in found.stdout
    return folder


def test_no_log_holds_what_the_user_gave(lived_in):
    logs = {each.name for each in (lived_in / "logs").iterdir()}
    assert logs
    assert holding(lived_in / "logs") == set()
    assert "settings.json" in holding(lived_in), "the canaries were planted"


def test_the_report_holds_nothing_of_it_even_where_logs_were_soiled(lived_in, tmp_path):
    for name in ("onhand.log", "engine.log", "crash.log", "onhand.log.1"):
        with (lived_in / "logs" / name).open("a") as file:
            file.write(
                f"the {CANARY} sings\n2026-03-01 12:00:00,123 ERROR onhand.x {CANARY}\n"
            )
    report = tmp_path / "report.zip"
    done = onhand(lived_in, "doctor", "--bundle", str(report))
    assert done.returncode == 3, done.stderr
    assert "look into it" in done.stderr
    with ZipFile(report) as made:
        parts = {each: made.read(each).decode() for each in made.namelist()}
    assert {"README.txt", "doctor.txt", "settings.json", "policies.json"} <= parts.keys()
    assert "logs/onhand.log" in parts
    for name, text in parts.items():
        assert CANARY not in (name + text).casefold()
    assert '"value": "(set)"' in parts["settings.json"]
    assert "no engine: model_missing" in parts["doctor.txt"]
    assert str(lived_in) not in "".join(parts.values())
    if os.name == "posix":
        assert report.stat().st_mode & 0o077 == 0


def test_a_report_replaces_no_file(lived_in, tmp_path):
    report = tmp_path / "letter.zip"
    report.write_text("mine")
    done = onhand(lived_in, "doctor", "--bundle", str(report))
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert report.read_text() == "mine"

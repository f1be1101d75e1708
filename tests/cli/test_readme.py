"""What the README says of the command line is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import onhand.domain.model_errors  # noqa: F401 - its failures are looked at as well
from onhand.cli.main import COMMANDS
from onhand.cli.on_screen import ON_SCREEN
from onhand.domain.errors import all_errors
from onhand.domain.task_file import read_task
from onhand.host import find_data

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [*COMMANDS, *sorted(ON_SCREEN)])
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"^\| `onhand {command}\b", README, re.MULTILINE)


def test_the_readme_names_no_command_that_there_is_not():
    for named in re.findall(r"^\| `onhand ([^`]*)`", README, re.MULTILINE):
        words = [word for word in re.split(r"[^a-z]+", named) if word][:2]
        assert " ".join(words) in {*COMMANDS, *ON_SCREEN, "batch status"} or (
            words[0] in {*COMMANDS, *ON_SCREEN}
        )


def test_every_option_is_in_the_readme(desk):
    for command in [*COMMANDS, *ON_SCREEN]:
        usage = desk.run(f"{command} --help").out
        for option in set(re.findall(r"--[a-z-]+", usage)) - {"--help"}:
            assert option in README, f"{command} {option}"


def test_every_exit_code_of_a_failure_is_in_the_readme():
    for kind in all_errors():
        assert f"\n| {kind.exit_code} |" in README


def test_the_task_files_of_the_readme_can_be_used():
    files = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert len(files) == 3
    for file in files:
        read_task(file)


def test_the_object_of_the_readme_has_the_keys_of_a_real_one(desk):
    shown = json.loads(re.findall(r"```json\n(.*?)```", README, re.DOTALL)[0])
    real = desk.run("classify text --label billing --label technical --json").objects[0]
    assert list(shown) == list(real)


def test_the_models_of_the_readme_are_those_of_the_catalogue():
    known = json.loads((find_data() / "models.json").read_bytes())["models"]
    for model in known:
        assert f"| `{model['id']}` | `{model['file']}` |" in README

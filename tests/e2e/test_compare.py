"""Two models compared by real engines, on a real history; nothing of it is kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from fakes.launcher import LAUNCHER
from fakes.starter import STARTER, needs_starter

pytestmark = [pytest.mark.e2e, *needs_starter]

MAILS = ("I was charged twice, please refund me.", "The app shows an error when I open it.")


@pytest.fixture
def onhand(tmp_path, monkeypatch):
    """Runs a command in a data folder with the starter model and a copy of it."""
    models = tmp_path / "models"
    models.mkdir()
    shutil.copyfile(STARTER, models / "twin.gguf")
    # A packaged program brings no model of its own.
    folders = (str(models), str(STARTER.parent))
    monkeypatch.setenv("ONHAND_MODELS", os.pathsep.join(folders))
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("there may be no keyring here\n")
    base = [
        *LAUNCHER,
        "--data-dir",
        str(tmp_path / "data"),
        *("--passphrase-file", str(passphrase)),
    ]

    def run(*argv):
        ran = subprocess.run([*base, *argv], capture_output=True, timeout=300, check=False)
        return ran.returncode, ran.stdout.decode(), ran.stderr.decode()

    return run


def test_a_model_and_its_twin_agree_and_leave_nothing_behind(onhand):
    for mail in MAILS:
        code, _, told = onhand(
            "classify", mail, "--label", "billing", "--label", "technical"
        )
        assert code == 0, told
    assert onhand("history", "correct", "r1", "billing")[0] == 0
    assert onhand("history", "pin", "r2")[0] == 0
    code, out, told = onhand("models", "compare", "smollm2-135m", "twin", "--json")
    assert code == 0, told
    found = json.loads(out)
    assert [each["model"] for each in found["models"]] == ["smollm2-135m", "twin.gguf"]
    assert (found["texts"], found["comparable"], found["same"]) == (2, 2, 2)
    assert (found["corrected"], found["finding"], found["p"]) == (1, "too_few", 1.0)
    first, second = found["models"]
    assert first["right"] == second["right"]
    assert all(
        each["seconds"] > 0 and each["memory"] > each["bytes"] for each in (first, second)
    )
    assert found["changing"] == []
    assert len(onhand("history", "search", "--json")[1].splitlines()) == 2
    assert json.loads(onhand("settings", "get", "model", "--json")[1])["value"] == ""
    code, _, told = onhand("models", "compare", "smollm2-135m", "smollm2-135m")
    assert (code, "both are smollm2-135m" in told) == (2, True)

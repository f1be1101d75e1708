"""Without any network: a model from a read-only folder, a first answer, and wrong bytes.

The same by hand, in a shell of its own without a network:
unshare -rn onhand models import FOLDER, then onhand classify TEXT --label A --label B
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from fakes.launcher import LAUNCHER
from fakes.starter import STARTER, needs_starter

UNSHARE = shutil.which("unshare")


def has_namespaces():
    if UNSHARE is None:
        return False
    argv = [UNSHARE, "-rn", "true"]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.e2e,
    *needs_starter,
    pytest.mark.skipif(not has_namespaces(), reason="no networks to leave here"),
]


@pytest.fixture
def stick(tmp_path):
    """A read-only folder with the starter model, by another name."""
    folder = tmp_path / "stick"
    folder.mkdir()
    shutil.copy(STARTER, folder / STARTER.name)
    (folder / STARTER.name).chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def onhand(tmp_path, *argv):
    """A command in a network namespace that has not even a loopback that is up."""
    whole = [UNSHARE, "-rn", *LAUNCHER, *map(str, argv)]
    whole += ["--data-dir", str(tmp_path / "data"), "--json"]
    env = {**os.environ, "ONHAND_MODELS": ""}
    return subprocess.run(whole, capture_output=True, text=True, check=False, env=env)


def test_a_model_is_taken_from_a_read_only_folder_and_answers(stick, tmp_path):
    done = onhand(tmp_path, "models", "import", stick)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["model"], said["trust"]) == ("smollm2-135m", "verified")
    assert said["path"].startswith(str(tmp_path / "data" / "models"))
    labels = ("--label", "billing", "--label", "technical")
    done = onhand(
        tmp_path, "classify", "I was charged twice", *labels, "--model", said["path"]
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answer"]["label"] in ("billing", "technical")


def test_one_wrong_byte_ends_with_4_and_leaves_nothing(stick, tmp_path):
    stick.chmod(0o755)
    path = stick / STARTER.name
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(60_000_000)
        found = file.read(1)
        file.seek(60_000_000)
        file.write(bytes([found[0] ^ 1]))
    done = onhand(tmp_path, "models", "import", stick)
    assert done.returncode == 4
    assert list((tmp_path / "data" / "models").glob("*.*")) == []
    labels = ("--label", "billing", "--label", "technical")
    done = onhand(tmp_path, "classify", "text", *labels, "--model", path)
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"]["code"] == "wrong_checksum"

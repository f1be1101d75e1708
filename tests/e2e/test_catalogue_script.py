"""The comparison of the catalogue with the Hub, against a Hub on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.hub import FILE, REPO, REVISION, FakeHub

pytestmark = pytest.mark.e2e

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "catalogue"


@pytest.fixture
def hub():
    with FakeHub() as found:
        yield found


def compared(hub, tmp_path, *options, endpoint=None, **changes):
    right = {
        "id": "tiny",
        "repo": REPO,
        "revision": REVISION,
        "file": FILE,
        "bytes": len(hub.data),
        "sha256": hub.sha256,
    }
    by_hand = right | {"id": "by-hand", "revision": None}
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"models": [right | changes, by_hand]}))
    argv = [sys.executable, str(SCRIPT), "--catalogue", str(path), *options]
    argv += ["--endpoint", endpoint or hub.endpoint]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def test_an_entry_that_agrees_is_said_to_agree_and_no_redirect_is_followed(hub, tmp_path):
    done = compared(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "tiny: agrees",
        "by-hand: no revision is known; not compared",
    ]
    assert [each.role for each in hub.asked] == ["hub"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sha256": "0" * 64}, "SHA-256 is"),
        ({"bytes": 7}, "size is"),
        ({"file": "gone.gguf"}, "the Hub answers 404"),
        ({"revision": "b" * 40}, "the Hub answers 404"),
    ],
)
def test_what_differs_is_told(hub, tmp_path, changes, said):
    done = compared(hub, tmp_path, **changes)
    assert done.returncode == 1
    assert said in done.stdout


def test_one_model_alone_is_compared(hub, tmp_path):
    done = compared(hub, tmp_path, "--only", "by-hand", sha256="0" * 64)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:9", "http://example.org", "nowhere"]
)
def test_without_an_answer_nothing_is_said_of_the_catalogue(hub, tmp_path, endpoint):
    done = compared(hub, tmp_path, endpoint=endpoint)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not answer" in done.stderr


def test_a_hub_that_refuses_is_told(hub, tmp_path):
    hub.faults.hub_statuses = [(429, {})]
    assert "the Hub answers 429" in compared(hub, tmp_path).stdout

"""Some of each kind of test, run again where there is no network at all.

All of them: `python tests/benchmarks/without_network.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.starter import needs_starter

HERE = Path(__file__).parents[1]
PROGRAM = HERE / "benchmarks" / "without_network.py"
UNSHARE = shutil.which("unshare")

CHOSEN = (
    "e2e/test_window.py::test_ctrl_return_ends_as_a_row_in_the_database",
    (
        "e2e/test_command_line.py::test_the_first_command_of_a_newcomer_gives_an_answer_that_is"
        "_found_again"
    ),
    "ui/test_drafting.py",
    "net/test_net_helper.py::test_every_connection_stands_in_the_ledger_before_it_is_opened",
)
"""Of the window, the command line, the engine and the net helper."""


def has_namespaces():
    if UNSHARE is None:
        return False
    argv = [UNSHARE, "-rnm", "true"]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not has_namespaces(), reason="no namespaces may be made here"),
]


def run(tmp_path, *options):
    argv = [sys.executable, str(PROGRAM), "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(
        [*argv, f"--basetemp={tmp_path / 'inside'}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
    )


@needs_starter[0]
@needs_starter[1]
def test_the_chosen_tests_pass_without_any_network(tmp_path):
    done = run(tmp_path, *(str(HERE / each) for each in CHOSEN))
    assert done.returncode == 0, done.stdout[-4000:]
    passed = [int(each) for each in re.findall(r"(\d+) passed", done.stdout)]
    assert len(passed) == 2, "one run without, one with the loopback"
    assert passed[0] >= 5
    assert passed[1] == 1


CONTROL = """
import socket
import pytest

def test_a_server_of_its_own():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), 2):
            pass
"""


@pytest.mark.parametrize("marked", [False, True])
def test_a_test_that_needs_the_loopback_fails_unless_it_is_marked(tmp_path, marked):
    mark = "pytestmark = pytest.mark.net\n" if marked else ""
    (tmp_path / "test_control.py").write_text(CONTROL + mark)
    done = run(
        tmp_path, "-c", os.devnull, "--rootdir", str(tmp_path), "-W",
        "ignore::pytest.PytestUnknownMarkWarning", str(tmp_path / "test_control.py"),
    )  # fmt: skip
    assert (done.returncode == 0) is marked, done.stdout
    assert ("1 passed" in done.stdout) is marked
    assert ("1 failed" in done.stdout) is not marked

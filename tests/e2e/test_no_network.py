"""Window, command line and engine open no IP socket: watched by the kernel's own report."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.documents import docx, paragraph
from fakes.launcher import LAUNCHER
from fakes.starter import needs_starter

pytestmark = [
    pytest.mark.e2e,
    *needs_starter,
    pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's"),
]

WINDOW = [sys.executable, str(Path(__file__).parents[1] / "fakes" / "traced_window.py")]
COMMAND = [*LAUNCHER, "--data-dir"]
OTHER_MACHINES = re.compile(r"AF_INET6?|AF_PACKET|AF_VSOCK|io_uring_setup")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder in which the engine knows after its first start what runs here."""
    return str(tmp_path_factory.mktemp("data"))


def traced(tmp_path, argv):
    """What the program and all its children asked of the network, and what it printed."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("there is no strace")
    report = tmp_path / "trace"
    watch = [strace, "-f", "-qq", "-e", "trace=%network,io_uring_setup,execve"]
    done = subprocess.run(
        [*watch, "-o", str(report), *argv], capture_output=True, text=True, check=False
    )
    if "PTRACE" in done.stderr or "ptrace" in done.stderr:
        pytest.skip("processes may not be traced here")
    assert done.returncode == 0, done.stderr
    return report.read_text(), done.stdout


def test_the_window_and_its_engine_open_no_ip_socket(tmp_path, data):
    calls, printed = traced(tmp_path, [*WINDOW, data])
    assert printed.split() == ["answered"], "Qt's network library is loaded"
    assert_only_local(calls)


def assert_only_local(calls):
    """Engine and reader of documents were watched too; the net helper never ran."""
    for child in ("engine", "document"):
        assert re.search(rf'execve\(.*"{child}"', calls), f"no {child} was watched"
    assert not re.search(r'execve\(.*"net"', calls)
    assert not OTHER_MACHINES.search(calls)


def test_a_command_and_its_engine_open_no_ip_socket(tmp_path, data):
    labels = ["--label", "billing", "--label", "technical"]
    letter = tmp_path / "letter.docx"
    letter.write_bytes(docx(paragraph("I was charged twice")))
    argv = [*COMMAND, data, "classify", "--file", str(letter), *labels]
    calls, printed = traced(tmp_path, argv)
    assert printed.strip() in {"billing", "technical"}
    assert_only_local(calls)


@pytest.mark.net
def test_a_window_that_opens_one_is_caught(tmp_path, data):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        argv = [*WINDOW, data, "--leak", port]
        calls, printed = traced(tmp_path, argv)
    assert OTHER_MACHINES.search(calls)
    assert "Network" in printed

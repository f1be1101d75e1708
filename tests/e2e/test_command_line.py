"""The command line as a real process: streams, signals, and what it loads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from fakes.launcher import LAUNCHER

pytestmark = pytest.mark.e2e
posix = pytest.mark.skipif(sys.platform == "win32", reason="of POSIX")

LABELS = ["--label", "billing=charges, refunds", "--label", "technical=it does not work"]
HEAVY = {
    "sqlcipher3",
    "keyring",
    "cryptography",
    "sqlite_utils",
    "numpy",
    "rich",
    "PySide6",
    "llama_cpp",
    "charset_normalizer",
}
LOADED = """
import runpy, sys
try:
    runpy.run_module("onhand", run_name="__main__")
except SystemExit as end:
    loaded = {name.split(".")[0] for name in sys.modules}
    sys.stderr.write("LOADED " + " ".join(sorted(loaded)))
    sys.exit(end.code)
"""


@pytest.fixture
def command(tmp_path):
    """The start of a command line with a data folder and a passphrase of its own."""
    folder = ["--data-dir", str(tmp_path / "data")]
    return [*LAUNCHER, *folder, *with_passphrase(tmp_path)]


@pytest.fixture
def keyless(tmp_path):
    """The start of a command line where there is no keyring, and nobody at a terminal."""
    folder = ["--data-dir", str(tmp_path / "data")]
    return [*LAUNCHER, *folder]


def with_passphrase(folder):
    """The option that names a file with a passphrase."""
    (folder / "passphrase").write_text("correct horse battery\n")
    return ["--passphrase-file", str(folder / "passphrase")]


def run(argv, **more):
    return subprocess.run(argv, capture_output=True, timeout=300, check=False, **more)


@pytest.mark.parametrize(
    "argv", [["--version"], ["--help"], ["tasks", "list"], ["history", "search"]]
)
def test_what_is_not_needed_is_not_loaded(tmp_path, argv):
    options = ["--data-dir", str(tmp_path), *with_passphrase(tmp_path)]
    with_history = argv[0] == "history"
    ran = run([sys.executable, "-P", "-c", LOADED, *options, *argv])
    assert ran.returncode == 0
    loaded = set(ran.stderr.decode().split("LOADED ")[1].split())
    # A new history gets its key, and its tables from a library that takes its time.
    new = {"sqlite_utils", "numpy", "sqlcipher3", "cryptography", "keyring"}
    assert loaded & HEAVY <= (new if with_history else set())


def test_an_existing_history_is_opened_without_what_made_it(command, tmp_path):
    run([*command, "history", "search"])
    options = ["--data-dir", str(tmp_path / "data"), *with_passphrase(tmp_path)]
    ran = run([sys.executable, "-P", "-c", LOADED, *options, "history", "search"])
    loaded = set(ran.stderr.decode().split("LOADED ")[1].split())
    assert loaded & HEAVY <= {"sqlcipher3", "cryptography", "keyring"}


def test_without_a_keyring_and_a_passphrase_the_history_is_locked(keyless, command):
    new = run([*keyless, "history", "search", "--json"])
    assert new.returncode == 13
    assert json.loads(new.stdout)["error"]["code"] == "history_keyless"
    assert run([*command, "history", "unlock"]).returncode == 0
    locked = run([*keyless, "history", "search", "--json"])
    assert locked.returncode == 13
    assert json.loads(locked.stdout)["error"]["code"] == "history_locked"
    assert run([*command, "history", "search"]).returncode == 0


@pytest.mark.model
def test_without_a_keyring_a_newcomer_gets_an_answer_and_is_told(keyless, tmp_path):
    ran = run([*keyless, "classify", "I was charged twice", *LABELS])
    assert ran.returncode == 0, ran.stderr.decode()
    assert ran.stdout.decode().strip() in {"billing", "technical"}
    told = ran.stderr.decode()
    assert "not kept" in told
    assert "onhand history unlock" in told
    assert not (tmp_path / "data" / "onhand.db").exists()
    quiet = run([*keyless, "classify", "I was charged twice", *LABELS, "--private"])
    assert b"unlock" not in quiet.stderr


@posix
@pytest.mark.parametrize(
    ("redirection", "code", "cause"),
    [
        ("<&-", 2, "standard input is closed"),
        ("</dev/null", 2, "There is no text"),
        (">&- </dev/null", 2, "standard output is closed"),
    ],
)
def test_closed_streams_are_told(command, redirection, code, cause):
    argv = [*command, "summarise", "-"]
    ran = run(["/bin/sh", "-c", f'"$@" {redirection}', "sh", *argv])
    assert ran.returncode == code
    assert cause in ran.stderr.decode()
    assert b"Traceback" not in ran.stderr


@posix
def test_all_streams_may_be_closed(command):
    shell = ["/bin/sh", "-c", '"$@" <&- >&- 2>&-', "sh"]
    assert run([*shell, *command, "settings", "set", "context", "2048"]).returncode == 2
    assert json.loads(run([*command, "settings", "get", "context", "--json"]).stdout)[
        "value"
    ] == (2048)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="of Linux")  # noqa: PTH110
def test_a_result_that_finds_no_room_ends_with_8(command):
    ran = run(["/bin/sh", "-c", '"$@" > /dev/full', "sh", *command, "tasks", "list"])
    assert ran.returncode == 8
    assert b"disk is full" in ran.stderr
    assert b"Traceback" not in ran.stderr


@posix
def test_a_reader_that_goes_away_is_no_failure(command):
    argv = ["/bin/sh", "-c", '"$@" | head -c 1', "sh", *command, "tasks", "list"]
    assert run(argv).stderr == b""


@pytest.mark.model
def test_the_first_command_of_a_newcomer_gives_an_answer_that_is_found_again(command):
    ran = run([*command, "classify", "I was charged twice", *LABELS, "--json"])
    assert ran.returncode == 0, ran.stderr.decode()
    answer = json.loads(ran.stdout)
    assert set(answer["answer"]["scores"]) == {"billing", "technical"}
    assert answer["read"] == 1.0
    found = run([*command, "history", "search", "charged", "--json"])
    assert json.loads(found.stdout)["id"] == answer["id"] == "r1"


@pytest.mark.model
def test_an_answer_that_cannot_be_kept_is_given_all_the_same(command, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    ran = run([*command, "classify", "I was charged twice", *LABELS])
    assert ran.returncode == 0
    assert ran.stdout.decode().strip() in {"billing", "technical"}
    assert b"not kept" in ran.stderr


@posix
@pytest.mark.model
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_whatever_ends_the_command_ends_its_engine(command, name):
    argv = [*command, "rewrite", "many words " * 200, "--style", "friendly"]
    with subprocess.Popen(
        argv,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background has them ignore Ctrl+C.
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - it sets a signal and no more
    ) as process:
        children = _wait_for_children(process.pid)
        process.send_signal(getattr(signal, name))
        process.communicate(timeout=30)
    assert process.returncode == (130 if name == "SIGINT" else -getattr(signal, name))
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def _heed_ctrl_c():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _wait_for_children(pid):
    """The processes that a process has started, once there are any."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if children := psutil.Process(pid).children():
            return children
        time.sleep(0.05)
    raise AssertionError("no engine was started")


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_a_proof_page_is_written_without_a_screen(tmp_path, ending):
    page = tmp_path / f"proof.{ending}"
    argv = [*LAUNCHER, "--data-dir", str(tmp_path / "data")]
    hidden = {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [*argv, "ledger", "--proof", str(page)],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    start = b"%PDF-" if ending == "pdf" else b"<!DOCTYPE html>"
    assert page.read_bytes().startswith(start)

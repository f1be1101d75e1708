"""Logs: capped, local, and without what the user wrote."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.errors import DiskFull
from onhand.domain.faults import described
from onhand.domain.harmless import harmless
from onhand.domain.progress import Cancelled
from onhand.host import Paths
from onhand.logs import LOG_LIMIT, LOGS, Log, log_lines

CANARY = "my secret about Mrs Miller"


def test_the_log_gets_what_loggers_say_while_it_is_open(tmp_path):
    with Log(tmp_path):
        logging.getLogger("onhand.test").info("the engine started")
    logging.getLogger("onhand.test").info("too late")
    text = (tmp_path / "onhand.log").read_text(encoding="utf-8")
    assert "the engine started" in text
    assert "too late" not in text


def test_a_bug_is_logged_with_its_place_and_without_its_message(tmp_path):
    with pytest.raises(KeyError), Log(tmp_path):
        raise KeyError(CANARY)
    text = (tmp_path / "onhand.log").read_text(encoding="utf-8")
    assert "KeyError at test_logs.py:" in text
    assert CANARY not in text


@pytest.mark.parametrize("known", [DiskFull("x"), Cancelled(), KeyboardInterrupt()])
def test_what_is_no_bug_is_not_logged(tmp_path, known):
    with pytest.raises(type(known)), Log(tmp_path):
        raise known
    assert not (tmp_path / "onhand.log").exists()


def test_logs_stay_within_their_number_and_size_while_the_program_runs(tmp_path):
    with Log(tmp_path):
        logger = logging.getLogger("onhand.test")
        for number in range(70):
            logger.info("%d %s", number, "x" * 100_000)
    files = sorted(each.name for each in tmp_path.iterdir())
    assert files == ["onhand.log", *(f"onhand.log.{n}" for n in range(1, LOGS))]
    for each in tmp_path.iterdir():
        assert each.stat().st_size <= LOG_LIMIT + 101_000
    newest = (tmp_path / "onhand.log").read_text()
    assert " 69 xxx" in newest
    assert all(" 0 xxx" not in each.read_text() for each in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_disturbs_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with Log(tmp_path / "file"):
        logging.getLogger("onhand.test").info("nobody hears")
    assert log_lines(tmp_path / "file") == {}


def test_an_error_that_was_never_raised_can_be_described():
    assert described(ValueError(CANARY)) == "ValueError at an unknown place"


def child(code, **options):
    argv = [sys.executable, "-c", code]
    return subprocess.run(argv, capture_output=True, text=True, check=False, **options)


@pytest.mark.parametrize(
    "fault",
    [
        "raise KeyError(canary)",
        "threading.Thread(target=lambda: {}[canary]).start()",
        "class Broken:\n    def __del__(self): raise KeyError(canary)\nBroken()",
    ],
    ids=["main thread", "another thread", "nobody could take it"],
)
def test_faults_of_the_engine_are_told_without_what_it_was_about(fault):
    done = child(
        "import threading; from onhand.engine.main import behave; behave()\n"
        f"canary = {CANARY!r}\n{fault}"
    )
    assert CANARY not in done.stderr
    assert "KeyError at " in done.stderr
    assert "<string>:" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="crashes differ there")
def test_a_crash_leaves_its_place_in_a_local_file_and_no_values(tmp_path):
    code = (
        "import ctypes; from pathlib import Path; from onhand.logs import CrashFile\n"
        "from onhand.sandbox import refuse_core_dumps; refuse_core_dumps()\n"
        f"def burn(canary={CANARY!r}): ctypes.string_at(0)\n"
        f"with CrashFile(Path({str(tmp_path)!r})): burn()"
    )
    done = child(code, cwd=tmp_path)
    assert done.returncode < 0
    assert [each.name for each in tmp_path.iterdir()] == ["crash.log"]
    lines = log_lines(tmp_path)["crash.log"]
    assert "Fatal Python error: Segmentation fault" in lines
    assert CANARY not in "\n".join(lines)
    told = [harmless(line) for line in lines]
    assert "Fatal Python error: Segmentation fault" in told
    assert any("in string_at" in line for line in told)


@pytest.mark.skipif(sys.platform == "win32", reason="crashes differ there")
def test_a_crash_of_the_window_leaves_its_place_too(tmp_path):
    paths = Paths.of(tmp_path / "data")
    paths.prepare()
    code = (
        "import ctypes, sys; import onhand.__main__ as program\n"
        "program._with_qt = lambda: lambda *_: ctypes.string_at(0)\n"
        f"sys.argv = ['onhand', '--data-dir', {str(paths.data)!r}]\n"
        "program.main()"
    )
    assert child(code).returncode < 0
    assert "Fatal Python error: Segmentation fault" in log_lines(paths.logs)["crash.log"]


@pytest.mark.skipif(sys.platform == "win32", reason="crashes differ there")
def test_a_crash_file_that_has_grown_is_begun_anew(tmp_path):
    (tmp_path / "crash.log").write_bytes(b"x" * (LOG_LIMIT + 1))
    code = (
        "import os; from pathlib import Path; from onhand.logs import CrashFile\n"
        f"with CrashFile(Path({str(tmp_path)!r})): os.abort()"
    )
    assert child(code).returncode < 0
    [path] = tmp_path.iterdir()
    assert 0 < path.stat().st_size < LOG_LIMIT
    assert b"Aborted" in path.read_bytes()


def test_without_a_crash_there_is_no_file(tmp_path):
    code = (
        "from pathlib import Path; from onhand.logs import CrashFile\n"
        f"with CrashFile(Path({str(tmp_path)!r})): pass"
    )
    assert child(code).returncode == 0
    assert list(tmp_path.iterdir()) == []
    assert child(code.replace(str(tmp_path), str(tmp_path / "gone"))).returncode == 0


HEAD = "2026-03-01 12:00:00,123 WARNING onhand.services.priors "


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (HEAD + "a prior cannot be read: disk_full", HEAD + "disk_full"),
        (HEAD + "a prior of Mrs Miller: she said", HEAD + "(31 characters left out)"),
        (
            HEAD + "KeyError at run.py:3 in <module>",
            HEAD + "KeyError at run.py:3 in <module>",
        ),
        (CANARY, "(26 characters left out)"),
        ('  File "/miller/x/run.py", line 3 in run', "  run.py:3 in run"),
        (
            "/build/miller/ggml.c:12: GGML_ASSERT(n > 0) failed",
            "GGML_ASSERT failed at ggml.c:12",
        ),
    ],
)
def test_of_a_line_only_what_the_program_wrote_is_passed_on(line, told):
    assert harmless(line) == told


@given(st.text(), st.text())
@example(HEAD, "\n" + CANARY)
def test_no_words_get_through_wherever_they_stand(before, after):
    for line in (f"{before}{CANARY}{after}", f"{HEAD}{before}{CANARY}{after}"):
        assert CANARY not in harmless(line)


def test_the_logs_are_looked_for_in_their_folder_alone(tmp_path):
    assert log_lines(tmp_path / "gone") == {}
    (tmp_path / "a.log").write_bytes(b"one\n\xff\n")
    (tmp_path / "a.txt").write_text("no log")
    assert log_lines(tmp_path) == {"a.log": ["one", "�"]}

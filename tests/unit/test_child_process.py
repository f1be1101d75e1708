"""A child over pipes, tried with real ones."""

import os
import signal
import sys

import pytest

from onhand.child_process import ERRORS_LIMIT, ChildGone, ChildProcess

ECHO = """
import sys
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line.upper())
    sys.stdout.flush()
"""
DEAF = "import sys, time\nsys.stdin.close(); print('closed', flush=True); time.sleep(60)"
posix = pytest.mark.skipif(os.name == "nt", reason="signals are not of this system")


def start(code, **more):
    return ChildProcess.start([sys.executable, "-c", code], **more)


@pytest.fixture
def child():
    started = start(ECHO)
    yield started
    started.close()


def test_lines_go_out_and_come_back_without_their_ends(child):
    child.write_line("käse 🧀".encode())
    child.write_line(b"")
    assert child.read_line() == "käse 🧀".encode().upper()
    assert child.read_line() == b""


def test_a_line_of_megabytes_comes_back_whole():
    with_length = "import sys\nprint(len(sys.stdin.buffer.readline()), flush=True)"
    child = start(with_length)
    child.write_line(b"x" * 5_000_000)
    assert child.read_line() == b"5000001"
    child.close()


def test_a_child_ends_when_its_input_closes(child):
    assert child.exit_status == "running"
    child.close()
    assert child.exit_status == "exit 0"
    assert child.read_line() is None


def test_nothing_more_can_be_read_from_a_child_that_ended():
    child = start("import sys; sys.exit(3)")
    assert child.read_line() is None
    assert child.wait(10)
    assert child.exit_status == "exit 3"
    child.close()


def test_writing_to_a_child_that_is_gone_says_how_it_ended():
    child = start("import sys; sys.exit(3)")
    child.wait(10)
    with pytest.raises(ChildGone, match="exit 3"):
        child.write_line(b"x" * 100_000)
    child.close()


def test_a_child_that_does_not_listen_is_waited_for_no_longer_than_asked():
    child = start(DEAF)
    assert child.read_line() == b"closed"
    assert not child.wait(0.01)
    child.close(grace=0.01)
    assert child.exit_status != "running"


def test_a_killed_child_is_gone_at_once(child):
    child.kill()
    assert child.exit_status != "running"
    child.kill()


@posix
@pytest.mark.parametrize("name", ["SIGILL", "SIGSEGV", "SIGABRT", "SIGKILL"])
def test_death_by_a_signal_has_the_name_of_the_signal(name):
    child = start(ECHO)
    os.kill(child.pid, getattr(signal, name))
    assert child.read_line() is None
    assert child.wait(10)
    assert child.exit_status == name
    child.close()


@posix
def test_ctrl_c_does_not_reach_the_child():
    child = start("import os; print(os.getpgrp() == os.getpid(), flush=True)")
    assert child.read_line() == b"True"
    child.close()


def test_error_output_goes_behind_what_the_file_holds(tmp_path):
    errors = tmp_path / "engine.log"
    errors.write_bytes(b"before\n")
    start("import sys; sys.stderr.write('after')", errors=errors).close()
    assert errors.read_bytes() == b"before\nafter"


def test_a_file_of_error_output_does_not_grow_without_end(tmp_path):
    errors = tmp_path / "engine.log"
    errors.write_bytes(b"x" * (ERRORS_LIMIT + 1))
    start("import sys; sys.stderr.write('after')", errors=errors).close()
    assert errors.read_bytes() == b"after"


def test_error_output_that_cannot_be_kept_is_no_reason_not_to_start(tmp_path):
    child = start(ECHO, errors=tmp_path / "missing" / "engine.log")
    child.write_line(b"here")
    assert child.read_line() == b"HERE"
    child.close()


def test_the_environment_can_be_given():
    child = start(
        "import os; print(os.environ['WORD'])", env={**os.environ, "WORD": "given"}
    )
    line = child.read_line()
    assert line is not None
    assert line.strip() == b"given"
    child.close()


def test_a_program_that_is_not_there_cannot_be_started(tmp_path):
    with pytest.raises(ChildGone, match="cannot be started"):
        ChildProcess.start([str(tmp_path / "nothing")])

"""The one place that starts processes: a child that talks in lines over pipes."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from types import MappingProxyType
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

if sys.platform == "win32":
    from subprocess import (
        BELOW_NORMAL_PRIORITY_CLASS,
        CREATE_NEW_PROCESS_GROUP,
        CREATE_NO_WINDOW,
    )

    _FLAGS = CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP | BELOW_NORMAL_PRIORITY_CLASS

ERRORS_LIMIT = 1_000_000
"""A file of error output that has grown beyond so many bytes is begun anew."""

_WINDOWS_FAULTS: Mapping[int, str] = MappingProxyType(
    {
        0xC0000005: "access violation",
        0xC000001D: "illegal instruction",
        0xC0000017: "out of memory",
        0xC0000374: "heap corruption",
        0xC0000409: "abort",
    }
)


class ChildGone(Exception):
    """The child could not be started, has ended, or no longer listens."""


class ChildProcess:
    """A running child. Reading and writing may happen on different threads, each on one.

    It runs below normal priority where the system can arrange that at the start, and in a
    process group of its own, so that Ctrl+C reaches the parent alone, which can then stop
    the work in order. It is up to the child to end when its input closes, which happens
    whatever way the parent ends.
    """

    def __init__(self, process: Popen[bytes], source: IO[bytes], sink: IO[bytes]) -> None:
        self._process = process
        self._source = source
        self._sink = sink

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        errors: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> ChildProcess:
        """Start a child.

        Args:
            argv: program and arguments.
            errors: the file that gets its error output behind what is there; without one,
                or where it cannot be written, nobody reads that.
            env: its whole environment; None: that of the parent.

        Raises:
            ChildGone: it cannot be started.
        """
        log = _opened(errors)
        try:
            process = _popen(argv, log, env)
        except (OSError, ValueError) as error:
            raise ChildGone(f"cannot be started: {error}") from error
        finally:
            if log is not None:
                log.close()
        if process.stdin is None or process.stdout is None:
            raise ChildGone("it has no pipes")
        return cls(process, process.stdout, process.stdin)

    @property
    def pid(self) -> int:
        """The number by which the system knows it."""
        return self._process.pid

    @property
    def exit_status(self) -> str:
        """How it ended, for example "exit 3" or "SIGSEGV"; "running" while it has not."""
        return _in_words(self._process.poll())

    def write_line(self, line: bytes) -> None:
        """Send one line; the line end is added. Blocks while the pipe is full.

        Raises:
            ChildGone: nobody listens any more.
        """
        try:
            self._sink.write(line + b"\n")
            self._sink.flush()
        except (OSError, ValueError) as error:
            raise ChildGone(self.exit_status) from error

    def read_line(self) -> bytes | None:
        """Wait for the next line, without its end; None when no more can come."""
        try:
            line = self._source.readline()
        except (OSError, ValueError):
            return None
        return line.removesuffix(b"\n") if line else None

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does; returns when it is gone."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended, so many seconds at most; tells whether it has."""
        try:
            self._process.wait(timeout)
        except TimeoutExpired:
            return False
        return True

    def close(self, grace: float = 2.0) -> None:
        """Close its input, give it `grace` seconds to end by itself, end it, free all.

        No other thread may be writing to it. One that reads gets None.
        """
        with suppress(OSError):
            self._sink.close()
        if not self.wait(grace):
            self.kill()
        with suppress(OSError):
            self._source.close()


def run_in_terminal(argv: Sequence[str]) -> int:
    """Let a program have the terminal until it ends; returns its status.

    Raises:
        OSError: it cannot be started.
    """
    with Popen(argv) as process:
        return process.wait()


def _popen(
    argv: Sequence[str], log: IO[bytes] | None, env: Mapping[str, str] | None
) -> Popen[bytes]:
    # All three streams, always: a windowed program has none that a child could inherit.
    errors = DEVNULL if log is None else log
    if sys.platform == "win32":
        return Popen(
            argv, stdin=PIPE, stdout=PIPE, stderr=errors, env=env, creationflags=_FLAGS
        )
    else:  # noqa: RET505 - mypy takes the platform into account in this form only
        return Popen(argv, stdin=PIPE, stdout=PIPE, stderr=errors, env=env, process_group=0)


def _opened(errors: Path | None) -> IO[bytes] | None:
    """The file for error output, or None: a child without a log is better than none."""
    if errors is None:
        return None
    try:
        grown = errors.exists() and errors.stat().st_size > ERRORS_LIMIT
        return errors.open("wb" if grown else "ab")
    except OSError:
        return None


def _in_words(status: int | None) -> str:
    match status:
        case None:
            return "running"
        case int() if status < 0:
            return _signal_name(-status)
        case int() if status > 255:
            fault = _WINDOWS_FAULTS.get(status)
            return f"exit {status:#x} ({fault})" if fault else f"exit {status:#x}"
        case _:
            return f"exit {status}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

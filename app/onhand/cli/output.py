"""The one place that prints: results to standard output, all else to standard error."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from onhand.cli import wording
from onhand.domain.answers import Extraction, Rewriting, Summary
from onhand.domain.errors import DiskFull, OutputUnwritable
from onhand.domain.output import SCHEMA, error_object, output_object
from onhand.domain.progress import ignore_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from onhand.domain.answers import Answer, Outcome
    from onhand.domain.errors import AppError
    from onhand.domain.progress import OnProgress
    from onhand.domain.transfers import OnTransfer
    from onhand.services.history_ports import Record


LEAST_WIDTH = 40
"""Columns below which nothing more is squeezed."""


class ReaderGone(Exception):
    """Nobody reads standard output any more; nothing needs to be said."""


class Output:
    """Prints for people or, with `--json`, for programs.

    On a terminal there is colour and layout; into a pipe or a file goes the bare answer.
    """

    def __init__(
        self, *, stdout: TextIO | None, stderr: TextIO | None, as_json: bool, quiet: bool
    ) -> None:
        """The streams may be None: a windowed program has none."""
        self.as_json = as_json
        self._stdout = stdout
        self._stderr = stderr
        self._quiet = quiet
        self._streamed = ""
        self.on_terminal = not as_json and _is_terminal(stdout)
        for stream in (stdout, stderr):
            _never_fail_to_encode(stream)

    @classmethod
    def standard(cls, *, as_json: bool, quiet: bool) -> Output:
        """Output to the streams of this process."""
        return cls(stdout=sys.stdout, stderr=sys.stderr, as_json=as_json, quiet=quiet)

    def raise_if_closed(self) -> None:
        """Find out before the work whether a result could not be told.

        Raises:
            OutputUnwritable: there is no standard output.
        """
        if self._stdout is None or self._stdout.closed:
            raise OutputUnwritable("standard output is closed")

    def line(self, text: str) -> None:
        """Print a line of the result.

        Raises:
            ReaderGone: nobody reads it.
            OutputUnwritable, DiskFull: it cannot be written.
        """
        shown = wording.visible(text) if self.on_terminal else text
        self._print(shown + "\n")

    def object(self, value: Mapping[str, Any]) -> None:
        """Print a line of `--json`."""
        self._print(msgspec.json.encode(value).decode() + "\n")

    def table(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, folded: bool = True
    ) -> None:
        """Print rows: aligned under their titles on a terminal, else with tabulators.

        What does not fit into the last column of a terminal goes on below, or is cut.
        """
        if self.on_terminal:
            from onhand.cli.rendering import table  # noqa: PLC0415 - slow

            self._print(table(columns, rows, width=_width(), folded=folded))
            return
        for row in rows:
            self.line("\t".join(wording.one_line(cell) for cell in row))

    def answer(self, record: Record, outcome: Outcome) -> None:
        """Print an answer, and beside it what there is to say of it."""
        if self.as_json:
            self.object(output_object(record))
        else:
            self._show(outcome.answer)
        self.remark(wording.outcome_line(record, outcome))
        self._tell_checks(outcome.answer)
        for note in outcome.notes:
            self.warn(note)
        if outcome.read < 1.0:
            self.warn(wording.read_line(outcome.read))

    def piece(self, text: str) -> None:
        """Print a piece of a text that is being written, where somebody reads along."""
        if self.on_terminal:
            self._print(wording.visible(text))
            self._streamed += text

    def remark(self, text: str) -> None:
        """Say something that may be left out."""
        if not self._quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Say something that must not be left out."""
        if self._stderr is None or self._stderr.closed:
            return
        shown = wording.visible(text) if _is_terminal(self._stderr) else text
        with suppress(OSError):
            self._stderr.write(shown + "\n")
            self._stderr.flush()

    def stopped(self, text: str) -> None:
        """Say that the user stopped it, below what the terminal made of Ctrl+C."""
        self.remark(f"\n{text}" if _is_terminal(self._stderr) else text)

    def failure(self, error: AppError) -> None:
        """Tell a failure: what happened, why, and the way out."""
        with suppress(OutputUnwritable, DiskFull):
            self._end_streamed()
            if self.as_json:
                self.object(_without_answer(error))
        self.warn(f"onhand: {error}")
        self.warn(f"  {error.hint}")

    @contextmanager
    def progress(self, what: str) -> Iterator[OnProgress]:
        """Show how far long work is, with a bar where a terminal can have one."""
        if self._quiet or not _is_terminal(self._stderr):
            yield ignore_progress
            return
        from onhand.cli.rendering import ProgressBar  # noqa: PLC0415 - slow

        bar = ProgressBar(self._stderr, what)
        try:
            yield bar.show
        finally:
            bar.close()

    @contextmanager
    def transfer(self) -> Iterator[OnTransfer]:
        """Show how a download stands: as a bar, in lines, or as objects."""
        from onhand.cli.transfer_view import (  # noqa: PLC0415 - slow
            TransferBar,
            TransferLines,
        )

        if self.as_json:
            yield TransferLines(
                lambda each: self.object(wording.transfer_object(each))
            ).show
        elif self._quiet or not _is_terminal(self._stderr):
            yield TransferLines(lambda each: self.remark(wording.transfer_line(each))).show
        else:
            bar = TransferBar(self._stderr)
            try:
                yield bar.show
            finally:
                bar.close()

    def _tell_checks(self, answer: Answer) -> None:
        """Every check of a rewrite; of a summary those that failed."""
        if not isinstance(answer, Rewriting | Summary):
            return
        for check in answer.checks:
            if not check.ok:
                self.warn(wording.check_line(check))
            elif isinstance(answer, Rewriting):
                self.remark(wording.check_line(check))

    def _show(self, answer: Answer) -> None:
        streamed, self._streamed = self._streamed, ""
        if (
            isinstance(answer, Rewriting | Summary)
            and streamed.strip() == answer.text.strip()
        ):
            # It was read while it was written.
            self._print("" if streamed.endswith("\n") else "\n")
        elif self.on_terminal and not isinstance(answer, Rewriting | Summary):
            from onhand.cli.rendering import picture  # noqa: PLC0415 - slow

            self._print(picture(answer, width=_width()))
        else:
            self._print("\n\n" if streamed else "")
            for line in wording.answer_lines(answer):
                self.line(line)
        if isinstance(answer, Extraction) and not any(answer.fields.values()):
            self.remark("none of the fields is in the text")

    def _end_streamed(self) -> None:
        if self._streamed:
            self._streamed = ""
            self._print("\n")

    def _print(self, text: str) -> None:
        self.raise_if_closed()
        if self._stdout is None or not text:
            return
        try:
            self._stdout.write(text)
            self._stdout.flush()
        except BrokenPipeError as error:
            _drop(self._stdout)
            raise ReaderGone from error
        except OSError as error:
            _drop(self._stdout)
            kind = DiskFull if error.errno in _NO_ROOM else OutputUnwritable
            raise kind(f"standard output: {error.strerror or error}") from error


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _without_answer(error: AppError) -> dict[str, Any]:
    names = "id kind answer confidence lane route model device seconds read"
    nothing = dict.fromkeys(names.split())
    return {"schema": SCHEMA, **nothing, "error": error_object(error.code, error.detail)}


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _width() -> int:
    """Columns of the terminal; some know of none."""
    return max(LEAST_WIDTH, shutil.get_terminal_size().columns)


def _never_fail_to_encode(stream: TextIO | None) -> None:
    """Programs read UTF-8; a terminal gets what it can show, and marks for the rest."""
    reconfigure = getattr(stream, "reconfigure", None)
    if stream is None or reconfigure is None or stream.closed:
        return
    if stream.isatty():
        reconfigure(errors="backslashreplace")
    else:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop(stream: TextIO) -> None:
    """Let what is still in the stream go nowhere, so that ending the program is quiet."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)

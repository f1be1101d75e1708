"""`classify`, `extract`, `rewrite`, `summarise`: one text, one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli import wording
from onhand.cli.given import file_given, standard_input, task_given, text_given
from onhand.domain.errors import DiskFull, UsageError
from onhand.domain.foreseeing import REASONS, doubts
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.tasks import Rewrite, Summarise

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services
    from onhand.services.reading import ReadText
    from onhand.services.run_task import Ran

LONG = 4_000
"""A text of more characters may not fit at once: what it will take is told first."""


def answer_text(arguments: Arguments, services: Services, output: Output) -> int:
    """Run a task on a text; returns the exit code."""
    output.raise_if_closed()
    task = task_given(arguments, services.tasks)
    given = _given(arguments, services)
    if given.note:
        output.remark(given.note)
    ran = _run(arguments, services, output, task, given.text)
    if ran.record.outcome is not None:
        output.answer(ran.record, ran.record.outcome)
    return _after(ran.not_kept, output)


def _given(arguments: Arguments, services: Services) -> ReadText:
    if arguments.file == Path():
        if arguments.own_words:
            raise UsageError("--own-words belongs to a mail; name it with --file")
        return text_given(arguments.text, standard_input())
    if arguments.text is not None:
        raise UsageError("give a text or a --file, not both")
    read = services.read_document
    return file_given(arguments.file, read, own_words=arguments.own_words)


def _run(
    arguments: Arguments, services: Services, output: Output, task: Task, text: str
) -> Ran:
    cancel = CancelToken()
    foreseen = doubts(task)
    if len(text) > LONG:
        estimate = services.run_task.estimate(task, text, cancel)
        foreseen = estimate.doubts
        if estimate.parts > 1:
            took = estimate.seconds
            about = (
                "" if took is None else f"; this will take about {wording.duration(took)}"
            )
            output.remark(
                f"The text has {estimate.tokens} tokens and is read in"
                f" {estimate.parts} parts{about}."
            )
    if foreseen:
        reasons = "; ".join(REASONS[each] for each in foreseen)
        output.remark(f"Small models often fail at this: {reasons}.")
    writes = isinstance(task, Rewrite | Summarise)
    if writes and output.on_terminal:
        # A bar and the text would write over each other.
        return services.run_task(
            task,
            text,
            cancel=cancel,
            private=arguments.private,
            on_text=output.piece,
            on_progress=ignore_progress,
        )
    with output.progress("reading") as on_progress:
        return services.run_task(
            task,
            text,
            cancel=cancel,
            private=arguments.private,
            on_text=ignore_text,
            on_progress=on_progress,
        )


def _after(not_kept: AppError | None, output: Output) -> int:
    """What follows from an answer that could not be kept: it was given all the same."""
    if not_kept is None:
        return 0
    output.warn(f"onhand: the answer was not kept in the history. {not_kept}")
    output.warn(f"  {not_kept.hint}")
    return not_kept.exit_code if isinstance(not_kept, DiskFull) else 0

"""`teach --teacher`: a larger model labels the rows."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.wording import task_name
from onhand.domain.errors import UsageError
from onhand.domain.evaluation_words import percent
from onhand.domain.progress import CancelToken
from onhand.domain.shown_examples import LONGEST
from onhand.domain.teaching import LEAST_EXAMPLES, Verdict

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.distilling import Distilled
    from onhand.domain.tasks import Task
    from onhand.domain.teaching import Lesson
    from onhand.services.bundle import Services


def distil(task: Task, arguments: Arguments, services: Services, output: Output) -> int:
    """Let the model in use learn what another says; returns the exit code."""
    _raise_if_unfit(arguments, services)
    path = arguments.examples or Path()
    source = services.batch_files.open_rows(path, arguments.column)
    if told := source.told:
        output.remark(told)
    rows = islice(source.rows(), arguments.limit)
    with output.progress("texts") as on_progress:
        found = services.distil(
            task,
            [each.text for each in rows if not each.error],
            arguments.teacher,
            cancel=CancelToken(),
            keep=not arguments.private,
            on_progress=on_progress,
        )
    if arguments.review is not None:
        services.distil.save(found, arguments.review)
        output.remark(f"The labels are in {arguments.review}, the least sure first.")
    if output.as_json:
        output.object(_object(task, found, kept=is_kept(found.lesson, arguments)))
        return 0
    for line in _told(task, found, kept=not arguments.private):
        output.line(line)
    return 0


def figures_of(lesson: Lesson) -> dict[str, float]:
    """What was measured before and after, beside how many texts were right.

    F1 where there may be several labels or values; where texts are written, the share of
    words that had to be changed.
    """
    if lesson.edits is not None:
        before, after = lesson.edits
        return {"edit_rate_before": before, "edit_rate_after": after}
    return dict(zip(("f1_before", "f1_after"), lesson.f1 or (), strict=False))


def not_taught(name: str, lesson: Lesson) -> str:
    """Why some labelled texts could not teach a task anything."""
    why = "all examples have the same label"
    if lesson.verdict is Verdict.TOO_FEW:
        there = f"it has {lesson.examples} of the {LEAST_EXAMPLES} examples"
        why = f"{there} that it takes to tell help from chance"
    if lesson.verdict is Verdict.TOO_LONG:
        why = f"each example is longer than the {LONGEST} letters that a model is shown"
    return f"{name} was not taught: {why}."


def is_kept(lesson: Lesson, arguments: Arguments) -> bool:
    """Whether the task answers with it from now on: it helps, and was not only tried."""
    return lesson.verdict is Verdict.ADOPTED and not arguments.private


def _raise_if_unfit(arguments: Arguments, services: Services) -> None:
    if not arguments.teacher:
        raise UsageError("--review goes with --teacher")
    if arguments.examples is None:
        raise UsageError("--teacher takes rows with texts that are to be labelled")
    if arguments.curve is not None or arguments.export is not None:
        raise UsageError("--teacher does not go with --curve or --export")
    if arguments.review is not None:
        services.distil.raise_if_unfit(arguments.review)


def _told(task: Task, found: Distilled, *, kept: bool) -> list[str]:
    lesson, name = found.lesson, f"'{task_name(task)}'"
    doubtful = sum(not each.learned for each in found.guesses)
    labelled = (
        f"{found.teacher} labelled {len(found.guesses)} texts; the {doubtful} that it was"
        " least sure of taught nothing."
    )
    agreed = (
        f"{found.model} gives {lesson.before} of {lesson.examples} the same answer by"
        f" itself, and {lesson.after} with what the others teach"
        f" (p = {lesson.probability:.2g}): {percent(found.same)} of the teacher's answers"
        f" in {percent(found.time)} of its time."
    )
    if lesson.f1 is not None:
        before, after = lesson.f1
        agreed += f" F1 over all labels was {before:.2f} and is {after:.2f}."
    lines = [labelled]
    if found.failed:
        lines.append(f"{found.failed} texts it could not answer.")
    if lesson.verdict in {Verdict.TOO_FEW, Verdict.ONE_LABEL}:
        return [*lines, not_taught(name, lesson)]
    lines.append(agreed)
    if lesson.verdict is not Verdict.ADOPTED:
        lines.append(f"That could be chance, so {name} answers as before.")
    elif kept:
        lines.append(
            f"{name} answers with what it learned from now on, with {found.model}."
            " 'onhand teach TASK --undo' takes it back."
        )
    else:
        lines.append("With --private nothing is kept: all stays as it was.")
    return lines


def _object(task: Task, found: Distilled, *, kept: bool) -> dict[str, object]:
    slow, quick = found.seconds
    return {
        "task": task_name(task),
        "teacher": found.teacher,
        "model": found.model,
        "verdict": found.lesson.verdict.value,
        "kept": kept,
        "labelled": len(found.guesses),
        "left_out": sum(not each.learned for each in found.guesses),
        "failed": found.failed,
        "examples": found.lesson.examples,
        "before": found.lesson.before,
        "after": found.lesson.after,
        **figures_of(found.lesson),
        "p": found.lesson.probability,
        "same": found.same,
        "teacher_seconds": slow,
        "seconds": quick,
    }

"""`teach`: a task learns from labelled rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.distil_command import distil, figures_of, is_kept, not_taught
from onhand.cli.example_commands import examples_of
from onhand.cli.labelled import labelled_in
from onhand.cli.wording import task_name
from onhand.domain.errors import UsageError
from onhand.domain.evaluation_words import percent, terms_for
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Classify
from onhand.domain.teaching import Verdict
from onhand.services.evaluation_report import DRAWINGS

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.tasks import Example, Task
    from onhand.domain.teaching import Lesson
    from onhand.services.bundle import Services
    from onhand.services.teach import Teaching


def teach(arguments: Arguments, services: Services, output: Output) -> int:
    """Teach a task, or undo the last lesson; returns the exit code."""
    task = services.tasks.find(arguments.task)
    if arguments.list or arguments.forget:
        return examples_of(task, arguments, services, output)
    if arguments.undo:
        return _undo(task, arguments, services, output)
    if arguments.teacher or arguments.review is not None:
        return distil(task, arguments, services, output)
    return _with_examples(task, arguments, services, output)


def _with_examples(
    task: Task, arguments: Arguments, services: Services, output: Output
) -> int:
    examples = _examples(task, arguments, services, output)
    if arguments.curve is not None:
        return _curve(task, examples, arguments, services, output)
    if arguments.export is not None:
        return _export(task, examples, arguments.export, services, output)
    return _learn(task, examples, arguments, services, output)


def _learn(
    task: Task,
    examples: list[Example],
    arguments: Arguments,
    services: Services,
    output: Output,
) -> int:
    with output.progress("examples") as on_progress:
        teaching = services.teach(
            task,
            examples,
            cancel=CancelToken(),
            keep=not arguments.private,
            on_progress=on_progress,
        )
    if output.as_json:
        output.object(_object(task, teaching, kept=is_kept(teaching.lesson, arguments)))
    else:
        for line in _told(task, teaching, kept=not arguments.private):
            output.line(line)
    if teaching.relabelled:
        output.remark(
            f"{teaching.relabelled} texts came with different labels; the last row counts."
        )
    if teaching.bare and isinstance(task, Classify):
        output.remark(f"{teaching.bare} rows name no label; they teach when none applies.")
    if not teaching.examples_kept and not arguments.private:
        learned = " What was learned from them is: numbers, no text."
        output.warn(
            "onhand: there is no keyring that could hold the key of the history, so the"
            " examples are not kept."
            + (learned if is_kept(teaching.lesson, arguments) else "")
        )
    return 0


def _undo(task: Task, arguments: Arguments, services: Services, output: Output) -> int:
    if arguments.examples is not None:
        raise UsageError("--undo takes no examples")
    undone = services.teach.undo(task)
    if output.as_json:
        output.object({"task": task_name(task), "undone": undone})
    elif undone:
        output.line(f"'{task_name(task)}' answers as before its last lesson.")
    else:
        output.line(f"'{task_name(task)}' was taught nothing with this model.")
    return 0


def _curve(
    task: Task,
    examples: list[Example],
    arguments: Arguments,
    services: Services,
    output: Output,
) -> int:
    """Draw how much more labelled texts help; teach nothing."""
    path = arguments.curve or Path()
    services.report_evaluation.raise_if_unfit(path, formats=DRAWINGS)
    with output.progress("examples") as on_progress:
        found = services.teach.curve(
            task, examples, cancel=CancelToken(), on_progress=on_progress
        )
    services.report_evaluation.curve(task, found, path)
    if output.as_json:
        points = [{"texts": each.texts, "right": each.right} for each in found.points]
        output.object({"task": task_name(task), "before": found.before, "curve": points})
        return 0
    rows = [("none", percent(found.before))]
    rows += [(str(each.texts), percent(each.right)) for each in found.points]
    output.table(("labelled texts", f"{terms_for(task).right}, held out"), rows)
    output.remark(f"The curve is in {path}. Nothing was taught.")
    return 0


def _export(
    task: Task, examples: list[Example], path: Path, services: Services, output: Output
) -> int:
    """Write the examples for who trains elsewhere; teach nothing."""
    found = services.export_examples(task, examples, path)
    if output.as_json:
        output.object(
            {
                "task": task_name(task),
                "texts": found.texts,
                "written": found.taught,
                "held_out": found.held_out,
                "held_out_file": str(found.apart),
            }
        )
    output.remark(
        f"{found.taught} conversations are in {path}, and {found.held_out} to try the"
        f" result on in {found.apart}. Nothing was taught."
    )
    output.warn("onhand: both files hold your texts as they are, and are not encrypted.")
    return 0


def _examples(
    task: Task, arguments: Arguments, services: Services, output: Output
) -> list[Example]:
    if arguments.examples is None:
        return []
    return labelled_in(task, arguments.examples, arguments, services, output)


def _told(task: Task, teaching: Teaching, *, kept: bool) -> list[str]:
    """What came of it, in sentences."""
    lesson, name = teaching.lesson, f"'{task_name(task)}'"
    match lesson.verdict:
        case Verdict.TOO_FEW | Verdict.ONE_LABEL | Verdict.TOO_LONG:
            return [not_taught(name, lesson)]
        case Verdict.NO_GAIN:
            left = f"That could be chance, so {name} answers as before"
            return [_compared(lesson), f"{left} with {teaching.model}."]
        case Verdict.ADOPTED:
            outcome = (
                f"{name} answers with what it learned from now on, with {teaching.model}."
                " 'onhand teach TASK --undo' takes it back."
                if kept
                else "With --private nothing is kept: all stays as it was."
            )
            return [_compared(lesson), outcome]


def _compared(lesson: Lesson) -> str:
    if lesson.edits is not None:
        before, after = lesson.edits
        return (
            f"{lesson.examples} examples were written anew, without what the others show"
            f" and with it: of 100 words {100 * before:.0f} had to be changed before, and"
            f" {100 * after:.0f} have (p = {lesson.probability:.2g})."
        )
    if lesson.f1 is not None and lesson.fields:
        before, after = lesson.f1
        return (
            f"Of {lesson.examples} examples {lesson.before} had all values right before,"
            f" and {lesson.after} have with what the others teach. F1 over all values was"
            f" {before:.2f} and is {after:.2f} (p = {lesson.probability:.2g})."
        )
    if lesson.f1 is not None:
        before, after = lesson.f1
        return (
            f"Of {lesson.examples} examples {lesson.before} had all labels right before,"
            f" and {lesson.after} have with what the others teach. F1 over all labels was"
            f" {before:.2f} and is {after:.2f} (p = {lesson.probability:.2g})."
        )
    return (
        f"Of {lesson.examples} examples {lesson.before} were answered rightly before, and"
        f" {lesson.after} with what the others teach (p = {lesson.probability:.2g})."
    )


def _object(task: Task, teaching: Teaching, *, kept: bool) -> dict[str, object]:
    lesson = teaching.lesson
    return {
        "task": task_name(task),
        "model": teaching.model,
        "verdict": lesson.verdict.value,
        "kept": kept,
        "examples": lesson.examples,
        "before": lesson.before,
        "after": lesson.after,
        **figures_of(lesson),
        "p": lesson.probability,
        "skipped": lesson.skipped,
        "examples_kept": teaching.examples_kept,
    }

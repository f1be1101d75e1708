"""`evaluate` on what was measured before: list it, compare two, remove one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from onhand.cli.wording import moment, task_name
from onhand.domain.evaluation_words import percent, terms_for
from onhand.domain.labelled import is_multiple
from onhand.domain.tasks import Extract, Rewrite, Summarise

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.measured import Measured
    from onhand.domain.measured_change import Change
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services


def is_about_earlier(arguments: Arguments) -> bool:
    """Whether nothing is to be measured."""
    return bool(arguments.history or arguments.compare or arguments.remove)


def show_earlier(
    task: Task, arguments: Arguments, services: Services, output: Output
) -> int:
    """Do what was asked; returns the exit code."""
    if arguments.remove is not None:
        services.measured_before.remove(task, arguments.remove)
        output.remark(f"Measurement {arguments.remove} is removed.")
    if arguments.compare is not None:
        change = services.measured_before.change(task, arguments.compare)
        _show_change(task, change, output)
    if arguments.history:
        _show_all(task, arguments.bar, services, output)
    return 0


def _show_all(task: Task, bar: float, services: Services, output: Output) -> None:
    found = services.measured_before.of(task)
    if output.as_json:
        for each in found:
            output.object({"task": task_name(task), **msgspec.to_builtins(each)})
        return
    if not found:
        output.remark(f"'{task_name(task)}' was not measured yet.")
        return
    more = tuple(name for name, _ in _more(task, found[0]))
    output.table(
        (
            *("number", "measured", "model", terms_for(task).score, "95 % interval"),
            *(f"clears {percent(bar)}", *more, "macro-F1", "ECE", "s a text", "texts"),
            *("taught by", "rows"),
        ),
        [_line(task, each, bar) for each in found],
    )
    output.remark("Compare lines whose 'rows' are the same: they were the same texts.")


def _line(task: Task, each: Measured, bar: float) -> tuple[str, ...]:
    return (
        str(each.id),
        _moment(each),
        each.model,
        percent(each.score),
        f"{percent(each.low)} to {percent(each.high)}",
        "yes" if each.score >= bar else "no",
        *(figure for _, figure in _more(task, each)),
        _macro(each),
        _figure(each.ece),
        f"{each.seconds:.2f}",
        str(each.texts),
        str(each.taught),
        each.sample,
    )


def _show_change(task: Task, change: Change, output: Output) -> None:
    before, after = change.before, change.after
    if output.as_json:
        output.object(
            {
                "task": task_name(task),
                "before": msgspec.to_builtins(before),
                "after": msgspec.to_builtins(after),
                _key(task): change.score,
                "chance": change.chance,
                "same_texts": change.same_texts,
                "same_task": change.same_task,
                "same_model": change.same_model,
            }
        )
        return
    output.table(
        ("", f"{before.id}", f"{after.id}"),
        [
            ("measured", _moment(before), _moment(after)),
            ("model", before.model, after.model),
            (terms_for(task).score, percent(before.score), percent(after.score)),
            *(
                (name, one, other)
                for (name, one), (_, other) in zip(
                    _more(task, before), _more(task, after), strict=True
                )
            ),
            ("macro-F1", _macro(before), _macro(after)),
            ("ECE", _figure(before.ece), _figure(after.ece)),
            ("s a text", f"{before.seconds:.2f}", f"{after.seconds:.2f}"),
            ("texts", str(before.texts), str(after.texts)),
            ("taught by", str(before.taught), str(after.taught)),
        ],
    )
    for line in _told(task, change):
        output.line(line)


def _told(task: Task, change: Change) -> list[str]:
    points = 100 * change.score
    share = (
        "share of texts with all labels right"
        if is_multiple(task)
        else terms_for(task).score
    )
    told = (
        f"The {share} changed by {points:+.1f} points; so much comes about by chance with"
        f" p = {change.chance:.2g}, or less where the texts are the same."
    )
    lines = [
        told,
        "Texts and labels are the same."
        if change.same_texts
        else "Texts or labels are not the same: the difference may lie in them.",
    ]
    if not change.same_model:
        lines.append("Another model answered.")
    if not change.same_task:
        lines.append("The task said something else.")
    return lines


def _key(task: Task) -> str:
    """What the score is called in an object."""
    match task:
        case Extract():
            return "f1"
        case Rewrite() | Summarise():
            return "words_kept"
        case _:
            return "accuracy"


def _more(task: Task, each: Measured) -> list[tuple[str, str]]:
    """What else tells how good a model is: its name, and the figure."""
    if isinstance(task, Extract):
        return [("all values right", percent(each.accuracy))]
    if isinstance(task, Rewrite | Summarise):
        return [("nothing to change", percent(each.accuracy))]
    return [("micro-F1", _figure(each.micro_f1))] if is_multiple(task) else []


def _macro(each: Measured) -> str:
    """Written texts have no labels whose F1 could be told."""
    return "-" if each.kept is not None else _figure(each.macro_f1)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _moment(each: Measured) -> str:
    return moment(datetime.fromisoformat(each.at))

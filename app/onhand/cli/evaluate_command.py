"""`evaluate`: models measured on labelled rows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from onhand.cli.evaluation_objects import evaluation_object, verdict_object
from onhand.cli.labelled import labelled_in
from onhand.cli.measured_commands import is_about_earlier, show_earlier
from onhand.cli.wording import task_name
from onhand.domain.cascading import cascade
from onhand.domain.errors import UsageError
from onhand.domain.evaluation_words import (
    cascading,
    caveats,
    clearing,
    macro,
    macro_titles,
    percent,
    score_titles,
    scores,
    sureness,
    terms_of,
)
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.progress import CancelToken
from onhand.services.calibrating import promised_for
from onhand.services.smaller_first import raise_unless_one_label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.cascading import Cascade
    from onhand.domain.evaluating import Evaluation
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services

    _Two = tuple[Evaluation, Evaluation, Cascade]

CONFUSED = 8
"""Confusions that are told, the most frequent ones."""

LEAST_CASCADE = 2
"""Models that it takes."""

MEGABYTE = 1_000_000


def evaluate(arguments: Arguments, services: Services, output: Output) -> int:
    """Measure models; returns the exit code."""
    task = services.tasks.find(arguments.task)
    if is_about_earlier(arguments):
        return show_earlier(task, arguments, services, output)
    if arguments.labelled is None:
        raise UsageError("give labelled rows, or --history")
    return _measure(task, arguments.labelled, arguments, services, output)


def _measure(
    task: Task, path: Path, arguments: Arguments, services: Services, output: Output
) -> int:
    examples = labelled_in(task, path, arguments, services, output)
    wanted = [each.strip() for each in arguments.models.split(",") if each.strip()]
    if arguments.cascade:
        _raise_if_no_cascade(task, wanted)
    if arguments.report is not None:
        services.report_evaluation.raise_if_unfit(arguments.report)
    with output.progress("answers") as on_progress:
        found = services.evaluate(
            task,
            examples,
            wanted or [arguments.model],
            CancelToken(),
            on_progress,
        )
    cascades = _cascades(task, found, services) if arguments.cascade else []
    try:
        # What took so long is told before anything else can go wrong.
        if output.as_json:
            _tell_objects(task, found, cascades, arguments.bar, output)
        else:
            _show(found, cascades, arguments.bar, output)
    finally:
        with suppress(HistoryLocked):
            if not arguments.private:
                services.measured_before.keep(task, examples, found)
        if arguments.report is not None:
            services.report_evaluation(task, found, arguments.bar, arguments.report)
            output.remark(f"The report is in {arguments.report}.")
    return 0


def _show(
    found: Sequence[Evaluation], cascades: Sequence[_Two], bar: float, output: Output
) -> None:
    _show_models(found, output)
    for each in found:
        _show_labels(each, output)
    told = [line for each in found for line in sureness(each)]
    told += [line for two in cascades for line in cascading(*two)]
    for line in ("", *told, *caveats(found), *clearing(found, bar)):
        output.line(line)


def _tell_objects(
    task: Task,
    found: Sequence[Evaluation],
    cascades: Sequence[_Two],
    bar: float,
    output: Output,
) -> None:
    name = task_name(task)
    for each in found:
        output.object({"task": name, **evaluation_object(each)})
    for small, large, came_to in cascades:
        models = {"cascade": [small.model, large.model]}
        output.object({"task": name, **models, **asdict(came_to)})
    output.object({"task": name, **verdict_object(found, bar)})


def _raise_if_no_cascade(task: Task, wanted: Sequence[str]) -> None:
    """What `batch --first` would not do is not measured either."""
    if len(wanted) < LEAST_CASCADE:
        raise UsageError("--cascade takes two models: --models SMALL,LARGE")
    raise_unless_one_label(task)


def _cascades(task: Task, found: Sequence[Evaluation], services: Services) -> list[_Two]:
    """Each model before the largest one, and what that comes to."""
    promised = promised_for(task, services.settings)
    *smaller, large = sorted(found, key=lambda each: each.bytes)
    return [(small, large, cascade(small, large, promised)) for small in smaller]


def _show_models(found: Sequence[Evaluation], output: Output) -> None:
    output.table(
        (
            *("model", *score_titles(found[0]), *macro_titles(found[0]), "ECE"),
            *("s a text", "s of 95 %", "memory", "texts"),
        ),
        [
            (
                each.title,
                *scores(each),
                *macro(each),
                "-" if each.calibration_error is None else f"{each.calibration_error:.3f}",
                f"{each.seconds(0.5):.2f}",
                f"{each.seconds(0.95):.2f}",
                f"{each.memory / MEGABYTE:.0f} MB",
                str(len(each.answers)),
            )
            for each in found
        ],
    )


def _show_labels(each: Evaluation, output: Output) -> None:
    if not each.labels:
        return
    output.line("")
    output.line(each.title)
    terms = terms_of(each)
    more = ("wrongly given", "missed") if each.several else ()
    output.table(
        (terms.part, "precision", "recall", "F1", terms.texts, *more),
        [
            (
                score.label,
                percent(score.precision),
                percent(score.recall),
                f"{score.f1:.3f}",
                str(score.texts),
                *((str(score.wrong), str(score.missed)) if each.several else ()),
            )
            for score in each.labels
        ],
    )
    wrong = sorted(
        ((count, pair) for pair, count in each.confusion.items() if pair[0] != pair[1]),
        key=lambda found: -found[0],
    )
    for count, (right, given) in wrong[:CONFUSED]:
        output.line(f"  {count} x '{right}' was taken for '{given or 'nothing'}'")

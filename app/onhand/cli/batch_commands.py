"""`batch`, `batch status` and `batch merge`: a task on every row of a file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from onhand.cli.wording import duration, moment, task_name
from onhand.domain.answers import plain
from onhand.domain.cascading import why_not
from onhand.domain.errors import AppError, UsageError
from onhand.domain.evaluation_words import percent
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.output import output_object
from onhand.domain.progress import CancelToken
from onhand.services.key_ports import KeyState
from onhand.services.on_cluster import is_plain
from onhand.services.part_rows import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.batch_ports import First, Job
    from onhand.services.bundle import Services
    from onhand.services.history_ports import Record
    from onhand.services.run_batch import RunBatch

ROWS_FAILED = 9
"""The exit code of a batch that ran to its end with rows that could not be answered."""


def run_batch(arguments: Arguments, services: Services, output: Output) -> int:
    """Run a batch, or go on with it; returns the exit code."""
    if arguments.input is None and arguments.task == "status":
        return _show_status(services, output)
    if arguments.task == "merge" and not arguments.out:
        return _merge(arguments, services, output)
    if arguments.parts:
        raise UsageError("one input at a time; several are for 'batch merge'")
    if arguments.part and arguments.limit:
        raise UsageError("--part and --limit do not go together")
    if arguments.first and (arguments.cluster or arguments.trial):
        raise UsageError("--first goes with neither --cluster nor --trial")
    return (_try if arguments.trial else _run)(arguments, services, output)


def _run(arguments: Arguments, services: Services, output: Output) -> int:
    if arguments.input is None or arguments.out is None:
        raise UsageError("give a task, an input and an output: batch TASK INPUT --out OUT")
    task = services.tasks.find(arguments.task)
    source, sink = services.batch_files.opened(
        arguments.input, arguments.column, arguments.out, arguments.part
    )
    _warn_if_not_kept(arguments, services, output)
    if told := source.told:
        output.remark(told)
    with (
        _opened(arguments, services, output) as run,
        output.progress("rows") as on_progress,
    ):
        job = run(
            task,
            source,
            sink,
            cancel=CancelToken(),
            limit=arguments.limit,
            private=arguments.private,
            replace=arguments.replace,
            update=arguments.update,
            first=arguments.first,
            on_progress=on_progress,
        )
    if output.as_json:
        output.object(_object(job))
    failed = f"; {job.failed} of them could not be answered" if job.failed else ""
    output.remark(f"{job.done} rows are in {job.plan.target}{failed}.")
    if told := _told_of_first(job):
        output.remark(told)
    return ROWS_FAILED if job.failed else 0


@contextmanager
def _opened(arguments: Arguments, services: Services, output: Output) -> Iterator[RunBatch]:
    """What runs the batch: here, or on the cluster that was named."""
    if not arguments.cluster:
        yield services.run_batch
        return
    with services.on_cluster(arguments.cluster) as run:
        if is_plain(arguments.cluster):
            output.warn(
                "onhand: texts go to this cluster as they are; a scheduler at tls://…"
                " would have them encrypted on their way."
            )
        yield run


def _warn_if_not_kept(arguments: Arguments, services: Services, output: Output) -> None:
    keyless = services.keys.state() is KeyState.KEYLESS and not arguments.passphrase_file
    if keyless and not arguments.private and services.settings.load().keep_history:
        output.warn(
            "onhand: there is no keyring that could hold the key of the history: nothing of"
            " this batch is kept, and it begins anew if it is stopped."
        )
        output.warn(f"  {HistoryKeyless.hint}")


def _try(arguments: Arguments, services: Services, output: Output) -> int:
    if arguments.input is None:
        raise UsageError("give a task and an input: batch TASK INPUT --trial")
    task = services.tasks.find(arguments.task)
    source = services.batch_files.rows(arguments.input, arguments.column, arguments.part)
    with output.progress("rows") as on_progress:
        trial = services.try_batch(
            task,
            source,
            cancel=CancelToken(),
            limit=arguments.limit,
            on_progress=on_progress,
        )
    if trial.told:
        output.remark(trial.told)
    if output.as_json:
        for record in trial.records:
            output.object(output_object(record))
    else:
        output.table(
            ("row", "answer", "confidence", "text"),
            [_tried(record) for record in trial.records],
            folded=False,
        )
    of = f" of part {Part.read(arguments.part)}" if arguments.part else ""
    output.remark(
        f"All {trial.total} rows{of} will take about {duration(trial.seconds)} here."
        " Nothing was kept."
    )
    return ROWS_FAILED if any(record.error for record in trial.records) else 0


def _tried(record: Record) -> tuple[str, str, str, str]:
    if record.outcome is None:
        told = str(AppError.from_code(record.error or "", record.error_detail))
        return record.name, told, "", record.text
    sure = record.outcome.confidence
    return (
        record.name,
        plain(record.outcome.answer),
        "" if sure is None else f"{sure:.2f}",
        record.text,
    )


def _merge(arguments: Arguments, services: Services, output: Output) -> int:
    target = arguments.input
    if target is None or not arguments.parts:
        raise UsageError("give the outputs of all parts: batch merge OUT PART …")
    count = services.batch_files.merge(target, arguments.parts, replace=arguments.replace)
    if output.as_json:
        output.object({"output": str(target), "rows": count})
    output.remark(f"{count} rows are in {target}.")
    return 0


def _show_status(services: Services, output: Output) -> int:
    jobs = services.jobs.all()
    if output.as_json:
        for job in jobs:
            output.object(_object(job))
        return 0
    if not jobs:
        output.remark("There is no batch yet.")
        return 0
    output.table(
        ("batch", "begun", "state", "rows", "failed", "task", "output"),
        [
            (
                str(job.id),
                moment(job.started),
                _state_of(job),
                str(job.done),
                str(job.failed),
                task_name(job.plan.task),
                str(job.plan.target),
            )
            for job in jobs
        ],
    )
    return 0


def _state_of(job: Job) -> str:
    if job.given_up:
        return "given up"
    return "finished" if job.finished else "unfinished"


def _told_of_first(job: Job) -> str:
    """What became of the smaller model that was to be asked first."""
    first = job.plan.first
    if first is None or first.found is None:
        return ""
    if not first.answers:
        why = why_not(first.found.worth)
        return f"{first.model_id} was not asked first: {why}."
    saved = "no time" if first.saved <= 0 else f"about {duration(first.saved)}"
    return (
        f"{first.model_id} answered {first.answered} of these rows first, which saved"
        f" {saved}; on a sample {percent(first.found.agreement)} of such answers were those"
        f" of {job.plan.model_id}."
    )


def _first(first: First | None) -> dict[str, Any] | None:
    if first is None or first.found is None:
        return None
    found = first.found
    return {
        "model": first.model_id,
        "worth": found.worth,
        "share": round(found.share, 4),
        "agreement": round(found.agreement, 4),
        "threshold": round(found.threshold, 4) if found.pays else None,
        "answered": first.answered,
        "seconds_saved": round(first.saved, 1),
    }


def _object(job: Job) -> dict[str, Any]:
    return {
        "batch": job.id,
        "started": job.started.isoformat(),
        "finished": job.finished,
        "given_up": job.given_up,
        "done": job.done,
        "failed": job.failed,
        "task": task_name(job.plan.task),
        "model": job.plan.model_id,
        "first": _first(job.plan.first),
        "input": str(job.plan.source),
        "output": str(job.plan.target),
    }

"""`batch` and `batch status`: a task on every row of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onhand.cli.wording import moment, task_name
from onhand.domain.errors import UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.progress import CancelToken
from onhand.services.key_ports import KeyState

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.batch_ports import Job
    from onhand.services.bundle import Services

ROWS_FAILED = 9
"""The exit code of a batch that ran to its end with rows that could not be answered."""


def run_batch(arguments: Arguments, services: Services, output: Output) -> int:
    """Run a batch, or go on with it; returns the exit code."""
    if arguments.input is None and arguments.task == "status":
        return _show_status(services, output)
    if arguments.input is None or arguments.out is None:
        raise UsageError("give a task, an input and an output: batch TASK INPUT --out OUT")
    task = services.tasks.find(arguments.task)
    source = services.open_rows(arguments.input, arguments.column)
    sink = services.open_results(arguments.out)
    keyless = services.keys.state() is KeyState.KEYLESS and not arguments.passphrase_file
    if keyless and not arguments.private and services.settings.load().keep_history:
        output.warn(
            "onhand: there is no keyring that could hold the key of the history: nothing of"
            " this batch is kept, and it begins anew if it is stopped."
        )
        output.warn(f"  {HistoryKeyless.hint}")
    with output.progress("rows") as on_progress:
        job = services.run_batch(
            task,
            source,
            sink,
            cancel=CancelToken(),
            limit=arguments.limit,
            private=arguments.private,
            replace=arguments.replace,
            on_progress=on_progress,
        )
    if output.as_json:
        output.object(_object(job))
    failed = f"; {job.failed} of them could not be answered" if job.failed else ""
    output.remark(f"{job.done} rows are in {job.plan.target}{failed}.")
    return ROWS_FAILED if job.failed else 0


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
                "finished" if job.finished else "unfinished",
                str(job.done),
                str(job.failed),
                task_name(job.plan.task),
                str(job.plan.target),
            )
            for job in jobs
        ],
    )
    return 0


def _object(job: Job) -> dict[str, Any]:
    return {
        "batch": job.id,
        "started": job.started.isoformat(),
        "finished": job.finished,
        "done": job.done,
        "failed": job.failed,
        "task": task_name(job.plan.task),
        "model": job.plan.model_id,
        "input": str(job.plan.source),
        "output": str(job.plan.target),
    }

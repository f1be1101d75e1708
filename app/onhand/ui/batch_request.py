"""What the user asks for on the page of batches, and running it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.batch_errors import BatchOver
from onhand.domain.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.progress import CancelToken, Progress
    from onhand.services.batch_ports import Job
    from onhand.services.bundle import Services
    from onhand.services.making_way import Way


@dataclass(frozen=True, kw_only=True)
class BatchRequest:
    """What the user asked for.

    Attributes:
        first: names a smaller model that shall answer first.
        job: number of the batch that is to be gone on with; 0 for a new one.
    """

    task: Task
    source: Path
    target: Path
    column: str
    replace: bool
    update: bool = False
    first: str = ""
    job: int = 0


def run_batch(
    services: Services,
    request: BatchRequest,
    cancel: CancelToken,
    on_progress: Callable[[Progress], None],
    way: Way,
) -> Job:
    """Run it, on the thread of the services.

    Raises:
        BatchOver: there is nothing to go on with; a new one could replace its output.
        AppError: see `RunBatch`.
    """
    going = {job.id for job in services.jobs.all() if job.goes_on} if request.job else {0}
    if request.job not in going:
        raise BatchOver
    source, sink = services.batch_files.opened(
        request.source, request.column, request.target
    )
    return services.run_batch(
        request.task,
        source,
        sink,
        cancel=cancel,
        replace=request.replace,
        update=request.update,
        first=request.first,
        on_progress=on_progress,
        way=way,
    )

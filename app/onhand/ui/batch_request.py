"""What the user asks for on the page of batches, and running it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.progress import CancelToken, Progress
    from onhand.services.batch_ports import Job
    from onhand.services.bundle import Services
    from onhand.services.making_way import Way


@dataclass(frozen=True, kw_only=True)
class BatchRequest:
    """What the user asked for; `first` names a smaller model that shall answer first."""

    task: Task
    source: Path
    target: Path
    column: str
    replace: bool
    update: bool = False
    first: str = ""


def run_batch(
    services: Services,
    request: BatchRequest,
    cancel: CancelToken,
    on_progress: Callable[[Progress], None],
    way: Way,
) -> Job:
    """Run it, on the thread of the services.

    Raises:
        AppError: see `RunBatch`.
    """
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

"""Which entries of the history a command asks for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from onhand.cli import wording
from onhand.domain.tasks import identity
from onhand.services.exporting import Sought
from onhand.services.history_ports import Narrowed

if TYPE_CHECKING:
    from datetime import date

    from onhand.cli.arguments import Arguments
    from onhand.services.bundle import Services


def sought_by(arguments: Arguments, services: Services) -> Sought:
    """What the options say; days are those of this computer's time zone.

    Raises:
        TaskUnknown: neither the history nor the tasks know the task.
    """
    until = arguments.until
    return Sought(
        words=" ".join(arguments.words),
        kind=arguments.kind,
        only=Narrowed(
            task_id=task_id_of(arguments.task, services) if arguments.task else None,
            lane=arguments.lane,
            model=arguments.by or None,
            since=_begin(arguments.since) if arguments.since else None,
            until=_begin(until + timedelta(days=1)) if until else None,
        ),
    )


def task_id_of(wanted: str, services: Services) -> str:
    """Tasks that were answered once may be gone as files; the history knows them still."""
    for task_id, task in services.history.occurring().tasks.items():
        if wanted in (task_id, wording.task_name(task)):
            return task_id
    return identity(services.tasks.find(wanted))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()

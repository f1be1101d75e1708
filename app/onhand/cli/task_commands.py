"""`tasks`: what there is, what it asks for, and taking over a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from onhand.cli.wording import NOT_KEPT, task_lines
from onhand.domain.errors import InputUnreadable
from onhand.domain.tasks import identity, kind_of, version

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services


def list_tasks(_: Arguments, services: Services, output: Output) -> int:
    """List built-in tasks and the user's own."""
    named = services.tasks.names()
    if output.as_json:
        for name, task in named:
            output.object(_object(name, task))
        return 0
    output.table(
        ("task", "kind", "instruction"),
        [(name, str(kind_of(task)), task.instruction) for name, task in named],
    )
    return 0


def show(arguments: Arguments, services: Services, output: Output) -> int:
    """Show all that a task asks for."""
    _show(services.tasks.find(arguments.name), output)
    return 0


def check(arguments: Arguments, services: Services, output: Output) -> int:
    """Tell whether a task file can be used."""
    # A name without a folder could as well be that of a task.
    task = services.tasks.find(os.path.join(os.curdir, arguments.name))  # noqa: PTH118
    if output.as_json:
        output.object(_object(task.name, task))
    else:
        output.line(f"{arguments.name} can be used: {kind_of(task)}")
    return 0


def take(arguments: Arguments, services: Services, output: Output) -> int:
    """Make a file one of the user's tasks, and show what it will ask for."""
    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        raise InputUnreadable(f"{arguments.file}: {error.strerror or error}") from error
    status = keep(data, services, output)
    output.remark("Imported. Read its instruction before you use it.")
    return status


def keep(data: bytes, services: Services, output: Output) -> int:
    """Keep a task file as one of the user's own, and show it."""
    imported = services.import_task(data)
    task = imported.task
    _show(task, output)
    if not imported.with_examples:
        output.warn(NOT_KEPT.format(name=task.name))
    output.remark(f"It is one of your tasks now: --task '{task.name}'")
    return 0


def _show(task: Task, output: Output) -> None:
    if output.as_json:
        output.object(_object(task.name, task))
        return
    for line in task_lines(task):
        output.line(line)


def _object(name: str, task: Task) -> dict[str, Any]:
    return {
        "task": name,
        "kind": str(kind_of(task)),
        "id": identity(task),
        "version": version(task),
        "instruction": task.instruction,
    }

"""`tasks remove`: deleting a task of one's own, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.cli.keeping_commands import confirm
from onhand.domain.tasks import identity

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services


def remove(arguments: Arguments, services: Services, output: Output) -> int:
    """Delete a task with its examples and what it was taught; answers stay."""
    task = services.tasks.find(arguments.name)
    if not arguments.yes:
        number = len(task.examples)
        confirm(
            f"Delete the task '{task.name}', its examples ({number}) and what it was"
            " taught? Its answers stay in the history.",
            output,
            "nothing was deleted",
        )
    removed = services.remove_task(task)
    if output.as_json:
        output.object(
            {
                "task": task.name,
                "id": identity(task),
                "examples": len(removed.task.examples),
                "lessons": len(removed.lessons),
            }
        )
    output.remark(f"The task '{task.name}' is deleted. Its answers stay in the history:")
    output.remark(f"'onhand history search --task {identity(task)}' shows them.")
    return 0

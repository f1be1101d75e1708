"""`teach` on the examples of a task: list them, remove some."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from onhand.cli.wording import moment, task_name

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.tasks import AnswerData, Task
    from onhand.services.bundle import Services
    from onhand.services.history_ports import Correction


def examples_of(
    task: Task, arguments: Arguments, services: Services, output: Output
) -> int:
    """Do what was asked; returns the exit code."""
    if arguments.forget:
        removed = services.correct.remove(task, arguments.forget)
        output.remark(
            f"{removed} removed. What was learned from them stays until the next lesson;"
            " backups have them until they are replaced."
        )
    if arguments.list:
        _show(task, services.correct.examples(task)[: arguments.limit], output)
    return 0


def _show(task: Task, found: list[Correction], output: Output) -> None:
    if output.as_json:
        for each in found:
            output.object(
                {
                    "task": task_name(task),
                    "number": each.id,
                    "at": each.at.isoformat(),
                    "entry": None if each.record is None else f"r{each.record}",
                    "text": each.text,
                    "answer": each.answer,
                }
            )
        return
    if not found:
        output.remark(f"'{task_name(task)}' has no examples and no corrections yet.")
        return
    output.table(
        ("number", "given", "entry", "answer", "text"),
        [
            (
                str(each.id),
                moment(each.at),
                "" if each.record is None else f"r{each.record}",
                _answer(each.answer),
                each.text,
            )
            for each in found
        ],
    )


def _answer(answer: AnswerData) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)

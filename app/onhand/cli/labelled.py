"""The labelled rows that a command is given."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.tasks import Example, Task
    from onhand.services.bundle import Services


def labelled_in(
    task: Task,
    path: Path,
    arguments: Arguments,
    services: Services,
    output: Output,
) -> list[Example]:
    """As many of a file's rows as are wanted; how the file is read is told.

    Raises:
        InputUnreadable, UsageError: they cannot be used.
    """
    columns = (arguments.column, arguments.label_column)
    rows = services.open_labelled(path, columns)
    if told := rows.told:
        output.remark(told)
    return [*islice(rows.examples(task), arguments.limit)]

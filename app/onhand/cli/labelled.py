"""The labelled rows that a command is given."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from onhand.domain.labelled import labels_of
from onhand.domain.tasks import Classify

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

    Those with labels that the task does not have are left out where that is wanted, and
    counted.

    Raises:
        InputUnreadable, UsageError: they cannot be used.
    """
    columns = (arguments.column, arguments.label_column)
    rows = services.open_labelled(path, columns)
    if told := rows.told:
        output.remark(told)
    examples = [*islice(rows.examples(task), arguments.limit)]
    if isinstance(task, Classify) and arguments.skip_unknown:
        kept = [each for each in examples if labels_of(each) <= {*task.answers}]
        if left := len(examples) - len(kept):
            output.remark(
                f"Rows left out, because the task does not have their labels: {left}."
            )
        return kept
    return examples

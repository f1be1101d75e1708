"""The text and the task that a command was given."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import EmptyText, InputUnreadable, UsageError
from onhand.domain.styles import CLASSIFY, EXTRACT, SUMMARISE, TAG, rewrite_in
from onhand.domain.task_names import raise_if_misnamed
from onhand.domain.tasks import (
    Classify,
    Extract,
    Field,
    Kind,
    Label,
    Rewrite,
    Summarise,
    kind_of,
)
from onhand.services.reading import read_argument, read_text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from onhand.cli.arguments import Arguments
    from onhand.domain.tasks import Task
    from onhand.services.ports import TaskStore
    from onhand.services.reading import ReadDocument, ReadText

MOST_BYTES = 20_000_000
"""A larger file is no one text."""


def text_given(argument: str | None, stdin: TextIO | None) -> ReadText:
    """The text of an argument, or of standard input.

    Raises:
        EmptyText: there is none.
        InputUnreadable: what is there is no text.
    """
    if argument is not None and argument != "-":
        return read_argument(argument)
    if stdin is None or stdin.closed:
        raise EmptyText("standard input is closed")
    if argument is None and stdin.isatty():
        raise EmptyText
    try:
        return read_text(stdin.buffer.read())
    except (OSError, ValueError) as error:
        raise InputUnreadable(f"standard input: {error}") from error


def file_given(path: Path, read_document: ReadDocument, *, own_words: bool) -> ReadText:
    """The text of a file, by its ending a document or plain text.

    Raises:
        InputUnreadable: there is none, or too much.
        DocumentSandboxMissing: it may not be read here.
    """
    if path.suffix.lower() in DOCUMENTS:
        return read_document(path, own_words=own_words)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputUnreadable(
                f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB;"
                " give the part that matters"
            )
        read = read_text(path.read_bytes())
    except OSError as error:
        raise InputUnreadable(f"{path}: {error.strerror or error}") from error
    if not read.text.strip():
        raise InputUnreadable(f"{path.name}: there is no text in it")
    return read


def task_given(arguments: Arguments, tasks: TaskStore) -> Task:
    """The task that a command's options describe or name.

    Raises:
        UsageError: the task cannot be used, or is of another kind.
    """
    kind = Kind(arguments.command)
    if arguments.task:
        task = tasks.find(arguments.task)
        if kind_of(task) is not kind:
            other = kind_of(task)
            raise UsageError(
                f"this is a task for 'onhand {other}', not for 'onhand {kind}'"
            )
        return task
    return task_described(arguments, kind)


def task_described(arguments: Arguments, kind: Kind) -> Task:
    """The task that options describe.

    Raises:
        UsageError: they describe none that can be used.
    """
    task = _described(arguments, kind)
    raise_if_misnamed(task)
    return task


def standard_input() -> TextIO | None:
    """Standard input, or None where there is none."""
    return sys.stdin


def _described(arguments: Arguments, kind: Kind) -> Task:
    match kind:
        case Kind.CLASSIFY:
            usual = TAG if arguments.multiple else CLASSIFY
            return Classify(
                instruction=arguments.instruction or usual,
                labels=tuple(
                    Label(name=name, meaning=text) for name, text in arguments.label
                ),
                multiple=arguments.multiple,
                none=arguments.none,
            )
        case Kind.EXTRACT:
            return Extract(
                instruction=arguments.instruction or EXTRACT,
                fields=tuple(
                    Field(name=name, description=text) for name, text in arguments.field
                ),
            )
        case Kind.REWRITE:
            style = arguments.style
            return (
                rewrite_in(style) if style else Rewrite(instruction=arguments.instruction)
            )
        case Kind.SUMMARISE:
            return Summarise(instruction=arguments.instruction or SUMMARISE)

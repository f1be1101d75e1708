"""`tasks new`, `edit` and `export`: tasks of one's own, in a terminal."""

from __future__ import annotations

import dataclasses
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.child_process import run_in_terminal
from onhand.cli.given import task_described
from onhand.cli.task_commands import keep
from onhand.domain.errors import AppError, InputUnreadable, UsageError
from onhand.domain.task_writing import task_text
from onhand.domain.tasks import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services

EDITORS = ("notepad",) if sys.platform == "win32" else ("editor", "nano", "vim", "vi")
"""The first of these that there is, where the environment names none."""

SHOWN = 60
"""Letters of an example that are shown when it has left."""


def new(arguments: Arguments, services: Services, output: Output) -> int:
    """Make a task of what the options say."""
    known = {name.casefold() for name, _ in services.tasks.names()}
    if arguments.name.casefold() in known:
        raise UsageError(
            f"there is a task '{arguments.name}' already; `onhand tasks edit` changes it"
        )
    task = task_described(arguments, arguments.kind or _kind_of(arguments))
    named = dataclasses.replace(task, name=arguments.name)
    return keep(task_text(named, examples=False).encode(), services, output)


def edit(arguments: Arguments, services: Services, output: Output) -> int:
    """Open a task in an editor, and keep what was made of it."""
    before = task_text(services.tasks.find(arguments.name), examples=False)
    path = Path(tempfile.mkdtemp(prefix="onhand-")) / "task.toml"
    path.write_text(before, encoding="utf-8")
    try:
        after = _edited(path, _editor())
        if after == before:
            output.remark("Nothing was changed.")
            status = 0
        else:
            status = keep(after.encode(), services, output)
    except AppError:
        output.warn(f"What you wrote is in {path}: `onhand tasks import` takes a file.")
        raise
    shutil.rmtree(path.parent, ignore_errors=True)
    return status


def export(arguments: Arguments, services: Services, output: Output) -> int:
    """Write a task into a file, with its examples if they are wanted."""
    task = services.tasks.find(arguments.name)
    services.export_task(task, arguments.file, examples=arguments.with_examples)
    if output.as_json:
        leaving = len(task.examples) if arguments.with_examples else 0
        output.object({"task": task.name, "file": str(arguments.file), "examples": leaving})
    output.remark(f"Written to {arguments.file}.")
    if task.examples and not arguments.with_examples:
        number = len(task.examples)
        output.remark(f"Its examples ({number}) stay here; --with-examples takes them.")
    elif task.examples:
        output.warn("These examples are in the file:")
        for example in task.examples:
            output.warn(f"  {' '.join(example.text.split())[:SHOWN]}")
    return 0


def _kind_of(arguments: Arguments) -> Kind:
    """What kind of task the options describe."""
    if arguments.label:
        return Kind.CLASSIFY
    if arguments.field:
        return Kind.EXTRACT
    if arguments.style or arguments.instruction:
        return Kind.REWRITE
    raise UsageError("a task needs --label, --field, --style, --instruction or --kind")


def _editor() -> Sequence[str]:
    """The editor of this user, as a command."""
    for name in ("VISUAL", "EDITOR"):
        if named := shlex.split(os.environ.get(name, ""), posix=sys.platform != "win32"):
            return named
    for name in EDITORS:
        if found := shutil.which(name):
            return [found]
    raise UsageError("there is no editor; name one in the environment variable EDITOR")


def _edited(path: Path, editor: Sequence[str]) -> str:
    """What is in a file once the editor is closed."""
    try:
        status = run_in_terminal([*editor, str(path)])
    except OSError as error:
        raise UsageError(f"{editor[0]}: {error.strerror}") from error
    if status:
        raise UsageError(f"{editor[0]} ended with status {status}; nothing was changed")
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadable(f"{path.name}: it is no UTF-8 text any more") from error

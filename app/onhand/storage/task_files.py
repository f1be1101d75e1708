"""Task files: the built-in ones, the user's own, and any other by its path."""

from __future__ import annotations

import codecs
import dataclasses
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, TaskInvalid, TaskUnknown
from onhand.domain.task_file import read_task, with_examples
from onhand.domain.task_lines import key_in
from onhand.domain.tasks import identity
from onhand.storage.safe_files import is_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from onhand.domain.tasks import Example, Task

SUFFIX = ".toml"
MARK = "\ufeff"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
EXPECTED = "expected a text in UTF-8, so save the file as that"

_log = logging.getLogger(__name__)


def no_examples(_: str) -> Sequence[Example]:
    """No task has examples that are kept apart."""
    return ()


class TaskFiles:
    """The task port over two folders, neither of which need be there."""

    def __init__(
        self,
        *,
        built_in: Path,
        own: Path,
        adapters: Sequence[Path] = (),
        examples: Callable[[str], Sequence[Example]] = no_examples,
    ) -> None:
        """Wire it.

        Args:
            built_in: the folder of the program's task files.
            own: the folder of the user's.
            adapters: the folders in which those are looked for by name.
            examples: those that are kept apart from a file in `own`, by the task's
                identity; what cannot be had is left out.
        """
        self._built_in = built_in
        self._own = own
        self._adapters = tuple(adapters)
        self._examples = examples

    def names(self) -> list[tuple[str, Task]]:
        """Every task with the name by which it is found, built-in ones first.

        A task of the user takes the place of a built-in one of the same name. Files that
        break a rule are left out; `find` tells what is wrong with them.
        """
        found: dict[str, tuple[str, Task]] = {}
        for path in self._files():
            try:
                task = self._read(path)
            except TaskInvalid:
                _log.warning("a task file breaks a rule")
                continue
            name = task.name or path.stem
            found[name.casefold()] = (name, task)
        return list(found.values())

    def find(self, wanted: str) -> Task:
        """The task of a file's path, of a name, or of a file's name; case does not count.

        Raises:
            TaskUnknown: there is none.
            TaskInvalid: the file breaks a rule.
        """
        if _is_path(wanted):
            return self._at(Path(wanted).expanduser())
        named = {name.casefold(): task for name, task in self.names()}
        if wanted.casefold() in named:
            return named[wanted.casefold()]
        for path in reversed(list(self._files())):
            if path.stem.casefold() == wanted.casefold():
                return self._read(path)
        from difflib import get_close_matches  # noqa: PLC0415 - no start of the window needs it

        near = get_close_matches(wanted.casefold(), named, n=1)
        raise TaskUnknown(f"'{wanted}'" + (f"; did you mean '{near[0]}'?" if near else ""))

    def _at(self, path: Path) -> Task:
        if not is_file(path):
            raise TaskUnknown(f"there is no file {path}")
        return self._read(path)

    def _read(self, path: Path) -> Task:
        """The task of a file, with the place of its adapter if it has one.

        That is a path from where the task file lies, or a name in the models folder. One
        that is in neither place is told when the task is run.
        """
        task = self._with_examples(path, _read(path))
        if not task.adapter:
            return task
        places = [
            folder / task.adapter for folder in (path.absolute().parent, *self._adapters)
        ]
        found = next((each for each in places if is_file(each)), places[0])
        return dataclasses.replace(task, adapter=str(found))

    def _with_examples(self, path: Path, task: Task) -> Task:
        if path.parent != self._own:
            return task
        try:
            return with_examples(task, self._examples(identity(task)))
        except AppError as error:
            _log.warning("a task goes without its examples: %s", error.code)
            return task

    def _files(self) -> Iterator[Path]:
        for folder in (self._built_in, self._own):
            try:
                paths = sorted(folder.iterdir(), key=lambda path: path.name.casefold())
            except OSError:
                continue
            yield from (path for path in paths if path.suffix.lower() == SUFFIX)


def _is_path(wanted: str) -> bool:
    separators = {os.sep, os.altsep or os.sep}
    looks_so = wanted.lower().endswith(SUFFIX) or any(each in wanted for each in separators)
    return looks_so or is_file(Path(wanted))


def _read(path: Path) -> Task:
    try:
        return read_task(_text(path.read_bytes()))
    except OSError as error:
        raise TaskInvalid(f"{path.name}: {error.strerror}") from error
    except TaskInvalid as error:
        raise TaskInvalid(f"{path.name}: {error.detail}") from error


def _text(data: bytes) -> str:
    """The text of a task file.

    Raises:
        TaskInvalid: it is in another encoding than UTF-8.
    """
    # TOML has no zero bytes; UTF-16 has one beside each English letter.
    if data.startswith(WIDE) or b"\0" in data[:4]:
        raise TaskInvalid(f"line 1: this seems to be UTF-16; {EXPECTED}")
    try:
        return data.decode().removeprefix(MARK)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        key = key_in(data.decode(errors="replace"), line)
        raise TaskInvalid(
            f"line {line}{key}: byte 0x{data[error.start]:02x} is not UTF-8; {EXPECTED}"
        ) from error

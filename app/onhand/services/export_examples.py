"""Writing the labelled texts of a task for who fine-tunes a model elsewhere."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from onhand.domain.chat_examples import conversations, is_held_out, stand_in_prompt
from onhand.domain.errors import OutputUnwritable, UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.lesson_rows import raise_if_unknown
from onhand.domain.tasks import (
    Classify,
    Example,
    Rewrite,
    Summarise,
    identity,
)
from onhand.services.showing import Showing
from onhand.services.writing import aim_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from onhand.domain.tasks import Task
    from onhand.services.history_ports import HistoryStore
    from onhand.services.ports import Languages

FORMAT = ".jsonl"


class WriteText(Protocol):
    """Writes a new file for its owner's eyes, whole or not at all."""

    def __call__(self, path: Path, content: bytes) -> None:
        """Write it.

        Raises:
            OutputUnwritable: it cannot be, or there is a file.
            DiskFull: there is no room for it.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        taught, held_out: conversations in the one file and the other.
        apart: the path of the other.
        texts: how many texts they are made of.
    """

    taught: int
    held_out: int
    apart: Path
    texts: int


class ExportExamples:
    """Writes labelled texts as conversations into two files, one of them held out."""

    def __init__(
        self,
        *,
        history: HistoryStore,
        languages: Languages,
        write: WriteText,
        is_there: Callable[[Path], bool],
    ) -> None:
        self._history = history
        self._languages = languages
        self._write = write
        self._is_there = is_there

    def __call__(self, task: Task, examples: Iterable[Example], path: Path) -> Exported:
        """Write texts that are given, and those that the task was taught or corrected by.

        The same text counts once, as it was answered last. Texts that stand in the task's
        prompt are left out. Held-out texts go into a file beside it, `NAME.held-out.jsonl`.

        Raises:
            UsageError: the file has another ending, there are no two texts to part, or the
                given texts can have no answer of the task.
            UnknownLabels: a label is not the task's.
            OutputUnwritable: one of the files is there already, or cannot be written.
            HistoryLocked, DiskFull: it cannot be done now.
        """
        if path.suffix.lower() != FORMAT:
            raise UsageError(f"{path.name}: examples are written into a file {FORMAT}")
        apart = path.with_name(f"{path.stem}.held-out{path.suffix}")
        for each in (path, apart):
            if self._is_there(each):
                raise OutputUnwritable(f"{each} is there already")
        rows = self._rows(task, [each for each in examples if each.text.strip()])
        sides = self._sides(task, rows)
        if not all(sides):
            raise UsageError(
                "it takes more labelled texts than there are to hold some of them out"
            )
        taught, held_out = sides
        self._write(path, "".join(taught).encode(errors="replace"))
        self._write(apart, "".join(held_out).encode(errors="replace"))
        return Exported(
            taught=len(taught), held_out=len(held_out), apart=apart, texts=len(rows)
        )

    def _rows(self, task: Task, new: list[Example]) -> list[Example]:
        if isinstance(task, Classify):
            raise_if_unknown(task, new)
        known = [*task.examples, *self._known(task), *new]
        rows = {each.text.strip(): each for each in known}
        return [each for each in rows.values() if not stand_in_prompt(task, each.text)]

    def _sides(self, task: Task, rows: list[Example]) -> tuple[list[str], list[str]]:
        showing = Showing()
        sides: tuple[list[str], list[str]] = ([], [])
        for each in rows:
            shown = showing.examples(task, each.text) if isinstance(task, Classify) else []
            language = ""
            if isinstance(task, Rewrite | Summarise):
                language = aim_of(self._languages, task.instruction, each.text).named
            made = conversations(task, each, language=language, shown=shown)
            sides[is_held_out(each.text)].extend(one.line for one in made)
        return sides

    def _known(self, task: Task) -> list[Example]:
        with suppress(HistoryKeyless):
            return [
                Example(text=each.text, answer=each.answer)
                for each in self._history.corrections(identity(task))
            ]
        return []

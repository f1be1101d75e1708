"""Entries of the history, written into a file that is known from then on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onhand.domain.export import exported, header
from onhand.domain.tasks import Kind
from onhand.services.history_ports import ANY, Narrowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from onhand.domain.export_form import Format
    from onhand.services.history_ports import HistoryStore, Record
    from onhand.services.keeping_ports import ExportedFile, ExportList
    from onhand.services.ports import Clock

PAGE = 500
"""Entries read at a time."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which entries are looked for."""

    words: str = ""
    kind: Kind | None = None
    only: Narrowed = ANY


class ExportFiles(Protocol):
    """Files that exports are written into."""

    def raise_if_there(self, path: Path) -> None:
        """Raise `OutputExists` where a file would be replaced."""
        ...

    def write(self, path: Path, form: Format, pieces: Iterable[str]) -> None:
        """Write pieces of text one after the other.

        Raises:
            OutputUnwritable: it cannot be written.
            DiskFull: there is no room for it.
        """
        ...


class ExportHistory:
    """Writes entries as CSV, JSON Lines or Markdown."""

    def __init__(
        self,
        *,
        history: HistoryStore,
        known: ExportList,
        files: ExportFiles,
        clock: Clock,
    ) -> None:
        self._history = history
        self._known = known
        self._files = files
        self._clock = clock

    def pieces(self, sought: Sought, form: Format) -> Iterator[str]:
        """What would be written, piece by piece; each ends a line."""
        if beginning := header(form):
            yield beginning
        write = exported(form)
        yield from (write(each) for each in self._entries(sought))

    def __call__(
        self, sought: Sought, form: Format, path: Path, *, replace: bool = False
    ) -> None:
        """Write the entries, newest first; the file is known before it holds any.

        Raises:
            OutputExists: there is a file already, and it is not to be replaced.
            OutputUnwritable, DiskFull: it cannot be written.
            HistoryLocked, HistoryKeyless, DataDamaged: the history cannot be read.
        """
        if not replace:
            self._files.raise_if_there(path)
        self._known.note(path, self._clock.now())
        self._files.write(path, form, self.pieces(sought, form))

    def known(self) -> list[ExportedFile]:
        """The files that hold entries and are still there."""
        return self._known.all()

    def _entries(self, sought: Sought) -> Iterator[Record]:
        before = None
        while True:
            page = self._history.search(
                sought.words, kind=sought.kind, limit=PAGE, before=before, only=sought.only
            )
            yield from page
            if len(page) < PAGE:
                return
            before = page[-1].id

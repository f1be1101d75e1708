"""The outputs of parts of an input: each with a note beside it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import OutputUnwritable
from onhand.storage.safe_files import failures_as, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import ResultSink, RowSource
    from onhand.services.history_ports import Record
    from onhand.services.part_rows import PartRows


class PartNote(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be known of the output of a part.

    Attributes:
        input: digest of the whole input.
        model: the one that answered its last row.
        models: all that answered its rows; notes from before do not say.
        rows: how many rows are in the output.
        sha256: of the output.
    """

    format: int = 1
    part: int
    of: int
    input: str
    column: str
    task_version: str
    model: str
    models: tuple[str, ...] = ()
    rows: int
    sha256: str


def note_path(output: Path) -> Path:
    """Where the note of an output lies."""
    return output.with_name(f"{output.name}.part.json")


class PartResults:
    """An output that gets a note, so that nothing else can be merged by mistake."""

    def __init__(self, sink: ResultSink, source: PartRows) -> None:
        self._sink = sink
        self._source = source

    @property
    def path(self) -> Path:
        """Where the output will lie, absolute."""
        return self._sink.path

    def raise_if_unwritable(self) -> None:
        """Find out before the work whether `write` would fail.

        Raises:
            OutputUnwritable, DiskFull: it would.
        """
        self._sink.raise_if_unwritable()

    def occupied(self) -> bool:
        """Whether `write` would replace something."""
        return self._sink.occupied()

    def write(self, results: Iterable[Record], source: RowSource, task: Task) -> None:
        """Write all results, and the note behind them.

        Raises:
            OutputUnwritable, DiskFull, JobChanged: see `ResultSink`.
        """
        seen = _Seen(results)
        self._sink.write(seen, source, task)
        with failures_as(OutputUnwritable, self.path):
            with self.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            note = PartNote(
                part=self._source.part.number,
                of=self._source.part.total,
                input=self._source.whole.fingerprint(),
                column=self._source.column,
                task_version=seen.task_version,
                model=seen.model,
                models=tuple(sorted(seen.models)),
                rows=seen.count,
                sha256=digest,
            )
            place = note_path(self.path)
            part = place.with_name(f".onhand-{digest[:16]}.note")
            with replacing(place, part, mode=0o666) as file:
                file.write(msgspec.json.encode(note))


class _Seen:
    """Results on their way into an output, and what they have in common."""

    def __init__(self, results: Iterable[Record]) -> None:
        self._results = results
        self.count = 0
        self.task_version = self.model = ""
        self.models: set[str] = set()

    def __iter__(self) -> Iterator[Record]:
        for record in self._results:
            self.count += 1
            self.task_version = record.task_version
            if record.outcome is not None:
                self.model = record.outcome.model
                self.models.add(self.model)
            yield record

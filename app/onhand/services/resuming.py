"""Whether a batch may go on with an unfinished job: only with just what it began with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.batch_errors import EntriesForgotten
from onhand.domain.errors import JobChanged, OutputExists
from onhand.services.part_rows import is_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from onhand.services.batch_ports import (
        First,
        JobPlan,
        JobStore,
        ResultSink,
        RowSource,
    )
    from onhand.services.history_ports import Record


def raise_if_changed(begun: JobPlan, wanted: JobPlan) -> None:
    """Raise `JobChanged`, naming what differs, unless the plans give the same answers.

    What was learned and the calibration may differ: those of the beginning are used.
    """
    of_first = _told_of_first(begun.first, wanted.first)
    changed = [
        what
        for what, differs in (
            (
                f"the input is {wanted.source}, was {begun.source}",
                begun.source != wanted.source,
            ),
            (
                "the input was changed",
                begun.source == wanted.source and begun.fingerprint != wanted.fingerprint,
            ),
            (
                f"the column is '{wanted.column}', was '{begun.column}'",
                begun.column != wanted.column,
            ),
            ("the task was changed", begun.task != wanted.task),
            (
                f"the model is {wanted.model}, was {begun.model}",
                begun.model != wanted.model,
            ),
            (
                "the model file is another one than when the batch began",
                begun.model == wanted.model
                and are_others(begun.model_stamp, wanted.model_stamp),
            ),
            (of_first, bool(of_first)),
        )
        if differs
    ]
    if changed:
        raise JobChanged("; ".join(changed))


def _told_of_first(begun: First | None, wanted: First | None) -> str:
    """What differs about the smaller model; "" where nothing does."""
    if begun is None:
        return "" if wanted is None else "no smaller model was asked first"
    if wanted is None:
        return f"{begun.model_id} was asked first"
    if begun.model != wanted.model:
        return f"the smaller model is {wanted.model_id}, was {begun.model_id}"
    if are_others(begun.model_stamp, wanted.model_stamp):
        return f"the file of {begun.model_id} is another one than when the batch began"
    return ""


def are_others(begun: str, wanted: str) -> bool:
    """Whether two stamps are of different files; plans from before have none."""
    return begun != wanted and "" not in {begun, wanted}


def raise_if_forgotten(known: First | None, noted: First) -> None:
    """Raise `EntriesForgotten` if what a smaller model answers by is known no more.

    It was learned from texts that were forgotten since, and must not be noted again.
    """
    if noted.passed and known is not None and known.found is None:
        raise EntriesForgotten


def without_gaps(
    records: Iterable[Record], plan: JobPlan, source: RowSource, total: int
) -> Iterator[Record]:
    """The answers of a job in the order of the input, if none of them is missing.

    Args:
        records: what the journal has.
        plan: what the job began with.
        source: its rows.
        total: how many rows the whole input has, as far as they are wanted.

    Raises:
        EntriesForgotten: one is missing; those before it came already.
        JobChanged: likewise, because the input has fewer rows by now.
    """
    due = (row for row in range(total) if is_in(row, source))
    for record in records:
        if next(due, record.row) != record.row:
            break
        yield record
    else:
        if next(due, None) is None:
            return
    if source.fingerprint() != plan.fingerprint:
        raise JobChanged("the input was changed")
    raise EntriesForgotten


def raise_if_occupied(sink: ResultSink, jobs: JobStore) -> None:
    """Raise `OutputExists` if the output would replace what no job of ours wrote."""
    ours = any(job.plan.target == sink.path for job in jobs.all())
    if sink.occupied() and not ours:
        raise OutputExists(str(sink.path))


def strip_over(jobs: JobStore, sink: ResultSink, finished: int) -> None:
    """Keep only figures of a job that is over, and of those that were given up for it."""
    for job in jobs.all():
        given_up = job.plan.target == sink.path and job.given_up
        if given_up or job.id == finished:
            jobs.strip(job.id)

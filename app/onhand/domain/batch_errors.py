"""Failures of batches that a person can do something about."""

from __future__ import annotations

from onhand.domain.errors import AppError, UsageError


class PartsUnfit(UsageError):
    """Outputs that shall be merged are not the parts of one batch."""

    code = "parts_unfit"
    title = "These are not all the parts of one batch"
    hint = (
        "Give the output of every part as 'onhand batch … --part' wrote it, with its"
        " .part.json beside it."
    )
    window_hint = "Give the output of every part as it was written."


class TableUnmade(AppError):
    """A table cannot be written in the format that was asked for."""

    code = "table_unmade"
    title = "This table cannot be written"
    hint = "Choose an output that ends in .csv, .xlsx or .jsonl."
    exit_code = 2


class BatchOver(UsageError):
    """A batch is to be gone on with that is finished, given up or forgotten."""

    code = "batch_over"
    title = "This batch cannot be gone on with any more"
    hint = "It was finished, given up or forgotten meanwhile; begin a new one."
    window_hint = hint


class EntriesForgotten(AppError):
    """Answers of a batch were taken out of the history before its output was written."""

    code = "entries_forgotten"
    title = "Entries of this batch were forgotten while it ran"
    hint = (
        "Run it again; without --replace only the rows whose answers are gone are answered"
        " anew."
    )
    window_hint = (
        "Run it again; if the output is not to be replaced, only the rows whose answers are"
        " gone are answered anew."
    )
    exit_code = 5

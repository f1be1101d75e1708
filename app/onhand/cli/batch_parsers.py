"""The command `batch` and its options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import count, flag, option, words

if TYPE_CHECKING:
    from onhand.cli.options import Commands

FORMATS = ".jsonl, .csv, .tsv, .xlsx or .parquet, or a folder of files"


def add_batch(commands: Commands, task_help: str) -> None:
    """Add it."""
    batch = commands.add(
        "batch",
        "run a task on every row of a file; run it again to go on after a stop."
        " 'onhand batch status' lists the batches, 'onhand batch merge OUT PART …' puts the"
        " outputs of parts together",
        "onhand batch 'Ticket queue' mails.csv --column body --out sorted.csv",
    )
    batch.add_argument(
        "task", metavar="TASK", type=words, help=f"{task_help}; or 'status' or 'merge'"
    )
    batch.add_argument("input", metavar="INPUT", type=Path, nargs="?", help=FORMATS)
    batch.add_argument(
        "parts", metavar="PART", type=Path, nargs="*", help="with 'merge': the outputs"
    )
    option(
        batch,
        "--out",
        "OUT",
        "where the answers go: .jsonl, .csv, .tsv, .xlsx, .parquet",
        Path,
    )
    option(batch, "--column", "NAME", "the column with the text (default: text), or #3")
    option(batch, "--limit", "N", "only the first N rows", kind=count)
    option(batch, "--part", "K/N", "only the Kth of N equal parts of the rows")
    option(
        batch, "--first", "MODEL",
        "let this smaller model answer the rows of which it is sure enough; it is tried on"
        " a sample, and left out where that does not pay",
    )  # fmt: skip
    option(
        batch, "--cluster", "ADDRESS",
        "answer on a Dask cluster, by the address of its scheduler; 'local:2' starts two"
        " workers here",
    )  # fmt: skip
    flag(batch, "--trial", "answer 20 rows, and tell how long all of them will take")
    flag(batch, "--update", "answer only rows that changed since the last time")
    flag(batch, "--replace", "replace a file that is there; a batch begins anew")

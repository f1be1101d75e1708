"""`teach` and `evaluate`, as argparse knows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import count, flag, many, option, pair, share, words

if TYPE_CHECKING:
    from onhand.cli.options import Commands


def add_teach(commands: Commands) -> None:
    """Add both."""
    _add_evaluate(commands)
    teach = commands.add(
        "teach",
        "learn from labelled rows; used only where it helps on rows that were held out",
        "onhand teach 'Ticket queue' labelled.jsonl",
    )
    teach.add_argument(
        "task", metavar="TASK", type=words,
        help="a task file, or the name of one",
    )  # fmt: skip
    teach.add_argument(
        "examples", metavar="EXAMPLES", type=Path, nargs="?",
        help="a table or .jsonl file with 'text' and 'label', as 'batch' reads it; several"
        " labels of a text as a list, or with '; ' between them; of a task that finds"
        " fields a column for each of them; of one that writes the text as it should be"
        " written in place of the label; without a file it learns from what was corrected",
    )  # fmt: skip
    option(teach, "--column", "NAME", "the column that holds the text (default: text)")
    option(
        teach,
        "--label-column",
        "NAME",
        "the column of the label (default: label, or one that"
        " a written text is called by, such as rewritten or summary)",
    )
    option(teach, "--limit", "N", "only the first N rows", kind=count)
    flag(teach, "--skip-unknown", "leave out rows whose label the task does not have")
    option(
        teach, "--curve", "FILE",
        "teach nothing; draw into an .svg file how much more rows help", kind=Path,
    )  # fmt: skip
    option(
        teach, "--export", "FILE",
        "teach nothing; write the examples into a .jsonl file as conversations, for"
        " fine-tuning elsewhere, and one of five into another", kind=Path,
    )  # fmt: skip
    option(
        teach, "--teacher", "MODEL",
        "let this model label the rows, which need no labels, and learn from that",
    )  # fmt: skip
    option(
        teach, "--review", "FILE",
        "with --teacher: write its labels into a .csv or .jsonl file, the least sure first",
        kind=Path,
    )  # fmt: skip
    flag(teach, "--list", "teach nothing; list the examples and corrections of the task")
    many(
        teach, "--forget", "NUMBER",
        "teach nothing; remove one of those, by its number", count,
    )  # fmt: skip
    flag(teach, "--undo", "answer as before the last lesson with this model")


def _add_evaluate(commands: Commands) -> None:
    evaluate = commands.add(
        "evaluate",
        "measure models on labelled rows: the smallest one that clears your bar",
        "onhand evaluate 'Ticket queue' labelled.jsonl --models smollm2,qwen2.5-coder-0.5b",
    )
    evaluate.add_argument(
        "task", metavar="TASK", type=words,
        help="a task file, or the name of one",
    )  # fmt: skip
    evaluate.add_argument(
        "labelled", metavar="LABELLED", type=Path, nargs="?",
        help="a table or .jsonl file with 'text' and 'label', with a column for each field,"
        " or with texts as they should be written, as 'batch' and 'teach' read it",
    )  # fmt: skip
    option(
        evaluate, "--models", "A,B", "models, as for --model; else the one of the moment"
    )
    flag(
        evaluate, "--cascade",
        "tell what it would bring to let each model answer where it is sure, and the last"
        " one the rest",
    )  # fmt: skip
    flag(evaluate, "--history", "measure nothing; show what was measured before")
    option(
        evaluate, "--compare", "A,B",
        "measure nothing; tell what changed between two of those, by their numbers",
        pair,
    )  # fmt: skip
    option(
        evaluate, "--remove", "NUMBER", "measure nothing; remove one of those", kind=count
    )
    option(
        evaluate,
        "--bar",
        "SHARE",
        "accuracy that is enough (default: 0.9); of fields F1, of written texts the share"
        " of words that can stay",
        kind=share,
    )
    option(
        evaluate, "--report", "FILE",
        "write the result into a file: .html with its plots, .png or .svg for the plots,"
        " .xlsx for the figures; no text is in it", kind=Path,
    )  # fmt: skip
    option(evaluate, "--column", "NAME", "the column that holds the text (default: text)")
    option(evaluate, "--label-column", "NAME", "the column of the label (default: label)")
    option(evaluate, "--limit", "N", "only the first N rows", kind=count)
    flag(evaluate, "--skip-unknown", "leave out rows whose label the task does not have")

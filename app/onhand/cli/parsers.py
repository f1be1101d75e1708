"""The commands and their options, as argparse knows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.batch_parsers import add_batch
from onhand.cli.cloud_parsers import add_cloud
from onhand.cli.history_parsers import add_history
from onhand.cli.ledger_parsers import add_ledger
from onhand.cli.model_parsers import add_models
from onhand.cli.options import (
    Commands,
    add_common,
    flag,
    many,
    named,
    one_of,
    option,
    words,
)
from onhand.cli.policy_parsers import add_policy
from onhand.cli.task_parsers import TASK_HELP, add_tasks
from onhand.cli.teach_parsers import add_teach
from onhand.cli.update_parsers import add_update
from onhand.cli.window_parsers import add_window
from onhand.domain.styles import Style

if TYPE_CHECKING:
    import argparse

TEXT_HELP = "the text; '-', or nothing while something is piped in, reads standard input"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add everything that the program can do."""
    flag(parser, "--version", "print the version and end")
    add_common(parser)
    commands = Commands(parser)
    _add_text_commands(commands)
    add_teach(commands)
    add_batch(commands, TASK_HELP)
    add_history(commands.group("history", "find, open and correct earlier answers"))
    add_tasks(commands.group("tasks", "see, make, change and share tasks"))
    add_models(commands.group("models", "see and choose models"))
    _add_settings(commands.group("settings", "see and change settings"))
    add_policy(commands.group("policy", "see what your organisation has fixed"))
    add_update(commands.group("update", "check a package of a newer version"))
    add_cloud(commands)
    add_ledger(commands)
    add_window(commands)
    doctor = commands.add(
        "doctor",
        "tell what works here, what does not, and what was tried",
        "onhand doctor --bundle report.zip",
    )
    option(doctor, "--bundle", "FILE", "write a .zip to report with; no user text", Path)


def _add_text_commands(commands: Commands) -> None:
    classify = commands.add(
        "classify",
        "choose the label that fits a text",
        'onhand classify "I was charged twice" --label billing="charges" --label technical',
    )
    _add_text(classify)
    many(classify, "--label", "NAME[=MEANING]", "a label and what belongs in it", named)
    option(classify, "--none", "NAME", "the answer for what fits no label")
    flag(classify, "--multiple", "any number of labels may fit")
    option(classify, "--instruction", "WORDS", "what decides between the labels")

    extract = commands.add(
        "extract",
        "copy the values of fields out of a text",
        'onhand extract "Lunch 27.10 EUR" --field total="amount paid"',
    )
    _add_text(extract)
    many(extract, "--field", "NAME[=DESCRIPTION]", "a field and what it holds", named)
    option(extract, "--instruction", "WORDS", "what the text is")

    rewrite = commands.add(
        "rewrite",
        "write a text anew, and check what must survive",
        'onhand rewrite "i has two question" --style fix',
    )
    _add_text(rewrite)
    option(rewrite, "--style", "|".join(Style), "what it is for", kind=one_of(Style))
    option(rewrite, "--instruction", "WORDS", "what to do, in your own words")

    summarise = commands.add(
        "summarise", "write a shorter text", "onhand summarise - < minutes.txt"
    )
    _add_text(summarise)


def _add_settings(commands: Commands) -> None:
    get = commands.add("get", "show settings: value, default, what they do")
    get.add_argument("names", metavar="NAME", type=words, nargs="*", help="none: all")
    change = commands.add("set", "change a setting", "onhand settings set context 8192")
    change.add_argument("name", metavar="NAME", type=words)
    change.add_argument("value", metavar="VALUE", type=words)
    reset = commands.add("reset", "give settings their default again")
    reset.add_argument("names", metavar="NAME", type=words, nargs="+")


def _add_text(parser: argparse.ArgumentParser) -> None:
    # Kept as it is: how it is read, and what is to be said of that, is for the command.
    parser.add_argument("text", metavar="TEXT", nargs="?", help=TEXT_HELP)
    option(
        parser,
        "--file",
        "FILE",
        "read the text from a file: plain text, a document, a mail",
        Path,
    )
    flag(parser, "--own-words", "of a mail leave out what is quoted, and the signature")
    option(parser, "--task", "FILE", f"{TASK_HELP}, instead of the options below")

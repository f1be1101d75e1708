"""The commands and their options, as argparse knows them."""

from __future__ import annotations

import argparse
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from onhand.domain.errors import InputUnreadable
from onhand.domain.styles import Style
from onhand.domain.tasks import Kind
from onhand.services.reading import read_argument

if TYPE_CHECKING:
    from collections.abc import Callable

Choice = TypeVar("Choice", bound=StrEnum)

TEXT_HELP = "the text; '-', or nothing while something is piped in, reads standard input"
TASK_HELP = "a task file, or the name of a task ('onhand tasks list')"


class _Commands:
    """Adds commands under a parser; all take the common options."""

    def __init__(self, parser: argparse.ArgumentParser, before: str = "") -> None:
        self._before = before
        self._choices = parser.add_subparsers(
            title="commands", metavar="COMMAND", required=bool(before)
        )

    def add(self, name: str, text: str, example: str = "") -> argparse.ArgumentParser:
        """A command with what it does, in a sentence, and a line that shows its use."""
        parser = self._choices.add_parser(
            name,
            help=text,
            description=text,
            epilog=f"example: {example}" if example else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        parser.set_defaults(command=f"{self._before}{name}")
        _add_common(parser)
        return parser

    def group(self, name: str, text: str) -> _Commands:
        """A command that has commands."""
        return _Commands(self.add(name, text), before=f"{self._before}{name} ")


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add everything that the program can do."""
    _flag(parser, "--version", "print the version and end")
    _add_common(parser)
    commands = _Commands(parser)
    _add_text_commands(commands)
    _add_batch(commands)
    _add_history(commands.group("history", "find, open and correct earlier answers"))
    _add_tasks(commands.group("tasks", "see, check and import tasks"))
    _add_models(commands.group("models", "see and choose models"))
    _add_settings(commands.group("settings", "see and change settings"))
    commands.add("doctor", "tell what works here, what does not, and what was tried")


def _add_common(parser: argparse.ArgumentParser) -> None:
    common = parser.add_argument_group("common options")
    for flag, text in (
        ("--json", "one JSON object a line on standard output"),
        ("--private", "keep nothing: no history entry, nothing learned"),
        ("--quiet", "no remarks on standard error, only warnings"),
    ):
        common.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=text)
    _option(
        common, "--model", "ID", "model to use: an id, the start of one, or a GGUF file"
    )
    _option(common, "--data-dir", "DIR", "folder of history, tasks and settings", kind=Path)


def _add_text_commands(commands: _Commands) -> None:
    classify = commands.add(
        "classify",
        "choose the label that fits a text",
        'onhand classify "I was charged twice" --label billing="charges" --label technical',
    )
    _add_text(classify)
    _many(classify, "--label", "NAME[=MEANING]", "a label and what belongs in it", _named)
    _option(classify, "--none", "NAME", "the answer for what fits no label")
    _flag(classify, "--multiple", "any number of labels may fit")
    _option(classify, "--instruction", "WORDS", "what decides between the labels")

    extract = commands.add(
        "extract",
        "copy the values of fields out of a text",
        'onhand extract "Lunch 27.10 EUR" --field total="amount paid"',
    )
    _add_text(extract)
    _many(extract, "--field", "NAME[=DESCRIPTION]", "a field and what it holds", _named)
    _option(extract, "--instruction", "WORDS", "what the text is")

    rewrite = commands.add(
        "rewrite",
        "write a text anew, and check what must survive",
        'onhand rewrite "i has two question" --style fix',
    )
    _add_text(rewrite)
    _option(rewrite, "--style", "|".join(Style), "what it is for", kind=_one_of(Style))
    _option(rewrite, "--instruction", "WORDS", "what to do, in your own words")

    summarise = commands.add(
        "summarise", "write a shorter text", "onhand summarise - < minutes.txt"
    )
    _add_text(summarise)


def _add_batch(commands: _Commands) -> None:
    batch = commands.add(
        "batch",
        "run a task on every row of a file; run it again to go on after a stop."
        " 'onhand batch status' lists the batches",
        "onhand batch 'Ticket queue' mails.jsonl --out sorted.jsonl",
    )
    batch.add_argument(
        "task", metavar="TASK", type=_words, help=f"{TASK_HELP}; or 'status'"
    )
    batch.add_argument("input", metavar="INPUT", type=Path, nargs="?", help="a .jsonl file")
    _option(batch, "--out", "OUT", "where the answers go, a .jsonl file", kind=Path)
    _option(batch, "--column", "NAME", "the column that holds the text (default: text)")
    _option(batch, "--limit", "N", "only the first N rows", kind=_count)
    _flag(batch, "--replace", "begin anew, and replace a file that is there")


def _add_history(commands: _Commands) -> None:
    search = commands.add(
        "search",
        "list entries that hold all words, newest first",
        "onhand history search rent",
    )
    search.add_argument("words", metavar="WORD", type=_words, nargs="*", help="none: all")
    _option(search, "--kind", "|".join(Kind), "only of this kind", kind=_one_of(Kind))
    _option(search, "--limit", "N", "so many at most (default: 20)", kind=_count)
    _option(search, "--before", "ID", "only entries older than this one", kind=_record)
    show = commands.add("show", "show an entry whole", "onhand history show r17")
    show.add_argument("record", metavar="ID", type=_record)
    correct = commands.add(
        "correct",
        "give the right answer for an entry",
        "onhand history correct r17 billing; onhand history correct r18 total=27.10 date=",
    )
    correct.add_argument("record", metavar="ID", type=_record)
    correct.add_argument(
        "answer", metavar="ANSWER", type=_words, nargs="*",
        help="the label, or all labels; FIELD=VALUE for each field that was wrong;"
        " or the text, '-' to read it from standard input",
    )  # fmt: skip
    _flag(correct, "--right", "the answer is right as it is")
    pin = commands.add("pin", "keep an entry at hand", "onhand history pin r17")
    pin.add_argument("record", metavar="ID", type=_record)
    _flag(pin, "--off", "no longer")


def _add_tasks(commands: _Commands) -> None:
    commands.add("list", "list built-in tasks and your own")
    show = commands.add(
        "show", "show what a task asks for", 'onhand tasks show "Ticket queue"'
    )
    show.add_argument("name", metavar="TASK", type=_words, help=TASK_HELP)
    check = commands.add("check", "tell whether a task file can be used, and why not")
    check.add_argument("name", metavar="FILE", type=_words)
    take = commands.add(
        "import", "make a task file one of your tasks, and show what it asks"
    )
    take.add_argument("file", metavar="FILE", type=Path)


def _add_models(commands: _Commands) -> None:
    commands.add("list", "list the models on this machine")
    use = commands.add(
        "use", "answer with this model from now on", "onhand models use qwen"
    )
    use.add_argument(
        "wanted", metavar="ID", type=_words, help="an id, its start, or a file"
    )

    tune = commands.add(
        "tune",
        "find the layout of a model's weights that is fastest here; the file stays",
        "onhand models tune",
    )
    tune.add_argument(
        "wanted", metavar="ID", type=_words, nargs="?", default="",
        help="a model; none: the one in use",
    )  # fmt: skip
    _flag(tune, "--undo", "answer with the model as it came again")


def _add_settings(commands: _Commands) -> None:
    get = commands.add("get", "show settings: value, default, what they do")
    get.add_argument("names", metavar="NAME", type=_words, nargs="*", help="none: all")
    change = commands.add("set", "change a setting", "onhand settings set context 8192")
    change.add_argument("name", metavar="NAME", type=_words)
    change.add_argument("value", metavar="VALUE", type=_words)
    reset = commands.add("reset", "give settings their default again")
    reset.add_argument("names", metavar="NAME", type=_words, nargs="+")


def _add_text(parser: argparse.ArgumentParser) -> None:
    # Kept as it is: how it is read, and what is to be said of that, is for the command.
    parser.add_argument("text", metavar="TEXT", nargs="?", help=TEXT_HELP)
    _option(parser, "--task", "FILE", f"{TASK_HELP}, instead of the options below")


def _flag(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=text)


def _option(
    parser: argparse._ActionsContainer,
    name: str,
    shape: str,
    text: str,
    kind: Any = None,  # noqa: ANN401 - as argparse has it
) -> None:
    parser.add_argument(
        name, metavar=shape, type=kind or _words, default=argparse.SUPPRESS, help=text
    )


def _many(
    parser: argparse.ArgumentParser,
    name: str,
    shape: str,
    text: str,
    kind: Any,  # noqa: ANN401 - as argparse has it
) -> None:
    parser.add_argument(
        name, metavar=shape, action="append", type=kind, default=argparse.SUPPRESS,
        help=f"{text}; may be repeated",
    )  # fmt: skip


def _words(argument: str) -> str:
    """An argument as text, whatever its encoding."""
    try:
        return read_argument(argument).text
    except InputUnreadable as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _named(argument: str) -> tuple[str, str]:
    """`NAME=MEANING` as its parts."""
    name, _, meaning = _words(argument).partition("=")
    return name, meaning.strip()


def _one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """Reads one of some words."""

    def read(argument: str) -> Choice:
        try:
            return choices(argument)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"expected one of {', '.join(choices)}, got '{_words(argument)}'"
            ) from error

    return read


def _count(argument: str) -> int:
    if not argument.isascii() or not argument.isdigit() or int(argument) < 1:
        raise argparse.ArgumentTypeError(
            f"expected a number from 1, got '{_words(argument)}'"
        )
    return int(argument)


def _record(argument: str) -> int:
    """The number of an entry, with or without the letter in front of it."""
    try:
        return _count(argument.removeprefix("r"))
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(
            f"expected an entry like r17, got '{_words(argument)}'"
        ) from error

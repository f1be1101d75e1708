"""Building blocks of the command line: commands, options, and what argument they take."""

from __future__ import annotations

import argparse
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from onhand.domain.errors import InputUnreadable
from onhand.services.reading import read_argument

if TYPE_CHECKING:
    from collections.abc import Callable

Choice = TypeVar("Choice", bound=StrEnum)


class Commands:
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
        add_common(parser)
        return parser

    def group(self, name: str, text: str) -> Commands:
        """A command that has commands."""
        return Commands(self.add(name, text), before=f"{self._before}{name} ")


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that every command takes."""
    common = parser.add_argument_group("common options")
    for name, text in (
        ("--json", "one JSON object a line on standard output"),
        ("--private", "keep nothing: no history entry, nothing learned"),
        ("--quiet", "no remarks on standard error, only warnings"),
    ):
        common.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=text)
    option(common, "--model", "ID", "model to use: an id, the start of one, or a GGUF file")
    option(
        common, "--passphrase-file", "FILE",
        "file with the passphrase of the history, where no keyring has its key", kind=Path,
    )  # fmt: skip
    option(common, "--data-dir", "DIR", "folder of history, tasks and settings", kind=Path)


def flag(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    """An option without an argument."""
    parser.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=text)


def option(
    parser: argparse._ActionsContainer,
    name: str,
    shape: str,
    text: str,
    kind: Any = None,  # noqa: ANN401 - as argparse has it
) -> None:
    """An option with an argument of some shape; `kind` reads it, else it is text."""
    parser.add_argument(
        name, metavar=shape, type=kind or words, default=argparse.SUPPRESS, help=text
    )


def many(
    parser: argparse.ArgumentParser,
    name: str,
    shape: str,
    text: str,
    kind: Any,  # noqa: ANN401 - as argparse has it
) -> None:
    """An option that may be given several times."""
    parser.add_argument(
        name, metavar=shape, action="append", type=kind, default=argparse.SUPPRESS,
        help=f"{text}; may be repeated",
    )  # fmt: skip


def words(argument: str) -> str:
    """An argument as text, whatever its encoding."""
    try:
        return read_argument(argument).text
    except InputUnreadable as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def named(argument: str) -> tuple[str, str]:
    """`NAME=MEANING` as its parts."""
    name, _, meaning = words(argument).partition("=")
    return name.strip(), meaning.strip()


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """Reads one of some words."""

    def read(argument: str) -> Choice:
        try:
            return choices(argument)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"expected one of {', '.join(choices)}, got '{words(argument)}'"
            ) from error

    return read


def count(argument: str) -> int:
    """A number from 1."""
    if not argument.isascii() or not argument.isdigit() or int(argument) < 1:
        raise argparse.ArgumentTypeError(
            f"expected a number from 1, got '{words(argument)}'"
        )
    return int(argument)


def pair(argument: str) -> tuple[int, int]:
    """Two numbers with a comma between them."""
    first, _, second = argument.partition(",")
    try:
        return count(first.strip()), count(second.strip())
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(
            f"expected two numbers like 3,5, got '{words(argument)}'"
        ) from error


def share(argument: str) -> float:
    """A share, from 0 to 1."""
    try:
        found = float(argument)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(
            f"expected a share from 0 to 1, got '{words(argument)}'"
        )
    return found


def record(argument: str) -> int:
    """The number of an entry, with or without the letter in front of it."""
    try:
        return count(argument.removeprefix("r"))
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(
            f"expected an entry like r17, got '{words(argument)}'"
        ) from error


def day(argument: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        found = date.fromisoformat(argument)
    except ValueError:
        found = date.max
    # Beyond these years there are moments that no time zone has.
    if not 1970 <= found.year < date.max.year:
        raise argparse.ArgumentTypeError(
            f"expected a day as 2026-03-31, got '{words(argument)}'"
        )
    return found

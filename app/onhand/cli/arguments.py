"""What stands on the command line: one typed value for all commands."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from onhand.cli.on_screen import QUICK, WINDOW
from onhand.domain.errors import UsageError
from onhand.domain.export_form import Format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from onhand.domain.answers import Lane
    from onhand.domain.cloud import Api, Price, Shape
    from onhand.domain.styles import Style
    from onhand.domain.tasks import Kind


class Arguments(argparse.Namespace):
    """What was asked for; options that were not given have the values here.

    Attributes:
        command: the words of the command, for example "history search"; "" for none.
        private: keep nothing of this.
    """

    command: str = ""
    version: bool = False
    json: bool = False
    model: str = ""
    private: bool = False
    quiet: bool = False
    data_dir: Path | None = None
    passphrase_file: Path | None = None

    text: str | None = None
    task: str = ""
    label: Sequence[tuple[str, str]] = ()
    field: Sequence[tuple[str, str]] = ()
    instruction: str = ""
    style: Style | None = None
    none: str | None = None
    own_words: bool = False
    multiple: bool = False

    input: Path | None = None
    out: Path | None = None
    column: str = "text"
    limit: int | None = None
    replace: bool = False
    examples: Path | None = None
    models: str = ""
    cascade: bool = False
    bar: float = 0.9
    history: bool = False
    compare: tuple[int, int] | None = None
    remove: int | None = None
    forget: Sequence[int] = ()
    labelled: Path | None = None
    label_column: str = "label"
    skip_unknown: bool = False
    parts: Sequence[Path] = ()
    part: str = ""
    cluster: str = ""
    trial: bool = False
    update: bool = False

    words: Sequence[str] = ()
    kind: Kind | None = None
    before: int | None = None
    lane: Lane | None = None
    by: str = ""
    since: date | None = None
    until: date | None = None
    empty: bool = False
    record: int = 0
    answer: Sequence[str] = ()
    right: bool = False
    recovery: bool = False
    new_passphrase_file: Path | None = None
    records: Sequence[int] = ()
    all: bool = False
    older: int | None = None
    yes: bool = False
    delete_unreadable: bool = False
    list: bool = False
    format: Format = Format.JSONL
    organisation: Path | None = None
    organisation_key: Path | None = None
    off: bool = False

    name: str = ""
    names: Sequence[str] = ()
    value: str = ""
    file: Path = Path()
    wanted: str = ""
    undo: bool = False
    with_examples: bool = False
    first: str = ""
    second: str = ""
    samples: bool = False
    sha256: str = ""
    unverified: bool = False
    trust: str = ""
    wanted_all: Sequence[str] = ()
    task_files: Sequence[Path] = ()
    policy: Path | None = None
    key: Path | None = None
    new_key: Path | None = None
    api: Api | None = None
    url: str = ""
    cloud_model: str = ""
    price: Price | None = None
    shape: Shape | None = None
    limit_name: str = ""
    key_header: str = ""
    no_count: bool = False
    no_key: bool = False
    key_file: Path | None = None
    entry: int = 0
    unmask: Sequence[str] = ()
    discard: bool = False
    repair: bool = False
    metered: bool = False
    bundle: Path | None = None
    proof: Path | None = None
    curve: Path | None = None
    export: Path | None = None
    teacher: str = ""
    review: Path | None = None
    report: Path | None = None
    opened: Path | None = None
    stopwatch: bool = False


_PLAIN = frozenset({(), (WINDOW,), (QUICK,)})
"""Command lines that need no parser; they are started by a click, and must be fast."""


def _plain(command: str = "") -> Arguments:
    found = Arguments()
    found.command = command
    return found


class _Parser(argparse.ArgumentParser):
    """Says what is wrong as any other failure is said."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError` with the words of argparse and how the command is used."""
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise UsageError(f"{message} (usage: {usage})")


def read_arguments(argv: Sequence[str]) -> Arguments:
    """What a command line asks for.

    Raises:
        UsageError: it asks for nothing that there is.
        SystemExit: help was wanted, and is printed.
    """
    if tuple(argv) in _PLAIN:
        return _plain(*argv)
    arguments = whole_parser().parse_args(list(argv), namespace=Arguments())
    _raise_if_contradictory(arguments)
    return arguments


def whole_parser() -> argparse.ArgumentParser:
    """Everything that may stand on a command line; manuals are made from it as well."""
    from onhand.cli.parsers import add_commands  # noqa: PLC0415 - slow, and not always needed

    parser = _Parser(
        prog="onhand",
        description="Sorts, extracts, rewrites and shortens text on your own laptop, with"
        " no network. Without a command it opens the window.",
        epilog="Exit codes and task files are described in the README.",
        allow_abbrev=False,
    )
    add_commands(parser)
    return parser


def _raise_if_contradictory(arguments: Arguments) -> None:
    if arguments.command == "models use" and bool(arguments.wanted) == arguments.undo:
        raise UsageError("give a model to use, or --undo")
    own = arguments.label or arguments.field or arguments.instruction or arguments.style
    if arguments.task and arguments.command not in {"batch", "cloud send"}:
        if own or arguments.multiple or arguments.none is not None:
            raise UsageError("--task says it all; leave out what describes another task")
        return
    if arguments.command == "classify" and not arguments.label:
        raise UsageError("give two labels or more with --label, or a task with --task")
    if arguments.command == "extract" and not arguments.field:
        raise UsageError("give a field or more with --field, or a task with --task")
    if arguments.command == "rewrite" and bool(arguments.style) == bool(
        arguments.instruction
    ):
        raise UsageError("give one of --style, --instruction and --task")

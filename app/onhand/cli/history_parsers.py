"""The commands on the history and their options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli.options import count, day, flag, one_of, option, record, words
from onhand.domain.answers import Lane
from onhand.domain.export_form import Format
from onhand.domain.tasks import Kind

if TYPE_CHECKING:
    import argparse

    from onhand.cli.options import Commands


def add_history(commands: Commands) -> None:
    """Add what stands behind `onhand history`."""
    _add_looking(commands)
    _add_keys(commands)
    _add_keeping(commands)


def _add_looking(commands: Commands) -> None:
    search = commands.add(
        "search",
        "list entries that hold all words, newest first",
        "onhand history search rent",
    )
    search.add_argument("words", metavar="WORD", type=words, nargs="*", help="none: all")
    _add_narrowing(search)
    option(search, "--limit", "N", "so many at most (default: 20)", kind=count)
    option(search, "--before", "ID", "only entries older than this one", kind=record)
    show = commands.add("show", "show an entry whole", "onhand history show r17")
    show.add_argument("record", metavar="ID", type=record)
    correct = commands.add(
        "correct",
        "give the right answer for an entry",
        "onhand history correct r17 billing; onhand history correct r18 total=27.10 date=",
    )
    correct.add_argument("record", metavar="ID", type=record)
    correct.add_argument(
        "answer", metavar="ANSWER", type=words, nargs="*",
        help="the label, or all labels; FIELD=VALUE for each field that was wrong;"
        " or the text, '-' to read it from standard input",
    )  # fmt: skip
    flag(correct, "--right", "the answer is right as it is")
    pin = commands.add("pin", "keep an entry at hand", "onhand history pin r17")
    pin.add_argument("record", metavar="ID", type=record)
    flag(pin, "--off", "no longer")


def _add_narrowing(parser: argparse.ArgumentParser) -> None:
    option(parser, "--kind", "|".join(Kind), "only of this kind", kind=one_of(Kind))
    option(parser, "--task", "TASK", "only of this task")
    option(parser, "--lane", "|".join(Lane), "only of this lane", kind=one_of(Lane))
    option(parser, "--by", "MODEL", "only what this model answered", kind=words)
    option(parser, "--since", "DAY", "only from this day on, as 2026-03-31", kind=day)
    option(parser, "--until", "DAY", "only up to this day, and on it", kind=day)


def _add_keys(commands: Commands) -> None:
    unlock = commands.add(
        "unlock",
        "open the history with its passphrase or recovery code; sets a passphrase where"
        " there is none",
        "onhand history unlock --passphrase-file secret.txt",
    )
    flag(unlock, "--recovery", "print a new recovery code, in place of an earlier one")
    option(
        unlock, "--new-passphrase-file", "FILE",
        "let the passphrase in a file open it from now on, in place of an earlier one",
        kind=Path,
    )  # fmt: skip
    option(
        unlock, "--organisation", "PEM",
        "let the holder of this public X25519 key open the history too", kind=Path,
    )  # fmt: skip
    option(
        unlock, "--organisation-key", "PEM",
        "open the history with the organisation's private X25519 key", kind=Path,
    )  # fmt: skip
    commands.add(
        "lock", "forget the key, in the keyring too: a passphrase is needed from then on"
    )
    rekey = commands.add(
        "rekey",
        "give the history and all its backups a new random key; one that was stopped goes"
        " on",
        "onhand history rekey",
    )
    flag(rekey, "--delete-unreadable", "delete copies that cannot be read")


def _add_keeping(commands: Commands) -> None:
    backup = commands.add(
        "backup", "copy the history into the backup folder now, and check the copy"
    )
    flag(backup, "--list", "only list the backups that there are")
    restore = commands.add(
        "restore",
        "put a backup in the place of the history, which is set aside",
        "onhand history restore",
    )
    restore.add_argument(
        "name", metavar="BACKUP", type=words, nargs="?", default="",
        help="none: the newest that is good",
    )  # fmt: skip
    flag(restore, "--empty", "begin with an empty history instead")
    forget = commands.add(
        "forget",
        "take entries out of the history, its backups, drafts and saved prefixes",
        "onhand history forget r17 r18; onhand history forget --older 90",
    )
    forget.add_argument("records", metavar="ID", type=record, nargs="*", default=())
    flag(forget, "--all", "everything")
    option(forget, "--older", "DAYS", "what is older than so many days", kind=count)
    option(forget, "--task", "TASK", "what was answered for a task, and its examples")
    flag(forget, "--yes", "do not ask whether it is meant")
    flag(forget, "--delete-unreadable", "delete copies that cannot be read as well")
    export = commands.add(
        "export",
        "write entries as CSV, JSON Lines or Markdown",
        "onhand history export --format csv --out history.csv",
    )
    export.add_argument("words", metavar="WORD", type=words, nargs="*", help="none: all")
    option(export, "--format", "|".join(Format), "the form", kind=one_of(Format))
    _add_narrowing(export)
    option(export, "--out", "OUT", "the file; none: standard output", kind=Path)
    flag(export, "--replace", "replace a file that is there")

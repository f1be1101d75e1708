"""Passphrases: from a file, or from who sits at the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable
from onhand.domain.history_errors import PassphraseUnusable
from onhand.services.key_ports import Asked
from onhand.services.reading import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.cli.arguments import Arguments

LARGEST = 4096
"""Bytes beyond which a file holds no passphrase."""


class Passphrases:
    """Gives the passphrase of `--passphrase-file`, or asks on a terminal.

    Who only runs a command is asked for a passphrase that there is, not for a new one: that
    is what `history unlock` is for.
    """

    def __init__(self, arguments: Arguments) -> None:
        self._file = arguments.passphrase_file
        self._may_ask = not arguments.private

    def __call__(self, asked: Asked) -> str | None:
        """The passphrase; None where nobody gives one.

        Raises:
            PassphraseUnusable: the file holds none.
        """
        if self._file is not None:
            return passphrase_in(self._file)
        if asked is Asked.NEW or not self._may_ask or not has_terminal():
            return None
        return _typed("Passphrase of the history (Enter alone: keep nothing): ") or None


def passphrase_in(path: Path) -> str:
    """The passphrase that a file holds; a line end behind it does not count.

    Raises:
        PassphraseUnusable: there is none.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = read_text(content).text.strip("\r\n")
    except (OSError, InputUnreadable) as error:
        raise PassphraseUnusable(f"{path} cannot be read") from error
    if not text or len(content) > LARGEST:
        raise PassphraseUnusable(f"{path} holds no passphrase")
    return text


def ask_for_passphrase(asked: Asked) -> str:
    """Ask at the terminal; for a new one twice.

    Raises:
        PassphraseUnusable: nobody is there, or two different ones were typed.
    """
    if not has_terminal():
        raise PassphraseUnusable(
            "there is no terminal to ask at; give it with --passphrase-file FILE"
        )
    if asked is Asked.KNOWN:
        return _typed("Passphrase or recovery code: ")
    first = _typed("New passphrase for the history: ")
    if _typed("Once more: ") != first:
        raise PassphraseUnusable("the two are not the same")
    return first


def has_terminal() -> bool:
    """Whether a person can be asked."""
    return all(
        stream is not None and not stream.closed and stream.isatty()
        for stream in (sys.stdin, sys.stderr)
    )


def _typed(prompt: str) -> str:
    from getpass import getpass  # noqa: PLC0415 - rarely needed

    try:
        return getpass(prompt, stream=sys.stderr)
    except (EOFError, OSError):
        return ""

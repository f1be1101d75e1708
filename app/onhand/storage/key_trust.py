"""Whom the key of the history may be had from."""

from __future__ import annotations

from dataclasses import dataclass

from onhand.services.key_ports import Asked, AskPassphrase
from onhand.storage.key_slots import Cost
from onhand.storage.system_keyring import Keyring


def ask_nobody(_: Asked) -> None:
    """Nobody is there to be asked for a passphrase."""


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whom the vault turns to for the key.

    Attributes:
        ask: is asked once, where the keyring does not have it.
        cost: what sealing for a new passphrase takes.
    """

    keyring: Keyring
    ask: AskPassphrase = ask_nobody
    cost: Cost = Cost()  # noqa: RUF009 - it cannot be changed

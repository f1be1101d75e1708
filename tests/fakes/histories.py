"""Encrypted histories with a key that tests know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.storage.cipher import encrypted, keyed
from onhand.storage.database import Database
from onhand.storage.encrypting import encrypt_plain

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

KEY = bytes(range(32))
OTHER_KEY = bytes(range(32, 64))


def open_database(path: Path, key: bytes = KEY) -> Database:
    """A history's file as the program opens it."""
    return Database(path, encrypted(lambda: (key,), encrypt_plain))


def look_into(path: Path, key: bytes | None = KEY) -> sqlite3.Connection:
    """A connection of its own, which begins transactions by hand; None: a plain file."""
    return keyed(path, key)

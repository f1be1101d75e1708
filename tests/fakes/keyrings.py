"""Keyrings: one in memory, and a backend for the library that fails as real ones do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordDeleteError

from onhand.domain.history_errors import KeyringUnusable

if TYPE_CHECKING:
    from pathlib import Path


class FakeKeyring:
    """A keyring in memory.

    Attributes:
        failing: why it cannot be used; "" where it can.
        kept: what it holds.
    """

    def __init__(self) -> None:
        self.failing = ""
        self.kept: dict[str, str] = {}

    def load(self, account: str) -> str | None:
        """What is kept under a name."""
        self._raise_if_failing()
        return self.kept.get(account)

    def save(self, account: str, secret: str) -> None:
        """Keep it."""
        self._raise_if_failing()
        self.kept[account] = secret

    def delete(self, account: str) -> None:
        """Keep it no longer."""
        self._raise_if_failing()
        self.kept.pop(account, None)

    def _raise_if_failing(self) -> None:
        if self.failing:
            raise KeyringUnusable(self.failing)


class FileKeyring:
    """A keyring in a file, for several processes; nothing in it is a secret."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, account: str) -> str | None:
        """What is kept under a name."""
        return self._kept().get(account)

    def save(self, account: str, secret: str) -> None:
        """Keep it."""
        self._write({**self._kept(), account: secret})

    def delete(self, account: str) -> None:
        """Keep it no longer."""
        self._write({key: kept for key, kept in self._kept().items() if key != account})

    def _kept(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def _write(self, kept: dict[str, str]) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(kept))
        part.replace(self._path)


class MemoryBackend(KeyringBackend):
    """A backend of the library `keyring`, in memory.

    Attributes:
        state: "open", or in what way it fails.
    """

    priority = 0.1
    kept: dict[tuple[str, str], str]

    def __init__(self) -> None:
        super().__init__()
        self.state = "open"
        self.kept = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept."""
        self._fail()
        return None if self.state == "null" else self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self._fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Keep it no longer."""
        self._fail()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)

    def _fail(self) -> None:
        match self.state:
            case "missing":
                raise NoKeyringError
            case "locked":
                raise KeyringLocked("Failed to unlock the collection!")
            case "dismissed":
                raise InitError("Failed to create the collection: Prompt dismissed..")
            case "broken":
                raise OSError("no such bus")

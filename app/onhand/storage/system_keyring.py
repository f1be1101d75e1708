"""The keyring of the system, with its silences and its dialogs made plain.

What cannot be used ends as `KeyringUnusable`: no D-Bus, a locked keyring, a dialog that was
closed, a backend that keeps nothing or keeps it in clear. Whatever is stored is read back.
"""

# ruff: noqa: PLC0415 - the library takes a tenth of a second, and looks for backends

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from onhand.domain.history_errors import KeyringUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

SERVICE = "Onhand"

_REFUSED = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")
"""Modules of backends that forget, fail, or store in clear."""


class Keyring(Protocol):
    """Where the system keeps secrets for a user. Any method may wait for a dialog."""

    def load(self, account: str) -> str | None:
        """What is kept under a name; None where nothing is.

        Raises:
            KeyringUnusable: nobody can say.
        """
        ...

    def save(self, account: str, secret: str) -> None:
        """Keep it, and read it back.

        Raises:
            KeyringUnusable: it is not kept.
        """
        ...

    def delete(self, account: str) -> None:
        """Keep it no longer; nothing happens where it is not kept.

        Raises:
            KeyringUnusable: it may still be there.
        """
        ...


class SystemKeyring:
    """The keyring port over the library `keyring`."""

    def load(self, account: str) -> str | None:
        """What is kept under a name, in the usual backend or, if it changed, another."""
        failure: KeyringUnusable | None = None
        for backend in _backends():
            try:
                found = _asked(backend.get_password, account)
            except KeyringUnusable as error:
                failure = failure or error
                continue
            if isinstance(found, str):
                return found
        if failure is not None:
            raise failure
        return None

    def save(self, account: str, secret: str) -> None:
        """Keep it in the usual backend, and read it back."""
        backend = next(_backends())
        _asked(backend.set_password, account, secret)
        if _asked(backend.get_password, account) != secret:
            raise KeyringUnusable(f"{_named(backend)} does not give back what it took")

    def delete(self, account: str) -> None:
        """Keep it no longer, in no backend."""
        for backend in _backends():
            if isinstance(_asked(backend.get_password, account), str):
                _asked(backend.delete_password, account)


def _asked(method: object, *arguments: str) -> object:
    """What a backend answers; each has failures of its own, of no common kind."""
    try:
        return method(SERVICE, *arguments)  # type: ignore[operator]
    except Exception as error:
        # The words of some backends quote the secret; the kind of failure does not.
        raise KeyringUnusable(type(error).__name__) from error


def _backends() -> Iterator[KeyringBackend]:
    """The usual backend first, then others that can be used.

    Raises:
        KeyringUnusable: there is none.
    """
    if not _likely():
        raise KeyringUnusable("there is no session bus")
    try:
        import keyring
        from keyring.backend import get_all_keyring

        usual = keyring.get_keyring()
        others = sorted(get_all_keyring(), key=_priority, reverse=True)
    except Exception as error:
        raise KeyringUnusable(type(error).__name__) from error
    # One that only asks others would ask those too that are refused.
    usable = [each for each in (usual, *others) if _usable(each)]
    if not usable:
        raise KeyringUnusable(f"{_named(usual)} keeps nothing")
    if _usable(usual) or os.environ.get("PYTHON_KEYRING_BACKEND") is None:
        seen: set[str] = set()
        for each in usable:
            if _named(each) not in seen:
                seen.add(_named(each))
                yield each
        return
    # The user chose one that cannot be used; another is not what they asked for.
    raise KeyringUnusable(f"{_named(usual)} keeps nothing")


def _priority(backend: KeyringBackend) -> float:
    try:
        return float(backend.priority)
    except (RuntimeError, TypeError, ValueError):
        return 0.0


def _usable(backend: KeyringBackend) -> bool:
    name = type(backend).__module__
    return not name.startswith(_REFUSED) and name != "keyring.backends.chainer"


def _named(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__name__}"


def _likely() -> bool:
    """Whether there can be a keyring; tells quickly on Linux where there is none."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS") or os.environ.get(
        "PYTHON_KEYRING_BACKEND"
    ):
        return True
    configuration = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111
    return Path(configuration, "python_keyring", "keyringrc.cfg").is_file()

r"""Policies of Windows: values below HKLM\Software\Policies, then those below HKCU."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from onhand.domain.policies import Level, RawPolicies

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = r"Software\Policies\Onhand\Onhand"
RECOMMENDED = rf"{KEY}\Recommended"
MACHINE, USER = "HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"


class Registry(Protocol):
    """As much of a registry as policies take."""

    def values(self, root: str, key: str) -> Mapping[str, object]:
        """The values of a key: int for DWORD, str for SZ; none where there is no such key.

        Raises:
            OSError: it may not be read.
        """
        ...


class RegistryPolicies:
    """The policy source over a registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def read(self) -> list[RawPolicies]:
        """What the keys say: managed before recommended, the machine before the user."""
        places = [
            self._read(level, root, key)
            for level, key in ((Level.MANAGED, KEY), (Level.RECOMMENDED, RECOMMENDED))
            for root in (MACHINE, USER)
        ]
        return [each for each in places if each.values or each.problem]

    def _read(self, level: Level, root: str, key: str) -> RawPolicies:
        place = rf"{root}\{key}"
        try:
            values = self._registry.values(root, key)
        except OSError as error:
            problem = error.strerror or "unreadable"
            return RawPolicies(level=level, place=place, problem=problem)
        return RawPolicies(level=level, place=place, values=values)


class WindowsRegistry:
    """The registry of this machine; elsewhere than on Windows it is empty."""

    def values(self, root: str, key: str) -> Mapping[str, object]:
        """See `Registry`."""
        found: dict[str, object] = {}
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 - on Windows only

            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(getattr(winreg, root), key) as opened,
            ):
                for number in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = winreg.EnumValue(opened, number)
                    found[name] = value
        return found

"""Policies in the real formats of three systems, and values that differ from defaults."""

from __future__ import annotations

import dataclasses
import json
import plistlib
from enum import StrEnum
from typing import TYPE_CHECKING

from fakes.reg_file import RegFile, exported
from onhand.domain.errors import SettingInvalid
from onhand.domain.settings import Settings
from onhand.policies.json_folders import JsonFolders
from onhand.policies.managed_preferences import DOMAIN, ManagedPreferences
from onhand.policies.registry import KEY, MACHINE, RegistryPolicies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from onhand.domain.policies import PolicyKey
    from onhand.services.policy_ports import PolicySource

CANDIDATES = (1, 2, 600, 1024, "https://mirror.example", "other", "Alt+F9", "ab" * 32)


def another_value(key: PolicyKey) -> object:
    """A value that the setting takes, and that is not its default."""
    if isinstance(key.default, bool):
        return not key.default
    if isinstance(key.default, StrEnum):
        return next(each for each in type(key.default) if each is not key.default)
    for value in CANDIDATES:
        if type(value) is type(key.default) and value != key.default:
            try:
                dataclasses.replace(Settings(), **{key.setting: value})
            except SettingInvalid:
                continue
            return value
    raise AssertionError(f"no other value is known for {key.name}")


def linux(folder: Path, values: Mapping[str, object]) -> PolicySource:
    """Managed policies as a file below a folder like /etc/onhand/policies."""
    (folder / "managed").mkdir(parents=True, exist_ok=True)
    (folder / "managed" / "site.json").write_text(json.dumps(values))
    return JsonFolders(folder)


def windows(folder: Path, values: Mapping[str, object]) -> PolicySource:
    """Managed policies as an exported registry."""
    plain = {
        name: int(value) if isinstance(value, bool) else value
        for name, value in values.items()
    }
    file = folder / "policies.reg"
    file.write_bytes(exported({rf"{MACHINE}\{KEY}": plain}))
    return RegistryPolicies(RegFile(file.read_bytes()))


def macos(folder: Path, values: Mapping[str, object]) -> PolicySource:
    """Managed policies as the property list of a device management, in its binary form."""
    plain = {
        name: str(value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    form = plistlib.FMT_BINARY
    (folder / f"{DOMAIN}.plist").write_bytes(plistlib.dumps(plain, fmt=form))
    return ManagedPreferences("somebody", folder)


READERS = {"linux": linux, "windows": windows, "macos": macos}

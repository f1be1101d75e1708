"""Which language the window speaks, found out before it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.policies import read_policies
from onhand.domain.settings import Language
from onhand.host import find_data
from onhand.policies.system import system_policies

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.host import Paths
    from onhand.services.policy_ports import PolicySource

_NAME = "language"


def language_in_force(paths: Paths, policies: PolicySource | None = None) -> Language:
    """The setting under the policies; that of the system where it cannot be read.

    It is found on the way to the first window, so the settings are loaded as a whole only
    where somebody has chosen a language.
    """
    held = read_policies((policies or system_policies()).read())
    if (fixed := held.managed.get(_NAME)) is not None:
        return Language(str(fixed.value))
    try:
        if f'"{_NAME}"'.encode() not in paths.settings.read_bytes():
            return held.base().language
        from onhand.storage.settings_file import SettingsFile  # noqa: PLC0415 - see above

        return SettingsFile(paths.settings, held).load().language
    except (OSError, AppError):  # the window tells what is wrong with the settings
        return held.base().language


def translations_folder() -> Path | None:
    """Where the languages lie; None where the program was not installed whole."""
    try:
        return find_data() / "resources" / "translations"
    except AppError:  # the window tells so
        return None

"""The settings: a small JSON file that holds only what was changed, under policies."""

from __future__ import annotations

import dataclasses
import json
import logging
import typing
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from onhand.domain.errors import DataFolderUnwritable, SettingInvalid
from onhand.domain.policies import NO_POLICIES
from onhand.domain.settings import Settings
from onhand.storage.safe_files import failures_as, replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.policies import Policies

_log = logging.getLogger(__name__)


class SettingsFile:
    """The settings port over a file."""

    def __init__(self, path: Path, policies: Policies = NO_POLICIES) -> None:
        self._path = path
        self._policies = policies

    @property
    def policies(self) -> Policies:
        """What the organisation has fixed or recommends."""
        return self._policies

    def load(self) -> Settings:
        """The settings in force.

        What is fixed holds whatever the file says; what is missing, unknown or invalid in
        the file is as it is recommended, or has its default. A file that is no
        settings file at all is set aside under another name, for its owner to look into.

        Raises:
            DataFolderUnwritable: the file is there and cannot be read.
        """
        settings = self._policies.base()
        types = _types()
        for name, value in self._stored().items():
            if name in types:
                settings = _with(settings, name, value, types[name])
        return self._policies.over(settings)

    def save(self, settings: Settings) -> None:
        """Keep what differs from the defaults; keys of other versions stay.

        What the user chose before it was fixed stays for the time after that.

        Raises:
            PolicyForbids: something that is fixed has another value.
            DataFolderUnwritable, DiskFull: the settings are as they were.
        """
        self._policies.raise_if_changed(settings)
        stored, base = self._stored(), self._policies.base()
        for field in dataclasses.fields(Settings):
            if field.name in self._policies.managed:
                continue
            value = getattr(settings, field.name)
            stored.pop(field.name, None)
            if value != getattr(base, field.name):
                stored[field.name] = value
        text = json.dumps(stored, indent=2, sort_keys=True)
        replace_data_file(self._path, f"{text}\n".encode())

    def _stored(self) -> dict[str, Any]:
        try:
            with failures_as(DataFolderUnwritable, self._path):
                content = self._path.read_bytes() if self._path.exists() else b"{}"
            stored = json.loads(content)
        except (ValueError, RecursionError):
            stored = None
        if not isinstance(stored, dict):
            self._set_aside()
            return {}
        return stored

    def _set_aside(self) -> None:
        aside = self._path.with_name(f"{self._path.name}.damaged")
        _log.warning("the settings are damaged and were set aside")
        with suppress(OSError):
            self._path.replace(aside)


@cache
def _types() -> dict[str, Any]:
    """What each setting may be; reading the annotations takes longer than the file does."""
    return typing.get_type_hints(Settings)


def _with(settings: Settings, name: str, value: object, kind: type[Any]) -> Settings:
    try:
        changed: dict[str, Any] = {name: msgspec.convert(value, kind)}
        return dataclasses.replace(settings, **changed)
    except (msgspec.ValidationError, SettingInvalid):
        _log.warning("the setting %s is not valid and has its default", name)
        return settings

"""Policies of Linux: JSON files in two folders, by default below /etc."""

from __future__ import annotations

import json
from pathlib import Path

from onhand.domain.policies import Level, RawPolicies

FOLDER = Path("/etc/onhand/policies")
"""Only the system's administrator can write here, and nothing that a user says moves it."""

MOST_BYTES = 1_000_000


class JsonFolders:
    """The policy source over `managed/*.json` and `recommended/*.json`, by file name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def read(self) -> list[RawPolicies]:
        """What each file says, managed ones first."""
        return [
            _read(level, path)
            for level in (Level.MANAGED, Level.RECOMMENDED)
            for path in self._files(self._folder / level)
        ]

    def _files(self, folder: Path) -> list[Path]:
        try:
            return sorted(each for each in folder.iterdir() if each.suffix == ".json")
        except OSError:
            return []


def _read(level: Level, path: Path) -> RawPolicies:
    place = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            return RawPolicies(level=level, place=place, problem="it is too large")
        values = json.loads(path.read_bytes())
    except OSError as error:
        return RawPolicies(level=level, place=place, problem=error.strerror or "unreadable")
    except (ValueError, RecursionError):
        return RawPolicies(level=level, place=place, problem="it is no JSON")
    if not isinstance(values, dict):
        return RawPolicies(level=level, place=place, problem="it is no JSON object")
    return RawPolicies(level=level, place=place, values=values)

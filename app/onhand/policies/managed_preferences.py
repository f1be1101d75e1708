"""Policies of macOS: the managed preferences that a device management writes."""

from __future__ import annotations

import plistlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from onhand.domain.policies import Level, RawPolicies

FOLDER = Path("/Library/Managed Preferences")
"""Only the system writes here."""

DOMAIN = "com.onhand.Onhand"


class ManagedPreferences:
    """The policy source over property lists: for the machine, then for one user."""

    def __init__(self, user: str, folder: Path = FOLDER) -> None:
        self._places = (folder, folder / user)

    def read(self) -> list[RawPolicies]:
        """What each list says; all of it is managed."""
        files = [folder / f"{DOMAIN}.plist" for folder in self._places]
        return [_read(path) for path in files if path.is_file()]


def _read(path: Path) -> RawPolicies:
    level, place = Level.MANAGED, str(path)
    try:
        values = plistlib.loads(path.read_bytes())
    except OSError as error:
        return RawPolicies(level=level, place=place, problem=error.strerror or "unreadable")
    except (plistlib.InvalidFileException, ExpatError, ValueError, LookupError, TypeError):
        return RawPolicies(level=level, place=place, problem="it is no property list")
    if not isinstance(values, dict):
        return RawPolicies(level=level, place=place, problem="it is no dictionary")
    # The system adds notes of its own under such names.
    own = {name: each for name, each in values.items() if not name.startswith("Payload")}
    return RawPolicies(level=level, place=place, values=own)

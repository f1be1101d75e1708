"""The settings for updates, which come as files that somebody has signed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from onhand.domain.errors import SettingInvalid
from onhand.domain.setting_options import option

_FINGERPRINT = re.compile(r"|[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class UpdateSettings:
    """A part of `Settings`; the window shows them where it tells its version."""

    allow_updates: bool = field(
        default=True,
        metadata=option(
            "Updates from files",
            "Signed update files may be checked, and opened with the installer of the"
            " system.",
        ),
    )
    update_key: str = field(
        default="",
        metadata=option(
            "Key of updates",
            "Fingerprint of one more key whose updates are taken, for an organisation to"
            " fix; empty: only the key that the program carries.",
        ),
    )

    def raise_if_no_key(self) -> None:
        """Raise `SettingInvalid` where the key can be none."""
        if not _FINGERPRINT.fullmatch(self.update_key):
            raise SettingInvalid("update_key: expected 64 digits from 0 to f, or nothing")

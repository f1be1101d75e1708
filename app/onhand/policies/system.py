"""The policy source of this system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from onhand.policies.json_folders import JsonFolders

if TYPE_CHECKING:
    from onhand.services.policy_ports import PolicySource


def system_policies() -> PolicySource:
    """Where policies lie here. Neither the environment nor an option can change that."""
    if sys.platform == "win32":
        from onhand.policies.registry import (  # noqa: PLC0415 - not needed elsewhere
            RegistryPolicies,
            WindowsRegistry,
        )

        return RegistryPolicies(WindowsRegistry())
    if sys.platform == "darwin":
        import os  # noqa: PLC0415 - likewise
        import pwd  # noqa: PLC0415 - likewise

        from onhand.policies.managed_preferences import (  # noqa: PLC0415 - likewise
            ManagedPreferences,
        )

        return ManagedPreferences(pwd.getpwuid(os.getuid()).pw_name)
    return JsonFolders()

"""Failures that come from what an organisation, or the user, forbids."""

from __future__ import annotations

from onhand.domain.errors import AppError


class SandboxMissing(AppError):
    """A model may only run where the system keeps it off the network; here it does not."""

    code = "sandbox_missing"
    title = "The engine may not run here, because the system cannot keep it off the network"
    hint = (
        "Use Onhand on a Linux with seccomp, or have 'require_sandbox' changed by whoever"
        " set it ('onhand settings get require_sandbox')."
    )
    window_hint = (
        "Use Onhand on a Linux with seccomp, or have 'Require sandbox' changed by whoever"
        " set it."
    )
    exit_code = 7

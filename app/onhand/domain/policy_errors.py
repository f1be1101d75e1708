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


class DocumentSandboxMissing(AppError):
    """A document may only be opened by a child that is kept off the network."""

    code = "document_sandbox_missing"
    title = (
        "Documents may not be opened here, because the system cannot keep what takes them"
        " apart off the network"
    )
    hint = (
        "Copy the text out of the document and paste it, or have 'require_sandbox' changed"
        " by whoever set it ('onhand settings get require_sandbox')."
    )
    window_hint = (
        "Copy the text out of the document and paste it, or have 'Require sandbox' changed"
        " by whoever set it."
    )
    exit_code = 7


class PolicyForbids(AppError):
    """The organisation has fixed this otherwise."""

    code = "policy_forbids"
    title = "This is managed by your organisation and cannot be changed here"
    hint = "'onhand policy show' tells what is fixed and where; ask whoever fixed it."
    window_hint = "Ask whoever manages this computer."
    exit_code = 7

"""Failures around updates that come as files."""

from __future__ import annotations

from onhand.domain.errors import AppError, UsageError


class UpdatesForbidden(AppError):
    """Updates come another way here."""

    code = "updates_forbidden"
    title = "Updates from files may not be used here"
    hint = "'onhand settings set allow_updates yes' allows it, unless it is managed."
    window_hint = "Turn on 'Updates from files', unless it is managed."
    exit_code = 7


class UpdateDamaged(AppError):
    """The bytes are not those that were signed."""

    code = "update_damaged"
    title = "The update is damaged, incomplete or none at all"
    hint = "Do not install it. Get the package, and the file beside it, once more."
    exit_code = 4


class UpdateUnsigned(AppError):
    """There is a package, and nothing says whose."""

    code = "update_unsigned"
    title = "This package is not signed"
    hint = (
        "Put the file of the same name that ends in .onhandupdate beside it, which comes"
        " with each package."
    )
    exit_code = 4


class UpdateSignerUnknown(AppError):
    """Somebody signed it, and nobody here knows whom to take them for."""

    code = "update_signer_unknown"
    title = "The update is signed with a key that is not known here"
    hint = (
        "Do not install it, unless it comes from your organisation: then the setting"
        " 'update_key' takes the fingerprint of its key."
    )
    window_hint = (
        "Do not install it, unless it comes from your organisation: then 'Key of updates'"
        " takes the fingerprint of its key."
    )
    exit_code = 7


class UpdateNotNewer(UsageError):
    """What is here may have written what an older version cannot read."""

    code = "update_not_newer"
    title = "The update is not newer than this program"
    hint = "Get a newer one; an older program could not open what this one has written."
    window_hint = hint


class UpdateForOthers(UsageError):
    """It runs, but not here."""

    code = "update_for_others"
    title = "The update is for another kind of computer"
    hint = "Get the package for this system and this processor."
    window_hint = hint

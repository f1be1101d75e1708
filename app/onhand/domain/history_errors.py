"""Failures around the history: its key, its copies, its place."""

from __future__ import annotations

from onhand.domain.errors import AppError, UsageError


class HistoryLocked(AppError):
    """The history is encrypted, and its key cannot be had without the user."""

    code = "history_locked"
    title = "The history is locked"
    hint = (
        "'onhand history unlock' asks for the passphrase or the recovery code;"
        " --passphrase-file FILE reads it from a file."
    )
    window_hint = "Enter the passphrase or the recovery code of the history."
    exit_code = 13


class HistoryKeyless(AppError):
    """There is no history yet, and no place where its key could be kept."""

    code = "history_keyless"
    title = "There is no keyring that could hold the key of the history"
    hint = (
        "'onhand history unlock' sets a passphrase instead, as does --passphrase-file"
        " FILE. With --private nothing is to be kept, and this is not said."
    )
    window_hint = "Set a passphrase for the history, or let nothing be kept."
    exit_code = 13


class WrongPassphrase(AppError):
    """Neither a passphrase nor a recovery code of this history."""

    code = "wrong_passphrase"
    title = "This passphrase does not open the history"
    hint = "Try again; the recovery code works in its place. Nothing was changed."
    exit_code = 13


class PassphraseUnusable(UsageError):
    """A passphrase that is too short, or a file that holds none."""

    code = "passphrase_unusable"
    title = "The passphrase cannot be used"
    hint = "Give one of eight characters or more, in a file or at the prompt."
    window_hint = "Choose one of eight characters or more."


class PassphraseWanted(UsageError):
    """The new key shall be opened by the passphrase too, and nobody gave it."""

    code = "passphrase_wanted"
    title = "The passphrase is needed, so that it opens the new key as well"
    hint = "Give it at the prompt, or with --passphrase-file FILE."
    window_hint = "Enter the passphrase of the history."


class KeyOfOneKind(UsageError):
    """Locking would throw away the only way to open the history."""

    code = "key_of_one_kind"
    title = "The keyring is the only thing that opens this history"
    hint = "Set a passphrase first: 'onhand history unlock --passphrase-file FILE'."
    window_hint = "Set a passphrase first."


class KeyringUnusable(AppError):
    """The keyring of the system is missing, locked, dismissed, or forgets what it takes."""

    code = "keyring_unusable"
    title = "The keyring of this system cannot be used"
    hint = "Unlock it and try again, or use a passphrase: 'onhand history unlock'."
    window_hint = "Unlock it and try again, or set a passphrase."
    exit_code = 13


class HistoryInUse(AppError):
    """The history's file is to be exchanged, and somebody has it open."""

    code = "history_in_use"
    title = "Another Onhand has the history open"
    hint = "Close its window, or wait for its command to end, and try again."
    exit_code = 5


class CopiesUnreadable(AppError):
    """Copies of the history would be left under a key that nothing keeps any more."""

    code = "copies_unreadable"
    title = "Copies of the history cannot be read, and would stay under the key before"
    hint = (
        "Until they are gone both keys are kept. --delete-unreadable deletes them and"
        " finishes the change."
    )
    window_hint = "Until they are gone both keys are kept, and both open the history."
    exit_code = 6


class PlaceShared(UsageError):
    """A warning: the data folder lies on a network drive or is synchronised."""

    code = "place_shared"
    title = "The data folder lies in a place that is shared with other computers"
    hint = (
        "A database is easily damaged there. Move the folder to a disk of this computer,"
        " and name it with --data-dir."
    )
    window_hint = (
        "A history is easily damaged there. Let the data folder lie on a disk of this"
        " computer, where nothing synchronises it."
    )


class BackupUnknown(UsageError):
    """No backup has this name, or none can be used."""

    code = "backup_unknown"
    title = "There is no such backup"
    hint = "'onhand history restore' without a name takes the newest that is good."
    window_hint = "Restore the newest that is good."

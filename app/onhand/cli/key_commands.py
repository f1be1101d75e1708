"""`history unlock`, `lock` and `rekey`: who may open the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.cli.passphrases import ask_for_passphrase, passphrase_in
from onhand.domain.errors import UsageError
from onhand.services.key_ports import Asked, KeyState

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services
    from onhand.services.key_ports import Unlocked


def unlock(arguments: Arguments, services: Services, output: Output) -> int:
    """Open the history, and add the ways to open it that are asked for."""
    keys = services.keys
    state = keys.state()
    opened: Unlocked | None = None
    if arguments.organisation_key is not None:
        opened = keys.unlock_as_organisation(_content(arguments.organisation_key))
    elif arguments.passphrase_file is not None:
        opened = keys.unlock(passphrase_in(arguments.passphrase_file))
    elif state is not KeyState.OPEN:
        asked = Asked.NEW if state is KeyState.KEYLESS else Asked.KNOWN
        opened = keys.unlock(ask_for_passphrase(asked))
    if arguments.organisation is not None:
        keys.add_organisation(_content(arguments.organisation))
        output.remark("The holder of this key can open the history from now on.")
    if arguments.new_passphrase_file is not None:
        keys.set_passphrase(passphrase_in(arguments.new_passphrase_file))
        output.remark("The new passphrase opens the history from now on.")
    code = keys.add_recovery_code() if arguments.recovery else None
    services.history.search("", kind=None, limit=1, before=None)
    _tell(opened, output)
    if output.as_json:
        output.object({"state": str(keys.state()), "recovery_code": code})
    elif code is not None:
        output.line(code)
        output.remark("Print it and keep it apart from this computer. It is told once.")
    return 0


def lock(_: Arguments, services: Services, output: Output) -> int:
    """Forget the key."""
    services.keys.lock()
    if output.as_json:
        output.object({"state": str(services.keys.state())})
    output.remark("The history is locked; its passphrase opens it.")
    return 0


def rekey(arguments: Arguments, services: Services, output: Output) -> int:
    """Give the history a new key, and write everything anew that is under another."""
    words = None
    if services.rekey.needs_words():
        words = (
            ask_for_passphrase(Asked.KNOWN)
            if arguments.passphrase_file is None
            else passphrase_in(arguments.passphrase_file)
        )
    with output.progress("Writing anew") as on_progress:
        made = services.rekey(
            words,
            delete_unreadable=arguments.delete_unreadable,
            on_progress=on_progress,
        )
    if output.as_json:
        output.object(
            {
                "files": made.files,
                "deleted": list(made.deleted),
                "recovery_code": made.recovery_code,
            }
        )
    copies = made.files - 1
    output.remark(
        f"The history and {copies} {'copy' if copies == 1 else 'copies'} of it have a new"
        " key. The one before opens nothing any more; saved prefixes are made anew when"
        " they are needed."
    )
    for name in made.deleted:
        output.warn(f"{name} could not be read, and is deleted.")
    if made.recovery_code is not None:
        if not output.as_json:
            output.line(made.recovery_code)
        output.warn(
            "This is the new recovery code; the one before is of no use. Print it and keep"
            " it apart from this computer. It is told once."
        )
    return 0


def _tell(opened: Unlocked | None, output: Output) -> None:
    if opened is None:
        output.remark("The history is open: the keyring has its key.")
        return
    output.remark(
        "This passphrase opens the history from now on. Nobody can tell it to you again."
        if opened.new
        else "The history is open."
    )
    if not opened.in_keyring:
        output.remark(
            "There is no keyring to keep the key: commands take --passphrase-file FILE, or"
            " ask at a terminal."
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error

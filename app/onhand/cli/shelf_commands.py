"""`models download`, `verify` and `remove`: getting models, and keeping them right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.cli.wording import size
from onhand.domain.errors import UsageError
from onhand.domain.model_errors import ConnectionMetered, WrongChecksum
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.transfers import Transfer, TransferState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.progress import OnProgress, Progress
    from onhand.domain.receipts import Verified
    from onhand.domain.transfers import OnTransfer
    from onhand.services.bundle import Services


def download(arguments: Arguments, services: Services, output: Output) -> int:
    """Fetch a model, or go on with all that was begun."""
    if arguments.discard:
        return _discard(arguments, services, output)
    if arguments.wanted:
        wanted: Sequence[str] = [services.downloads.find(arguments.wanted).id]
    else:
        wanted = [each.model for each in services.downloads.unfinished()]
    if not wanted:
        raise UsageError("no download was begun; name a model")
    _raise_if_metered(arguments, services)
    for model in wanted:
        _download(model, services, output)
    return 0


def verify(arguments: Arguments, services: Services, output: Output) -> int:
    """Read models whole, and compare them with what is known about them."""
    code = 0
    if arguments.wanted:
        wanted: Sequence[str] = [arguments.wanted]
    else:
        wanted = [str(model.path) for model in services.models.installed()]
        for path in services.keep_models.leftovers():
            output.remark(f"left over, and used by nothing: {path}")
    for each in wanted:
        name = services.models.original(each).id
        with output.transfer() as on_transfer:
            verified = services.keep_models.verify(
                each, CancelToken(), checking(name, on_transfer)
            )
        if not verified.ok and arguments.repair:
            _raise_if_metered(arguments, services)
            with output.transfer() as on_transfer:
                verified = services.keep_models.repair(each, CancelToken(), on_transfer)
        _tell(name, verified, output)
        code = code if verified.ok else WrongChecksum.exit_code
    return code


def remove(arguments: Arguments, services: Services, output: Output) -> int:
    """Remove a model from the user's own folder."""
    model = services.models.original(arguments.wanted)
    freed = services.keep_models.remove(arguments.wanted)
    if output.as_json:
        output.object({"model": model.id, "removed": True, "freed": freed})
    output.remark(f"{model.id} is removed; {size(freed)} are free again.")
    return 0


def checking(model: str, on_transfer: OnTransfer) -> OnProgress:
    """Tells of reading a file as of a download."""

    def tell(progress: Progress) -> None:
        on_transfer(
            Transfer(
                model=model,
                state=TransferState.CHECKING,
                done=progress.done,
                total=progress.total,
            )
        )

    return tell


def _download(model: str, services: Services, output: Output) -> None:
    try:
        with output.transfer() as on_transfer:
            found = services.downloads(model, CancelToken(), on_transfer)
    except (Cancelled, KeyboardInterrupt):
        again = f"'onhand models download {model}' goes on where it was."
        output.stopped(f"What has arrived is kept; {again}")
        raise
    if not output.as_json:
        output.line(str(found.path))
    output.remark(f"{found.id} is here. 'onhand models use {found.id}' answers with it.")


def _discard(arguments: Arguments, services: Services, output: Output) -> int:
    begun = [each.model for each in services.downloads.unfinished()]
    wanted = [arguments.wanted] if arguments.wanted else begun
    for each in wanted:
        model = services.downloads.find(each).id
        freed = services.downloads.discard(model)
        if output.as_json:
            output.object({"model": model, "discarded": True, "freed": freed})
        output.remark(f"The download of {model} is given up; {size(freed)} are free again.")
    return 0


def _raise_if_metered(arguments: Arguments, services: Services) -> None:
    if not arguments.metered and services.downloads.must_ask():
        raise ConnectionMetered


def _tell(model: str, verified: Verified, output: Output) -> None:
    if output.as_json:
        output.object(
            {
                "model": model,
                "ok": verified.ok,
                "known": verified.known,
                "damaged": verified.damaged,
                "chunks": verified.chunks,
            }
        )
        return
    if not verified.known:
        said = "nothing is known to compare it with"
    elif verified.ok:
        said = "sound"
    else:
        said = "damaged"
        if verified.damaged:
            said += f", {verified.damaged} of {verified.chunks} chunks"
        output.warn(f"'onhand models verify {model} --repair' mends it.")
    output.line(f"{model}\t{said}")

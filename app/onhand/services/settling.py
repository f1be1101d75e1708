"""The last step of every way to the shelf: read what came, compare, keep or set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import ModelUnusable
from onhand.domain.model_errors import WrongChecksum
from onhand.domain.progress import ignore_progress
from onhand.domain.receipts import is_right

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.receipts import ExpectedFile, Measured, Receipt
    from onhand.services.model_ports import Place
    from onhand.services.ports import Clock


def settle(
    place: Place,
    clock: Clock,
    cancel: CancelToken,
    on_progress: OnProgress = ignore_progress,
) -> Receipt:
    """Compare the part of a place with what is expected, and put it on the shelf.

    Raises:
        WrongChecksum: it is something else; it was set aside and is never loaded.
        ModelUnusable: nothing is known about it, and it is no model; likewise.
        DiskFull, DataFolderUnwritable: it could not be put in its place; the part stays.
        Cancelled: the user stopped it; the part stays.
    """
    measured = place.measure(cancel, on_progress)
    if not is_right(place.expected, measured):
        place.set_aside()
        raise failure(place.expected, measured)
    return place.keep(measured, clock.now())


def failure(expected: ExpectedFile, measured: Measured) -> WrongChecksum | ModelUnusable:
    """What is wrong with a file, in words."""
    if expected.bytes not in (0, measured.bytes):
        return WrongChecksum(
            f"{expected.name} has {measured.bytes} bytes instead of {expected.bytes}"
        )
    if expected.sha256:
        return WrongChecksum(f"{expected.name} has another SHA-256 than it should have")
    return ModelUnusable(f"{expected.name} does not begin as GGUF files do")

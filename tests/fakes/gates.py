"""Gates at which a stand-in waits, until a test opens them or somebody stops the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

    from onhand.domain.progress import CancelToken


def wait(gate: threading.Event, cancel: CancelToken) -> None:
    """Wait until the gate opens, or somebody stops it, now or before."""
    forget = cancel.listen(gate.set)
    if cancel.cancelled:
        gate.set()
    gate.wait()
    forget()

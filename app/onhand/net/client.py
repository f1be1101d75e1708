"""The net helper as its users see it: started for one file, and ended with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.fetching import FetchState
from onhand.domain.model_errors import NetworkFailed
from onhand.net.conversation import GRACE_SECONDS, Conversation
from onhand.net.protocol import Begin, Fetched, Progress, Replied, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.domain.fetching import Fetch
    from onhand.domain.progress import CancelToken
    from onhand.services.model_ports import Ledger
    from onhand.services.ports import Clock


class NetClient:
    """Fetches files by a process of its own. One file at a time for each call."""

    def __init__(
        self, argv: Sequence[str], *, ledger: Ledger, clock: Clock, log: Path | None = None
    ) -> None:
        """Start nothing yet.

        Args:
            argv: starts a net helper.
            ledger: where each connection is written down before it is opened.
            clock: tells when.
            log: gets what the helper's libraries print.
        """
        self._argv = argv
        self._ledger = ledger
        self._clock = clock
        self._log = log

    def fetch(
        self, wanted: Fetch, cancel: CancelToken, on_state: Callable[[FetchState], None]
    ) -> None:
        """Fetch what is missing of a file; `on_state` is called on this thread.

        Raises:
            NetworkFailed: it did not come through; what has arrived is kept.
            WrongChecksum: the server has another file than the one that is expected.
            DiskFull, DataFolderUnwritable: there is no room for it, or no place.
            Cancelled: the user stopped it; what has arrived is kept.
        """
        cancel.raise_if_cancelled()
        try:
            child = ChildProcess.start(self._argv, self._log)
        except ChildGone as failure:
            raise NetworkFailed(f"the net helper {failure}") from failure
        forget = cancel.listen(child.kill)
        reason = f"download {wanted.expected.name}"
        conversation = Conversation(child, self._ledger, self._clock, reason)
        try:
            cancel.raise_if_cancelled()  # between starting and listening
            _follow(conversation, wanted, on_state)
        except ChildGone as failure:
            cancel.raise_if_cancelled()
            raise NetworkFailed(f"the net helper ended with {failure}") from failure
        finally:
            forget()
            child.close(grace=GRACE_SECONDS)
            conversation.end()


def _follow(
    conversation: Conversation, wanted: Fetch, on_state: Callable[[FetchState], None]
) -> None:
    """Ask, and follow to the end; raises as `NetClient.fetch` does, and `ChildGone`."""
    conversation.say(encode(Begin(fetch=wanted)))
    while not isinstance(event := conversation.next_event(), Fetched | Replied):
        if isinstance(event, Progress):
            state = FetchState(done=event.done, pause=event.pause, reason=event.reason)
            on_state(state)

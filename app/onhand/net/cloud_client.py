"""The port `Cloud` over the net helper: a process for one request, ended with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.cloud import Posting, PostPatience, PostState
from onhand.domain.cloud_errors import CloudBrokeOff, CloudUnreachable
from onhand.net.conversation import GRACE_SECONDS, Conversation
from onhand.net.protocol import Fetched, Post, Progress, Replied, encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.cloud import Approved, CloudReply
    from onhand.domain.errors import AppError
    from onhand.domain.progress import CancelToken
    from onhand.services.cloud_ports import CloudWay, OnPost
    from onhand.services.model_ports import Ledger
    from onhand.services.ports import Clock

USUAL = PostPatience()


class CloudClient:
    """Sends what was approved, by a process of its own."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        ledger: Ledger,
        clock: Clock,
        log: Path | None = None,
        patience: PostPatience = USUAL,
    ) -> None:
        """Start nothing yet; see `NetClient`."""
        self._argv = argv
        self._ledger = ledger
        self._clock = clock
        self._log = log
        self._patience = patience

    def send(
        self, approved: Approved, way: CloudWay, cancel: CancelToken, on_state: OnPost
    ) -> CloudReply:
        """See `Cloud`."""
        cancel.raise_if_cancelled()
        try:
            child = ChildProcess.start(self._argv, self._log)
        except ChildGone as failure:
            raise CloudUnreachable(f"the net helper {failure}") from failure
        forget = cancel.listen(child.kill)
        provider = approved.payload.provider
        wanted = Posting(
            api=provider.api,
            url=provider.address,
            body=approved.payload.body,
            key=way.key,
            key_header=provider.key_header,
            hosts=way.hosts,
            proxy=way.proxy,
            patience=self._patience,
        )
        reason = f"cloud model {provider.name}"
        conversation = Conversation(child, self._ledger, self._clock, reason)
        try:
            cancel.raise_if_cancelled()  # between starting and listening
            return _follow(conversation, wanted, on_state)
        except ChildGone as failure:
            cancel.raise_if_cancelled()
            raise _failure(str(failure), opened=conversation.opened) from failure
        finally:
            forget()
            child.close(grace=GRACE_SECONDS)
            conversation.end()


def _follow(conversation: Conversation, wanted: Posting, on_state: OnPost) -> CloudReply:
    """Ask, and follow to the end; raises as `Cloud.send` does, and `ChildGone`."""
    conversation.say(encode(Post(post=wanted)))
    while not isinstance(event := conversation.next_event(), Replied):
        match event:
            case Progress(received=received, pause=pause, reason=reason):
                on_state(PostState(received=received, pause=pause, reason=reason))
            case Fetched():
                raise ChildGone("a file that nobody wanted")
            case _:
                pass
    return event.reply


def _failure(reason: str, *, opened: bool) -> AppError:
    """What it means that the helper has ended by itself."""
    if opened:
        return CloudBrokeOff(f"the net helper ended with {reason}")
    return CloudUnreachable(f"the net helper ended with {reason}")

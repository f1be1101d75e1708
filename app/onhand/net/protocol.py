"""The messages between the net helper and whoever started it: one JSON object a line.

The helper gets one `Begin` or `Post`. Before each connection it says `Opening`, and waits
for `Noted`: nothing is opened before it is in the ledger. `Fetched`, `Replied` or `Failed`
comes last.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from onhand.domain.cloud import CloudReply, Posting
from onhand.domain.fetching import Fetch, Outcome
from onhand.domain.messages import Garbled, decoded, encode

__all__ = ["Garbled", "decode_event", "decode_message", "encode"]


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag="begin"):
    """Fetch a file."""

    fetch: Fetch


class Post(msgspec.Struct, frozen=True, kw_only=True, tag="post"):
    """Send a request to a cloud model."""

    post: Posting


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="noted"):
    """The connection of this number stands in the ledger."""

    number: int


class Opening(msgspec.Struct, frozen=True, kw_only=True, tag="opening"):
    """A connection is about to be opened, or was refused.

    Attributes:
        number: grows with each.
        host: where to, with its port.
        sends: bytes of a request that will be sent over it.
    """

    number: int
    host: str
    allowed: bool
    sends: int = 0


class Closed(msgspec.Struct, frozen=True, kw_only=True, tag="closed"):
    """A connection has ended; so many bytes arrived over it, so many were sent."""

    number: int
    bytes: int
    outcome: Outcome
    sent: int = 0


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """How far it is.

    Attributes:
        done: bytes of the file that are here; 0 where there is none.
        received: bytes that arrived over the connection that is open.
        pause: seconds until the next try; 0 while bytes come.
        reason: why it pauses, in words.
    """

    done: int
    received: int = 0
    pause: float = 0.0
    reason: str = ""


class Fetched(msgspec.Struct, frozen=True, kw_only=True, tag="fetched"):
    """All of the file is here, and on the disk."""


class Replied(msgspec.Struct, frozen=True, kw_only=True, tag="replied"):
    """A cloud model has answered."""

    reply: CloudReply


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """It cannot be fetched, or is not answered; of a file what has arrived is kept.

    Attributes:
        code: that of an `AppError`.
        detail: what this case adds.
    """

    code: str
    detail: str


Message: TypeAlias = Begin | Post | Noted
Event: TypeAlias = Opening | Closed | Progress | Fetched | Replied | Failed

_MESSAGES: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_EVENTS: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode_message(line: bytes) -> Message:
    """What the helper was sent.

    Raises:
        Garbled: it is not a message.
    """
    return decoded(line, _MESSAGES)


def decode_event(line: bytes) -> Event:
    """What the helper said.

    Raises:
        Garbled: it is not an event.
    """
    return decoded(line, _EVENTS)

"""The messages between a batch and the process that speaks to a cluster.

That process gets one `Begin`. Before it opens a connection, and before a worker gets the
first text, it says `Opening` and waits for `Noted`: nothing leaves before it is in the
ledger. `Ready` follows. Then each `Work` is answered by one `Done`. `Failed` ends all.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from onhand.domain.messages import Garbled, decoded, encode

__all__ = ["Garbled", "decode_event", "decode_message", "encode"]


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag="begin"):
    """Join a cluster for a job.

    Attributes:
        address: of the scheduler; "" for workers on this machine.
        local: how many of those.
        job: what every worker has to know, for the function that answers alone.
    """

    address: str
    local: int
    job: str


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="noted"):
    """What was to be opened stands in the ledger."""


class Work(msgspec.Struct, frozen=True, kw_only=True, tag="work"):
    """Answer texts; each of the lists is for one worker at once."""

    chunks: tuple[tuple[str, ...], ...]


class Opening(msgspec.Struct, frozen=True, kw_only=True, tag="opening"):
    """Something is about to be spoken to.

    Attributes:
        host: where to, with its port.
        worker: whether it is a worker, and no scheduler.
    """

    host: str
    worker: bool


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """So many workers are there."""

    workers: int


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker says of a text.

    Attributes:
        outcome: for who encoded it; "" where there is none.
        code, detail: of the failure then.
    """

    outcome: str = ""
    code: str = ""
    detail: str = ""


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The answers to a `Work`.

    Attributes:
        answers: for each list those of its texts, in order.
        sent: bytes of text that went to each worker, by its address.
    """

    answers: tuple[tuple[Answer, ...], ...]
    sent: dict[str, int]


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """It ends here, for a reason of `domain.errors`."""

    code: str
    detail: str


Message: TypeAlias = Begin | Noted | Work
Event: TypeAlias = Opening | Ready | Done | Failed

_MESSAGES: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_EVENTS: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode_message(line: bytes) -> Message:
    """What the process is asked.

    Raises:
        Garbled: it is nothing of the protocol.
    """
    return decoded(line, _MESSAGES)


def decode_event(line: bytes) -> Event:
    """What the process says.

    Raises:
        Garbled: it is nothing of the protocol.
    """
    return decoded(line, _EVENTS)

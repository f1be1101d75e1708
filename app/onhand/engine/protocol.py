"""The messages between the engine and whoever started it: one JSON object a line each way.

The engine greets with `Hello`. The other side sends `Load` once, then `Ask` as often as it
likes, one at a time; `Cancel` may overtake. Every `Ask` is answered by just one of `Done`,
`Stopped` and `Failed`; `Piece`, `Whole` and `Progress` come before. When nobody asks for
long, `Slept` is the last event. Instead of all that the other side may send `Requantise`,
which `Requantised` or `Failed` answers.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from onhand.domain.ladder import Rung
from onhand.domain.layouts import Layout
from onhand.domain.messages import Garbled, decoded, encode
from onhand.domain.primitives import EngineState, PrefixCache, Reply, Request, Written

__all__ = ["Garbled", "decode_event", "decode_message", "encode"]

VERSION = 3


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """The engine runs.

    Attributes:
        fingerprint: names processor and library.
        rungs: the ways to run here, best first on paper.
    """

    version: int
    fingerprint: str
    rungs: tuple[Rung, ...]


class Load(msgspec.Struct, frozen=True, kw_only=True, tag="load"):
    """Load a model.

    Attributes:
        context: tokens that shall fit at once.
        threads: 0 for one for each core.
        kernels: the rung of the processor that a device works beside; None for a rung of
            the processor itself.
        idle: seconds without a request after which the engine ends; 0: never.
        prove: whether to run a trial batch before `Ready`, which measures the speeds.
        speeds: tokens a second, read and written, from an earlier trial.
        confined: refuse where the system does not keep the engine off the network.
    """

    model: str
    rung: Rung
    context: int
    threads: int
    prove: bool
    kernels: Rung | None = None
    idle: float = 0.0
    speeds: tuple[float, float] = (0.0, 0.0)
    confined: bool = False


class Loaded(msgspec.Struct, frozen=True, kw_only=True, tag="loaded"):
    """The model is in memory; the trial batch comes next."""


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """Requests are welcome."""

    state: EngineState


class Requantise(msgspec.Struct, frozen=True, kw_only=True, tag="requantise"):
    """Store the weights of one file in another layout, as a new file.

    Attributes:
        confined: as for `Load`.
    """

    source: str
    target: str
    layout: Layout
    confined: bool = False


class Requantised(msgspec.Struct, frozen=True, kw_only=True, tag="requantised"):
    """The new file is whole."""


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """A request; `id` grows.

    Attributes:
        cache: where to look for its prompt's prefix; None: nowhere.
        adapter: path of the LoRA adapter to answer with; "" for none.
        saving: use half of the threads, to save the battery.
        idle: seconds without a request after which the engine ends; 0: never.
    """

    id: int
    request: Request
    cache: PrefixCache | None = None
    adapter: str = ""
    saving: bool = False
    idle: float = 0.0


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """Stop the request with this id, or never begin it."""

    id: int


class Piece(msgspec.Struct, frozen=True, kw_only=True, tag="piece"):
    """The next piece of a text that is being written."""

    id: int
    text: str


class Whole(msgspec.Struct, frozen=True, kw_only=True, tag="whole"):
    """One of several texts that are being written is whole: the one at `index`."""

    id: int
    index: int
    written: Written


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """A batch was decoded: a sign of life. `tokens` since the request began."""

    id: int
    tokens: int


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The request is answered."""

    id: int
    reply: Reply


class Stopped(msgspec.Struct, frozen=True, kw_only=True, tag="stopped"):
    """The request was cancelled."""

    id: int


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """A request failed, or loading or requantising (`id` 0).

    Attributes:
        code: that of an `AppError`.
        detail: what this case adds.
    """

    id: int
    code: str
    detail: str


class Slept(msgspec.Struct, frozen=True, kw_only=True, tag="slept"):
    """Nobody asked for long: the engine ends, and its memory comes back."""


Message: TypeAlias = Load | Requantise | Ask | Cancel
Event: TypeAlias = (
    Hello
    | Loaded
    | Ready
    | Requantised
    | Piece
    | Whole
    | Progress
    | Done
    | Stopped
    | Failed
    | Slept
)

_MESSAGES: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_EVENTS: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode_message(line: bytes) -> Message:
    """What the engine was sent.

    Raises:
        Garbled: it is not a message.
    """
    return decoded(line, _MESSAGES)


def decode_event(line: bytes) -> Event:
    """What the engine said.

    Raises:
        Garbled: it is not an event.
    """
    return decoded(line, _EVENTS)

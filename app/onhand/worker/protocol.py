"""What the worker's child is told, and its answer: one line of JSON, then it ends."""

from __future__ import annotations

import msgspec

from onhand.domain.confinement import Confinement
from onhand.domain.messages import Garbled, decoded, encode

__all__ = ["Garbled", "Order", "Reply", "decode_order", "decode_reply", "encode"]


class Order(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """How a document is to be taken apart.

    Attributes:
        parent: number of the process that waits.
        seconds: so long may it take.
        confined: read nothing where the system does not keep this child off the network.
        own_words: of a mail leave out what is quoted, and the signature.
    """

    parent: int
    seconds: int
    confined: bool = False
    own_words: bool = False


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag="reply"):
    """A document's text, or why there is none.

    Attributes:
        note: a sentence for people on how it was read; "" where there is none.
        reason: why there is no text; "" where there is.
        confinement: what the child has given up.
    """

    text: str = ""
    note: str = ""
    reason: str = ""
    confinement: Confinement = Confinement()


_ORDERS: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)
_REPLIES: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


def decode_order(line: bytes) -> Order:
    """What the child was told.

    Raises:
        Garbled: it is no order.
    """
    return decoded(line, _ORDERS)


def decode_reply(line: bytes) -> Reply:
    """What the child said.

    Raises:
        Garbled: it is no reply.
    """
    return decoded(line, _REPLIES)

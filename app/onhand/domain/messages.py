"""Messages between processes: one JSON object a line, whoever is at the other end."""

from __future__ import annotations

from typing import TypeVar

import msgspec

Message = TypeVar("Message")

_ENCODER = msgspec.json.Encoder()


class Garbled(Exception):
    """A line that is not a message of the protocol."""


def encode(message: msgspec.Struct) -> bytes:
    """A message as one line; the line end is left to the caller."""
    return _ENCODER.encode(message)


def decoded(line: bytes, decoder: msgspec.json.Decoder[Message]) -> Message:
    """The message that a line holds, whatever its bytes are.

    Raises:
        Garbled: it holds none.
    """
    try:
        return decoder.decode(line)
    # A line may also hold half a character, or be nested deeper than can be followed.
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Garbled(str(error)) from error

"""The reply of a cloud model, as it comes: an event stream, or one object at the end."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from onhand.domain.cloud import Api, CloudReply
from onhand.domain.cloud_errors import CloudBrokeOff, CloudBusy, CloudRefused, ReplyUnusable

MOST_BYTES = 4_000_000
"""A longer reply is none."""

MONEY_OUT = (
    "insufficient_quota", "credit_balance", "credit balance", "spend_limit", "spend limit",
    "out of credits",
)  # fmt: skip
"""What providers write where money is wanted, whatever the status is."""

MONEY_TALK = ("billing", "payment")
"""What they write there as well, but also where more money would buy more haste."""

_HASTE = "rate_limit"

_CUT = frozenset({"length", "max_tokens"})
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")
"""How a stream of events begins, whatever its type is said to be."""

_BUSY = frozenset({"overloaded_error", "rate_limit_error", "api_error", "server_error"})


class ReplyReader:
    """Takes bytes in as they come, and has the text when they end."""

    def __init__(self, api: Api, *, streamed: bool) -> None:
        self._api = api
        self._streamed = streamed
        self._rest = bytearray()
        self._pieces: list[str] = []
        self._read: int | None = None
        self._written: int | None = None
        self._stop = ""
        self._ended = False
        self.bytes = 0

    def feed(self, block: bytes) -> None:
        """Take some bytes in.

        Raises:
            ReplyUnusable: there are far too many.
            CloudBusy, CloudRefused: the provider gives up in the middle.
        """
        self.bytes += len(block)
        if self.bytes > MOST_BYTES:
            raise ReplyUnusable("it does not end")
        self._rest += block
        if b"\n" not in block or not self._is_stream():
            return
        *lines, self._rest = self._rest.split(b"\n")
        for line in map(bytes, lines):
            if line.startswith(b"data:"):
                self._event(line.removeprefix(b"data:").strip())

    def _is_stream(self) -> bool:
        self._streamed = self._streamed or self._rest[:32].lstrip().startswith(_FIELDS)
        return self._streamed

    def reply(self) -> CloudReply:
        """What was written, when no more bytes come.

        Raises:
            CloudBrokeOff: they ended too early.
            ReplyUnusable: they are no reply.
        """
        if not self._streamed:
            self._whole(_object(bytes(self._rest)))
        if not self._ended and not self._stop:
            raise CloudBrokeOff
        return CloudReply(
            text="".join(self._pieces),
            read=self._read,
            written=self._written,
            bytes=self.bytes,
            finished=self._stop not in _CUT,
        )

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self._ended = True
            return
        event = _object(data)
        self._raise_if_given_up(event)
        if self._api is Api.ANTHROPIC:
            self._anthropic(event)
        else:
            self._count(event.get("usage"), "prompt_tokens", "completion_tokens")
            for choice in _list(event.get("choices")):
                self._add(_dict(choice.get("delta")).get("content"))
                self._stop = _text(choice.get("finish_reason")) or self._stop

    def _anthropic(self, event: dict[str, Any]) -> None:
        match event.get("type"):
            case "message_start":
                usage = _dict(event.get("message")).get("usage")
                self._count(usage, "input_tokens", "output_tokens")
            case "content_block_delta":
                delta = _dict(event.get("delta"))
                self._add(delta.get("text"))
                self._add(delta.get("partial_json"))
            case "message_delta":
                self._count(event.get("usage"), "input_tokens", "output_tokens")
                stop = _text(_dict(event.get("delta")).get("stop_reason"))
                self._stop = stop or self._stop
            case "message_stop":
                self._ended = True
            case _:
                pass

    def _whole(self, answer: dict[str, Any]) -> None:
        self._raise_if_given_up(answer)
        self._count(answer.get("usage"), "prompt_tokens", "completion_tokens")
        self._count(answer.get("usage"), "input_tokens", "output_tokens")
        for block in _list(answer.get("content")):
            self._add(block.get("text"))
        for choice in _list(answer.get("choices")):
            self._add(_dict(choice.get("message")).get("content"))
            self._stop = _text(choice.get("finish_reason"))
        self._stop = _text(answer.get("stop_reason")) or self._stop
        self._ended = bool(self._pieces)

    def _raise_if_given_up(self, said: dict[str, Any]) -> None:
        error = said.get("error")
        if not error:  # some write null beside what is right
            return
        if self._pieces:
            # What was written until then may have to be paid for.
            raise CloudBrokeOff("it gave up in the middle")
        kind = _text(_dict(error).get("type"))
        raise (CloudBusy if kind in _BUSY else CloudRefused)("it gave up in the middle")

    def _add(self, text: object) -> None:
        if isinstance(text, str):
            self._pieces.append(text)

    def _count(self, usage: object, read: str, written: str) -> None:
        told = _dict(usage)
        self._read = _number(told.get(read), self._read)
        self._written = _number(told.get(written), self._written)


def wants_money(body: bytes, asked: bytes) -> bool:
    """Whether a refusal is about money.

    Args:
        body: what the provider says.
        asked: the request, whose words it may repeat.
    """
    said, ours = (each.decode(errors="replace").lower() for each in (body, asked))
    talk = () if _HASTE in said else MONEY_TALK
    return any(each in said and each not in ours for each in (*MONEY_OUT, *talk))


def _object(data: bytes) -> dict[str, Any]:
    found: object = None
    with suppress(ValueError, RecursionError):
        found = json.loads(data)
    if not isinstance(found, dict):
        raise ReplyUnusable("it is not what the form of its API wants")
    return found


def _list(value: object) -> list[dict[str, Any]]:
    return [_dict(each) for each in value] if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object, otherwise: int | None) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 <= value < 10**9 else otherwise  # type: ignore[operator, return-value]

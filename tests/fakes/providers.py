"""A provider of cloud models on this machine, which misbehaves as it is told."""

from __future__ import annotations

import http.server
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from onhand.domain.cloud import Api, CloudReply, Provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.cloud import Approved
    from onhand.domain.progress import CancelToken
    from onhand.services.cloud_ports import CloudWay, OnPost

KEY = "sk-canary-4f1d0c9e8b7a65432100ffee"
SAYS = '{"label": "billing"}'


class Posted(NamedTuple):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Trouble:
    """What goes wrong.

    Attributes:
        statuses: of the next answers, with headers and body; each once.
        cut: the stream ends after so many events.
        hang: no byte comes, for so many seconds.
        garbage: what is sent instead of a reply.
        whole: the reply comes as one object.
        uncounted: no tokens are told.
        pace: seconds between events.
    """

    statuses: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    cut: int | None = None
    hang: float = 0.0
    garbage: bytes | None = None
    whole: bool = False
    uncounted: bool = False
    pace: float = 0.0


class FakeProvider:
    """Answers each request with the same text, in the form of its API."""

    def __init__(self, says: str = SAYS, api: Api = Api.OPENAI) -> None:
        self.says = says
        self.api = api
        self.posted: list[Posted] = []
        self.trouble = Trouble()
        self.answer: Callable[[bytes], str] | None = None
        self.closing = threading.Event()

    def __enter__(self) -> FakeProvider:
        """Serve, from a thread."""
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": self})
        )
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Serve no more."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address to be given."""
        end = "" if self.api is Api.ANTHROPIC else "/v1"
        return f"http://127.0.0.1:{self._server.server_port}{end}"

    def provider(self, **changes: Any) -> Provider:
        """Its description."""
        given: dict[str, Any] = {"name": "fake", "model": "fake-1"} | changes
        return Provider(api=self.api, url=self.url, **given)

    def events(self, text: str) -> list[dict[str, Any] | str]:
        """The reply, in pieces."""
        pieces = [text[start : start + 7] for start in range(0, len(text), 7)]
        if self.api is Api.ANTHROPIC:
            return [
                {"type": "message_start", "message": {"usage": {"input_tokens": 50}}},
                {"type": "ping"},
                *(
                    {"type": "content_block_delta", "delta": {"text": each}}
                    for each in pieces
                ),
                {
                    "type": "message_delta",
                    "delta": {"stop_reason": "end_turn"},
                    "usage": {"output_tokens": 7},
                },
                {"type": "message_stop"},
            ]
        usage = {"prompt_tokens": 50, "completion_tokens": 7}
        return [
            *({"choices": [{"delta": {"content": each}}]} for each in pieces),
            {"choices": [{"delta": {}, "finish_reason": "stop"}]},
            *([] if self.trouble.uncounted else [{"choices": [], "usage": usage}]),
            "[DONE]",
        ]


class _Handler(http.server.BaseHTTPRequestHandler):
    provider: FakeProvider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.provider.posted.append(Posted(self.path, dict(self.headers), body))
        with suppress(OSError):
            self._answer(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        trouble = self.provider.trouble
        if trouble.hang:
            self.provider.closing.wait(trouble.hang)
            return
        if trouble.statuses:
            status, headers, said = trouble.statuses.pop(0)
            self._send(status, headers | {"Content-Type": "application/json"}, said)
            return
        text = self.provider.answer(body) if self.provider.answer else self.provider.says
        if trouble.garbage is not None:
            kind = {"Content-Type": "text/event-stream"}
            self._send(200, kind, trouble.garbage)
        elif trouble.whole:
            kind = {"Content-Type": "application/json"}
            self._send(200, kind, _whole(self.provider.api, text))
        else:
            self._stream(text)

    def _send(self, status: int, headers: dict[str, str], said: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _stream(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        for number, event in enumerate(self.provider.events(text)):
            if number == self.provider.trouble.cut:
                return
            data = event if isinstance(event, str) else json.dumps(event)
            self.wfile.write(f"data: {data}\n\n".encode())
            self.wfile.flush()
            time.sleep(self.provider.trouble.pace)


def _whole(api: Api, text: str) -> bytes:
    if api is Api.ANTHROPIC:
        said: dict[str, Any] = {
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 50, "output_tokens": 7},
        }
    else:
        said = {
            "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 50, "completion_tokens": 7},
        }
    return json.dumps(said).encode()


class FakeCloud:
    """The port `Cloud`, with no network.

    Attributes:
        sent: what was approved, in order.
        ways: by which way.
        failing: what happens instead of an answer, the next time.
    """

    def __init__(self, says: str = SAYS) -> None:
        self.says = says
        self.sent: list[Approved] = []
        self.ways: list[CloudWay] = []
        self.failing: BaseException | None = None
        self.reply = CloudReply(text="", read=50, written=7, bytes=100)

    def send(
        self, approved: Approved, way: CloudWay, cancel: CancelToken, on_state: OnPost
    ) -> CloudReply:
        """Answer as told."""
        cancel.raise_if_cancelled()
        self.sent.append(approved)
        self.ways.append(way)
        if self.failing is not None:
            failing, self.failing = self.failing, None
            raise failing
        return CloudReply(
            text=self.says, read=self.reply.read, written=self.reply.written, bytes=100
        )

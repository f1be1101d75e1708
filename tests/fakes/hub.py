"""A Hub on this machine that sends on to a CDN, and misbehaves as it is told.

The Hub answers on 127.0.0.1 and sends on to the CDN on localhost, which is another host to
whoever compares names. The same server is a proxy for who asks it as one.
"""

from __future__ import annotations

import hashlib
import http.server
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from onhand.domain.receipts import CHUNK_BYTES

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

REPO, REVISION, FILE = "org/tiny", "a" * 40, "tiny.gguf"
BLOCK = 64 * 1024
SETTLING = 2.0
"""Seconds to wait at most for what is still being sent."""


def model_bytes(size: int = 5 * CHUNK_BYTES + 12_345) -> bytes:
    """What a model file could hold, the same each time."""
    return b"GGUF" + hashlib.shake_128(b"model").digest(size - 4)


class Asked(NamedTuple):
    """A request, and what was sent for it."""

    role: str
    path: str
    headers: dict[str, str]
    start: int
    sent: int


@dataclass
class Faults:
    """What goes wrong.

    Attributes:
        pace: seconds for each block of 64 KiB.
        statuses: the CDN answers with these first, each once, with these headers.
        cuts: so many bytes are sent before the connection breaks, each once.
        stalls: seconds without a byte after the first block, each once.
        flips: bits that are turned over, as (byte, times); times 0: always.
        size: the size that is claimed, instead of the right one.
        location: where the Hub sends on to, instead of the CDN.
        gone: no request is answered any more.
    """

    pace: float = 0.0
    statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    hub_statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    stalls: list[float] = field(default_factory=list)
    flips: dict[int, int] = field(default_factory=dict)
    no_range: bool = False
    wrong_range: bool = False
    without_length: bool = False
    compressed: bool = False
    etag: str | None = None
    size: int | None = None
    linked_size: int | None = None
    location: str | None = None
    gone: bool = False
    proxy_password: str | None = None


class FakeHub:
    """Serves one file; a context manager."""

    def __init__(
        self,
        data: bytes | None = None,
        tls: Callable[[str], ssl.SSLContext] | None = None,
        path: str = f"{REPO}/resolve/{REVISION}/{FILE}",
    ) -> None:
        """`tls` gives the certificate for a host; without it, plain HTTP is spoken."""
        self.path = path
        self.data = model_bytes() if data is None else data
        self.sha256 = hashlib.sha256(self.data).hexdigest()
        self.faults = Faults()
        self.asked: list[Asked] = []
        self.sending: set[object] = set()
        self.tls = tls
        self._servers = {
            role: _Server(self, role, host)
            for role, host in (("hub", "127.0.0.1"), ("cdn", "localhost"))
        }

    def __enter__(self) -> FakeHub:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.faults.gone = True
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    @property
    def endpoint(self) -> str:
        """The address of the Hub."""
        return self._servers["hub"].url

    @property
    def cdn(self) -> str:
        """The address of the CDN."""
        return self._servers["cdn"].url

    @property
    def starts(self) -> list[int]:
        """The first bytes that the CDN was asked for, in order."""
        self._settle()
        return [each.start for each in self.asked if each.role == "cdn"]

    @property
    def sent(self) -> int:
        """Bytes of the file that went out."""
        self._settle()
        return sum(each.sent for each in self.asked)

    def _settle(self) -> None:
        """Wait for what is still being sent; who has got enough is faster than that."""
        give_up = time.monotonic() + SETTLING
        while self.sending and time.monotonic() < give_up:
            time.sleep(0.01)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self, hub: FakeHub, role: str, host: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub, self.role = hub, role
        scheme = "https" if hub.tls else "http"
        self.url = f"{scheme}://{host}:{self.server_address[1]}"
        if hub.tls:
            self.socket = hub.tls(host).wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients go away on purpose."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 20

    def finish(self) -> None:
        """Close what was encrypted on the way as well."""
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_CONNECT(self) -> None:
        """As a proxy that looks into what is encrypted, with certificates of its own."""
        if self._is_locked_out() or self.server.hub.tls is None:
            return
        self.send_response(200)
        self.end_headers()
        host = self.path.partition(":")[0]
        self.connection = self.server.hub.tls(host).wrap_socket(
            self.connection, server_side=True
        )
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def do_HEAD(self) -> None:
        """As for GET, without the bytes."""
        self.do_GET()

    def do_GET(self) -> None:
        """The file, the way to it, or a fault."""
        faults = self.server.hub.faults
        if faults.gone:
            self.close_connection = True
            return
        if self.path.startswith("http://") and self._is_locked_out():
            return
        path = re.sub(r"^http://[^/]*", "", self.path)
        if path.startswith("/cdn/"):
            self._answer_as_cdn(faults)
        elif path == f"/{self.server.hub.path}":
            self._answer_as_hub(faults)
        else:
            self._note("hub", 0, 0)
            self._head(404, 0)

    def _is_locked_out(self) -> bool:
        password = self.server.hub.faults.proxy_password
        if password is None or self.headers.get("Proxy-Authorization") == password:
            return False
        self._head(407, 0)
        return True

    def _answer_as_hub(self, faults: Faults) -> None:
        self._note("hub", 0, 0)
        hub = self.server.hub
        if faults.hub_statuses:
            status, headers = faults.hub_statuses.pop(0)
            self._head(status, 0, **headers)
            return
        size = len(hub.data) if faults.linked_size is None else faults.linked_size
        self._head(
            302,
            0,
            **{
                "Location": faults.location or f"{hub.cdn}/cdn/{hub.sha256}?signed=1",
                "X-Repo-Commit": REVISION,
                "X-Linked-Size": str(size),
                "X-Linked-ETag": f'"{hub.sha256}"',
            },
        )

    def _answer_as_cdn(self, faults: Faults) -> None:
        data = self.server.hub.data
        if faults.statuses:
            status, headers = faults.statuses.pop(0)
            self._note("cdn", -1, 0)
            self._head(status, 0, **headers)
            return
        start, end = self._span(faults)
        if start >= len(data):
            self._note("cdn", start, 0)
            self._head(416, 0, **{"Content-Range": f"bytes */{len(data)}"})
            return
        self._send(start, end, faults)

    def _span(self, faults: Faults) -> tuple[int, int]:
        """What is to be sent, by Range, unless a fault or If-Range is against it."""
        size = len(self.server.hub.data)
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        known = self.headers.get("If-Range", self._etag(faults))
        if found is None or faults.no_range or known != self._etag(faults):
            return 0, size
        return int(found[1]), int(found[2]) + 1 if found[2] else size

    def _etag(self, faults: Faults) -> str:
        return f'"{self.server.hub.sha256 if faults.etag is None else faults.etag}"'

    def _send(self, start: int, end: int, faults: Faults) -> None:
        self.server.hub.sending.add(self)
        size = len(self.server.hub.data) if faults.size is None else faults.size
        more: dict[str, str] = {}
        if faults.etag != "":
            more["ETag"] = self._etag(faults)
        partial = "Range" in self.headers and not faults.no_range and (start or end < size)
        if partial:
            shown = start + 1 if faults.wrong_range else start
            more["Content-Range"] = f"bytes {shown}-{end - 1}/{size}"
        if faults.compressed:
            more["Content-Encoding"] = "gzip"
        length = end - start if faults.size is None else size - start
        self._head(
            206 if partial else 200, None if faults.without_length else length, **more
        )
        cut = faults.cuts.pop(0) if faults.cuts else None
        sent = 0
        try:
            for block in self._blocks(start, end, faults):
                sent += self._sent(block if cut is None else block[: cut - sent])
                if faults.gone or (cut is not None and sent >= cut):
                    self.close_connection = True
                    break
        except OSError:
            self.close_connection = True
        self._note("cdn", start, sent)
        self.server.hub.sending.discard(self)

    def _sent(self, block: bytes) -> int:
        self.wfile.write(block)
        return len(block)

    def _blocks(self, start: int, end: int, faults: Faults) -> Any:
        data = bytearray(self.server.hub.data[start:end])
        for place in list(faults.flips):
            if start <= place < end:
                data[place - start] ^= 1
                faults.flips[place] -= 1
                if faults.flips[place] == 0:
                    del faults.flips[place]
        for first in range(0, len(data), BLOCK):
            yield bytes(data[first : first + BLOCK])
            with suppress(IndexError):
                time.sleep(faults.stalls.pop(0))
            time.sleep(faults.pace)

    def _head(self, status: int, length: int | None, **headers: str) -> None:
        self.send_response(status)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _note(self, role: str, start: int, sent: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.hub.asked.append(Asked(role, self.path, headers, start, sent))

"""Cloud models over HTTP: beside `hub` the one module that reaches the network.

The body goes out as it was approved, byte by byte. Redirects are not followed, nothing is
sent in the clear but to this machine, and only the key says whose request it is.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Protocol

import httpx2
import truststore

from onhand.domain.cloud import LOOPBACK, Api
from onhand.domain.cloud_errors import CloudBrokeOff, CloudTimedOut
from onhand.domain.fetching import Outcome
from onhand.net.answers import Unreachable
from onhand.net.posting import Refusal
from onhand.net.replies import ReplyReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.cloud import CloudReply, Posting

MOST_REFUSAL = 65_536
"""Bytes of a refusal that are looked at."""

ANTHROPIC_VERSION = "2023-06-01"


class Listener(Protocol):
    """Who is told of connections."""

    def opening(self, host: str, *, allowed: bool, sends: int = 0) -> None:
        """One is about to be opened, or refused; returns when that is written down."""
        ...

    def closed(self, received: int, outcome: Outcome, *, sent: int = 0) -> None:
        """It has ended."""
        ...


class ProviderSession:
    """The way to one provider, for one request."""

    def __init__(self, wanted: Posting, listener: Listener) -> None:
        self._wanted = wanted
        self._listener = listener
        self._url = httpx2.URL(wanted.url)

    @property
    def host(self) -> str:
        """Where it leads."""
        return self._url.host

    def forbid(self) -> None:
        """Have it written down that it was not gone."""
        self._listener.opening(self._place, allowed=False)

    def post(self, on_bytes: Callable[[int], None]) -> CloudReply:
        """Send the request, once; see `posting.Session`."""
        size = len(self._wanted.body)
        if self._url.scheme != "https" and self.host not in LOOPBACK:
            raise Unreachable("anybody on the way could read along", passing=False)
        self._listener.opening(self._place, allowed=True, sends=size)
        outcome, sent, received = Outcome.FAILED, size, 0

        def count(so_far: int) -> None:
            nonlocal received
            received = so_far
            on_bytes(so_far)

        try:
            with (
                self._client() as client,
                client.stream(
                    "POST", self._url, content=self._wanted.body, headers=self._headers()
                ) as response,
            ):
                reply = self._reply(response, count)
            outcome = Outcome.DONE
        except Unreachable:
            sent = 0
            raise
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            sent = 0
            raise _unconnected(error) from error
        except httpx2.TimeoutException as error:
            raise CloudTimedOut("nothing came for a while") from error
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            raise CloudBrokeOff from error
        except Refusal as refusal:
            outcome, received = Outcome.DONE, len(refusal.body)
            raise
        finally:
            self._listener.closed(received, outcome, sent=sent)
        return reply

    def _reply(
        self, response: httpx2.Response, on_bytes: Callable[[int], None]
    ) -> CloudReply:
        if not 200 <= response.status_code < 300:
            raise Refusal(response.status_code, _headers_of(response), _beginning(response))
        kind = response.headers.get("content-type", "")
        reader = ReplyReader(self._wanted.api, streamed="event-stream" in kind)
        for block in response.iter_bytes():
            reader.feed(block)
            on_bytes(reader.bytes)
        return reader.reply()

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream, application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "onhand",
        }
        if self._wanted.api is Api.ANTHROPIC:
            headers["anthropic-version"] = ANTHROPIC_VERSION
        if self._wanted.key:
            usual = "x-api-key" if self._wanted.api is Api.ANTHROPIC else "Authorization"
            name = self._wanted.key_header or usual
            bearer = "Bearer " if name.lower() == "authorization" else ""
            headers[name] = f"{bearer}{self._wanted.key}"
        return headers

    def _client(self) -> httpx2.Client:
        patience = self._wanted.patience
        try:
            return httpx2.Client(
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                timeout=httpx2.Timeout(patience.read, connect=patience.connect),
                proxy=self._wanted.proxy or None,
                follow_redirects=False,
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            raise Unreachable(
                "the proxy that is set cannot be used", passing=False
            ) from error

    @property
    def _place(self) -> str:
        port = self._url.port or {"http": 80, "https": 443}.get(self._url.scheme, 0)
        return f"{self._url.host}:{port}"


def _headers_of(response: httpx2.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _beginning(response: httpx2.Response) -> bytes:
    found = b""
    for block in response.iter_bytes():
        found += block
        if len(found) >= MOST_REFUSAL:
            break
    return found[:MOST_REFUSAL]


def _unconnected(error: BaseException) -> Unreachable:
    """Why there is no connection: what is wrong with a certificate does not pass."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(
                f"its certificate is not trusted here ({cause.verify_message})",
                passing=False,
            )
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.ProxyError):
        refused = "407" in str(error)
        why = "wants another name or password" if refused else "cannot be reached"
        return Unreachable(f"the proxy {why}", passing=not refused)
    late = isinstance(error, httpx2.ConnectTimeout)
    return Unreachable("no connection in time" if late else "there is no connection")

"""The Hub over HTTP: the one module that reaches the network.

Addresses, the names of headers and the session are those of huggingface_hub. The system's
certificates count, through truststore. Nothing is sent that names the user or the machine.
"""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import httpx2
import truststore
from huggingface_hub import (
    close_session,
    constants,
    get_session,
    hf_hub_url,
    set_client_factory,
)

from onhand.domain.fetching import Outcome
from onhand.domain.model_errors import WrongChecksum
from onhand.net.answers import REDIRECTS, Head, Unreachable, is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.fetching import Fetch

MOST_REDIRECTS = 5

_HEADERS = {"User-Agent": "onhand", "Accept": "*/*", "Accept-Encoding": "identity"}


class Listener(Protocol):
    """Who is told of connections."""

    def opening(self, host: str, *, allowed: bool) -> None:
        """One is about to be opened, or refused; returns when that is written down."""
        ...

    def closed(self, received: int, outcome: Outcome) -> None:
        """It has ended."""
        ...


class HubSession:
    """Connections for one file."""

    def __init__(self, wanted: Fetch, listener: Listener) -> None:
        self._wanted = wanted
        self._listener = listener
        endpoint = (wanted.route.endpoint or constants.ENDPOINT).rstrip("/")
        self._url = hf_hub_url(
            wanted.repo, wanted.file, revision=wanted.revision, endpoint=endpoint
        )
        set_client_factory(self._client)

    @contextmanager
    def get(self, headers: dict[str, str]) -> Iterator[tuple[Head, Iterator[bytes]]]:
        """Ask for the file, following redirects; the last answer and its bytes.

        Raises:
            Unreachable: there is no answer, or the bytes end before they should.
            WrongChecksum: the Hub says that its file has another size.
        """
        if constants.is_offline_mode():
            raise Unreachable("HF_HUB_OFFLINE forbids it", passing=False)
        with failures_named():
            first = url = _parsed(self._url)
            for _ in range(MOST_REDIRECTS + 1):
                self._raise_if_not_allowed(first, url)
                with self._answer(url, headers) as response:
                    if response.status_code not in REDIRECTS:
                        yield _head(response), response.iter_raw()
                        return
                    self._raise_if_other_size(response)
                    url = url.join(response.headers.get("Location", ""))
        raise Unreachable("the server sends on and on", passing=False)

    @contextmanager
    def _answer(
        self, url: httpx2.URL, headers: dict[str, str]
    ) -> Iterator[httpx2.Response]:
        """One request, from its line in the ledger to what became of it."""
        outcome, response = Outcome.FAILED, None
        self._listener.opening(_place(url), allowed=True)
        try:
            with get_session().stream("GET", url, headers=headers) as response:
                yield response
            moved = response.status_code in REDIRECTS
            outcome = Outcome.SENT_ON if moved else Outcome.DONE
        finally:
            received = response.num_bytes_downloaded if response is not None else 0
            self._listener.closed(received, outcome)

    def _raise_if_not_allowed(self, first: httpx2.URL, url: httpx2.URL) -> None:
        secure = url.scheme == "https" or (url.scheme, first.scheme) == ("http", "http")
        hosts = (first.host, *self._wanted.route.hosts)
        if secure and is_allowed(url.host, hosts):
            return
        self._listener.opening(_place(url), allowed=False)
        why = "which is not on the list" if secure else "where anybody could read along"
        raise Unreachable(
            f"{first.host} sends on to {url.host or 'nowhere'}, {why}", passing=False
        )

    def _raise_if_other_size(self, response: httpx2.Response) -> None:
        size = response.headers.get(constants.HUGGINGFACE_HEADER_X_LINKED_SIZE, "")
        right = self._wanted.expected.bytes
        if size.isascii() and size.isdigit() and int(size[:18]) != right:
            raise WrongChecksum(
                f"{response.url.host} has a file of {size[:18]} bytes,"
                f" {self._wanted.expected.name} has {right}"
            )

    def _client(self) -> httpx2.Client:
        patience = self._wanted.patience
        try:
            return httpx2.Client(
                headers=_HEADERS,
                verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                timeout=httpx2.Timeout(patience.read, connect=patience.connect),
                proxy=self._wanted.route.proxy or None,
                follow_redirects=False,
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            raise Unreachable(
                "the proxy that is set cannot be used", passing=False
            ) from error


@contextmanager
def failures_named() -> Iterator[None]:
    """Turn what the library raises into `Unreachable`, in words for people."""
    try:
        yield
    except httpx2.ConnectTimeout as error:
        raise Unreachable("no connection in time") from error
    except httpx2.TimeoutException as error:
        raise Unreachable("nothing came for a while") from error
    except httpx2.ProxyError as error:
        refused = "407" in str(error)
        why = "wants another name or password" if refused else "cannot be reached"
        raise Unreachable(f"the proxy {why}", passing=not refused) from error
    except httpx2.ConnectError as error:
        close_session()
        raise _unconnected(error) from error
    except httpx2.InvalidURL as error:
        raise Unreachable("the address cannot be used", passing=False) from error
    except httpx2.UnsupportedProtocol as error:
        raise Unreachable("the address cannot be used", passing=False) from error
    except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
        raise Unreachable("the connection broke off") from error


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
    return Unreachable(f"cannot be reached ({error})")


def _parsed(url: str) -> httpx2.URL:
    parsed = httpx2.URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Unreachable("the setting 'hub_endpoint' is no address", passing=False)
    return parsed


def _head(response: httpx2.Response) -> Head:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Head(host=response.url.host, status=response.status_code, headers=headers)


def _place(url: httpx2.URL) -> str:
    """Host and port, without name and password."""
    port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
    return f"{url.host}:{port}"

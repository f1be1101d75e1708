"""One request to a cloud model: what passes and costs nothing is tried again, twice."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Protocol

from onhand.domain.cloud_errors import (
    CloudBusy,
    CloudRefused,
    CloudUnpaid,
    CloudUnreachable,
    HostForbidden,
    KeyRefused,
)
from onhand.net.answers import REDIRECTS, Unreachable, is_allowed, retry_after
from onhand.net.replies import wants_money

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onhand.domain.cloud import CloudReply, Posting, PostPatience
    from onhand.domain.errors import AppError

LONGEST_PAUSE = 8.0
"""Seconds, unless the server wants more."""

_PASSING = frozenset({408, 409, 425, 429})


class Refusal(Exception):
    """A status other than success.

    Attributes:
        body: its beginning.
    """

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers
        self.body = body


class Session(Protocol):
    """A way to the provider."""

    @property
    def host(self) -> str:
        """Where it leads."""
        ...

    def forbid(self) -> None:
        """Have it written down that it was not gone."""
        ...

    def post(self, on_bytes: Callable[[int], None]) -> CloudReply:
        """Send the request, once.

        Raises:
            Refusal: the provider does not answer it.
            Unreachable: there is no connection, and nothing was sent.
            CloudBrokeOff, CloudTimedOut, ReplyUnusable, CloudBusy, CloudRefused: the
                reply ends before its end, or is none.
        """
        ...


class Listener(Protocol):
    """Who is told how far it is."""

    def replying(self, received: int) -> None:
        """Bytes came."""
        ...

    def waiting(self, pause: float, reason: str) -> None:
        """It is tried again after so many seconds."""
        ...


def post(wanted: Posting, session: Session, listener: Listener) -> CloudReply:
    """Ask, again where that makes sense, and return the reply.

    Raises:
        HostForbidden: nothing may be sent there, and nothing was.
        CloudFailure: there is no reply.
    """
    if not is_allowed(session.host, wanted.hosts):
        session.forbid()
        raise HostForbidden(session.host)
    tries, refused = 0, False
    while True:
        tries += 1
        try:
            return session.post(listener.replying)
        except Unreachable as failure:
            # Of one that was refused before nobody can say that nothing was sent.
            unanswered = CloudBusy if refused else CloudUnreachable
            last: AppError = unanswered(failure.reason)
            if not failure.passing:
                raise last from failure
            wish, reason = 0.0, failure.reason
        except Refusal as refusal:
            refused = True
            unpaid = wants_money(refusal.body, wanted.body)
            last = failure_of(refusal.status, unpaid=unpaid)
            if unpaid or not passes(refusal.status):
                raise last from refusal
            headers = refusal.headers
            wish = retry_after(headers.get("retry-after", ""), headers.get("date", ""))
            reason = f"status {refusal.status}"
        patience = wanted.patience
        if tries > patience.retries or wish > patience.longest_wish:
            raise last
        pause = max(wish, pause_before(tries, patience))
        listener.waiting(pause, reason)
        time.sleep(pause)


def pause_before(tries: int, patience: PostPatience) -> float:
    """Seconds before the next try: anything up to a limit that doubles (full jitter)."""
    limit: float = min(LONGEST_PAUSE, patience.pause * 2 ** (tries - 1))
    return random.uniform(0.0, limit)  # noqa: S311 - nothing is secret here


def passes(status: int) -> bool:
    """Whether the same request may be answered the next time."""
    return status in _PASSING or status >= 500


def failure_of(status: int, *, unpaid: bool) -> AppError:
    """What a refusal means; of the words of the provider nothing is told on."""
    if status == 402 or (status in {400, 403, 429} and unpaid):
        return CloudUnpaid(f"status {status}")
    if status in {401, 403, 407}:
        return KeyRefused(f"status {status}")
    if status in REDIRECTS:
        return CloudRefused("it sends on to another address, which is not followed")
    if passes(status):
        return CloudBusy(f"status {status}")
    return CloudRefused(f"status {status}")

"""What is asked of the net helper, and what is written down about its connections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from onhand.domain.receipts import ExpectedFile

HUB_HOSTS = ("huggingface.co", "hf.co")
"""Where the Hub sends downloads on to, with all hosts below these."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """The way to the Hub.

    Attributes:
        endpoint: the Hub or a mirror, as a URL; "": what HF_ENDPOINT says, or the Hub.
        hosts: where it may send on to, besides its own host; with all hosts below these.
        proxy: as a URL, with name and password if need be; "": what the system says.
    """

    endpoint: str = ""
    hosts: tuple[str, ...] = HUB_HOSTS
    proxy: str = ""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the net helper waits, in seconds, and how often it tries.

    Attributes:
        connect: for a connection.
        read: for the next bytes.
        first_tries: so often as long as nothing has arrived at all.
        tries: so often since bytes arrived last.
        first_pause: before the second try; each further pause is twice as long.
        longest_pause: no pause is longer.
        longest_wish: a server that wants a longer pause than this is given up.
    """

    connect: float = 10.0
    read: float = 30.0
    first_tries: int = 5
    tries: int = 20
    first_pause: float = 1.0
    longest_pause: float = 60.0
    longest_wish: float = 900.0


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """A file of the Hub that is to be fetched into a part, as far as it is not there.

    Attributes:
        repo, revision, file: where it lies on the Hub.
        part, notes: paths of the part and of what is noted about it.
        reserve: bytes that must stay free on the disk.
    """

    repo: str
    revision: str
    file: str
    expected: ExpectedFile
    part: str
    notes: str
    reserve: int
    route: Route = Route()
    patience: Patience = Patience()


@dataclass(frozen=True, kw_only=True)
class FetchState:
    """How far the net helper is.

    Attributes:
        done: bytes of the file that are here.
        pause: seconds until it tries again; 0 while it works.
        reason: why it pauses, in words.
    """

    done: int
    pause: float = 0.0
    reason: str = ""


class Outcome(StrEnum):
    """What became of a connection."""

    OPEN = "open"
    DONE = "done"
    SENT_ON = "sent on"
    REFUSED = "refused"
    FAILED = "failed"
    STOPPED = "stopped"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One connection of the net helper, for the ledger.

    Attributes:
        id: tells attempts apart.
        at: when, in ISO 8601.
        host: where to, with its port.
        reason: what for, in words.
        bytes: so many arrived.
        allowed: whether it was made, or refused for its host.
        sent: bytes of what a user wrote, and of words around it, that were sent.
    """

    id: str
    at: str
    host: str
    reason: str
    allowed: bool
    outcome: Outcome = Outcome.OPEN
    bytes: int = 0
    sent: int = 0

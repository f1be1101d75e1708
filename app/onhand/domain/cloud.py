"""Cloud models: who offers them, what is sent to them, what comes back.

Money is counted in millionths of a US dollar: a price in dollars for a million tokens is
one in millionths for a token.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from onhand.domain.cloud_errors import PayloadUnseen, ProviderInvalid

DOLLAR = 1_000_000
SHOWN = 100
"""Millionths of a dollar below which no amount is told."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine: nobody reads along on the way there."""


class Api(StrEnum):
    """Which form a provider's requests have."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class Shape(StrEnum):
    """How a provider is told what its reply has to look like, beside words."""

    SCHEMA = "schema"
    OBJECT = "object"
    WORDS = "words"


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """US dollars for a million tokens.

    Attributes:
        read: of what is sent.
        written: of what comes back.
        as_of: the day on which it was looked up; "" for one that the user entered.
        source: where.
    """

    read: Decimal
    written: Decimal
    as_of: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not all(
            each.is_finite() and 0 <= each <= DOLLAR for each in (self.read, self.written)
        ):
            raise ProviderInvalid("a price is a number from 0 on")

    def cost(self, read: int, written: int) -> int:
        """Of so many tokens, in millionths of a dollar, rounded up."""
        return math.ceil(self.read * read + self.written * written)


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """A cloud model and the way to it; holds no secret.

    Attributes:
        name: what the user calls it.
        api: the form of its requests.
        url: the address in front of "/chat/completions" or "/v1/messages".
        model: the name that the provider gives the model.
        price: None where nobody has told it.
        shape: how the form of a reply is asked for.
        limit: the name of the number that limits a reply.
        key_header: the header that takes the key; "" for the usual one of the API.
        counts: whether to ask for the number of tokens, which some do not know.
        keyed: whether it wants a key; a server of your own may not.
        keeps: a page about what the provider keeps.
    """

    name: str
    api: Api
    url: str
    model: str
    price: Price | None = None
    shape: Shape = Shape.SCHEMA
    limit: str = "max_tokens"
    key_header: str = ""
    counts: bool = True
    keyed: bool = True
    keeps: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.model.strip():
            raise ProviderInvalid(
                "a cloud model needs a name and the provider's name for it"
            )
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            raise ProviderInvalid("this is no address") from error
        if parts.scheme not in {"https", "http"} or not host:
            raise ProviderInvalid("an address begins with https:// and a host")
        if parts.scheme == "http" and host not in LOOPBACK:
            raise ProviderInvalid(
                f"anybody on the way to {host} could read along; it needs https"
            )
        if parts.username or parts.query or parts.fragment:
            raise ProviderInvalid("an address holds no name, key or question mark")

    @property
    def host(self) -> str:
        """Where text would go, in small letters."""
        return urlsplit(self.url).hostname or ""

    @property
    def address(self) -> str:
        """The address that requests are sent to, however much of it was given."""
        end = "/v1/messages" if self.api is Api.ANTHROPIC else "/chat/completions"
        url = self.url.rstrip("/").removesuffix(end)
        return f"{url.removesuffix('/v1') if self.api is Api.ANTHROPIC else url}{end}"


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What would be sent, to the last byte.

    Attributes:
        body: of the request, UTF-8; beside it go the key and headers without any text.
        most: tokens that the reply may have.
    """

    provider: Provider
    body: bytes
    most: int

    @property
    def shown(self) -> str:
        """The body as a person reads it: the same, character by character."""
        return self.body.decode()

    @property
    def digest(self) -> str:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def worst_cost(self) -> int | None:
        """What it costs at most, in millionths of a dollar; None where no price is known.

        No token is shorter than a byte.
        """
        price = self.provider.price
        return None if price is None else price.cost(len(self.body), self.most)

    @property
    def likely_tokens(self) -> int:
        """Of what is sent, about: four bytes each."""
        return math.ceil(len(self.body) / 4)


@dataclass(frozen=True, kw_only=True)
class Approved:
    """A payload that somebody has seen and wants sent."""

    payload: Payload

    @classmethod
    def seen(cls, payload: Payload, shown: str) -> Approved:
        """Approve what was shown.

        Raises:
            PayloadUnseen: something else would be sent.
        """
        if shown.encode() != payload.body:
            raise PayloadUnseen
        return cls(payload=payload)


@dataclass(frozen=True, kw_only=True)
class PostPatience:
    """How long the net helper waits for a cloud model, in seconds, and how often it tries.

    Attributes:
        connect: for a connection.
        read: for the first bytes, and for the next ones.
        total: for everything, pauses and further tries included.
        retries: after a failure that passes and costs nothing.
        pause: before the second try; twice as long each time, by chance between 0 and that.
        longest_wish: a server that wants a longer pause than this is given up.
    """

    connect: float = 5.0
    read: float = 20.0
    total: float = 88.0
    retries: int = 2
    pause: float = 1.0
    longest_wish: float = 30.0


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A request for the net helper.

    Attributes:
        url: where to.
        key: the user's; shown nowhere.
        hosts: where requests may go at all.
        proxy: as a URL; "": what the system says.
    """

    api: Api
    url: str
    body: bytes
    key: str = field(default="", repr=False)
    key_header: str = ""
    hosts: tuple[str, ...] = ()
    proxy: str = field(default="", repr=False)
    patience: PostPatience = PostPatience()


@dataclass(frozen=True, kw_only=True)
class CloudReply:
    """What a cloud model wrote.

    Attributes:
        read, written: tokens as the provider counts them; None where it does not tell.
        bytes: so many came.
        finished: False where the limit ended it.
    """

    text: str = field(repr=False)
    read: int | None = None
    written: int | None = None
    bytes: int = 0
    finished: bool = True


@dataclass(frozen=True, kw_only=True)
class PostState:
    """How far a request is.

    Attributes:
        sending: bytes that go out now, after all that could forbid it; 0 afterwards.
        received: bytes that came.
        pause: seconds until it is tried again; 0 while it runs.
        reason: why it pauses, in words.
    """

    sending: int = 0
    received: int = 0
    pause: float = 0.0
    reason: str = ""


def dollars(millionths: int) -> str:
    """An amount for people: at least two places, more where it is small."""
    if millionths < 0:
        return dollars(0) if millionths > -SHOWN else f"-{dollars(-millionths)}"
    amount = Decimal(millionths) / DOLLAR
    places = 2 if amount >= 1 or not millionths else 4
    if 0 < millionths < SHOWN:
        return "less than $0.0001"
    return f"${amount:.{places}f}"

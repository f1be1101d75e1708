"""What the settings say of starting an engine, and of asking it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.primitives import PrefixCache
from onhand.engine.protocol import Ask

if TYPE_CHECKING:
    from onhand.domain.primitives import Request
    from onhand.domain.settings import Settings

MINUTE = 60.0
"""Seconds."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to load, and where.

    Attributes:
        threads: 0 for one for each core.
        confined: only where the system keeps the engine off the network.
        device: a device, or "automatic".
        idle: seconds without a request after which the engine ends; 0: never.
        afresh: prove the rung again, because the device may have changed.
        vouched: whether anybody vouches for the file. What becomes of one that nobody
            vouches for is the file's fault, and is held against no rung.
    """

    model: str
    context: int
    threads: int
    confined: bool = False
    device: str = "automatic"
    idle: float = field(default=0.0, compare=False)
    afresh: bool = field(default=False, compare=False)
    vouched: bool = field(default=True, compare=False)


def wish_of(model: Path, settings: Settings, *, afresh: bool) -> Wish:
    """What to load a model with."""
    return Wish(
        model=str(model),
        context=settings.context,
        threads=settings.threads,
        confined=settings.require_sandbox,
        device=settings.device,
        idle=settings.idle_minutes * MINUTE,
        afresh=afresh,
    )


@dataclass(frozen=True, kw_only=True)
class Manner:
    """What a request is answered with besides the model."""

    cache: PrefixCache | None
    adapter: Path | None
    on_battery: bool


def question(number: int, request: Request, manner: Manner, settings: Settings) -> Ask:
    """The message that puts a request to an engine."""
    return Ask(
        id=number,
        request=request,
        cache=manner.cache,
        adapter=str(manner.adapter or ""),
        saving=settings.save_battery and manner.on_battery,
        idle=settings.idle_minutes * MINUTE,
    )

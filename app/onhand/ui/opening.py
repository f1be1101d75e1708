"""What the program is to show when it opens, and who may ask for more."""

from __future__ import annotations

from dataclasses import dataclass, field

from onhand.domain.starts import Start
from onhand.services.start_ports import Doorstep


@dataclass(frozen=True, kw_only=True)
class Opening:
    """How the program is opened.

    Attributes:
        doorstep: where later starts leave what they want; None where there is no place.
        stopwatch: measure what holds the window up, and tell it at the end.
    """

    start: Start = field(default_factory=Start)
    doorstep: Doorstep | None = None
    stopwatch: bool = False

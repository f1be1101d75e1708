"""A request to a cloud model that is not sent yet: what was found, what is masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.cloud import Provider
from onhand.domain.cloud_requests import payload_of
from onhand.domain.errors import AppError
from onhand.domain.masking import Found, Mask, Masked, mask, masks_for
from onhand.domain.tasks import Task

if TYPE_CHECKING:
    from onhand.domain.cloud import Payload


TOLD_FROM = 5
"""Of a cloud model's answers to a task so many must be judged before they are told of."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """How a cloud model fared at a task.

    Attributes:
        judged: answers of it that the user has judged.
        right: how many of those were right.
    """

    judged: int
    right: int


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What could be sent; nothing of it has been.

    Attributes:
        found: everything in the text that can be masked.
        unnamed: why nobody has looked for names, if nobody has.
        track: how this cloud model fared at the task; None where too little is known.
    """

    task: Task
    text: str
    provider: Provider
    found: tuple[Found, ...] = ()
    unnamed: AppError | None = None
    track: Track | None = None

    @property
    def masks(self) -> tuple[Mask, ...]:
        """Every mask that there can be."""
        return masks_for(self.text, self.found)

    def masked(self, off: frozenset[str] = frozenset()) -> Masked:
        """The text under masks, but for those whose names are in `off`."""
        return mask(self.text, self.found, off)

    def payload(self, off: frozenset[str] = frozenset()) -> Payload:
        """What would be sent with these masks taken off."""
        masked = self.masked(off)
        return payload_of(self.task, masked.text, self.provider, masks=bool(masked.masks))

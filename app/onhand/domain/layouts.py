"""How the weights of a model are stored, and what another layout wins and loses here.

Only some layouts have kernels that are made for a given processor. So the same model can be
read several times as fast after its weights were stored anew, which takes seconds; its
answers change a little. What is won and lost is measured on this machine and told.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

LEAST_GAIN = 1.1
"""A layout must be so much faster than the original to be taken."""

LEAST_SAME = 0.8
"""So many of the answers must be the same where the user has corrected nothing."""

ALLOWED_LOSS = 0.02
"""Share of the corrected answers that may become wrong; one may be in any case."""

READ, WRITTEN = 64, 16
"""Tokens of the request whose time counts: a short text, a short answer."""


class Layout(StrEnum):
    """A layout to try; the names are llama.cpp's."""

    Q4_0 = "q4_0"
    Q8_0 = "q8_0"


class Speed(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens a second, read in a batch and written one by one."""

    read: float
    write: float

    @property
    def seconds(self) -> float:
        """The time of a typical request."""
        return READ / self.read + WRITTEN / self.write


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of a layout beside those of the original, on the same texts.

    Attributes:
        texts: how many were compared.
        same: how many got the same label.
        corrected: how many of them the user has corrected.
        right_before: how many of these the original has right.
        right_after: how many the layout has right.
    """

    texts: int = 0
    same: int = 0
    corrected: int = 0
    right_before: int = 0
    right_after: int = 0

    @property
    def is_harmless(self) -> bool:
        """Whether the answers are as good, as far as this can tell."""
        if self.corrected:
            lost = self.right_before - self.right_after
            return lost <= max(1.0, ALLOWED_LOSS * self.corrected)
        return self.same >= LEAST_SAME * self.texts


class Tuning(msgspec.Struct, frozen=True, kw_only=True):
    """What came of measuring a model's layouts.

    Attributes:
        layout: the one that is used now; None where the original was best.
        file: where it lies; "" for the original.
        machine: what was measured on; elsewhere the tuning is void.
        before: how fast the original is.
        after: how fast the layout is, or the best of those that were not taken.
        comparison: what became of the answers.
        reason: why the original was kept.
    """

    layout: Layout | None
    file: str
    machine: str
    before: Speed
    after: Speed
    comparison: Comparison
    reason: str = ""

    @property
    def reads(self) -> float:
        """How many times as fast it reads."""
        return self.after.read / self.before.read

    @property
    def writes(self) -> float:
        """How many times as fast it writes."""
        return self.after.write / self.before.write


def reason_against(before: Speed, after: Speed, comparison: Comparison) -> str:
    """Why a layout should not be used; "" where it should."""
    if before.seconds < LEAST_GAIN * after.seconds:
        return "no layout is clearly faster here"
    if not comparison.is_harmless:
        return "the faster layout changes too many answers"
    return ""

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

MOST_SHIFT = 0.05
"""So far may probabilities move where the user has corrected nothing.

With the layouts of two models on five public sets, those that moved them by 0.02 to 0.045
lost 0.3 points of accuracy at most, those that moved them by 0.06 to 0.11 two to six.
"""

ALLOWED_LOSS = 0.02
"""Share of the corrected answers that may become wrong; one may be in any case."""

READ, WRITTEN = 64, 16
"""Tokens of the request whose time counts: a short text, a short answer."""


class Layout(StrEnum):
    """A layout to try, in this order; the names are llama.cpp's."""

    Q4_0 = "q4_0"
    Q8_0 = "q8_0"
    IQ4_NL = "iq4_nl"
    """As fast as Q4_0 and truer to the original; making it takes many times as long."""


def bare_id(name: str) -> str:
    """The id of a model without the layout that may stand behind a colon."""
    base, _, layout = name.rpartition(":")
    return base if layout in tuple(Layout) else name


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
        shift: how far the labels' probabilities moved (total variation distance, mean).
        corrected: how many of them the user has corrected.
        right_before: how many of these the original has right.
        right_after: how many the layout has right.
    """

    texts: int = 0
    same: int = 0
    shift: float = 0.0
    corrected: int = 0
    right_before: int = 0
    right_after: int = 0

    @property
    def is_harmless(self) -> bool:
        """Whether the answers are as good, as far as this can tell."""
        if self.corrected:
            lost = self.right_before - self.right_after
            return lost <= max(1.0, ALLOWED_LOSS * self.corrected)
        return self.shift <= MOST_SHIFT


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


NOT_FASTER = "no layout is clearly faster here"
HARMFUL = "the faster layout changes too many answers"


def reason_against(before: Speed, after: Speed, comparison: Comparison) -> str:
    """Why a layout should not be used; "" where it should."""
    if before.seconds < LEAST_GAIN * after.seconds:
        return NOT_FASTER
    if not comparison.is_harmless:
        return HARMFUL
    return ""


def is_worth_making(layout: Layout, trials: dict[Layout, Tuning]) -> bool:
    """Whether a layout could be taken, after what came of those tried before it.

    One that takes long to make is, where its cheap relative is fast and does harm.
    """
    if layout is not Layout.IQ4_NL:
        return True
    return Layout.Q4_0 in trials and trials[Layout.Q4_0].reason == HARMFUL

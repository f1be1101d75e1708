"""The size ladder: every model that could answer here, smallest first, and its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.fit import Fit, Verdict
from onhand.domain.vouching import Trust

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Step:
    """A model of the ladder.

    Attributes:
        model: its id.
        bytes: size of its file.
        languages: ISO 639-1 codes; none where they are not known.
        language_claim: what its maker promises then.
        here: whether its file is on this machine.
        in_use: whether it answers the next request.
        tuned: whether it does so in another layout than its file's.
        own: whether its file can be removed, because it is in the user's folder.
        trust: what is known of its file; None where it is not here.
        damaged: whether its file was found to be damaged, or is not what it should be.
        can_be_fetched: whether it can be downloaded.
        known: whether it is in the catalogue.
        starter: whether it comes with the program.
    """

    model: str
    title: str
    tier: str
    bytes: int
    licence: str
    fit: Fit
    good_for: str = ""
    languages: tuple[str, ...] = ()
    language_claim: str = ""
    here: bool = False
    in_use: bool = False
    tuned: bool = False
    own: bool = False
    trust: Trust | None = None
    damaged: bool = False
    can_be_fetched: bool = False
    known: bool = True
    starter: bool = False


_PREFERRED = ("medium", "small", "tiny")
"""Tiers from which one is proposed, best first: larger ones take long without a GPU."""


def proposed(steps: Sequence[Step]) -> Step | None:
    """The model for somebody who does not want to choose.

    The first of the largest tier that fits well; one that is here already goes first.
    """
    fitting = [
        step
        for step in steps
        if step.known
        and step.fit.verdict is Verdict.FITS
        and (step.here or step.can_be_fetched)
    ]
    for tier in _PREFERRED:
        same = [step for step in fitting if step.tier == tier]
        for step in sorted(same, key=lambda each: not each.here):
            return step
    return None

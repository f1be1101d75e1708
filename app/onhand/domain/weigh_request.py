"""The request to fit weights to candidates of which people showed the right ones."""

from __future__ import annotations

import msgspec


class Weigh(msgspec.Struct, frozen=True, kw_only=True, tag="weigh"):
    """Fit weights to candidates of choices; see `domain/field_weights.py`.

    All but `width` have an item for each candidate.

    Attributes:
        features: numbers of those that it has, below `width`.
        width: how many features there are.
        own: what the model says of it: how far it is above absence (natural log).
        right: whether it is what should be chosen.
        groups: the number of its choice; one of these, or none, is chosen.
        texts: the number of the text that it stands in.
    """

    features: tuple[tuple[int, ...], ...]
    width: int
    own: tuple[float, ...]
    right: tuple[bool, ...]
    groups: tuple[int, ...]
    texts: tuple[int, ...]


class Weighed(msgspec.Struct, frozen=True, kw_only=True, tag="weighed"):
    """Weights of the own evidence, of every candidate, and of features by their numbers.

    Attributes:
        held_out: what each candidate scores by a fit that left its text out.
    """

    own: float
    bias: float
    weights: tuple[tuple[int, float], ...]
    held_out: tuple[float, ...]

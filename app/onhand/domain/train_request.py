"""The request to fit a linear head to the hidden states of texts."""

from __future__ import annotations

import msgspec


class Train(msgspec.Struct, frozen=True, kw_only=True, tag="train"):
    """Fit a linear head to hidden states; see `domain/heads.py`.

    Attributes:
        states: `states[text][dimension]`.
        shares: `shares[text][answer]`, probabilities that are believed at first.
        labels: the right answer of each text by its number; none where nobody said.
        right: where any number of labels may be right, those of each text by their numbers;
            the shares are then the probabilities of each label by itself.
        names: states behind the names of answers in the place of a text, in their order;
            what has no name, such as that nothing fits, comes last. Empty where they are
            not known. Where any number of labels may be right they play no part.
    """

    states: tuple[tuple[float, ...], ...]
    shares: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...] = ()
    right: tuple[tuple[int, ...], ...] = ()
    names: tuple[tuple[float, ...], ...] = ()


class Trained(msgspec.Struct, frozen=True, kw_only=True, tag="trained"):
    """The head: `weights[answer][dimension]`, and a bias by answer.

    Attributes:
        own: weight of the model's own answer beside it.
        held_out: `held_out[text][answer]`, what both together say of a text when they
            were fitted without it; empty where labels were not given. They add up to 1,
            but for labels of which any number may be right.
    """

    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    own: float
    held_out: tuple[tuple[float, ...], ...] = ()

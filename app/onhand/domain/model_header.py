"""What the header of a GGUF file says of the model in it: claims, not facts."""

from __future__ import annotations

import msgspec


class ModelHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a file that nobody vouches for. Texts are cut at some length.

    Attributes:
        kind: `general.type`: "model", or for example "adapter".
        parameters: numbers in all tensors together.
        context: tokens that the model was made for; None where it does not say.
        quantisation: how most weights are stored; "" where it does not say.
        has_template: whether it brings a chat template, which is never run.
    """

    architecture: str
    kind: str = "model"
    name: str = ""
    licence: str = ""
    quantisation: str = ""
    parameters: int = 0
    tensors: int = 0
    context: int | None = None
    has_template: bool = False

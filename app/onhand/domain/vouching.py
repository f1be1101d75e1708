"""Whether anybody vouches for a model file, in a word."""

from __future__ import annotations

from enum import StrEnum


class Trust(StrEnum):
    """What is known about the bytes of a model file.

    VERIFIED: they are those of the catalogue, or of a pack of a trusted signer.
    UNVERIFIED: nobody vouches for them.
    UNCHECKED: it will be found out at the first use.
    WRONG: they are not what they should be, and are never loaded.
    """

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    UNCHECKED = "unchecked"
    WRONG = "wrong"

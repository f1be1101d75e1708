"""How far a model file is to be believed, and what was found out about it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


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


class FileStamp(msgspec.Struct, frozen=True, kw_only=True):
    """Tells a file from what it was: size, times (ns) and its number in the file system.

    `changed` moves with everything that is done to a file, renaming included.
    """

    bytes: int
    modified: int
    changed: int
    number: int


class CheckedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about a file that had this stamp.

    Attributes:
        sha256: of all of it; "" where nobody needed to know.
        header_read: whether its header was read, and is that of a model.
    """

    stamp: FileStamp
    sha256: str = ""
    header_read: bool = False

"""How far a model file is to be believed, and what was found out about it."""

from __future__ import annotations

import msgspec

from onhand.domain.vouching import Trust

__all__ = ["CheckedFile", "FileStamp", "Trust"]


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

"""Updates that come as files: a package, and beside it a small file that vouches for it.

That file is named like the package with `.onhandupdate` behind it. It holds a description
of the package (version, system, processor, name, size, SHA-256) as a text, the public key
of whoever signed it, and their signature of that text.
"""

from __future__ import annotations

import re

import msgspec

from onhand.domain.packs import KEY_BYTES, SIGNATURE_BYTES
from onhand.domain.update_errors import UpdateDamaged

SUFFIX = ".onhandupdate"
SCHEMA = 1
MOST_BYTES = 20_000
"""How large that file may be."""

SIGNED = b"onhand update\n"
"""What stands in front of signed bytes, so that no signature can be taken for another."""

SYSTEMS = {
    ".deb": "linux",
    ".rpm": "linux",
    ".exe": "windows",
    ".msi": "windows",
    ".pkg": "macos",
    ".dmg": "macos",
}
"""The system that packages are for, by the ending of their name."""

MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
"""One word for a processor, by those that systems have for it."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~-]{0,150}")
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,5}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Update(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of a package.

    Attributes:
        system: "linux", "windows" or "macos".
        machine: "x86_64" or "arm64".
        file: the name of the package, which lies in the same folder.
    """

    schema: int
    version: str
    system: str
    machine: str
    file: str
    bytes: int
    sha256: str


class SignedUpdate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of the file: `update` as a text, key and signature in hexadecimals."""

    update: str
    key: str
    signature: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What was signed, by which key, and the signature; nothing of it is compared yet."""

    text: bytes
    key: bytes
    signature: bytes


def read_claim(data: bytes) -> Claim:
    """What such a file claims.

    Raises:
        UpdateDamaged: it is no such file.
    """
    try:
        found = msgspec.json.decode(data, type=SignedUpdate)
        claim = Claim(
            text=found.update.encode(),
            key=bytes.fromhex(found.key),
            signature=bytes.fromhex(found.signature),
        )
    except (ValueError, RecursionError) as error:
        raise UpdateDamaged("what vouches for it cannot be read") from error
    if len(claim.key) != KEY_BYTES or len(claim.signature) != SIGNATURE_BYTES:
        raise UpdateDamaged("what vouches for it cannot be read")
    return claim


def read_update(text: bytes) -> Update:
    """Decode and check the description of a package.

    Raises:
        UpdateDamaged: it breaks a rule.
    """
    try:
        update = msgspec.json.decode(text, type=Update)
    except (ValueError, RecursionError) as error:
        raise UpdateDamaged("what vouches for it cannot be read") from error
    if update.schema != SCHEMA:
        raise UpdateDamaged(f"it was made for a newer version (schema {update.schema})")
    whole = _VERSION.fullmatch(update.version) and _DIGEST.fullmatch(update.sha256)
    if not whole or update.bytes < 0 or not _NAME.fullmatch(update.file):
        raise UpdateDamaged("it does not say which package it is for")
    return update


def is_newer(version: str, than: str) -> bool:
    """Whether a version comes after another; what stands behind its numbers is left out."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    found = _VERSION.match(version)
    numbers = [int(each) for each in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)

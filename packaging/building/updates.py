"""What vouches for a package that users check as an update, and the key for that."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from building import Unbuildable
from onhand.domain.errors import AppError
from onhand.domain.packs import fingerprint
from onhand.domain.updates import (
    MACHINES,
    SCHEMA,
    SIGNED,
    SUFFIX,
    SYSTEMS,
    SignedUpdate,
    Update,
    read_update,
)
from onhand.signatures import Ed25519Signatures

if TYPE_CHECKING:
    from collections.abc import Sequence

CARRIED = Path("resources", "release-key.txt")
"""The fingerprint of the key whose updates the program takes."""


def make_release_key(root: Path, path: Path) -> None:
    """Make a key in a new file, and have the program carry its fingerprint.

    Raises:
        Unbuildable: the file is there already, or cannot be written.
    """
    try:
        key = Ed25519Signatures().create(path)
    except AppError as error:
        raise Unbuildable(str(error)) from error
    (root / CARRIED).write_text(f"{fingerprint(key.public)}\n", encoding="ascii")
    print(f"build: {path} is to be kept secret; {CARRIED} belongs into the repository")


def write_update(root: Path, package: Path, version: str, options: Sequence[str]) -> Path:
    """Write what vouches for a package beside it; returns its path.

    Raises:
        Unbuildable: there is no key, or this is no package.
    """
    match list(options):
        case ["--key", name]:
            key_file = Path(name)
        case _:
            raise Unbuildable("update takes --key FILE, which is a private key")
    try:
        key = Ed25519Signatures().load(key_file)
        text = msgspec.json.encode(_described(package, version))
        read_update(text)  # what we write can be read
    except (AppError, OSError) as error:
        raise Unbuildable(str(error)) from error
    signed = SignedUpdate(
        update=text.decode(),
        key=key.public.hex(),
        signature=key.sign(SIGNED + text).hex(),
    )
    target = package.with_name(package.name + SUFFIX)
    target.write_bytes(msgspec.json.encode(signed))
    signer = fingerprint(key.public)
    carried = signer == _carried(root)
    known = "which the program carries" if carried else "which the program does NOT carry"
    print(f"build: {target}, signed with {signer}, {known}")
    return target


def _described(package: Path, version: str) -> Update:
    system = SYSTEMS.get(package.suffix.lower())
    if system is None:
        raise Unbuildable(f"{package.name}: packages end in {', '.join(SYSTEMS)}")
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Update(
        schema=SCHEMA,
        version=version,
        system=system,
        machine=_machine(package.name),
        file=package.name,
        bytes=package.stat().st_size,
        sha256=digest,
    )


def _machine(name: str) -> str:
    """The processor in the name of a package; those without one are for PCs."""
    return next((word for each, word in MACHINES.items() if each in name), "x86_64")


def _carried(root: Path) -> str:
    path = root / CARRIED
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""

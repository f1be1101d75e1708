"""Ed25519 signatures and the files that keys lie in; the one importer of `cryptography`."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.domain.model_errors import KeyUnusable
from onhand.domain.packs import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# ruff: noqa: PLC0415 - the library is loaded by those who sign or check, and no one else

LARGEST_KEY_FILE = 10_000


class Ed25519Key:
    """A private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """The public key that belongs to it."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """A signature of some bytes."""
        return self._key.sign(data)


class Ed25519Signatures:
    """The signature port over the `cryptography` library."""

    def load(self, path: Path) -> Ed25519Key:
        """The key in a PEM file.

        Raises:
            KeyUnusable: there is none.
        """
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric import ed25519
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_KEY_FILE)
            key = load_pem_private_key(data, password=None)
        except OSError as error:
            raise KeyUnusable(f"{path}: {error.strerror or error}") from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            what = "it needs a password" if isinstance(error, TypeError) else "it is none"
            raise KeyUnusable(f"{path}: {what}") from error
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise KeyUnusable(f"{path}: it is a key of another kind")
        return Ed25519Key(key)

    def create(self, path: Path) -> Ed25519Key:
        """Make a key in a new file that only its owner can read.

        Raises:
            KeyUnusable: the file is there already, or cannot be written.
        """
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519

        key = ed25519.Ed25519PrivateKey.generate()
        data = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise KeyUnusable(f"{path}: {error.strerror or error}") from error
        return Ed25519Key(key)

    def verify(self, key: bytes, signature: bytes, data: bytes) -> bool:
        """Whether the owner of a key has signed these bytes."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ed25519

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


class OwnKey:
    """The key that this user's packs are signed with, made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._signatures = Ed25519Signatures()

    def __call__(self) -> Ed25519Key:
        """The key.

        Raises:
            KeyUnusable: it cannot be read or made.
        """
        if self._path.exists():
            return self._signatures.load(self._path)
        return self._signatures.create(self._path)

    def fingerprint(self) -> str:
        """Its fingerprint; "" where there is no key yet."""
        with suppress(KeyUnusable):
            if self._path.exists():
                return fingerprint(self._signatures.load(self._path).public)
        return ""

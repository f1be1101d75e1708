"""Ways to the key of the history: each slot wraps the same random key for another secret.

A slot that words open is sealed with AES-256-GCM (NIST SP 800-38D) under a key that scrypt
(RFC 7914) makes of them; one for an organisation under a key agreed with X25519 (RFC 7748)
and HMAC-SHA256 of it. `cryptography` is loaded when a slot is used, not before.
"""

# ruff: noqa: PLC0415 - cryptography is needed where there is no keyring, and takes time

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.history_errors import PassphraseUnusable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

KEY_BYTES = 32
SHORTEST_PASSPHRASE = 8

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like another one."""

CODE_LENGTH = 28
"""Letters of a recovery code: 140 bits."""

MOST_COST = 2**20
"""The largest N that is taken from a file: it decides how much memory scrypt takes."""

_ALIKE = str.maketrans("OIL", "011", "- \t\r\n")


class Secret(StrEnum):
    """What kind of words open a slot."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    RECOVERY = "recovery"


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of scrypt; it takes 128 * n * r bytes of memory."""

    n: int = 2**17
    r: int = 8
    p: int = 1


class KeyringSlot(msgspec.Struct, frozen=True, kw_only=True, tag="keyring"):
    """The keyring of the system holds the key itself under this name."""

    account: str


class SecretSlot(msgspec.Struct, frozen=True, kw_only=True, tag="secret"):
    """The key, sealed for who knows a passphrase or a code."""

    secret: Secret
    cost: Cost
    salt: bytes
    sealed: bytes


class OrganisationSlot(msgspec.Struct, frozen=True, kw_only=True, tag="organisation"):
    """The key, sealed for who holds the private half of a key."""

    public: bytes
    ephemeral: bytes
    sealed: bytes


class BridgeSlot(msgspec.Struct, frozen=True, kw_only=True, tag="bridge"):
    """The key, sealed with the one that it replaces, or that replaces it."""

    sealed: bytes


Slot = KeyringSlot | SecretSlot | OrganisationSlot | BridgeSlot


def check_of(key: bytes) -> str:
    """What tells, beside the database, whether a key is the right one."""
    return hmac.new(key, b"onhand history 1", hashlib.sha256).hexdigest()


def derived(key: bytes, purpose: bytes) -> bytes:
    """Another key for another purpose, from which the first cannot be found."""
    return hmac.new(key, b"onhand derived " + purpose, hashlib.sha256).digest()


def new_key() -> bytes:
    """A key of the history."""
    return secrets.token_bytes(KEY_BYTES)


def new_code() -> str:
    """A recovery code, in groups as it is printed."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, CODE_LENGTH, 4))


def raise_if_weak(passphrase: str) -> None:
    """Raise `PassphraseUnusable` for one that is quickly guessed."""
    if len(_words(passphrase, Secret.PASSPHRASE)) < SHORTEST_PASSPHRASE:
        raise PassphraseUnusable(f"it is shorter than {SHORTEST_PASSPHRASE} characters")


def seal(key: bytes, words: str, secret: Secret, cost: Cost) -> SecretSlot:
    """A slot that these words open; takes a moment, which is the purpose."""
    salt = os.urandom(16)
    wrapping = _stretched(_words(words, secret), salt, cost)
    return SecretSlot(
        secret=secret, cost=cost, salt=salt, sealed=_sealed(wrapping, key, secret)
    )


def unseal(slot: SecretSlot, words: str) -> bytes | None:
    """The key, or None where the words are not those of the slot."""
    if not 1 < slot.cost.n <= MOST_COST or slot.cost.n & (slot.cost.n - 1):
        return None
    wrapping = _stretched(_words(words, slot.secret), slot.salt, slot.cost)
    return _unsealed(wrapping, slot.sealed, slot.secret)


def seal_for(key: bytes, public_pem: bytes) -> OrganisationSlot:
    """A slot for an organisation.

    Raises:
        PassphraseUnusable: this is not the public half of an X25519 key in PEM.
    """
    return _sealed_for(key, _public(public_pem))


def seal_again(key: bytes, slot: OrganisationSlot) -> OrganisationSlot:
    """A slot for the organisation that another slot is for."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    return _sealed_for(key, X25519PublicKey.from_public_bytes(slot.public))


def _sealed_for(key: bytes, public: X25519PublicKey) -> OrganisationSlot:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    ephemeral = X25519PrivateKey.generate()
    wrapping = _agreed(ephemeral.exchange(public))
    return OrganisationSlot(
        public=public.public_bytes_raw(),
        ephemeral=ephemeral.public_key().public_bytes_raw(),
        sealed=_sealed(wrapping, key, "organisation"),
    )


def unseal_as(slot: OrganisationSlot, private_pem: bytes) -> bytes | None:
    """The key, or None where this is not the private half of the slot's key.

    Raises:
        PassphraseUnusable: this is no private X25519 key in PEM, without a password.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.x25519 import (
        X25519PrivateKey,
        X25519PublicKey,
    )
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(private_pem, password=None)
        ephemeral = X25519PublicKey.from_public_bytes(slot.ephemeral)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PassphraseUnusable("this is no private X25519 key in PEM") from error
    if not isinstance(private, X25519PrivateKey):
        raise PassphraseUnusable("this key is not of the kind X25519")
    return _unsealed(_agreed(private.exchange(ephemeral)), slot.sealed, "organisation")


def bridge(key: bytes, other: bytes) -> BridgeSlot:
    """A slot that another key of the same history opens."""
    return BridgeSlot(sealed=_sealed(derived(other, b"bridge"), key, "bridge"))


def unbridge(slot: BridgeSlot, other: bytes) -> bytes | None:
    """The key, or None where the other one is not that of the slot."""
    return _unsealed(derived(other, b"bridge"), slot.sealed, "bridge")


def _public(pem: bytes) -> X25519PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        public = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PassphraseUnusable("this is no public X25519 key in PEM") from error
    if not isinstance(public, X25519PublicKey):
        raise PassphraseUnusable("this key is not of the kind X25519")
    return public


def _words(words: str, secret: Secret) -> str:
    """Words as they are compared: however a keyboard or a hand writes them."""
    if secret is Secret.RECOVERY:
        return words.upper().translate(_ALIKE)
    return unicodedata.normalize("NFKC", words).strip("\r\n")


def _stretched(words: str, salt: bytes, cost: Cost) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    made = Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p)
    return made.derive(words.encode("utf-8", "surrogatepass"))


def _agreed(shared: bytes) -> bytes:
    return derived(shared, b"organisation slot")


def _sealed(wrapping: bytes, key: bytes, kind: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, kind.encode())


def _unsealed(wrapping: bytes, sealed: bytes, kind: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        key = AESGCM(wrapping).decrypt(sealed[:12], sealed[12:], kind.encode())
    except (InvalidTag, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None

"""Model packs: what is in one, and the rules for it.

A pack is a zip file without compression. `manifest.json` names everything in it with size
and SHA-256, `manifest.sig` holds the signer's public key and their signature of the
manifest, and the archive's comment, 64 bytes, is their signature of all bytes before it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.model_errors import PackDamaged
from onhand.domain.receipts import ExpectedFile, can_have_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".onhandpack"
SCHEMA = 1

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MODELS, TASKS, LICENCES, POLICY = "models/", "tasks/", "licences/", "policy.toml"

KEY_BYTES, SIGNATURE_BYTES = 32, 64
MANIFEST_MOST, SMALL_MOST = 16_000_000, 1_000_000
MOST_MODELS, MOST_OTHERS = 100, 1000

SIGNED_MANIFEST = b"onhand pack, manifest\n"
SIGNED_WHOLE = b"onhand pack, whole\n"
"""What stands in front of signed bytes, so that no signature can be taken for another."""

_NAME = re.compile(r"[A-Za-z0-9][\w.+ -]{0,150}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class PackedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A small file of a pack: a task, the text of a licence, a policy."""

    name: str
    bytes: int
    sha256: str


class PackedModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model of a pack. `chunks` are the SHA-256 of its chunks, in order."""

    id: str
    title: str
    file: str
    bytes: int
    sha256: str
    chunk_bytes: int
    chunks: tuple[str, ...]
    licence: str
    licence_url: str | None = None

    def expected(self, signer: str) -> ExpectedFile:
        """The file as it shall be; whoever signed the pack vouches for it."""
        return ExpectedFile(
            name=self.file,
            bytes=self.bytes,
            sha256=self.sha256,
            chunk_bytes=self.chunk_bytes,
            chunks=self.chunks,
            source=f"a pack signed by {signer}",
            licence=self.licence,
        )


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is in a pack; `made` is a time in ISO 8601."""

    schema: int
    made: str
    models: tuple[PackedModel, ...]
    tasks: tuple[PackedFile, ...] = ()
    licences: tuple[PackedFile, ...] = ()
    policy: PackedFile | None = None

    def entries(self) -> Iterator[tuple[str, int]]:
        """Names and sizes of all files in the pack, but for manifest and signature."""
        for model in self.models:
            yield MODELS + model.file, model.bytes
        for task in self.tasks:
            yield TASKS + task.name, task.bytes
        for licence in self.licences:
            yield LICENCES + licence.name, licence.bytes
        if self.policy is not None:
            yield POLICY, self.policy.bytes


class SignatureFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`manifest.sig`: key and signature in hexadecimal digits."""

    key: str
    signature: str


def fingerprint(key: bytes) -> str:
    """What people compare: the SHA-256 of a public key."""
    return hashlib.sha256(key).hexdigest()


def as_fingerprint(text: str) -> str | None:
    """A fingerprint as somebody typed or pasted it; None for what can be none."""
    digits = re.sub(r"[\s:-]", "", text).lower()
    return digits if _DIGEST.fullmatch(digits) else None


def read_signature(data: bytes) -> tuple[bytes, bytes]:
    """Public key and signature of `manifest.sig`.

    Raises:
        PackDamaged: it holds something else.
    """
    try:
        found = msgspec.json.decode(data, type=SignatureFile)
        key, signature = bytes.fromhex(found.key), bytes.fromhex(found.signature)
    except (ValueError, RecursionError) as error:
        raise PackDamaged("its signature cannot be read") from error
    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        raise PackDamaged("its signature cannot be read")
    return key, signature


def read_manifest(data: bytes) -> Manifest:
    """Decode and check `manifest.json`.

    Raises:
        PackDamaged: it breaks a rule.
    """
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (ValueError, RecursionError) as error:
        raise PackDamaged(f"its manifest cannot be read ({error})") from error
    if manifest.schema != SCHEMA:
        raise PackDamaged(f"it was made by a newer version (schema {manifest.schema})")
    if len(manifest.models) > MOST_MODELS:
        raise PackDamaged(f"it has {len(manifest.models)} models")
    for model in manifest.models:
        _check_model(model)
    others = (*manifest.tasks, *manifest.licences)
    if len(others) > MOST_OTHERS:
        raise PackDamaged(f"it has {len(others)} small files")
    for each in (*others, *((manifest.policy,) if manifest.policy else ())):
        _check_small(each)
    names = [name.casefold() for name, _ in manifest.entries()]
    if len(set(names)) != len(names):
        raise PackDamaged("it names a file twice")
    return manifest


def _check_model(model: PackedModel) -> None:
    _check_name(model.file)
    if not model.file.lower().endswith(".gguf"):
        raise PackDamaged(f"{model.file!r} cannot be the name of a model file")
    digests = (model.sha256, *model.chunks)
    whole = can_have_chunks(model.expected(""))
    if not whole or not all(_DIGEST.fullmatch(each) for each in digests):
        raise PackDamaged(f"it does not say what the bytes of {model.file} are")


def _check_small(file: PackedFile) -> None:
    _check_name(file.name)
    if not 0 <= file.bytes <= SMALL_MOST or not _DIGEST.fullmatch(file.sha256):
        raise PackDamaged(f"it does not say what the bytes of {file.name} are")


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or ".." in name or name.endswith((".", " ")):
        raise PackDamaged(f"{name[:100]!r} is no name for a file")

"""The catalogue of known models, `models.json`."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from onhand.domain.errors import DataDamaged


class Tier(StrEnum):
    """How large a model is, in words for people."""

    TINY = "tiny"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class ModelSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the catalogue.

    Attributes:
        file: name of the GGUF file, by which it is found on this machine.
        bytes: its size.
        kv_bytes: memory a token of context takes.
        distribution: Python distribution that carries the file, for the starter model.
    """

    id: str
    title: str
    tier: Tier
    file: str
    bytes: int
    sha256: str
    licence: str
    context: int
    kv_bytes: int
    languages: tuple[str, ...]
    good_for: str
    distribution: str = ""


class Catalog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All known models, smallest first."""

    schema: int
    models: tuple[ModelSpec, ...]


def read_catalog(data: bytes) -> Catalog:
    """Decode `models.json`.

    Raises:
        DataDamaged: it is not what it should be.
    """
    try:
        return msgspec.json.decode(data, type=Catalog)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataDamaged(f"models.json: {error}") from error

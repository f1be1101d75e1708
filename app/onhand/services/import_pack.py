"""Taking a model pack: its signer first, then every byte, and only then what is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.model_errors import PackDamaged, SignerUnknown
from onhand.domain.packs import (
    LICENCES,
    MANIFEST,
    MANIFEST_MOST,
    MODELS,
    POLICY,
    SIGNATURE,
    SIGNED_MANIFEST,
    SIGNED_WHOLE,
    SMALL_MOST,
    TASKS,
    PackedFile,
    fingerprint,
    read_manifest,
    read_signature,
)
from onhand.domain.progress import ignore_progress
from onhand.domain.task_file import read_task
from onhand.domain.tasks import Task
from onhand.services.import_task import ImportTask
from onhand.services.model_ports import ModelShelf
from onhand.services.pack_ports import (
    PolicyShelf,
    Signatures,
    Signers,
)
from onhand.services.ports import InstalledModel, ModelStore
from onhand.services.reading import read_text
from onhand.services.settling import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.packs import Manifest, PackedModel
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.pack_ports import (
        OpenPack,
        Packs,
    )
    from onhand.services.ports import Clock


@dataclass(frozen=True, kw_only=True)
class TakenPack:
    """What came of a pack.

    Attributes:
        fingerprint: of its signer.
        licences: the texts of licences in it, by name.
        bare: names of tasks whose examples could not be kept.
        policy: where its policy is kept, which nothing reads yet; None for none.
    """

    fingerprint: str
    models: tuple[InstalledModel, ...]
    tasks: tuple[Task, ...]
    licences: tuple[str, ...]
    bare: tuple[str, ...] = ()
    policy: Path | None = None
    policy_text: str = ""


@dataclass(frozen=True, kw_only=True)
class PackTrust:
    """Whom to believe.

    Attributes:
        own: the fingerprint of this user's own key; "" where there is none.
    """

    signatures: Signatures
    signers: Signers
    own: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class PackPlaces:
    """Where the contents of a pack go."""

    shelf: ModelShelf
    store: ModelStore
    tasks: ImportTask
    policies: PolicyShelf


class ImportPack:
    """Takes packs. Nothing of one that is damaged or of a stranger reaches its place."""

    def __init__(
        self, *, packs: Packs, trust: PackTrust, places: PackPlaces, clock: Clock
    ) -> None:
        self._packs = packs
        self._trust = trust
        self._places = places
        self._clock = clock

    def is_pack(self, path: Path) -> bool:
        """Whether a file is a pack, by its name or its beginning."""
        return self._packs.is_pack(path)

    def __call__(
        self,
        path: Path,
        accepted: str,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> TakenPack:
        """Take a pack; progress counts bytes, first of the comparison, then of the models.

        Args:
            path: the pack.
            accepted: a fingerprint whose owner's packs are taken from now on; "" for none.
            cancel: stops it.
            on_progress: told how far it is.

        Raises:
            ModelMissing: there is no such file.
            PackDamaged: it is no pack, or a byte of it is another; nothing was taken.
            SignerUnknown: its signer is not trusted; nothing was taken.
            TaskInvalid: a task in it breaks a rule; nothing was taken.
            Locked, DiskFull, DataFolderUnwritable: what came before was taken.
            Cancelled: likewise; the user stopped it.
        """
        with self._packs.open(path) as pack:
            data = pack.small(MANIFEST, MANIFEST_MOST)
            key, signature = read_signature(pack.small(SIGNATURE, SMALL_MOST))
            if not self._verify(key, signature, SIGNED_MANIFEST + data):
                raise PackDamaged(f"{path.name}: its manifest is not what was signed")
            signer = fingerprint(key)
            if signer not in {accepted, self._trust.own()} | self._trust.signers.trusted():
                raise SignerUnknown(signer)
            whole = pack.sha256(cancel, on_progress)
            if not self._verify(key, pack.seal, SIGNED_WHOLE + whole):
                raise PackDamaged(f"{path.name} is not what was signed")
            manifest = read_manifest(data)
            _raise_if_not_as_listed(pack, manifest)
            small = _small_files(pack, manifest)
            if signer == accepted:
                self._trust.signers.trust(signer)
            return self._take(pack, manifest, small, signer, (cancel, on_progress))

    def _verify(self, key: bytes, signature: bytes, data: bytes) -> bool:
        return self._trust.signatures.verify(key, signature, data)

    def _take(
        self,
        pack: OpenPack,
        manifest: Manifest,
        small: dict[str, bytes],
        signer: str,
        watch: tuple[CancelToken, OnProgress],
    ) -> TakenPack:
        models = [self._model(pack, each, signer, watch) for each in manifest.models]
        tasks = [self._places.tasks(small[TASKS + each.name]) for each in manifest.tasks]
        policy = small.get(POLICY)
        return TakenPack(
            fingerprint=signer,
            models=tuple(models),
            tasks=tuple(each.task for each in tasks),
            bare=tuple(each.task.name for each in tasks if not each.with_examples),
            licences=tuple(each.name for each in manifest.licences),
            policy=(
                self._places.policies.keep(f"pack-{signer[:16]}", policy)
                if policy is not None
                else None
            ),
            policy_text=(policy or b"").decode(errors="replace"),
        )

    def _model(
        self,
        pack: OpenPack,
        packed: PackedModel,
        signer: str,
        watch: tuple[CancelToken, OnProgress],
    ) -> InstalledModel:
        expected = packed.expected(signer)
        cancel, on_progress = watch
        with self._places.shelf.claim(expected) as place:
            place.raise_if_no_room()
            place.write(pack.blocks(MODELS + packed.file), cancel, on_progress)
            try:
                settle(place, self._clock, cancel, on_progress)
            except Exception:
                place.discard()  # the pack is still there
                raise
        return self._places.store.find(str(self._places.shelf.path(packed.file)))


def _raise_if_not_as_listed(pack: OpenPack, manifest: Manifest) -> None:
    listed = dict(manifest.entries())
    found = pack.entries()
    for name in (MANIFEST, SIGNATURE):
        found.pop(name, None)
    if found != listed:
        strange = sorted(set(found.items()) ^ set(listed.items()))
        raise PackDamaged(f"{strange[0][0][:100]!r} is not as its manifest says")


def _small_files(pack: OpenPack, manifest: Manifest) -> dict[str, bytes]:
    """Tasks, licences and policy, compared; every task is one that can be used."""
    found = {
        name: _compared(pack.small(name, SMALL_MOST), file)
        for name, file in _listed(manifest)
    }
    for task in manifest.tasks:
        read_task(read_text(found[TASKS + task.name]).text)
    return found


def _listed(manifest: Manifest) -> Iterator[tuple[str, PackedFile]]:
    yield from ((TASKS + each.name, each) for each in manifest.tasks)
    yield from ((LICENCES + each.name, each) for each in manifest.licences)
    if manifest.policy is not None:
        yield POLICY, manifest.policy


def _compared(data: bytes, file: PackedFile) -> bytes:
    if len(data) != file.bytes or hashlib.sha256(data).hexdigest() != file.sha256:
        raise PackDamaged(f"{file.name} is not what its manifest says")
    return data

"""Builds what brings models in, and what says which of them are to be believed."""

from __future__ import annotations

import platform
import sys
import uuid
from functools import cache
from typing import TYPE_CHECKING

from onhand.domain.catalog import read_catalog
from onhand.domain.errors import DataDamaged
from onhand.domain.updates import MACHINES
from onhand.first_wiring import model_files
from onhand.gguf.client import HeaderReader
from onhand.host import SystemClock, find_data, own_command
from onhand.model_wiring import model_shelf
from onhand.services.admitting import AdmitModels, Doorkeeper
from onhand.services.check_update import CheckUpdate
from onhand.services.describe_models import DescribeModels
from onhand.services.export_task import ExportTask
from onhand.services.import_models import ImportModels, Vetting
from onhand.services.import_pack import ImportPack, PackPlaces, PackTrust
from onhand.services.import_task import ImportTask
from onhand.services.make_pack import MakePack, Shelves
from onhand.services.pack_models import PackModels
from onhand.services.save_task import SaveTask
from onhand.services.size_ladder import SizeLadder
from onhand.services.update_ports import Here
from onhand.signatures import Ed25519Signatures, OwnKey
from onhand.storage.checked_files import CheckedFilesFile
from onhand.storage.model_sources import ModelSources
from onhand.storage.pack_file import PackFiles
from onhand.storage.report_file import save_file
from onhand.storage.safe_files import failures_as
from onhand.storage.signers_file import PolicyFolder, SignersFile
from onhand.storage.update_files import UpdateFiles

if TYPE_CHECKING:
    from onhand.domain.catalog import Catalog
    from onhand.host import Paths
    from onhand.services.fit import FitModels
    from onhand.services.models import Models
    from onhand.services.ports import SettingsStore
    from onhand.storage.model_files import ModelFiles
    from onhand.storage.own_tasks import OwnTasks
    from onhand.storage.task_files import TaskFiles


CHECKED = "checked-models.json"
"""What was found out about model files."""

SIGNERS, SIGNING_KEY = "trusted-signers.json", "signing-key.pem"
"""Whose packs are taken, and what this user's packs are signed with."""

RELEASE_KEY = "release-key.txt"
"""The fingerprint of the key that releases are signed with, among the resources."""

POLICIES = "policies"
"""The folder of policies that came with packs."""


@cache
def catalog() -> Catalog:
    """The catalogue.

    Raises:
        DataDamaged: it is missing or not what it should be.
    """
    path = find_data() / "models.json"
    with failures_as(DataDamaged, path):
        return read_catalog(path.read_bytes())


def header_reader() -> HeaderReader:
    """Reads headers of model files, each in a process of its own."""
    return HeaderReader(own_command("header"))


def size_ladder(
    paths: Paths, models: Models, store: ModelFiles, fit: FitModels
) -> SizeLadder:
    """Every model that could answer here, and how it stands."""
    return SizeLadder(
        known=store.known,
        models=models,
        files=model_shelf(paths),
        look=admit_models(paths).look,
        estimate=fit.estimate,
    )


def admit_models(paths: Paths) -> AdmitModels:
    """Knows what model files are, and remembers what it found out."""
    return AdmitModels(
        catalog=catalog,
        shelf=model_shelf(paths),
        sources=ModelSources(),
        checked=CheckedFilesFile(paths.data / CHECKED),
        header=header_reader(),
    )


def describe_models(paths: Paths) -> DescribeModels:
    """Tells everything about a model."""
    return DescribeModels(
        catalog=catalog,
        store=model_files(paths),
        shelf=model_shelf(paths),
        admit=admit_models(paths),
        header=header_reader(),
    )


def doorkeeper(paths: Paths, admit: AdmitModels, settings: SettingsStore) -> Doorkeeper:
    """Asked before the engine loads a file."""
    return Doorkeeper(
        admit,
        made_here=paths.layouts,
        allows=lambda: settings.load().allow_unverified_models,
    )


def import_models(paths: Paths, settings: SettingsStore) -> ImportModels:
    """Brings in models from files and folders."""
    return ImportModels(
        vetting=Vetting(
            catalog=catalog,
            header=header_reader(),
            allows=lambda: settings.load().allow_unverified_models,
        ),
        shelf=model_shelf(paths),
        sources=ModelSources(),
        store=model_files(paths),
        clock=SystemClock(),
    )


def import_task(shelf: OwnTasks) -> ImportTask:
    """Makes task files the user's own."""
    return ImportTask(shelf=shelf, new_id=_new_task_id)


def export_task() -> ExportTask:
    """Writes tasks into files."""
    return ExportTask(save_file)


def save_task(shelf: OwnTasks, tasks: TaskFiles) -> SaveTask:
    """Keeps what the user wrote."""
    return SaveTask(shelf=shelf, tasks=tasks, new_id=_new_task_id)


def _new_task_id() -> str:
    return f"task-{uuid.uuid4().hex}"


def pack_models(paths: Paths, shelf: OwnTasks) -> PackModels:
    """Makes packs and takes them; the tasks in them come to `shelf`."""
    key = OwnKey(paths.data / SIGNING_KEY)
    make = MakePack(
        shelves=Shelves(
            catalog=catalog,
            store=model_files(paths),
            sources=ModelSources(),
            admit=admit_models(paths),
            licence=_licence,
        ),
        packs=PackFiles(),
        clock=SystemClock(),
    )
    take = ImportPack(
        packs=PackFiles(),
        trust=PackTrust(
            signatures=Ed25519Signatures(),
            signers=SignersFile(paths.data / SIGNERS),
            own=key.fingerprint,
        ),
        places=PackPlaces(
            shelf=model_shelf(paths),
            store=model_files(paths),
            tasks=import_task(shelf),
            policies=PolicyFolder(paths.data / POLICIES),
        ),
        clock=SystemClock(),
    )
    return PackModels(make=make, take=take, signatures=Ed25519Signatures(), own_key=key)


def check_update(settings: SettingsStore) -> CheckUpdate:
    """Says of a file whether it is an update that may be installed here."""
    return CheckUpdate(
        files=UpdateFiles(),
        signatures=Ed25519Signatures(),
        settings=settings,
        here=_here,
    )


def _here() -> Here:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and rarely needed

    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    path = find_data() / "resources" / RELEASE_KEY
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):  # built from sources, by nobody who signs releases
        key = ""
    return Here(
        version=version("onhand"),
        system=system,
        machine=MACHINES.get(machine, machine),
        key=key,
    )


def _licence(name: str) -> bytes | None:
    """The text of a licence; None for one that does not come with the program."""
    path = find_data() / "resources" / "licences" / f"{name}.txt"
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        return None

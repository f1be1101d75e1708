"""Builds everything and closes it again; the one place that knows every class."""

from __future__ import annotations

import os
import sys
import uuid
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, UsageError
from onhand.engine.client import EngineClient
from onhand.engine.workshop import EngineWorkshop
from onhand.history_wiring import Store, new_store, new_vault
from onhand.host import Log, Paths, SystemClock, find_data
from onhand.languages import Cld3Languages
from onhand.services.answering import Answering
from onhand.services.bundle import Archive, Services
from onhand.services.calibrating import Calibrations
from onhand.services.correct import Correct
from onhand.services.examine import Examine
from onhand.services.import_task import ImportTask
from onhand.services.models import Models
from onhand.services.run_batch import RunBatch
from onhand.services.run_task import RunTask
from onhand.services.tune import Tune
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows
from onhand.storage.ladder_file import LadderFile
from onhand.storage.memory_jobs import MemoryJobs
from onhand.storage.model_files import ModelFiles
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.settings_file import SettingsFile
from onhand.storage.task_files import TaskFiles
from onhand.storage.tuning_files import TuningFiles
from onhand.storage.vault import Vault, ask_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.services.key_ports import AskPassphrase

ROW_FORMATS = frozenset({".jsonl", ".ndjson"})


@contextmanager
def open_services(
    paths: Paths, *, model: str = "", engine_soon: bool = False, vault: Vault | None = None
) -> Iterator[Services]:
    """Everything that an interface needs, closed at the end of the block.

    Nothing here fails for the data folder's sake: who wants to keep something is told.

    Args:
        paths: where things lie.
        model: what answers in this run; "" for what the settings say.
        engine_soon: start the engine's process at once, because it will be needed.
        vault: the key of the history; None: one that asks nobody.

    Raises:
        DataDamaged: the program's own files are missing.
    """
    settings = SettingsFile(paths.settings)
    ladder = LadderFile(paths.ladder)

    def new_engine() -> EngineClient:
        return EngineClient(
            engine_command(), ladder=ladder, settings=settings, log=paths.engine_log
        )

    engine = new_engine()
    workshop = EngineWorkshop(engine_command(), new_engine, paths.engine_log)
    tunings = TuningFiles(paths.layouts, ladder)
    store = new_store(paths, vault or open_vault(paths))
    with suppress(AppError):
        paths.prepare()
    with (
        Log(paths.logs),
        _tidied(store, settings),
        closing(engine),
        closing(store),
    ):
        if engine_soon:
            # Whoever asks it for something is told why it cannot be started.
            with suppress(AppError):
                engine.prepare()
        models = Models(
            store=ModelFiles(
                catalog=find_data() / "models.json", folders=paths.model_folders()
            ),
            settings=settings,
            engine=engine,
            tunings=tunings,
            wanted=model,
        )
        yield _wired(paths, settings, store, models, _Engines(engine, workshop, tunings))


@contextmanager
def _tidied(store: Store, settings: SettingsFile) -> Iterator[None]:
    """Leave nothing behind that the user does not want kept any more."""
    try:
        yield
    finally:
        with suppress(AppError):
            store.tidy(settings.load())
        store.close()


def open_vault(paths: Paths, ask: AskPassphrase = ask_nobody) -> Vault:
    """The key of the history, which everything that is opened on it may share.

    Args:
        paths: where things lie.
        ask: asks the user for a passphrase, where the keyring does not have the key.
    """
    return new_vault(paths, ask)


@contextmanager
def open_archive(paths: Paths, vault: Vault | None = None) -> Iterator[Archive]:
    """What is kept, over a connection of its own: it waits for no engine.

    Nothing is opened, and nothing can fail, before it is used.
    """
    with closing(new_store(paths, vault or open_vault(paths))) as store:
        yield Archive(
            history=store.history,
            correct=Correct(history=store.history, clock=SystemClock()),
            jobs=store.jobs,
            keys=store.keys,
            drafts=store.drafts,
            backups=store.backups,
            forget=store.forget,
        )


@dataclass(frozen=True)
class _Engines:
    """What runs models: the engine that answers, and what makes it faster."""

    engine: EngineClient
    workshop: EngineWorkshop
    tunings: TuningFiles


def engine_command() -> list[str]:
    """The command line of an engine process."""
    # Without -P Python would look for modules in the folder that happens to be current.
    return [sys.executable, "-P", "-m", "onhand", "engine"]


def _wired(
    paths: Paths,
    settings: SettingsFile,
    store: Store,
    models: Models,
    engines: _Engines,
) -> Services:
    data = find_data()
    clock = SystemClock()
    history = store.history
    tasks = TaskFiles(built_in=data / "resources" / "tasks", own=paths.tasks)
    answering = Answering(
        engines.engine,
        models,
        priors=store.priors,
        prefixes=store.prefixes,
        languages=Cld3Languages(),
    )
    return Services(
        run_task=RunTask(
            answering=answering,
            models=models,
            history=history,
            settings=settings,
            clock=clock,
        ),
        run_batch=RunBatch(
            runner=answering,
            select_model=models.select,
            jobs=store.jobs,
            private_jobs=MemoryJobs,
            clock=clock,
            keeps_history=lambda: settings.load().keep_history and store.can_be_kept(),
            calibration=Calibrations(history),
        ),
        correct=Correct(history=history, clock=clock),
        models=models,
        tune=Tune(
            models=models,
            workshop=engines.workshop,
            tunings=engines.tunings,
            history=history,
            tasks=tasks,
        ),
        tasks=tasks,
        history=history,
        jobs=store.jobs,
        keys=store.keys,
        backups=store.backups,
        forget=store.forget,
        settings=settings,
        import_task=ImportTask(
            shelf=OwnTasks(paths.tasks), new_id=lambda: f"task-{uuid.uuid4().hex}"
        ),
        examine=Examine(
            about=_about,
            prepare_folder=lambda: _prepared(paths),
            models=models,
            history=history,
        ),
        open_rows=_open_rows,
        open_results=_open_results,
    )


def _about() -> list[tuple[str, str]]:
    """What is so and cannot fail."""
    import platform  # noqa: PLC0415 - slow, and rarely needed
    from importlib.metadata import version  # noqa: PLC0415

    return [
        ("program", f"Onhand {version('onhand')}, Python {platform.python_version()}"),
        ("system", platform.platform(terse=True)),
        ("processor", f"{platform.machine()}, {os.cpu_count()} cores"),
    ]


def _prepared(paths: Paths) -> str:
    paths.prepare()
    return f"{paths.data} can be written"


def _open_rows(path: Path, column: str) -> JsonlRows:
    _raise_if_unknown(path)
    return JsonlRows(path, column)


def _open_results(path: Path) -> JsonlResults:
    _raise_if_unknown(path)
    return JsonlResults(path)


def _raise_if_unknown(path: Path) -> None:
    if path.suffix.lower() not in ROW_FORMATS:
        raise UsageError(f"{path.name}: a batch reads and writes .jsonl")

"""Builds everything and closes it again; the one place that knows every class."""

from __future__ import annotations

import os
import sys
import uuid
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, UsageError
from onhand.domain.policies import read_policies
from onhand.domain.policy_errors import PolicyForbids
from onhand.engine.client import EngineClient
from onhand.engine.workshop import EngineWorkshop
from onhand.host import Paths, SystemClock, find_data
from onhand.languages import Cld3Languages
from onhand.logs import Log, log_lines
from onhand.policies.system import system_policies
from onhand.services.answering import Answering
from onhand.services.bundle import Archive, Services
from onhand.services.calibrating import Calibrations
from onhand.services.correct import Correct
from onhand.services.examine import Examine
from onhand.services.import_task import ImportTask
from onhand.services.models import Models
from onhand.services.prove import Prove
from onhand.services.report import MakeReport
from onhand.services.run_batch import RunBatch
from onhand.services.run_task import RunTask
from onhand.services.tune import Tune
from onhand.storage.database import Database
from onhand.storage.history import SqliteHistory
from onhand.storage.jobs import SqliteJobs
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows
from onhand.storage.ladder_file import LadderFile
from onhand.storage.memory_jobs import MemoryJobs
from onhand.storage.model_files import ModelFiles
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.priors import SqlitePriors
from onhand.storage.report_file import digest, save_new, save_report
from onhand.storage.settings_file import SettingsFile
from onhand.storage.task_files import TaskFiles
from onhand.storage.tuning_files import TuningFiles
from onhand.worker.client import DocumentReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.services.policy_ports import PolicySource

ROW_FORMATS = frozenset({".jsonl", ".ndjson"})


@contextmanager
def open_services(
    paths: Paths,
    *,
    model: str = "",
    engine_soon: bool = False,
    policies: PolicySource | None = None,
) -> Iterator[Services]:
    """Everything that an interface needs, closed at the end of the block.

    Nothing here fails for the data folder's sake: who wants to keep something is told.

    Args:
        paths: where things lie.
        model: what answers in this run; "" for what the settings say.
        engine_soon: start the engine's process at once, because it will be needed.
        policies: where they lie; None: where this system has them.

    Raises:
        DataDamaged: the program's own files are missing.
        PolicyForbids: another model shall answer than the one that is fixed.
    """
    held = read_policies((policies or system_policies()).read())
    settings = SettingsFile(paths.settings, held)
    if model and "model" in held.managed:
        raise PolicyForbids("model")
    ladder = LadderFile(paths.ladder)

    def new_engine() -> EngineClient:
        return EngineClient(
            engine_command(), ladder=ladder, settings=settings, log=paths.engine_log
        )

    engine = new_engine()
    workshop = EngineWorkshop(engine_command(), new_engine, paths.engine_log, settings)
    tunings = TuningFiles(paths.layouts, ladder)
    database = Database(paths.database)
    with suppress(AppError):
        paths.prepare()
    with (
        Log(paths.logs),
        _swept(PrefixFolder(paths.prefixes), settings),
        closing(engine),
        closing(database),
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
        yield _wired(paths, settings, database, models, _Engines(engine, workshop, tunings))


@contextmanager
def _swept(prefixes: PrefixFolder, settings: SettingsFile) -> Iterator[None]:
    """Leave no decoded prefixes behind where the user wants nothing kept any more."""
    try:
        yield
    finally:
        with suppress(AppError):
            if not settings.load().keep_history:
                prefixes.forget()


@contextmanager
def open_archive(paths: Paths) -> Iterator[Archive]:
    """What is kept, over a connection of its own: it waits for no engine.

    Nothing is opened, and nothing can fail, before it is used.
    """
    with closing(Database(paths.database)) as database:
        history = SqliteHistory(database)
        yield Archive(
            history=history,
            correct=Correct(history=history, clock=SystemClock()),
            jobs=SqliteJobs(database, _locks(paths)),
            read_document=DocumentReader(_command("document")),
        )


@dataclass(frozen=True)
class _Engines:
    """What runs models: the engine that answers, and what makes it faster."""

    engine: EngineClient
    workshop: EngineWorkshop
    tunings: TuningFiles


def engine_command() -> list[str]:
    """The command line of an engine process."""
    return _command("engine")


def _command(name: str) -> list[str]:
    # Without -P Python would look for modules in the folder that happens to be current.
    return [sys.executable, "-P", "-m", "onhand", name]


def _wired(
    paths: Paths,
    settings: SettingsFile,
    database: Database,
    models: Models,
    engines: _Engines,
) -> Services:
    data = find_data()
    clock = SystemClock()
    history = SqliteHistory(database)
    jobs = SqliteJobs(database, _locks(paths))
    tasks = TaskFiles(built_in=data / "resources" / "tasks", own=paths.tasks)
    answering = Answering(
        engines.engine,
        models,
        priors=SqlitePriors(database),
        prefixes=PrefixFolder(paths.prefixes),
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
            jobs=jobs,
            private_jobs=MemoryJobs,
            clock=clock,
            keeps_history=lambda: settings.load().keep_history,
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
        jobs=jobs,
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
        report=MakeReport(
            settings=settings, logs=lambda: log_lines(paths.logs), save=save_report
        ),
        prove=Prove(
            attempts=lambda: (),  # nothing in this program can attempt any
            about=_about,
            models=models,
            settings=settings,
            digest=digest,
            write=_write_page,
            clock=clock,
        ),
        open_rows=_open_rows,
        open_results=_open_results,
    )


def _locks(paths: Paths) -> Path:
    return paths.data / "locks"


def _about() -> list[tuple[str, str]]:
    """What is so and cannot fail."""
    import platform  # noqa: PLC0415 - slow, and rarely needed
    from importlib.metadata import version  # noqa: PLC0415

    return [
        ("program", f"Onhand {version('onhand')}, Python {platform.python_version()}"),
        ("system", platform.platform(terse=True)),
        ("processor", f"{platform.machine()}, {os.cpu_count()} cores"),
    ]


def _write_page(html: str, path: Path) -> None:
    if path.suffix.lower() == ".pdf":
        from onhand.ui.paper import as_pdf  # noqa: PLC0415 - Qt, and only for this

        save_new(path, as_pdf(html))
    else:
        save_new(path, html.encode())


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

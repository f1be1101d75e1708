"""Builds everything and closes it again; the one place that knows every class."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from onhand import teaching_wiring as teaching
from onhand.batch_wiring import batch_files, open_labelled, run_batch, try_batch
from onhand.cloud_wiring import Looking, cloud_services
from onhand.cluster_wiring import on_cluster
from onhand.domain.errors import AppError
from onhand.domain.policy_errors import PolicyForbids
from onhand.engine.client import EngineClient
from onhand.first_wiring import model_files, settings_file, task_files
from onhand.history_wiring import Store, data_place, new_store, open_vault, tidied
from onhand.host import Paths, SystemClock
from onhand.logs import Log
from onhand.model_wiring import downloads, keep_models
from onhand.privacy_wiring import (
    document_reader,
    examine,
    make_report,
    prove,
)
from onhand.running import Running, engine_command
from onhand.services.bundle import Archive, Services
from onhand.services.compare_models import CompareModels
from onhand.services.correct import Correct
from onhand.services.downloads import Downloads
from onhand.services.keep_models import KeepModels
from onhand.services.learn import Learn
from onhand.services.models import Models
from onhand.services.remove_task import RemoveTask
from onhand.services.run_task import RunTask
from onhand.services.shelf import Shelf
from onhand.services.tune import Tune
from onhand.storage.ladder_file import LadderFile
from onhand.storage.tuning_files import TuningFiles
from onhand.trust_wiring import (
    admit_models,
    check_update,
    describe_models,
    doorkeeper,
    export_task,
    import_models,
    import_task,
    pack_models,
    save_task,
    size_ladder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.services.policy_ports import PolicySource
    from onhand.services.ports import InstalledModel
    from onhand.storage.settings_file import SettingsFile
    from onhand.storage.vault import Vault


__all__ = ["engine_command", "open_archive", "open_services", "open_shelf", "open_vault"]


@contextmanager
def open_services(
    paths: Paths,
    *,
    model: str = "",
    engine_soon: bool = False,
    policies: PolicySource | None = None,
    vault: Vault | None = None,
) -> Iterator[Services]:
    """Everything that an interface needs, closed at the end of the block.

    Nothing here fails for the data folder's sake: who wants to keep something is told.

    Args:
        paths: where things lie.
        model: what answers in this run; "" for what the settings say.
        engine_soon: start the engine's process at once, because it will be needed.
        policies: where they lie; None: where this system has them.
        vault: the key of the history; None: one that asks nobody.

    Raises:
        DataDamaged: the program's own files are missing.
        PolicyForbids: another model shall answer than the one that is fixed.
    """
    settings = settings_file(paths, policies)
    if model and "model" in settings.policies.managed:
        raise PolicyForbids("model")
    files = model_files(paths)
    door = doorkeeper(paths, admit_models(paths), settings)
    running = Running.of(paths, files, settings, door)
    engine = running.new_engine()
    store = new_store(paths, vault or open_vault(paths))
    with suppress(AppError):
        paths.prepare()
    with (
        Log(paths.logs),
        tidied(store, settings),
        closing(engine),
        closing(store),
    ):
        if engine_soon:
            # Whoever asks it for something is told why it cannot be started.
            with suppress(AppError):
                engine.prepare()
        getting = downloads(paths, settings)
        keeping = keep_models(paths, settings, running.tunings, getting)

        def admit(model: InstalledModel) -> None:
            # The engine asks the door too, but may be given a layout of the file instead.
            keeping.admit(model)
            door(model.path)

        models = Models(
            store=files,
            settings=settings,
            engine=engine,
            tunings=running.tunings,
            wanted=model,
            admit=admit,
        )
        yield _wired(
            paths,
            settings,
            store,
            _ModelUse(models, getting, keeping),
            _Engines(engine, running),
        )


def _correct(store: Store) -> Correct:
    return Correct(history=store.history, prefixes=store.prefixes, clock=SystemClock())


@contextmanager
def open_archive(
    paths: Paths, vault: Vault | None = None, *, policies: PolicySource | None = None
) -> Iterator[Archive]:
    """What is kept, over a connection of its own: it waits for no engine.

    Nothing is opened, and nothing can fail, before it is used.
    """
    settings = settings_file(paths, policies)
    with closing(new_store(paths, vault or open_vault(paths))) as store:
        yield Archive(
            history=store.history,
            correct=_correct(store),
            jobs=store.jobs,
            keys=store.keys,
            drafts=store.drafts,
            backups=store.backups,
            forget=store.forget,
            exports=store.exports,
            let_go=store.close,
            read_document=document_reader(settings),
            batch_files=batch_files(settings),
        )


@contextmanager
def open_shelf(
    paths: Paths, vault: Vault | None = None, *, policies: PolicySource | None = None
) -> Iterator[Shelf]:
    """What gets and keeps models; needs no engine, and opens nothing before it is used.

    Nothing but the examples of tasks that come in a pack goes to the history.
    """
    settings = settings_file(paths, policies)
    getting = downloads(paths, settings)
    tunings = TuningFiles(paths.layouts, LadderFile(paths.ladder))
    with closing(new_store(paths, vault or open_vault(paths))) as store:
        yield Shelf(
            downloads=getting,
            keep=keep_models(paths, settings, tunings, getting),
            importing=import_models(paths, settings),
            packs=pack_models(paths, store.own_tasks).take,
            check_update=check_update(settings),
        )


@dataclass(frozen=True)
class _ModelUse:
    """Which model answers, and how models come and stay."""

    models: Models
    downloads: Downloads
    keep: KeepModels


@dataclass(frozen=True)
class _Engines:
    """The engine that answers, and what all engines here are made of."""

    engine: EngineClient
    running: Running


def _wired(
    paths: Paths,
    settings: SettingsFile,
    store: Store,
    use: _ModelUse,
    engines: _Engines,
) -> Services:
    models = use.models
    clock = SystemClock()
    history = store.history
    tasks = task_files(paths, store.examples.load)
    answering = teaching.answering_over(store, engines.engine, models)
    calibrations = teaching.calibrations_over(store, settings)
    fit = engines.running.fit(models)
    teach = teaching.teach_over(store, answering, models)
    looking = Looking(engines.engine, models.loaded)
    run_task = RunTask(
        answering=answering,
        models=models,
        history=history,
        calibrations=calibrations,
        settings=settings,
        clock=clock,
    )
    return Services(
        run_task=run_task,
        run_batch=run_batch(answering, models, store, settings, calibrations),
        on_cluster=on_cluster(paths, answering, models, store, settings, calibrations),
        try_batch=try_batch(answering, models, calibrations),
        correct=_correct(store),
        teach=teach,
        learn=Learn(teach, settings),
        evaluate=teaching.evaluate_over(store, answering, models, fit, calibrations),
        distil=teaching.distil_over(store, answering, models, teach),
        report_evaluation=teaching.report_evaluation(),
        measured_before=teaching.measured_before(store, settings),
        export_examples=teaching.export_examples(store),
        models=models,
        downloads=use.downloads,
        keep_models=use.keep,
        tune=Tune(
            models=models,
            workshop=engines.running.workshop,
            tunings=engines.running.tunings,
            history=history,
            tasks=tasks,
        ),
        compare=CompareModels(
            models=models,
            answering=answering,
            history=history,
            tasks=tasks,
            memory=lambda model: fit.estimate(model).needs,
        ),
        size_ladder=size_ladder(paths, models, engines.running.store, fit),
        cloud=cloud_services(paths, store, settings, run_task, looking),
        describe_models=describe_models(paths),
        import_models=import_models(paths, settings),
        packs=pack_models(paths, store.own_tasks),
        check_update=check_update(settings),
        place=data_place(paths),
        tasks=tasks,
        history=history,
        jobs=store.jobs,
        keys=store.keys,
        rekey=store.rekey,
        backups=store.backups,
        forget=store.forget,
        exports=store.exports,
        let_go=store.close,
        settings=settings,
        import_task=import_task(store.own_tasks),
        export_task=export_task(),
        save_task=save_task(store.own_tasks, tasks),
        remove_task=RemoveTask(store.own_tasks),
        examine=examine(paths, store, models, settings, engines.running.about),
        fit=fit,
        report=make_report(paths, settings),
        prove=prove(paths, models, settings),
        read_document=document_reader(settings),
        open_labelled=partial(open_labelled, settings),
        batch_files=batch_files(settings),
    )

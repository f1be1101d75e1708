"""Builds what answers and what it learns from, over a history that may be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.host import SystemClock, as_missing_library
from onhand.languages import Cld3Languages
from onhand.services.answering import Answering
from onhand.services.calibrating import Calibrations, promised_for
from onhand.services.distil import Distil
from onhand.services.evaluate import Evaluate
from onhand.services.evaluation_report import ReportEvaluation
from onhand.services.export_examples import ExportExamples
from onhand.services.measured_before import MeasuredBefore
from onhand.services.teach import Teach
from onhand.storage.report_file import is_taken, save_file, save_private
from onhand.storage.xlsx_results import workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.drawing import Drawing
    from onhand.domain.evaluation_tables import NamedTable
    from onhand.history_wiring import Store
    from onhand.services.fit import FitModels
    from onhand.services.models import Models
    from onhand.services.ports import Engine, SettingsStore


def answering_over(store: Store, engine: Engine, models: Models) -> Answering:
    """What answers tasks with an engine."""
    return Answering(
        engine,
        models,
        priors=store.priors,
        samples=store.samples,
        prefixes=store.prefixes,
        languages=Cld3Languages(),
        heads=store.heads,
        history=store.history,
    )


def teach_over(store: Store, answering: Answering, models: Models) -> Teach:
    """What teaches tasks with what answers them."""
    return Teach(
        answering=answering,
        models=models,
        heads=store.heads,
        history=store.history,
        clock=SystemClock(),
    )


def calibrations_over(store: Store, settings: SettingsStore) -> Calibrations:
    """What tells how far answers can be relied on."""
    return Calibrations(
        store.history, store.heads, lambda task: promised_for(task, settings)
    )


def evaluate_over(
    store: Store,
    answering: Answering,
    models: Models,
    fit: FitModels,
    calibrations: Calibrations,
) -> Evaluate:
    """What measures models on labelled texts."""
    return Evaluate(
        models=models,
        answering=answering,
        calibrations=calibrations,
        history=store.history,
        memory=lambda model: fit.estimate(model).needs,
    )


def report_evaluation() -> ReportEvaluation:
    """What writes the reports of that."""
    return ReportEvaluation(
        write=save_file,
        is_there=is_taken,
        clock=SystemClock(),
        picture=as_picture,
        workbook=as_workbook,
    )


def export_examples(store: Store) -> ExportExamples:
    """What writes labelled texts for trainers elsewhere."""
    return ExportExamples(
        history=store.history,
        languages=Cld3Languages(),
        write=save_private,
        is_there=is_taken,
    )


def distil_over(store: Store, answering: Answering, models: Models, teach: Teach) -> Distil:
    """What lets a model learn what a larger one says."""
    return Distil(
        teach=teach,
        answering=answering,
        models=models,
        heads=store.heads,
        clock=SystemClock(),
        write=save_private,
        is_there=is_taken,
    )


def measured_before(store: Store, settings: SettingsStore) -> MeasuredBefore:
    """What keeps measurements."""
    return MeasuredBefore(store=store.measurements, settings=settings, clock=SystemClock())


def as_workbook(tables: Sequence[NamedTable]) -> bytes:
    """Tables as the sheets of an .xlsx file."""
    return workbook((each.name, each.lines) for each in tables)


def as_picture(drawing: Drawing) -> bytes:
    """A drawing as PNG; see `ReportEvaluation`."""
    try:
        from onhand.ui.picture import as_png  # noqa: PLC0415 - Qt, and only for this
    except ImportError as error:
        missing = as_missing_library(error)
        if missing is None:
            raise
        raise missing from error
    return as_png(drawing)

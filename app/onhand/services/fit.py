"""Whether a model fits, estimated; and measured, by running it here."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from onhand.domain.fit import PAGE_TOKENS, Fit, page_seconds
from onhand.domain.primitives import Probe
from onhand.domain.progress import Progress, ignore_progress
from onhand.services.fit_ports import Measured

if TYPE_CHECKING:
    from onhand.domain.catalog import ModelSpec
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.fit_ports import KnownModels, MeasuredStore
    from onhand.services.fitting import Fitting
    from onhand.services.models import Models
    from onhand.services.ports import InstalledModel, LadderStore, SettingsStore
    from onhand.services.tuning_ports import Workshop

ROUNDS = 3
"""So often is the speed measured; the median counts."""

STEPS = 16
"""Tokens that are written one by one each time."""

ROOM = 64
"""Tokens of the context that a page leaves free."""


class FitModels:
    """What fits this machine, and how fast it is here."""

    def __init__(  # noqa: PLR0913 - by keyword, and each is a port of its own
        self,
        *,
        fitting: Fitting,
        models: Models,
        workshop: Workshop,
        catalog: KnownModels,
        measured: MeasuredStore,
        ladder: LadderStore,
        settings: SettingsStore,
    ) -> None:
        self._fitting = fitting
        self._models = models
        self._workshop = workshop
        self._catalog = catalog
        self._measured = measured
        self._ladder = ladder
        self._settings = settings

    def known(self) -> tuple[ModelSpec, ...]:
        """The models of the catalogue, smallest first."""
        return self._catalog.known()

    def estimate(self, model: ModelSpec | InstalledModel) -> Fit:
        """Whether a model fits now; with the time for a page where it was measured."""
        return self._fitting(model)

    def measure(
        self, wanted: str, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> Fit:
        """Load a model in an engine of its own, read a page, write, and keep how fast.

        Args:
            wanted: a model, as for `Models`, in the layout that answers here.
            cancel: stops it; nothing is kept then.
            on_progress: called on this thread.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: the model cannot be run.
            OutOfMemory: there is not enough memory for it.
            Cancelled: the user stopped it.
        """
        model = self._models.as_used(wanted)
        settings = self._settings.load()
        on_progress(Progress(done=0, total=ROUNDS + 1, note="load"))
        begin = time.perf_counter()
        with self._workshop.engine(model.path) as engine:
            state = engine.state(cancel)
            load = time.perf_counter() - begin
            probe = Probe(read=min(PAGE_TOKENS, state.context - ROOM), steps=STEPS)
            probed = []
            for done in range(ROUNDS):
                on_progress(
                    Progress(done=done + 1, total=ROUNDS + 1, note="read and write")
                )
                probed.append(engine.probe(probe, cancel))
        on_progress(Progress(done=ROUNDS + 1, total=ROUNDS + 1))
        read = statistics.median(each.read for each in probed)
        write = statistics.median(each.write for each in probed)
        record = self._ladder.load()
        self._measured.save(
            model.path,
            Measured(
                machine=record.fingerprint if record is not None else "",
                rung=state.rung,
                device=settings.device,
                context=state.context,
                load=load,
                read=read,
                write=write,
                page=page_seconds(read, write),
                memory=max(each.memory for each in probed),
            ),
        )
        return self._fitting(model)

    def measured(self, wanted: str) -> Measured | None:
        """What was measured of a model; None where nothing was, or it holds no more.

        Raises:
            ModelMissing: it is not on this machine.
        """
        model = self._models.as_used(wanted)
        return self._measured.load(model.path, self._settings.load().device)

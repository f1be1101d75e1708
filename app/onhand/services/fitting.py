"""Whether a model fits now, and what a failure for want of memory looks like."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.catalog import ModelSpec
from onhand.domain.engine_errors import OutOfMemory
from onhand.domain.fit import UNSHARED, Need, Place, fit_of, in_words, kv_bytes
from onhand.domain.ladder import Verdict

if TYPE_CHECKING:
    from onhand.domain.fit import Fit
    from onhand.services.fit_ports import KnownModels, Machine, MeasuredStore
    from onhand.services.ports import InstalledModel, LadderStore, SettingsStore

WORDS = ("bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory")
"""What native code or Python says in its last words when there is no memory."""


class Fitting:
    """Estimates whether models fit this machine, from what is free now."""

    def __init__(
        self,
        *,
        catalog: KnownModels,
        machine: Machine,
        measured: MeasuredStore,
        ladder: LadderStore,
        settings: SettingsStore,
    ) -> None:
        self._catalog = catalog
        self._machine = machine
        self._measured = measured
        self._ladder = ladder
        self._settings = settings
        self._kills = 0

    def __call__(self, model: ModelSpec | InstalledModel) -> Fit:
        """Whether a model of this machine, or of the catalogue, fits now.

        The engine that this program runs is thought away: it ends before another is loaded.
        """
        if isinstance(model, ModelSpec):
            need = self._need(model.bytes, model, disk=model.bytes)
            return fit_of(need, _with_obstacles(self._place(None), model))
        return self._of_file(model.path, model.bytes)

    def told(self) -> str:
        """What memory there is, in words."""
        memory = self._machine.memory()
        words = f"{in_words(memory.free)} free of {in_words(memory.most)}"
        if memory.limit:
            words += f", which is the limit of {memory.limit}"
        if memory.addresses is not None:
            words += f"; a process may have {in_words(memory.addresses)} of addresses"
        return words

    def raise_if_too_large(self, model: Path) -> None:
        """Look at the memory before a file is loaded, unless the user wants no such check.

        Raises:
            OutOfMemory: it does not fit.
        """
        self._kills = self._machine.kills()
        size = self._machine.size_of(model)
        if not self._settings.load().check_memory or not size:
            return  # whoever loads a file that is not there says so
        fit = fit_of(self._need(size, self._spec(model)), self._place(model))
        if not fit.may_be_loaded:
            raise OutOfMemory(f"{model.name}. {' '.join(fit.reasons)}")

    def blamed(self, model: Path, how: str, last_words: str) -> OutOfMemory | None:
        """That an engine ended for want of memory; None where nothing points at it.

        Args:
            model: what it had loaded, or was loading.
            how: its end, for example "SIGABRT".
            last_words: what native code printed.
        """
        told = any(each in last_words for each in WORDS)
        killed = how == "SIGKILL" and self._machine.kills() > self._kills
        size = self._machine.size_of(model)
        need, memory = self._need(size, self._spec(model)), self._machine.memory()
        beyond = need.memory > memory.most or (
            memory.addresses is not None and need.addresses > memory.addresses
        )
        if not told and not killed and not (size and beyond):
            return None
        return OutOfMemory(
            f"{model.name} needs about {in_words(need.memory)}; the engine ended ({how})"
        )

    def _of_file(self, model: Path, size: int) -> Fit:
        """The fit of a file, with what is known of this machine from before."""
        settings, record = self._settings.load(), self._ladder.load()
        place = _with_obstacles(self._place(model), self._spec(model))
        if record is not None:
            good = [each for each in record.trials if each.verdict is Verdict.GOOD]
            build = good[-1].rung.variant if good else ""
            place = dataclasses.replace(place, build=build)
        measured = self._measured.load(model, settings.device)
        need = self._need(size, self._spec(model))
        return fit_of(need, place, measured.page if measured is not None else None)

    def _need(self, weights: int, spec: ModelSpec | None, disk: int = 0) -> Need:
        tokens = self._settings.load().context
        if spec is not None:
            tokens = min(tokens, spec.context)
        known = kv_bytes(spec.kv_bytes if spec is not None else None, weights)
        return Need(weights=weights, context=known * tokens, disk=disk)

    def _spec(self, model: Path) -> ModelSpec | None:
        """The model of the catalogue that a file is, be it in another layout."""
        name = model.name.casefold()
        return next(
            (
                spec
                for spec in self._catalog.known()
                if name == spec.file.casefold()
                or name.startswith(f"{Path(spec.file).stem.casefold()}.")
            ),
            None,
        )

    def _place(self, model: Path | None) -> Place:
        """What there is for a file, or for one that is not here yet."""
        memory = self._machine.memory()
        shared = mapped = own = 0
        for engine in self._machine.engines():
            if engine.own:
                own += engine.private
            elif model is not None and Path(engine.model) == model:
                shared = max(shared, engine.mapped)
            else:
                mapped += engine.mapped
        free = min(memory.most, memory.free + own)
        return Place(
            memory=dataclasses.replace(memory, free=free),
            shared=shared,
            mapped=mapped,
            disk=self._machine.disk_free(),
        )


def _with_obstacles(place: Place, spec: ModelSpec | None) -> Place:
    """With what keeps a known model from answering here at all."""
    if spec is None or spec.architecture not in UNSHARED:
        return place
    told = (
        f"A model of the kind '{spec.architecture}' cannot be used here; take a dense one."
    )
    return dataclasses.replace(place, obstacles=(told,))

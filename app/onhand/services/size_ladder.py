"""The size ladder: the catalogue, what is here of it, and what fits, in one list."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from onhand.domain.catalog import ModelKind
from onhand.domain.errors import ModelMissing
from onhand.domain.size_ladder import Step
from onhand.domain.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.domain.catalog import ModelSpec
    from onhand.domain.fit import Fit
    from onhand.domain.receipts import Receipt
    from onhand.services.models import Models
    from onhand.services.ports import InstalledModel


class Files(Protocol):
    """As much of the user's own model folder as telling the state of a file takes."""

    def holds(self, path: Path) -> bool:
        """Whether a file lies there."""
        ...

    def receipt(self, name: str) -> Receipt | None:
        """What is written down about a file."""
        ...


class SizeLadder:
    """Every chat model of the catalogue and every file that is here, smallest first."""

    def __init__(
        self,
        *,
        known: Callable[[], tuple[ModelSpec, ...]],
        models: Models,
        files: Files,
        look: Callable[[Path], Trust],
        estimate: Callable[[ModelSpec | InstalledModel], Fit],
    ) -> None:
        """Wire it.

        Args:
            known: the catalogue.
            models: those on this machine, and the one in use.
            files: the user's own model folder.
            look: what is known of a file, without reading it.
            estimate: whether a model fits this machine now.
        """
        self._known = known
        self._models = models
        self._files = files
        self._look = look
        self._estimate = estimate

    def __call__(self) -> list[Step]:
        """The ladder as it is now; reads no model file.

        Raises:
            DataDamaged: the catalogue is missing or not what it should be.
        """
        used, tuned = self._in_use()
        here = {model.id.casefold(): model for model in self._models.installed()}
        if used is not None:
            here.setdefault(used.id.casefold(), used)
        steps = []
        for spec in self._known():
            model = here.pop(spec.id.casefold(), None)
            if spec.kind is ModelKind.CHAT:
                steps.append(self._step(spec, model, used, tuned=tuned))
        steps += [self._step(None, model, used, tuned=tuned) for model in here.values()]
        return sorted(steps, key=lambda step: (step.bytes, step.model))

    def _in_use(self) -> tuple[InstalledModel | None, bool]:
        with suppress(ModelMissing):
            return self._models.original(), bool(self._models.current().layout)
        return None, False

    def _step(
        self,
        spec: ModelSpec | None,
        model: InstalledModel | None,
        used: InstalledModel | None,
        *,
        tuned: bool,
    ) -> Step:
        """The step of a model of the catalogue, of a file that is here, or of both."""
        step = _unknown(model, self._estimate) if spec is None else self._known_step(spec)
        if model is None:
            return step
        in_use = used is not None and model.path == used.path
        own = self._files.holds(model.path)
        trust = self._trust(model)
        return dataclasses.replace(
            step,
            bytes=model.bytes,
            fit=self._estimate(self._models.in_layout(model)),
            here=True,
            in_use=in_use,
            tuned=in_use and tuned,
            own=own,
            trust=trust,
            damaged=trust is Trust.WRONG or (own and self._is_damaged(model.path.name)),
        )

    def _known_step(self, spec: ModelSpec) -> Step:
        return Step(
            model=spec.id,
            title=spec.title,
            tier=str(spec.tier),
            bytes=spec.bytes,
            licence=spec.licence,
            good_for=spec.good_for,
            languages=spec.languages or (),
            language_claim=spec.language_claim or "",
            fit=self._estimate(spec),
            can_be_fetched=spec.can_be_fetched,
            starter=bool(spec.distribution),
        )

    def _trust(self, model: InstalledModel) -> Trust:
        try:
            return self._look(model.path)
        except ModelMissing:  # it went away just now
            return Trust.UNCHECKED

    def _is_damaged(self, name: str) -> bool:
        receipt = self._files.receipt(name)
        return receipt is not None and bool(receipt.damaged)


def _unknown(
    model: InstalledModel | None, estimate: Callable[[InstalledModel], Fit]
) -> Step:
    """The step of a file that the catalogue does not know."""
    if model is None:
        raise ValueError("neither a model of the catalogue nor a file")
    return Step(
        model=model.id,
        title=model.title,
        tier=model.tier,
        bytes=model.bytes,
        licence=model.licence,
        languages=model.languages,
        fit=estimate(model),
        known=False,
    )

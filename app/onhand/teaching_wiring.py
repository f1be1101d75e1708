"""Builds what answers and what it learns from, over a history that may be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.host import SystemClock
from onhand.languages import Cld3Languages
from onhand.services.answering import Answering
from onhand.services.teach import Teach

if TYPE_CHECKING:
    from onhand.history_wiring import Store
    from onhand.services.models import Models
    from onhand.services.ports import Engine


def answering_over(store: Store, engine: Engine, models: Models) -> Answering:
    """What answers tasks with an engine."""
    return Answering(
        engine,
        models,
        priors=store.priors,
        prefixes=store.prefixes,
        languages=Cld3Languages(),
        heads=store.heads,
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

"""Answers with what is told of each: which model, where, how long, and what to mind."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.answers import Answer, Lane, Outcome
from onhand.domain.languages import UNKNOWN, name_of

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken
    from onhand.services.models import Models
    from onhand.services.ports import Engine, Languages


class Outcomes:
    """Makes outcomes of answers that the engine gave with the model it uses."""

    def __init__(self, engine: Engine, models: Models, languages: Languages) -> None:
        self._engine = engine
        self._models = models
        self._languages = languages

    def model(self, cancel: CancelToken) -> str:
        """The name of the model that the engine uses; loads it if need be."""
        return self._models.name_of(Path(self._engine.state(cancel).model))

    def of(
        self, answer: Answer, confidence: float | None, begin: float, cancel: CancelToken
    ) -> Outcome:
        """An answer that was begun at that reading of `time.perf_counter`."""
        state = self._engine.state(cancel)
        return Outcome(
            answer=answer,
            confidence=confidence,
            # Never `sure` before a calibration on the user's own corrections.
            lane=Lane.CHECK,
            model=self.model(cancel),
            device=state.device,
            seconds=time.perf_counter() - begin,
            read=1.0,
        )

    def noted(self, outcome: Outcome, text: str, cancel: CancelToken) -> Outcome:
        """With a note where the text is surely in a language the model was not made for."""
        made_for = self._models.languages_of(Path(self._engine.state(cancel).model))
        spoken = self._languages.of(text) if made_for else UNKNOWN
        if spoken in {UNKNOWN, *made_for}:
            return outcome
        note = f"The model {outcome.model} was not made for {name_of(spoken)}."
        return dataclasses.replace(outcome, notes=(*outcome.notes, note))

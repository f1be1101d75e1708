"""What works here and what does not: folder, history, models, engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.confinement import DOCUMENTS, Confinement, in_words
from onhand.domain.errors import AppError, DataDamaged
from onhand.services.history_ports import HistoryStore
from onhand.services.keeping_ports import BackupStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from onhand.services.data_place import DataPlace
    from onhand.services.models import Models


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at; holds no user text.

    Attributes:
        told: what was found, or what failed.
        error: why it does not work; None where it does.
        warning: it works all the same.
    """

    name: str
    told: str
    error: AppError | None = None
    warning: bool = False


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept, and copies of it."""

    history: HistoryStore
    backups: BackupStore


class Examine:
    """Looks at everything that an answer needs, in the order in which it is needed."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        about: Callable[[], Sequence[tuple[str, str]]],
        prepare_folder: Callable[[], str],
        models: Models,
        kept: Kept,
        place: DataPlace,
        documents: Callable[[], Confinement],
    ) -> None:
        """Wire it.

        Args:
            about: gives name and value of what is so and cannot fail: versions, processor.
            prepare_folder: makes the data folder usable and says where it is.
            models: the models here.
            documents: what the process has given up that takes documents apart.
            kept: the answers kept so far.
            place: where the data folder lies.
        """
        self._about = about
        self._prepare_folder = prepare_folder
        self._models = models
        self._documents = documents
        self._history = kept.history
        self._backups = kept.backups
        self._place = place

    def __call__(self) -> Iterator[Finding]:
        """Look at one thing after another; the engine, at the end, may take a while."""
        for name, told in self._about():
            yield Finding(name=name, told=told)
        yield _tried("data folder", self._prepare_folder)
        yield from self._look_at_place()
        yield self._history_found()
        yield _tried("models", self._list_models)
        yield Finding(name="documents", told=in_words(self._documents(), DOCUMENTS))
        yield from self._look_at_engine()

    def _look_at_place(self) -> Iterator[Finding]:
        warning = self._place.warning()
        if warning is not None:
            yield Finding(name="place", told=str(warning), error=warning, warning=True)

    def _history_found(self) -> Finding:
        found = _tried("history", self._look_at_history)
        if isinstance(found.error, DataDamaged):
            return Finding(
                name=found.name, told=f"{found.told}; {self._offer()}", error=found.error
            )
        return found

    def _offer(self) -> str:
        """What there is to put in the place of a damaged history."""
        try:
            good = self._backups.newest_good()
        except AppError as error:
            return f"nobody can say what backups there are: {error}"
        if good is None:
            return "there is no good backup"
        return f"the newest good backup is {good.name}"

    def _look_at_history(self) -> str:
        self._backups.look_for_damage()
        newest = self._history.search("", kind=None, limit=1, before=None)
        return f"can be read; the newest entry is {newest[0].id}" if newest else "empty"

    def _list_models(self) -> str:
        return ", ".join(model.id for model in self._models.installed()) or "none"

    def _look_at_engine(self) -> Iterator[Finding]:
        try:
            state = self._models.loaded()
            model = self._models.current()
        except AppError as error:
            yield Finding(name="engine", told=str(error), error=error)
            return
        kind = f"{state.device} ({state.variant})" if state.variant else state.device
        yield Finding(
            name="engine",
            told=f"runs {model.id} on {kind} with room for {state.context} tokens",
        )
        yield Finding(name="sandbox", told=in_words(state.confinement))
        if state.read_speed and state.write_speed:
            speeds = f"reads {state.read_speed:.0f}, writes {state.write_speed:.1f}"
            yield Finding(name="speed", told=f"{speeds} tokens a second")
        for note in state.notes:
            yield Finding(name="tried", told=note)


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, told=look())
    except AppError as error:
        return Finding(name=name, told=str(error), error=error)

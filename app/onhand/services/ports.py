"""What the use cases need from outside, as protocols: engine, models, tasks, settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from onhand.domain.progress import ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from onhand.domain.answers import Outcome
    from onhand.domain.errors import AppError
    from onhand.domain.heads import Learned
    from onhand.domain.ladder import LadderRecord
    from onhand.domain.policies import Policies
    from onhand.domain.primitives import (
        Count,
        Counted,
        Embed,
        Embedded,
        EngineState,
        Fill,
        Filled,
        PrefixCache,
        Probe,
        Probed,
        Prompt,
        Score,
        Scored,
        Write,
        WriteEach,
        Written,
    )
    from onhand.domain.progress import CancelToken, OnProgress, OnText
    from onhand.domain.settings import Settings
    from onhand.domain.tasks import Task
    from onhand.domain.train_request import Train, Trained
    from onhand.domain.weigh_request import Weigh, Weighed

    OnWhole: TypeAlias = Callable[[int, Written], None]


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """The current time, with its zone."""
        ...


class Languages(Protocol):
    """Tells languages apart, on this machine and within milliseconds."""

    def of(self, text: str) -> str:
        """The ISO 639-1 code of the language of a text, as its beginning has it.

        `UNKNOWN` (of `domain.languages`) where the text is too short, too mixed, or in a
        language that is not known. Any string is a text.
        """
        ...


class Engine(Protocol):
    """A loaded model and its primitives. One request at a time, from one thread at a time.

    Every primitive raises `Cancelled` when stopped, `EngineCrashed` or `EngineFailed` when
    the process died, `TextTooLong` when a request does not fit; afterwards the engine can
    be used again.
    """

    def use(self, model: Path) -> None:
        """Answer with this model from the next request on; loads nothing yet."""
        ...

    def use_adapter(self, adapter: Path | None) -> None:
        """Answer with this LoRA adapter from the next request on; None: without.

        That request raises `AdapterUnusable` where it is none for the model.
        """
        ...

    @property
    def asleep(self) -> bool:
        """Whether the model was loaded, and its memory was given back since."""
        ...

    def use_cache(self, cache: PrefixCache | None) -> None:
        """Where to look for decoded prefixes from the next request on; None: nowhere.

        Changes nothing but the speed. What may be written is written when the answer is
        given and nobody waits.
        """
        ...

    def state(self, cancel: CancelToken) -> EngineState:
        """What is loaded; loads the model if need be.

        Raises:
            ModelMissing, ModelUnusable: the file is not there, or cannot be loaded.
            Cancelled: the user stopped the loading; the next request loads anew.
        """
        ...

    def score(self, request: Score, cancel: CancelToken) -> Scored:
        """How probable each option is behind each text."""
        ...

    def fill(self, request: Fill, cancel: CancelToken) -> Filled:
        """Copy values out of a text."""
        ...

    def write(self, request: Write, cancel: CancelToken, on_text: OnText) -> Written:
        """Write; pieces arrive through `on_text` as they are written, on this thread."""
        ...

    def write_each(
        self, request: WriteEach, cancel: CancelToken, on_whole: OnWhole
    ) -> None:
        """Write several texts side by side, which takes less time than one by one.

        Each arrives through `on_whole` with its place in the request, once, in any order,
        on this thread and before this returns.
        """
        ...

    def embed(self, request: Embed, cancel: CancelToken) -> Embedded:
        """Hidden states behind each text."""
        ...

    def count(self, request: Count, cancel: CancelToken) -> Counted:
        """Number of tokens of each text."""
        ...

    def train(self, request: Train, cancel: CancelToken) -> Trained:
        """A head for some hidden states; within a second for a few hundred."""
        ...

    def weigh(self, request: Weigh, cancel: CancelToken) -> Weighed:
        """Weights of features, so that what is right is chosen; likewise."""
        ...

    def probe(self, request: Probe, cancel: CancelToken) -> Probed:
        """How fast the model is here."""
        ...


@dataclass(frozen=True, kw_only=True)
class InstalledModel:
    """A model file on this machine.

    Attributes:
        id: from the catalogue, or the file's name; behind a colon the layout, if it is
            another than the file came with.
        layout: that layout; "" for the file as it came.
        languages: ISO 639-1 codes of those it was made for; none where that is not known.
        kind: "chat", or "embedding" for one that answers no tasks.
        stamp: tells the file, as it came, from others of its name; "" where nothing does.
    """

    id: str
    title: str
    path: Path
    bytes: int
    tier: str = ""
    licence: str = ""
    layout: str = ""
    languages: tuple[str, ...] = ()
    kind: str = "chat"
    stamp: str = ""


class ModelStore(Protocol):
    """The model files on this machine."""

    def installed(self) -> list[InstalledModel]:
        """All that are here, smallest first."""
        ...

    def find(self, wanted: str) -> InstalledModel:
        """The model with this id, unambiguous start of an id, or path; "": the default.

        Raises:
            ModelMissing: there is none, or the start fits several.
        """
        ...


class LadderStore(Protocol):
    """Where the engine remembers what was tried."""

    def load(self) -> LadderRecord | None:
        """The record, or None where there is none or it cannot be read."""
        ...

    def save(self, record: LadderRecord) -> None:
        """Replace the record in one step; a folder that cannot be written is no failure."""
        ...


class PrefixStore(Protocol):
    """Where the engine may keep decoded prefixes, which hold the words of tasks."""

    def cache(self, lasting: Prompt | None) -> PrefixCache | None:
        """The place, where one prompt's prefix may be written; None where there is none.

        Without such a prompt no place is made that is not there yet. One that cannot be
        made is no failure.
        """
        ...

    def forget(self) -> None:
        """Remove all that was kept, as far as the system lets."""
        ...


class SettingsStore(Protocol):
    """The user's settings, under the policies of the organisation."""

    @property
    def policies(self) -> Policies:
        """What the organisation has fixed or recommends; the same for a whole run."""
        ...

    def load(self) -> Settings:
        """The settings in force."""
        ...

    def save(self, settings: Settings) -> None:
        """Keep what differs from the defaults.

        Raises:
            PolicyForbids: something that is fixed has another value.
        """
        ...


class TaskRunner(Protocol):
    """A task on several texts at once, with the model that the engine uses now."""

    def learn(
        self,
        task: Task,
        groups: Sequence[Sequence[str]],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Learned | None:
        """What can be learned about a task from some texts that stand for all.

        The engine is asked about each group at once, and progress counts their texts. None
        where there is nothing to learn about the task.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: it cannot be found out.
            Cancelled: the user stopped it.
        """
        ...

    def answer_many(
        self,
        task: Task,
        texts: Sequence[str],
        cancel: CancelToken,
        learned: Learned | None = None,
    ) -> list[Outcome | AppError]:
        """One entry for each text, in order: its answer, or why it has none.

        An answer depends on nothing but model, task, what was learned and its own text:
        neither on the texts beside it nor on what was answered or corrected before. So a
        batch may be cut anywhere.

        Raises:
            EngineFailed, TextTooLong: on them as a whole; one at a time they may do.
            ModelMissing, ModelUnusable: no text can be answered.
            Cancelled: the user stopped it.
        """
        ...


class TaskStore(Protocol):
    """Built-in tasks and the user's own."""

    def names(self) -> list[tuple[str, Task]]:
        """Every task with the name by which it is found, built-in ones first."""
        ...

    def find(self, wanted: str) -> Task:
        """The task of a file's path, or of a name.

        Raises:
            TaskUnknown: there is none.
            TaskInvalid: the file breaks a rule.
        """
        ...

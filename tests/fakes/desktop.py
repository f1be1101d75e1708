"""Services for a window: every use case is there, and answers when and as a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.batch_files import fake_batch_files
from fakes.cloud import CloudBench
from fakes.drafts import FakeDrafts
from fakes.gates import wait
from fakes.imports import FakeDescribeModels, FakeImportModels, FakePacks
from fakes.keeping import FakeBackups, FakeForgetting, FakePlaceNotes, exporting
from fakes.keys import FakeKeys, FakeRekeying
from fakes.labelled import open_labelled
from fakes.measurements import FakeMeasurements
from fakes.shelf import (
    FakeCheckUpdate,
    FakeDownloads,
    FakeFit,
    FakeImporting,
    FakeKeep,
    FakeLadder,
    FakeUnpacking,
)
from fakes.stores import (
    STARTER,
    FakeClock,
    FakeHistory,
    FakeJobs,
    FakeModels,
    FakePrefixes,
    FakeRows,
    FakeSettings,
    FakeSink,
    FakeTaskRunner,
    FakeTasks,
    FakeTunings,
    answer_of,
    outcome,
)
from fakes.tasks import EVERY_TASK, QUEUE
from fakes.teaching import FakeDistil, FakeEvaluate, FakeTeach, dated_reports
from onhand.domain.answers import Classification
from onhand.domain.comparing import ALL, Compared, Comparison, Item, Reply, Wanted
from onhand.domain.confinement import ENFORCED
from onhand.domain.errors import AppError, InputUnreadable
from onhand.domain.fetching import Attempt
from onhand.domain.layouts import Comparison as LayoutComparison
from onhand.domain.layouts import Layout, Speed, Tuning
from onhand.domain.primitives import EngineState
from onhand.domain.progress import Progress
from onhand.domain.settings import Settings
from onhand.domain.tasks import identity, version
from onhand.services.bundle import Archive, Services
from onhand.services.correct import Correct
from onhand.services.data_place import DataPlace
from onhand.services.export_task import ExportTask
from onhand.services.history_ports import Record
from onhand.services.import_task import KeptTask
from onhand.services.learn import Learn
from onhand.services.measured_before import MeasuredBefore
from onhand.services.measuring import bare
from onhand.services.models import Models
from onhand.services.ports import InstalledModel
from onhand.services.prove import Prove
from onhand.services.reading import ReadText
from onhand.services.remove_task import RemoveTask
from onhand.services.run_batch import RunBatch
from onhand.services.run_task import Estimate, Ran
from onhand.services.save_task import SaveTask
from onhand.services.shelf import Shelf
from onhand.services.try_batch import TryBatch
from onhand.storage.report_file import save_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.answers import Outcome
    from onhand.domain.progress import CancelToken

TUNING = Tuning(
    layout=Layout.Q4_0,
    file="/layouts/starter.q4_0.gguf",
    machine="here",
    before=Speed(read=400, write=100),
    after=Speed(read=1000, write=150),
    comparison=LayoutComparison(texts=48, same=46),
)
LARGER = InstalledModel(
    id="larger-1.5b",
    title="Larger",
    path=Path("/models/larger.gguf"),
    bytes=1_100_000_000,
    tier="small",
    licence="Apache-2.0",
)


def _item(number: int, text: str, *labels: str, right: str | None = None) -> Item:
    first, second = (
        Reply(answer=Classification(label=each, scores={each: 1.0}), seconds=0.4 + place)
        for place, each in enumerate(labels)
    )
    return Item(record=number, task=QUEUE, text=text, right=right, replies=(first, second))


SAMPLED = _item(0, "The app closes by itself.", "technical", "technical")
COMPARED = Comparison(
    models=(
        Compared(
            model="starter-135m", title="Starter", bytes=98_362_432, memory=192_734_208
        ),
        Compared(
            model="larger-1.5b",
            title="Larger",
            bytes=1_100_000_000,
            memory=1_214_771_200,
        ),
    ),
    items=(
        _item(1, "I was charged twice", "technical", "billing", right="billing"),
        _item(2, "It broke again", "billing", "technical", right="technical"),
        _item(3, "Where is my refund?", "billing", "billing", right="billing"),
        _item(4, "Thanks for all the help", "billing", "technical"),
    ),
)
"""Two of three corrected texts are right with the larger model alone."""


class FakeEngineState:
    """As much of an engine as choosing a model takes."""

    def __init__(self) -> None:
        self.notes: tuple[str, ...] = ("cpu (zen4): ended by SIGILL in its first batch",)
        self.failing: AppError | None = None
        self.asleep = False
        self.used: Path | None = None

    def use(self, model: Path) -> None:
        """Note which one was chosen last."""
        self.used = model

    def state(self, cancel: CancelToken | None = None) -> EngineState:
        """What would be loaded."""
        if self.failing is not None:
            raise self.failing
        return EngineState(
            model="/models/starter.gguf",
            architecture="llama",
            context=4096,
            device="cpu",
            variant="haswell",
            read_speed=812.4,
            write_speed=41.2,
            notes=self.notes,
        )


class FakeRunTask:
    """Answers at once, or in steps when `gate` is closed.

    Attributes:
        answers: the outcome for a text, where `answer_of` will not do.
        pieces: what is written before the answer comes.
        far: progress told before the answer comes.
        failing: raised instead of an answer.
        not_kept: why the answer is not in the history.
        gate: the answer comes when it is open.
        begun: the worker is at work.
        asked: every request, with whether it was private.
    """

    def __init__(self, history: FakeHistory, settings: FakeSettings) -> None:
        self.answers: dict[str, Outcome] = {}
        self.pieces: tuple[str, ...] = ()
        self.far: tuple[Progress, ...] = ()
        self.failing: BaseException | None = None
        self.not_kept: AppError | None = None
        self.estimated = Estimate(tokens=12, parts=1, seconds=None)
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.asked: list[tuple[object, str, bool]] = []
        self.threads: set[str] = set()
        self._history = history
        self._settings = settings
        self._clock = FakeClock()

    def __call__(
        self,
        task,
        text,
        *,
        cancel,
        private=False,
        on_text=lambda _: None,
        on_progress=lambda _: None,
    ) -> Ran:
        """The answer, as the test wants it."""
        self.asked.append((task, text, private))
        self.threads.add(threading.current_thread().name)
        for piece in self.pieces:
            on_text(piece)
        for far in self.far:
            on_progress(far)
        self.begun.set()
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        record = Record(
            at=self._clock.now(),
            task=task,
            task_id=identity(task),
            task_version=version(task),
            text=text,
            outcome=self.answers.get(text) or outcome(answer_of(task, text)),
        )
        return Ran(record=record) if private else self.keep(record)

    def keep(self, record: Record) -> Ran:
        """Keep it, or say why not."""
        settings = self._settings.load()
        if self.not_kept is not None or not settings.keep_history:
            return Ran(record=record, not_kept=self.not_kept)
        if settings.metrics_only:
            self._history.add(bare(record))
            return Ran(record=record, measured=True)
        return Ran(record=replace(record, id=self._history.add(record)))

    def estimate(self, task, text, cancel) -> Estimate:
        """What the test says."""
        cancel.raise_if_cancelled()
        return self.estimated


class FakeTune:
    """Finds what the test says.

    Attributes:
        found: what tuning comes to, and what is known after it.
        gate: tuning ends when it is open.
        runs: how often it was begun.
    """

    def __init__(self) -> None:
        self.found = TUNING
        self.failing: AppError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.runs = 0
        self._known: Tuning | None = None

    def known(self, wanted: str) -> Tuning | None:
        """What is known."""
        return self._known

    def undo(self, wanted: str) -> InstalledModel:
        """Know nothing."""
        self._known = None
        return STARTER

    def __call__(self, wanted: str, cancel: CancelToken, on_progress) -> Tuning:
        """What the test says."""
        self.runs += 1
        on_progress(Progress(done=1, total=2))
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        self._known = self.found
        return self.found


class FakeCompare:
    """Finds what the test says.

    Attributes:
        found: what comparing comes to; with samples `sampled`.
        far: progress that is told on the way.
        failing: raised instead, unless samples are wanted.
        gate: it ends when it is open.
        asked: the two models and what was wanted, for each call.
    """

    def __init__(self) -> None:
        self.found = COMPARED
        self.sampled = replace(COMPARED, samples=True, items=(SAMPLED,))
        self.far = (Progress(done=3, total=8, seconds_left=40.0, note="Larger"),)
        self.failing: AppError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.asked: list[tuple[str, str, Wanted]] = []

    def __call__(
        self, first, second, cancel, on_progress, *, wanted=ALL, way=None
    ) -> Comparison:
        """What the test says."""
        self.asked.append((first, second, wanted))
        for far in self.far:
            on_progress(far)
        self.begun.set()
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.failing is not None and not wanted.samples:
            raise self.failing
        return self.sampled if wanted.samples else self.found


@dataclass
class Desktop:
    """Everything behind a window, to be watched and steered."""

    history: FakeHistory = field(default_factory=FakeHistory)
    settings: FakeSettings = field(
        default_factory=lambda: FakeSettings(Settings(welcomed=True))
    )
    engine: FakeEngineState = field(default_factory=FakeEngineState)
    journal: FakeJobs = field(default_factory=FakeJobs)
    drafts: FakeDrafts = field(default_factory=FakeDrafts)
    keys: FakeKeys = field(default_factory=FakeKeys)
    rekey: FakeRekeying = field(default_factory=FakeRekeying)
    backups: FakeBackups = field(default_factory=FakeBackups)
    shared: str = ""
    place_notes: FakePlaceNotes = field(default_factory=FakePlaceNotes)
    tasks: FakeTasks = field(default_factory=lambda: FakeTasks(*EVERY_TASK))
    rows: FakeRows = field(default_factory=lambda: FakeRows("one", "two", "three"))
    sink: FakeSink = field(default_factory=FakeSink)
    runner: FakeTaskRunner = field(default_factory=FakeTaskRunner)
    tune: FakeTune = field(default_factory=FakeTune)
    teach: FakeTeach = field(default_factory=FakeTeach)
    distil: FakeDistil = field(default_factory=FakeDistil)
    measurements: FakeMeasurements = field(default_factory=FakeMeasurements)
    evaluate: FakeEvaluate = field(default_factory=FakeEvaluate)
    compare: FakeCompare = field(default_factory=FakeCompare)
    ladder: FakeLadder = field(default_factory=FakeLadder)
    describe_models: FakeDescribeModels = field(default_factory=FakeDescribeModels)
    import_models: FakeImportModels = field(default_factory=FakeImportModels)
    packs: FakePacks = field(default_factory=FakePacks)
    check_update: FakeCheckUpdate = field(default_factory=FakeCheckUpdate)
    cloud: CloudBench = field(default_factory=CloudBench)
    attempts: list[Attempt] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    import_task: Callable[[bytes], KeptTask] | None = None
    opening: AppError | None = None
    refusing: AppError | None = None
    opened: int = 0
    closed: int = 0
    archives_closed: int = 0
    let_go: int = 0

    def __post_init__(self) -> None:
        self.models = [replace(STARTER, tier="tiny", licence="Apache-2.0"), LARGER]
        self.run_task = FakeRunTask(self.history, self.settings)
        self.ladder.used = lambda: self.settings.load().model or STARTER.id
        self.fit = FakeFit(self.ladder)
        self.downloads = FakeDownloads(self.ladder)
        self.keep = FakeKeep(self.ladder, self.downloads)
        self.importing = FakeImporting(self.ladder)
        self.forget = FakeForgetting(self.history)
        self.exports = exporting(self.history)

    def _admit(self, _: InstalledModel) -> None:
        if self.refusing is not None:
            raise self.refusing

    @contextmanager
    def open(self) -> Iterator[Services]:
        """The services, or the failure to open them."""
        if self.opening is not None:
            raise self.opening
        self.opened += 1
        clock = FakeClock()
        models = Models(
            store=FakeModels(*self.models),
            settings=self.settings,
            engine=self.engine,
            tunings=FakeTunings(),
            wanted="",
            admit=self._admit,
        )
        yield Services(
            run_task=self.run_task,
            cloud=self.cloud.services(self.settings, self.history, self.run_task.keep),
            run_batch=RunBatch(
                runner=self.runner,
                select_model=models.select,
                jobs=self.journal,
                private_jobs=FakeJobs,
                clock=clock,
                keep_model=models.keep,
                find_model=models.another,
            ),
            correct=Correct(history=self.history, prefixes=FakePrefixes(), clock=clock),
            teach=self.teach,  # type: ignore[arg-type]
            learn=Learn(self.teach, self.settings),  # type: ignore[arg-type]
            evaluate=self.evaluate,  # type: ignore[arg-type]
            export_examples=None,
            measured_before=MeasuredBefore(
                store=self.measurements, settings=self.settings, clock=clock
            ),
            on_cluster=None,
            distil=self.distil,  # type: ignore[arg-type]
            report_evaluation=dated_reports(clock),
            models=models,
            downloads=None,
            keep_models=None,
            tune=self.tune,
            compare=self.compare,
            size_ladder=self.ladder,
            fit=self.fit,
            describe_models=self.describe_models,
            import_models=self.import_models,
            packs=self.packs,
            check_update=self.check_update,
            place=DataPlace(lambda: self.shared, self.place_notes),
            tasks=self.tasks,
            history=self.history,
            jobs=self.journal,
            keys=self.keys,
            rekey=self.rekey,
            backups=self.backups,
            forget=self.forget,
            exports=self.exports,
            let_go=self._let_go,
            settings=self.settings,
            import_task=self._import_task,
            export_task=ExportTask(save_file),
            remove_task=RemoveTask(self.tasks),
            save_task=SaveTask(
                shelf=self.tasks, tasks=self.tasks, new_id=lambda: "task-new"
            ),
            examine=None,
            report=None,
            prove=Prove(
                attempts=lambda: self.attempts,
                about=lambda: [("program", "a fake")],
                models=models,
                documents=lambda: ENFORCED,
                settings=self.settings,
                digest=lambda path: f"digest of {path.name}",
                write=lambda html, path: self.pages.update({str(path): html}),
                clock=clock,
            ),
            read_document=self.read_document,
            open_labelled=open_labelled,
            batch_files=fake_batch_files(
                lambda path, column: self.rows, lambda path: self.sink
            ),
            try_batch=TryBatch(
                runner=self.runner,
                select_model=models.select,
                clock=clock,
            ),
        )
        self.closed += 1

    def _let_go(self) -> None:
        self.let_go += 1

    def _import_task(self, data: bytes) -> KeptTask:
        assert self.import_task is not None
        return self.import_task(data)

    def read_document(self, path: Path, *, own_words: bool = False) -> ReadText:
        """What stands in the name of a file, or the failure that it names."""
        if path.stem == "damaged":
            raise InputUnreadable("it is damaged")
        what = "own words" if own_words else "text"
        return ReadText(text=f"the {what} of {path.name}", encoding="utf-8", note="A note.")

    @contextmanager
    def open_shelf(self) -> Iterator[Shelf]:
        """Where models are kept, or the failure to open it."""
        if self.opening is not None:
            raise self.opening
        yield Shelf(
            downloads=self.downloads,
            keep=self.keep,
            importing=self.importing,
            packs=FakeUnpacking(),
            check_update=self.check_update,
        )

    @contextmanager
    def open_archive(self) -> Iterator[Archive]:
        """What is kept, or the failure to open it."""
        if self.opening is not None:
            raise self.opening
        yield Archive(
            history=self.history,
            correct=Correct(
                history=self.history, prefixes=FakePrefixes(), clock=FakeClock()
            ),
            jobs=self.journal,
            read_document=self.read_document,
            keys=self.keys,
            drafts=self.drafts,
            backups=self.backups,
            forget=self.forget,
            exports=self.exports,
            let_go=self._let_go,
            batch_files=fake_batch_files(
                lambda path, column: self.rows, lambda path: self.sink
            ),
        )
        self.archives_closed += 1

"""The command line without a process, a model or a disk."""

from __future__ import annotations

import dataclasses
import io
import json
import shlex
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fakes.batch_files import fake_batch_files
from fakes.cloud import CloudBench
from fakes.fit import FitBench
from fakes.heads import FakeHeads
from fakes.imports import FakeDescribeModels, FakeImportModels, FakePacks
from fakes.keeping import FakeBackups, FakeForgetting, FakePlaceNotes, exporting
from fakes.keys import FakeKeys, FakeRekeying
from fakes.labelled import open_labelled
from fakes.languages import FakeLanguages
from fakes.measurements import FakeMeasurements
from fakes.net import Getting, spec_of
from fakes.stores import (
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
    FakeWorkshop,
    answer_of,
    outcome,
)
from fakes.tasks import EVERY_TASK
from fakes.teaching import FakeDistil, FakeEvaluate, FakeTeach, dated_reports
from onhand.cli.main import run
from onhand.cli.reading import read_or_exit
from onhand.domain.calibration import promised_by
from onhand.domain.confinement import ENFORCED
from onhand.domain.errors import DataFolderUnwritable, UsageError
from onhand.domain.fetching import Attempt
from onhand.domain.primitives import EngineState
from onhand.domain.receipts import CHUNK_BYTES
from onhand.services.bundle import Services
from onhand.services.calibrating import Calibrations
from onhand.services.compare_models import CompareModels
from onhand.services.correct import Correct
from onhand.services.data_place import DataPlace
from onhand.services.examine import Examine, Kept
from onhand.services.export_examples import ExportExamples
from onhand.services.export_task import ExportTask
from onhand.services.import_task import ImportTask
from onhand.services.measured_before import MeasuredBefore
from onhand.services.models import Models
from onhand.services.on_cluster import OnCluster
from onhand.services.ports import InstalledModel
from onhand.services.prove import Prove
from onhand.services.reading import ReadText
from onhand.services.remove_task import RemoveTask
from onhand.services.report import MakeReport
from onhand.services.run_batch import RunBatch
from onhand.services.run_task import Estimate, RunTask
from onhand.services.save_task import SaveTask
from onhand.services.try_batch import TryBatch
from onhand.services.tune import Tune
from onhand.storage.report_file import save_file, save_private
from onhand.storage.safe_files import is_file
from onhand.trust_wiring import check_update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onhand.domain.answers import Answer, Outcome
    from onhand.domain.errors import AppError
    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Task

SMALL = InstalledModel(
    id="tiny-1m", title="Tiny", path=Path("/models/tiny.gguf"), bytes=1_000_000, tier="tiny"
)
LARGE = InstalledModel(
    id="large-1b", title="Large", path=Path("/models/large.gguf"), bytes=2_000_000_000
)

MODEL = b"GGUF" + bytes(3 * CHUNK_BYTES)
"""The file of the one model that can be downloaded."""


class Stream(io.TextIOWrapper):
    """A standard stream over bytes in memory, on a terminal or not."""

    def __init__(self, data: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        """What programs ask before they draw."""
        return self.terminal

    def written(self) -> str:
        """All that was written."""
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


class BrokenStream(Stream):
    """A stream that cannot be written."""

    def __init__(self, failure: OSError) -> None:
        super().__init__()
        self._failure = failure

    def write(self, text: str) -> int:
        """Fail."""
        raise self._failure

    def fileno(self) -> int:
        """No file of the system."""
        raise OSError


class FakeEngineState:
    """As much of an engine as choosing and examining a model takes."""

    def __init__(self) -> None:
        self.used: Path | None = None
        self.failing: AppError | None = None
        self.asleep = False

    def use(self, model: Path) -> None:
        """Remember the model."""
        self.used = model

    def state(self, cancel: CancelToken | None = None) -> EngineState:
        """A state with a note, or the failure that is set."""
        if self.failing is not None:
            raise self.failing
        return EngineState(
            model=str(self.used),
            architecture="llama",
            context=4096,
            device="cpu",
            variant="zen4",
            read_speed=300.0,
            write_speed=100.0,
            notes=("cpu (sapphirerapids): the trial batch ended with SIGILL",),
        )


class FakeAnswering:
    """Answers by the letters of a text; fails, is read in part, or streams as told.

    Attributes:
        pieces: what is told to those who read along.
        changes: what an outcome has that is out of the ordinary.
        answers: what a model says to everything, by its file's stem.
        used: tells which model is in use.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[Task, str]] = []
        self.failing: BaseException | None = None
        self.pieces: list[str] = []
        self.changes: dict[str, Any] = {}
        self.answers: dict[str, Answer] = {}
        self.used: Callable[[], Path | None] = lambda: None

    @property
    def reader(self) -> FakeAnswering:
        """Counts without an engine."""
        return self

    def count(self, text: str, _: object) -> int:
        """Letters."""
        return len(text)

    def answer(self, task: Task, text: str, watch: Any, *, keep: bool = False) -> Outcome:
        """An answer, or the failure that is set."""
        if self.failing is not None:
            raise self.failing
        self.asked.append((task, text))
        for piece in self.pieces:
            watch.on_text(piece)
        used = self.used()
        answer = self.answers.get(used.stem if used else "") or answer_of(task, text)
        return dataclasses.replace(outcome(answer), **self.changes)


class FakeRunTask(RunTask):
    """A use case whose estimate is given."""

    estimated = Estimate(tokens=9000, parts=3, seconds=125.0)

    def estimate(self, *_: object) -> Estimate:
        """What was given."""
        return self.estimated


class FakeShelf:
    """The user's own tasks, by their names."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.keeps_examples = True

    def keep(self, task: Task, text: str) -> bool:
        """Keep a file; its examples as well, unless there is no place for them."""
        self.kept[task.name] = text
        return self.keeps_examples or not task.examples


@dataclass
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Desk:
    """Everything that a command can touch, at hand; `run` runs one."""

    patch: pytest.MonkeyPatch
    folder: Path
    answering: FakeAnswering = field(default_factory=FakeAnswering)
    runner: FakeTaskRunner = field(default_factory=FakeTaskRunner)
    history: FakeHistory = field(default_factory=FakeHistory)
    prefixes: FakePrefixes = field(default_factory=FakePrefixes)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    keys: FakeKeys = field(default_factory=FakeKeys)
    rekey: FakeRekeying = field(default_factory=FakeRekeying)
    backups: FakeBackups = field(default_factory=FakeBackups)
    shared: str = ""
    place_notes: FakePlaceNotes = field(default_factory=FakePlaceNotes)
    settings: FakeSettings = field(default_factory=FakeSettings)
    engine: FakeEngineState = field(default_factory=FakeEngineState)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    tasks: FakeTasks = field(default_factory=lambda: FakeTasks(*EVERY_TASK))
    models: FakeModels = field(default_factory=lambda: FakeModels(SMALL, LARGE))
    rows: FakeRows = field(default_factory=lambda: FakeRows("one", "three", "five"))
    sink: FakeSink = field(default_factory=FakeSink)
    workshop: FakeWorkshop = field(default_factory=FakeWorkshop)
    tunings: FakeTunings = field(default_factory=FakeTunings)
    teach: FakeTeach = field(default_factory=FakeTeach)
    clusters: list[tuple[str, int]] = field(default_factory=list)
    distil: FakeDistil = field(default_factory=FakeDistil)
    measurements: FakeMeasurements = field(default_factory=FakeMeasurements)
    evaluate: FakeEvaluate = field(default_factory=FakeEvaluate)
    fit: FitBench = field(default_factory=FitBench)
    describe_models: FakeDescribeModels = field(default_factory=FakeDescribeModels)
    import_models: FakeImportModels = field(default_factory=FakeImportModels)
    packs: FakePacks = field(default_factory=FakePacks)
    folder_failing: bool = False
    engine_soon: list[bool] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    log_lines: dict[str, list[str]] = field(default_factory=dict)
    cloud: CloudBench = field(default_factory=CloudBench)
    attempts: list[Attempt] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    reports: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.getting = Getting(self.folder, spec_of(MODEL, "big-3b"), data=MODEL)
        self.getting.settings = self.settings
        self.forget = FakeForgetting(self.history)
        self.exports = exporting(self.history)

    def _read_document(self, path: Path, *, own_words: bool = False) -> ReadText:
        """What stands in the name of a file."""
        text = f"the {'own words' if own_words else 'text'} of {path.name}"
        return ReadText(text=text, encoding="utf-8", note="A note.")

    def run(
        self,
        line: str | list[str],
        *,
        stdin: bytes | Stream | None = b"",
        stdout: Stream | None = None,
        terminal: bool = False,
    ) -> Said:
        """Run a command line; `terminal` says whether a person sits there."""
        out = stdout or Stream(terminal=terminal)
        err = Stream(terminal=terminal)
        given = Stream(stdin) if isinstance(stdin, bytes) else stdin
        for name, stream in (("stdin", given), ("stdout", out), ("stderr", err)):
            self.patch.setattr(f"sys.{name}", stream)
        argv = shlex.split(line) if isinstance(line, str) else line
        try:
            arguments = read_or_exit(argv)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        else:
            self._model = arguments.model
            code = run(arguments, self._open)
        said = "" if isinstance(out, BrokenStream) or out.closed else out.written()
        return Said(code=code, out=said, err=err.written())

    @contextmanager
    def _open(self, *, engine_soon: bool) -> Iterator[Services]:
        self.engine_soon.append(engine_soon)
        self.answering.used = lambda: self.engine.used
        models = Models(
            store=self.models,
            settings=self.settings,
            engine=self.engine,  # type: ignore[arg-type] - no command asks it for more
            tunings=self.tunings,
            wanted=self._model,
        )
        run_task = FakeRunTask(
            answering=self.answering,  # type: ignore[arg-type]
            models=models,
            history=self.history,
            calibrations=Calibrations(
                self.history,
                FakeHeads(),
                lambda task: promised_by(
                    task, self.settings.load().promised_error, fixed=False
                ),
            ),
            settings=self.settings,
            clock=self.clock,
        )
        yield Services(
            run_task=run_task,
            cloud=self.cloud.services(self.settings, self.history, run_task.keep),
            run_batch=RunBatch(
                runner=self.runner,
                select_model=models.select,
                jobs=self.jobs,
                private_jobs=FakeJobs,
                clock=self.clock,
                measures=lambda: self.settings.load().metrics_only,
                keep_model=models.keep,
                find_model=models.another,
            ),
            on_cluster=OnCluster(
                settings=self.settings,
                open_runner=self._open_cluster,
                run_batch=lambda runner, together: RunBatch(
                    runner=runner,
                    select_model=models.select,
                    jobs=self.jobs,
                    private_jobs=FakeJobs,
                    clock=self.clock,
                    together=together,
                ),
            ),
            correct=Correct(history=self.history, prefixes=self.prefixes, clock=self.clock),
            teach=self.teach,  # type: ignore[arg-type]
            learn=None,
            distil=self.distil,  # type: ignore[arg-type]
            evaluate=self.evaluate,  # type: ignore[arg-type]
            report_evaluation=dated_reports(self.clock),
            measured_before=MeasuredBefore(
                store=self.measurements, settings=self.settings, clock=self.clock
            ),
            export_examples=ExportExamples(
                history=self.history,
                languages=FakeLanguages(),
                write=save_private,
                is_there=is_file,
            ),
            models=models,
            downloads=self.getting.downloads,
            keep_models=self.getting.keep,
            describe_models=self.describe_models,  # type: ignore[arg-type]
            import_models=self.import_models,  # type: ignore[arg-type]
            packs=self.packs,  # type: ignore[arg-type]
            check_update=check_update(self.settings),
            tune=Tune(
                models=models,
                workshop=self.workshop,
                tunings=self.tunings,
                history=self.history,
                tasks=self.tasks,
            ),
            compare=CompareModels(
                models=models,
                answering=self.answering,  # type: ignore[arg-type]
                history=self.history,
                tasks=self.tasks,
                memory=lambda model: model.bytes,
            ),
            place=DataPlace(lambda: self.shared, self.place_notes),
            tasks=self.tasks,
            history=self.history,
            jobs=self.jobs,
            keys=self.keys,
            rekey=self.rekey,
            backups=self.backups,
            forget=self.forget,
            exports=self.exports,
            let_go=lambda: None,
            settings=self.settings,
            import_task=ImportTask(shelf=self.shelf, new_id=lambda: "task-new"),
            export_task=ExportTask(save_file),
            remove_task=RemoveTask(self.tasks),
            save_task=SaveTask(
                shelf=self.shelf, tasks=self.tasks, new_id=lambda: "task-new"
            ),
            examine=Examine(
                about=lambda: [("program", "a fake")],
                prepare_folder=self._prepare,
                models=models,
                documents=lambda: ENFORCED,
                kept=Kept(history=self.history, backups=self.backups),
                place=DataPlace(lambda: self.shared, self.place_notes),
            ),
            size_ladder=None,  # type: ignore[arg-type] - the window alone asks for it
            fit=self.fit.models(models, self.workshop, self.settings),
            prove=Prove(
                attempts=lambda: self.attempts,
                about=lambda: [("program", "a fake")],
                models=models,
                documents=lambda: ENFORCED,
                settings=self.settings,
                digest=lambda path: f"digest of {path.name}",
                write=lambda html, path: self.pages.update({str(path): html}),
                clock=self.clock,
            ),
            read_document=self._read_document,
            report=MakeReport(
                settings=self.settings,
                logs=lambda: self.log_lines,
                save=lambda path, parts: self.reports.update({str(path): parts}),
            ),
            open_labelled=open_labelled,
            batch_files=fake_batch_files(self._open_rows, lambda _: self.sink),
            try_batch=TryBatch(
                runner=self.runner, select_model=models.select, clock=self.clock
            ),
        )

    def _open_cluster(self, address: str, local: int) -> FakeTaskRunner:
        self.clusters.append((address, local))
        self.runner.close = lambda: None  # type: ignore[attr-defined]
        return self.runner

    def _prepare(self) -> str:
        if self.folder_failing:
            raise DataFolderUnwritable("/data")
        return "/data can be written"

    def _open_rows(self, path: Path, column: str) -> FakeRows:
        if path.suffix != ".jsonl":
            raise UsageError(f"{path.name}: a batch reads and writes .jsonl")
        return self.rows

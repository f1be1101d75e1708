"""What an interface may call; both heads get the same bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onhand.services.batch_files import BatchFiles
from onhand.services.batch_ports import JobStore
from onhand.services.check_update import CheckUpdate
from onhand.services.cloud_models import CloudModels
from onhand.services.compare_models import CompareModels
from onhand.services.correct import Correct
from onhand.services.data_place import DataPlace
from onhand.services.describe_models import DescribeModels
from onhand.services.distil import Distil
from onhand.services.downloads import Downloads
from onhand.services.escalate import Escalate
from onhand.services.evaluate import Evaluate
from onhand.services.evaluation_report import ReportEvaluation
from onhand.services.examine import Examine
from onhand.services.export_examples import ExportExamples
from onhand.services.export_task import ExportTask
from onhand.services.exporting import ExportHistory
from onhand.services.fit import FitModels
from onhand.services.history_ports import DraftStore, HistoryStore
from onhand.services.import_models import ImportModels
from onhand.services.import_task import ImportTask
from onhand.services.keep_models import KeepModels
from onhand.services.keeping_ports import BackupStore, Forgetting
from onhand.services.key_ports import HistoryKeys, Rekeying
from onhand.services.labelled_rows import LabelledRows
from onhand.services.learn import Learn
from onhand.services.measured_before import MeasuredBefore
from onhand.services.models import Models
from onhand.services.on_cluster import OnCluster
from onhand.services.pack_models import PackModels
from onhand.services.ports import SettingsStore, TaskStore
from onhand.services.prove import Prove
from onhand.services.reading import ReadDocument
from onhand.services.remove_task import RemoveTask
from onhand.services.report import MakeReport
from onhand.services.run_batch import RunBatch
from onhand.services.run_task import RunTask
from onhand.services.save_task import SaveTask
from onhand.services.size_ladder import SizeLadder
from onhand.services.teach import Teach
from onhand.services.try_batch import TryBatch
from onhand.services.tune import Tune
from onhand.services.usage import TellUsage


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What is kept, for who needs no engine. Called from one thread at a time.

    That may be another thread than the one that calls the services.

    Attributes:
        read_document: is here because it must not wait for an answer.
        let_go: closes the history's file; it is opened again when it is needed.
        batch_files: looks into an input before it is answered.
    """

    history: HistoryStore
    correct: Correct
    jobs: JobStore
    read_document: ReadDocument
    batch_files: BatchFiles
    keys: HistoryKeys
    drafts: DraftStore
    backups: BackupStore
    forget: Forgetting
    exports: ExportHistory
    let_go: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class CloudServices:
    """What has to do with cloud models; of `Services` only this leads to the network."""

    models: CloudModels
    escalate: Escalate
    usage: TellUsage


@dataclass(frozen=True, kw_only=True)
class Services:
    """The use cases, wired. Everything here is called from one thread at a time.

    Attributes:
        let_go: closes the history's file; it is opened again when it is needed.
        open_labelled: labelled texts, by their path and the columns of text and label;
            raises `UsageError` for a format that cannot be read.
    """

    run_task: RunTask
    run_batch: RunBatch
    on_cluster: OnCluster
    try_batch: TryBatch
    correct: Correct
    teach: Teach
    learn: Learn
    distil: Distil
    evaluate: Evaluate
    report_evaluation: ReportEvaluation
    measured_before: MeasuredBefore
    export_examples: ExportExamples
    models: Models
    downloads: Downloads
    keep_models: KeepModels
    tune: Tune
    compare: CompareModels
    size_ladder: SizeLadder
    cloud: CloudServices
    describe_models: DescribeModels
    import_models: ImportModels
    packs: PackModels
    check_update: CheckUpdate
    place: DataPlace
    tasks: TaskStore
    history: HistoryStore
    jobs: JobStore
    keys: HistoryKeys
    rekey: Rekeying
    backups: BackupStore
    forget: Forgetting
    exports: ExportHistory
    let_go: Callable[[], None]
    settings: SettingsStore
    import_task: ImportTask
    export_task: ExportTask
    save_task: SaveTask
    remove_task: RemoveTask
    examine: Examine
    fit: FitModels
    report: MakeReport
    prove: Prove
    read_document: ReadDocument
    open_labelled: Callable[[Path, tuple[str, str]], LabelledRows]
    batch_files: BatchFiles

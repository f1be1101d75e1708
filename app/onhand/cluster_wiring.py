"""Builds what spreads a batch over a cluster."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from onhand.batch_wiring import run_batch
from onhand.cluster.client import ClusterRunner
from onhand.cluster_worker import FrozenJob
from onhand.host import SystemClock, own_command
from onhand.services.on_cluster import OnCluster
from onhand.storage.ledger_file import LedgerFile
from onhand.storage.stored_json import decode_outcome, encode_task

if TYPE_CHECKING:
    from onhand.domain.heads import Learned
    from onhand.domain.tasks import Task
    from onhand.history_wiring import Store
    from onhand.host import Paths
    from onhand.services.answering import Answering
    from onhand.services.calibrating import Calibrations
    from onhand.services.models import Models
    from onhand.services.ports import SettingsStore


def cluster_command() -> list[str]:
    """The command line of the process that speaks to a cluster."""
    return own_command("cluster")


def on_cluster(  # noqa: PLR0913 - wired in one place
    paths: Paths,
    answering: Answering,
    models: Models,
    store: Store,
    settings: SettingsStore,
    calibrations: Calibrations,
) -> OnCluster:
    """What opens batches on clusters; starts nothing."""

    def open_runner(address: str, local: int) -> ClusterRunner:
        return ClusterRunner(
            argv=cluster_command(),
            address=address,
            local=local,
            here=answering,
            job_of=partial(_frozen, answering, models, str(paths.data) if local else ""),
            decoded=decode_outcome,
            ledger=LedgerFile(paths.ledger),
            clock=SystemClock(),
            log=paths.logs / "cluster.log",
        )

    return OnCluster(
        settings=settings,
        open_runner=open_runner,
        run_batch=lambda runner, together: run_batch(
            runner, models, store, settings, calibrations, together=together
        ),
    )


def _frozen(
    answering: Answering, models: Models, data: str, task: Task, learned: Learned | None
) -> str:
    """What a worker must know; what is shown lies in the history here, so it goes along."""
    model = models.current()
    job = FrozenJob(
        task=encode_task(answering.asked(task, learned)),
        learned=learned,
        model=model.id,
        bytes=model.path.stat().st_size,
        data=data,
    )
    return msgspec.json.encode(job).decode()

"""What a worker of a cluster does: it answers texts, with an engine of its own.

It runs in a process of Dask, on any machine that has Onhand and the model.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.cluster.protocol import Answer
from onhand.domain.cluster_errors import ClusterFailed
from onhand.domain.errors import AppError
from onhand.domain.heads import Learned
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Task
from onhand.first_wiring import model_files, settings_file
from onhand.history_wiring import new_store, open_vault
from onhand.host import Paths
from onhand.running import Running
from onhand.services.answering import Answering
from onhand.services.answering_apart import answered_apart
from onhand.services.models import Models
from onhand.storage.stored_json import decode_task, encode_outcome
from onhand.teaching_wiring import answering_over
from onhand.trust_wiring import admit_models, doorkeeper

if TYPE_CHECKING:
    from onhand.services.ports import InstalledModel

_one_at_a_time = threading.Lock()
"""A worker may have several threads; the engine has one."""


class FrozenJob(msgspec.Struct, frozen=True, kw_only=True):
    """All that answers depend on, beside the texts.

    Attributes:
        task: as it is stored.
        model: id of the model, with its layout.
        bytes: of its file.
        data: the data folder of a worker on this machine; "" for that of its own.
    """

    task: str
    learned: Learned | None
    model: str
    bytes: int
    data: str = ""


@dataclass(frozen=True)
class _Bench:
    """An engine, and the job that it works on."""

    answering: Answering
    task: Task
    learned: Learned | None


def answer(job: str, texts: tuple[str, ...]) -> tuple[Answer, ...]:
    """What this worker says of some texts.

    Raises:
        RuntimeError: it can say nothing of any of them; its message is code and detail.
    """
    with _one_at_a_time:
        try:
            bench = _bench(job)
            found = answered_apart(
                bench.answering, bench.task, texts, bench.learned, CancelToken()
            )
        except AppError as error:
            # What Dask sends on must be something that it can take apart and put together.
            raise RuntimeError(f"{error.code}: {error}") from None
    return tuple(
        Answer(code=each.code, detail=each.detail)
        if isinstance(each, AppError)
        else Answer(outcome=encode_outcome(each))
        for each in found
    )


_open = ExitStack()


@cache
def _bench(text: str) -> _Bench:
    """What answers a job; the engine of another one is ended."""
    _bench.cache_clear()
    _open.close()
    job = msgspec.json.decode(text, type=FrozenJob)
    paths = Paths.of(Path(job.data) if job.data else None)
    settings = settings_file(paths, None)
    files = model_files(paths)
    door = doorkeeper(paths, admit_models(paths), settings)
    running = Running.of(paths, files, settings, door)
    engine = _open.enter_context(closing(running.new_engine()))

    def admit(model: InstalledModel) -> None:
        door(model.path)

    models = Models(
        store=files,
        settings=settings,
        engine=engine,
        tunings=running.tunings,
        wanted=job.model,
        admit=admit,
    )
    store = _open.enter_context(closing(new_store(paths, open_vault(paths))))
    model = models.select()
    if (model.id, model.path.stat().st_size) != (job.model, job.bytes):
        raise ClusterFailed(f"a worker has {model.id} where {job.model} is wanted")
    return _Bench(answering_over(store, engine, models), decode_task(job.task), job.learned)

"""A cluster as a batch sees it: a task runner whose texts are answered elsewhere."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.cluster.protocol import (
    Begin,
    Done,
    Failed,
    Garbled,
    Noted,
    Opening,
    Ready,
    Work,
    decode_event,
    encode,
)
from onhand.domain.cluster_errors import ClusterFailed
from onhand.domain.errors import AppError
from onhand.domain.fetching import Attempt, Outcome
from onhand.domain.progress import ignore_progress
from onhand.services.answering_rows import asked_behind
from onhand.services.batch_ports import Row
from onhand.services.chunking import chunked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.cluster.protocol import Answer
    from onhand.domain.answers import Outcome as Answered
    from onhand.domain.heads import Learned
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Task
    from onhand.services.model_ports import Ledger
    from onhand.services.ports import Clock, TaskRunner

Wanted = TypeVar("Wanted", Ready, Done)

GRACE_SECONDS = 5.0
"""How long the process may take to leave the cluster and end its workers."""


class ClusterRunner:
    """Answers texts on a cluster; what is learned before is learned here.

    The process is started with the first texts, when the job is frozen.
    """

    def __init__(  # noqa: PLR0913 - made in one place, by keyword
        self,
        *,
        argv: Sequence[str],
        address: str,
        local: int,
        here: TaskRunner,
        job_of: Callable[[Task, Learned | None], str],
        decoded: Callable[[str], Answered],
        ledger: Ledger,
        clock: Clock,
        log: Path | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            argv: starts the process that speaks to the cluster.
            address: of the scheduler; "" for workers on this machine.
            local: how many of those.
            here: learns, with an engine of this process.
            job_of: what a worker must know of a task and what was learned.
            decoded: an outcome as a worker encoded it.
            ledger: where each scheduler and worker is written down before it gets a text.
            clock: tells when.
            log: gets what the process prints.
        """
        self._argv = argv
        self._address = address
        self._local = local
        self._here = here
        self._job_of = job_of
        self._decoded = decoded
        self._ledger = ledger
        self._clock = clock
        self._log = log
        self._child: ChildProcess | None = None
        self._attempts: dict[str, Attempt] = {}
        self._scheduler = ""

    def learn(
        self,
        task: Task,
        groups: Sequence[Sequence[str]],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Learned | None:
        """What can be learned from a sample, here; see `TaskRunner`."""
        return self._here.learn(task, groups, cancel, on_progress)

    def answer_many(
        self,
        task: Task,
        texts: Sequence[str],
        cancel: CancelToken,
        learned: Learned | None = None,
    ) -> list[Answered | AppError]:
        """One entry for each text, in order; see `TaskRunner`.

        Raises:
            ClusterFailed: the cluster cannot be reached, or cannot answer.
            ClusterMissing: what speaks to it is not installed here.
            Cancelled: the user stopped it.
        """
        cancel.raise_if_cancelled()
        rows = (Row(position=at, name="", text=text) for at, text in enumerate(texts))
        chunks = [*chunked(rows, behind=asked_behind(task))]
        wanted = Work(chunks=tuple(tuple(row.text for row in each) for each in chunks))
        try:
            child = self._started(task, learned, cancel)
            forget = cancel.listen(child.kill)
            try:
                size = sum(len(text.encode(errors="replace")) for text in texts)
                self._count({self._scheduler: size})
                child.write_line(encode(wanted))
                done = self._until(child, Done)
                self._count({self._scheduler: -size, **done.sent})
            finally:
                forget()
        except ChildGone as failure:
            cancel.raise_if_cancelled()
            raise ClusterFailed(f"its process ended with {failure}") from failure
        found: dict[int, Answered | AppError] = {}
        for some, answers in zip(chunks, done.answers, strict=True):
            for row, answer in zip(some, answers, strict=True):
                found[row.position] = self._read(answer)
        return [found[at] for at in range(len(texts))]

    def close(self) -> None:
        """Leave the cluster, and write down how much went where."""
        if self._child is not None:
            self._child.close(grace=GRACE_SECONDS)
            self._child = None
        for each in self._attempts.values():
            with suppress(AppError):
                self._ledger.write(msgspec.structs.replace(each, outcome=Outcome.DONE))
        self._attempts = {}

    def _started(
        self, task: Task, learned: Learned | None, cancel: CancelToken
    ) -> ChildProcess:
        if self._child is not None:
            return self._child
        self._child = child = ChildProcess.start(self._argv, self._log)
        forget = cancel.listen(child.kill)
        try:
            job = self._job_of(task, learned)
            child.write_line(
                encode(Begin(address=self._address, local=self._local, job=job))
            )
            self._until(child, Ready)
        finally:
            forget()
        return child

    def _until(self, child: ChildProcess, wanted: type[Wanted]) -> Wanted:
        """The next event of a kind; what comes before is dealt with."""
        while True:
            line = child.read_line()
            if line is None:
                child.wait(GRACE_SECONDS)
                raise ChildGone(child.exit_status)
            try:
                event = decode_event(line)
            except Garbled as failure:
                raise ChildGone(f"an unknown message: {failure}") from failure
            match event:
                case Opening():
                    self._note(event)
                    child.write_line(encode(Noted()))
                case Failed(code=code, detail=detail):
                    raise AppError.from_code(code, detail)
                case _:
                    if isinstance(event, wanted):
                        return event
                    raise ChildGone("a message that nobody asked for")

    def _note(self, opening: Opening) -> None:
        attempt = Attempt(
            id=uuid.uuid4().hex,
            at=self._clock.now().isoformat(timespec="seconds"),
            host=opening.host.rpartition("://")[2],
            reason="texts of a batch, to a worker" if opening.worker else "join a cluster",
            allowed=True,
        )
        self._ledger.write(attempt)
        self._attempts[opening.host] = attempt
        if not opening.worker:
            self._scheduler = opening.host

    def _count(self, sent: dict[str, int]) -> None:
        """Write down what leaves this computer: nothing where the workers are here.

        What is under way counts for the scheduler, until it is known which worker has it.
        """
        for host, count in sent.items():
            if host in self._attempts and not self._local:
                before = self._attempts[host]
                after = msgspec.structs.replace(before, sent=before.sent + count)
                self._attempts[host] = after
                self._ledger.write(after)

    def _read(self, answer: Answer) -> Answered | AppError:
        if answer.outcome:
            return self._decoded(answer.outcome)
        return AppError.from_code(answer.code, answer.detail)

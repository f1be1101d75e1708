"""A Dask cluster as this program needs it; the one module that loads Dask.

Dask places the work, tries it again elsewhere when a worker ends, and starts workers anew
on this machine. All that is added: a worker that is not in the ledger gets no text.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import dask
from distributed import Client, LocalCluster, get_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from distributed import Future

    from onhand.cluster.protocol import Answer

    Function = Callable[[str, tuple[str, ...]], tuple[Answer, ...]]

CONNECT_SECONDS = 20
"""How long the scheduler, and then a first worker, may take to be there."""

LONGEST_SILENCE = 120.0
"""Seconds without any worker after which it is given up."""

PAUSE = 0.1
RETRIES = 2
"""So often is a list tried again, elsewhere if there is an elsewhere."""


class Unreachable(Exception):
    """There is no cluster, or it has no workers."""


class Spread(NamedTuple):
    """The answers to lists of texts, and the bytes that went to each worker."""

    answers: tuple[tuple[Answer, ...], ...]
    sent: dict[str, int]


def run_there(
    function: Function, job: str, texts: tuple[str, ...]
) -> tuple[str, tuple[Answer, ...]]:
    """What a worker does: its address, and what the function says."""
    return str(get_worker().address), function(job, texts)


class Cluster:
    """Workers that answer lists of texts. Use it from one thread."""

    def __init__(
        self,
        address: str,
        local: int,
        function: Function,
        note: Callable[[str, bool], None],
    ) -> None:
        """Join the cluster at an address, or start workers here.

        Args:
            address: of the scheduler; "" for workers on this machine.
            local: how many of those.
            function: answers texts, in the process of a worker; it is sent by its name.
            note: is told of an address before it is spoken to, and whether it is a worker.

        Raises:
            Unreachable: there is none.
        """
        self._function = function
        self._note = note
        self._noted: list[str] = []
        dask.config.set({"distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s"})
        try:
            self._cluster = _started(local) if local else None
            there = self._cluster or address
            note(self._cluster.scheduler_address if self._cluster else address, False)
            self._client = Client(there, timeout=CONNECT_SECONDS, set_as_default=False)
            self._client.wait_for_workers(local or 1, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as failure:
            raise Unreachable(f"{address}: {failure}") from failure
        self._look()

    @property
    def workers(self) -> int:
        """How many workers there are."""
        return len(self._noted)

    def close(self) -> None:
        """Leave it; workers of this machine end."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def answer(self, job: str, chunks: Sequence[tuple[str, ...]]) -> Spread:
        """What the workers say of lists of texts.

        Raises:
            Unreachable: there are no workers any more.
            Exception: what the function raised, each time.
        """
        asked = [self._submit(job, chunk) for chunk in chunks]
        last = time.monotonic()
        while not all(each.done() for each, _ in asked):
            time.sleep(PAUSE)
            alive = self._look()
            if alive:
                last = time.monotonic()
            elif time.monotonic() - last > LONGEST_SILENCE:
                raise Unreachable("it has no workers any more")
            for number, (future, among) in enumerate(asked):
                # Where all are gone that it was for, nobody else would take it.
                if alive and not future.done() and not alive & among:
                    future.cancel()
                    asked[number] = self._submit(job, chunks[number])
        sent: dict[str, int] = {}
        answers = []
        for (future, _), chunk in zip(asked, chunks, strict=True):
            worker, found = future.result()
            sent[worker] = sent.get(worker, 0) + sum(
                len(text.encode(errors="replace")) for text in chunk
            )
            answers.append(found)
        return Spread(tuple(answers), sent)

    def _submit(self, job: str, chunk: tuple[str, ...]) -> tuple[Future, set[str]]:
        self._look()
        future = self._client.submit(
            run_there,
            self._function,
            job,
            chunk,
            workers=self._noted,
            allow_other_workers=False,
            pure=False,
            retries=RETRIES,
        )
        return future, {*self._noted}

    def _look(self) -> set[str]:
        """The workers that are there; new ones are noted."""
        alive = {*self._client.scheduler_info(n_workers=-1)["workers"]}
        for each in sorted(alive - {*self._noted}):
            self._note(each, True)
        self._noted = sorted(alive)
        return alive


def _started(local: int) -> LocalCluster:
    return LocalCluster(
        n_workers=local,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,
        silence_logs=50,
    )

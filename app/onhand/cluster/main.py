"""The process that speaks to a cluster: it reads lines and writes lines.

It may open connections, as the net helper may; what it opens is in the ledger first.
"""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING, NoReturn

from onhand.cluster.protocol import (
    Begin,
    Done,
    Event,
    Failed,
    Garbled,
    Noted,
    Opening,
    Ready,
    Work,
    decode_message,
    encode,
)
from onhand.domain.cluster_errors import ClusterFailed, ClusterMissing
from onhand.domain.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.cluster.protocol import Answer, Message

    Function = Callable[[str, tuple[str, ...]], tuple[Answer, ...]]


class _Over(Exception):
    """Nobody is at the other end."""


class _Pipe:
    """Messages of the process that started this one."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source = source
        self._sink = sink

    def read(self) -> Message:
        line = self._source.readline()
        if not line:
            raise _Over
        return decode_message(line)

    def say(self, event: Event) -> None:
        self._sink.write(encode(event) + b"\n")
        self._sink.flush()

    def note(self, host: str, worker: bool) -> None:
        """Wait until it is in the ledger that this is spoken to."""
        self.say(Opening(host=host, worker=worker))
        if not isinstance(self.read(), Noted):
            raise _Over


def main(function: Function) -> None:
    """Serve until the input ends; `function` answers texts in the workers."""
    # What libraries print must not stand between the messages.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    pipe = _Pipe(sys.stdin.buffer, sink)
    try:
        _serve(pipe, function)
    except (_Over, Garbled, BrokenPipeError):
        return
    except AppError as error:
        _give_up(pipe, error)
    except Exception as error:  # noqa: BLE001 - whatever a worker, or Dask, comes up with
        _give_up(pipe, ClusterFailed(f"{type(error).__name__}: {error}"))


def _serve(pipe: _Pipe, function: Function) -> None:
    try:
        from onhand.cluster.dask_side import Cluster, Unreachable  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ClusterMissing(str(error)) from error
    begin = pipe.read()
    if not isinstance(begin, Begin):
        raise _Over
    try:
        cluster = Cluster(begin.address, begin.local, function, pipe.note)
        try:
            pipe.say(Ready(workers=cluster.workers))
            while isinstance(work := pipe.read(), Work):
                found = cluster.answer(begin.job, work.chunks)
                pipe.say(Done(answers=found.answers, sent=found.sent))
        finally:
            cluster.close()
    except Unreachable as error:
        raise ClusterFailed(str(error)) from error


def _give_up(pipe: _Pipe, error: AppError) -> NoReturn:
    pipe.say(Failed(code=error.code, detail=error.detail))
    sys.exit(1)

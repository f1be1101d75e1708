"""A batch on a cluster: allowed or not, and where."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Protocol

from onhand.domain.cluster_errors import ClusterOff
from onhand.domain.errors import UsageError
from onhand.services.ports import TaskRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onhand.services.ports import SettingsStore
    from onhand.services.run_batch import RunBatch

LOCAL = "local:"
MOST_LOCAL = 64

CHUNKS_EACH = 4
"""Lists of texts under way for each worker: none waits, and little is lost at a stop."""

USUAL_WORKERS = 8
"""Workers that a cluster is thought to have before it is asked."""


class ClosingRunner(TaskRunner, Protocol):
    """A task runner that holds connections."""

    def close(self) -> None:
        """Give them up."""
        ...


class OnCluster:
    """Opens batches whose texts are answered on a cluster."""

    def __init__(
        self,
        *,
        settings: SettingsStore,
        open_runner: Callable[[str, int], ClosingRunner],
        run_batch: Callable[[TaskRunner, int], RunBatch],
    ) -> None:
        """Wire it.

        Args:
            settings: say whether it is allowed.
            open_runner: by the scheduler's address, or "" and a number of workers here.
            run_batch: a batch over a runner that is asked so many chunks at once.
        """
        self._settings = settings
        self._open_runner = open_runner
        self._run_batch = run_batch

    @contextmanager
    def __call__(self, where: str) -> Iterator[RunBatch]:
        """A batch that runs there; the cluster is left at the end of the block.

        Args:
            where: the address of a scheduler, or "local:N" for N workers here.

        Raises:
            UsageError: it is neither.
            ClusterOff: it is not allowed.
        """
        address, local = _read(where)
        if not self._settings.load().allow_cluster:
            raise ClusterOff
        with closing(self._open_runner(address, local)) as runner:
            together = CHUNKS_EACH * (local or USUAL_WORKERS)
            yield self._run_batch(runner, together)


def is_plain(where: str) -> bool:
    """Whether texts would go over a network as they are."""
    address, local = _read(where)
    there = address.rpartition("://")[2]
    here = there.startswith(("127.", "localhost:", "[::1]"))
    return not (local or here or address.startswith("tls://"))


def _read(where: str) -> tuple[str, int]:
    if where.startswith(LOCAL):
        number = where.removeprefix(LOCAL)
        if number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_LOCAL:
            return "", int(number)
        raise UsageError(f"{where}: expected {LOCAL}1 to {LOCAL}{MOST_LOCAL}")
    scheme, _, there = where.rpartition("://")
    host, _, port = there.rpartition(":")
    if scheme in {"", "tcp", "tls"} and host and port.isascii() and port.isdigit():
        return f"{scheme or 'tcp'}://{there}", 0
    raise UsageError(
        f"'{where}': expected HOST:PORT, tls://HOST:PORT, or {LOCAL}2 for two workers here"
    )

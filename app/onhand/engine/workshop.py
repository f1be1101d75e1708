"""Other layouts of a model, each made in a process of its own, and engines to try them."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, EngineFailed
from onhand.engine.connection import Connection, Ended, Silent
from onhand.engine.protocol import Failed, Requantise, Requantised
from onhand.engine.starting import greeting
from onhand.engine.startup import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from onhand.domain.layouts import Layout
    from onhand.domain.progress import CancelToken
    from onhand.engine.client import EngineClient
    from onhand.services.ports import SettingsStore

PATIENCE = 3600.0
"""Seconds that storing a model anew may take; it says nothing meanwhile."""


class EngineWorkshop:
    """The workshop port over engine processes."""

    def __init__(
        self,
        argv: Sequence[str],
        new_engine: Callable[[], EngineClient],
        log: Path | None = None,
        settings: SettingsStore | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            argv: starts an engine.
            new_engine: makes a client that nobody else uses.
            log: takes what native code prints.
            settings: say whether a sandbox is required; without them none is.
        """
        self._argv = tuple(argv)
        self._new_engine = new_engine
        self._log = log
        self._settings = settings

    def requantise(
        self, source: Path, target: Path, layout: Layout, cancel: CancelToken
    ) -> None:
        """Write a model in another layout to `target`.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: `target` may be there in part.
            SandboxMissing: the system does not keep the engine off the network.
            Cancelled: the user stopped it; `target` may be there in part.
        """
        confined = self._settings is not None and self._settings.load().require_sandbox
        wish = Requantise(
            source=str(source), target=str(target), layout=layout, confined=confined
        )
        with closing(Connection(self._argv, self._log)) as connection:
            greeting(connection, Patience().greeting, cancel)
            connection.send(wish)
            try:
                event = connection.next_event(PATIENCE, cancel)
            except (Ended, Silent) as failure:
                raise EngineFailed(f"{source.name} cannot be stored anew") from failure
        match event:
            case Requantised():
                return
            case Failed(code=code, detail=detail):
                raise AppError.from_code(code, detail)
            case _:
                raise EngineFailed("it answered out of turn")

    @contextmanager
    def engine(self, model: Path) -> Iterator[EngineClient]:
        """An engine that answers with a model, beside the one of the program."""
        with closing(self._new_engine()) as engine:
            engine.use(model)
            yield engine

"""The starter model and engines that run it, for tests that need the real thing."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.stores import FakeLadder, FakeSettings
from onhand.bootstrap import engine_command
from onhand.domain.errors import ModelMissing
from onhand.domain.ladder import Verdict
from onhand.domain.settings import Settings
from onhand.engine.client import EngineClient
from onhand.engine.startup import Patience
from onhand.storage.model_files import ModelFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onhand.domain.ladder import LadderRecord, Rung
    from onhand.domain.progress import CancelToken
    from onhand.services.ports import LadderStore

REPOSITORY = Path(__file__).resolve().parents[2]


def _starter() -> Path | None:
    with contextlib.suppress(ModelMissing):
        return ModelFiles(catalog=REPOSITORY / "models.json", folders=()).find("").path
    return None


_FOUND = _starter()

STARTER = _FOUND or Path("no-starter-model.gguf")
"""The file of the starter model; only tests with `needs_starter` may open it."""

needs_starter = (
    pytest.mark.model,
    pytest.mark.skipif(_FOUND is None, reason="the starter model is not installed"),
)


@contextlib.contextmanager
def real_engine(
    *,
    argv: Sequence[str] | None = None,
    ladder: LadderStore | None = None,
    model: Path | None = STARTER,
    context: int = 1024,
    patience: Patience | None = None,
    log: Path | None = None,
    vouched: bool = True,
) -> Iterator[EngineClient]:
    """An engine process with the starter model; ended at the end of the block."""
    client = EngineClient(
        argv or engine_command(),
        ladder=ladder or FakeLadder(),
        settings=FakeSettings(Settings(context=context)),
        log=log,
        patience=patience or Patience(),
        admit=lambda _: vouched,
    )
    if model is not None:
        client.use(model)
    with contextlib.closing(client):
        yield client


class StoppingLadder(FakeLadder):
    """Stops whoever starts an engine in the moment in which a model is to be loaded.

    The trial is noted right before the engine is asked to load.
    """

    def __init__(self, cancel: CancelToken) -> None:
        super().__init__()
        self._cancel = cancel

    def save(self, record: LadderRecord) -> None:
        """Keep it, and stop."""
        super().save(record)
        self._cancel.cancel()


def proven_rung(**options) -> Rung:
    """The best rung that really runs on this machine, found out by the ladder itself."""
    ladder = FakeLadder()
    with real_engine(ladder=ladder, **options) as engine:
        engine.state()
    [good] = [each.rung for each in ladder.record.trials if each.verdict is Verdict.GOOD]
    return good


@functools.cache
def usual_notes() -> tuple[str, ...]:
    """What a new engine says of kernels that do not run on this machine, if any."""
    with real_engine(ladder=FakeLadder()) as engine:
        return engine.state().notes

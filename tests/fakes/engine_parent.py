"""A program with an engine that is busy for ever, to be killed.

    engine_parent.py WHAT MODEL LADDER -- ENGINE…

WHAT is `prepared` (the process is started, no more), `start` (a model is loaded, then it
ends), `idle` (likewise, it does not end) or a primitive. It prints the number of the
engine's process, and "busy" when that is what it was told to be.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.requests import WORK
from fakes.stores import FakeSettings
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.engine.client import EngineClient
from onhand.storage.ladder_file import LadderFile


def say(word: object) -> None:
    """Tell whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Start the engine and keep it busy."""
    what, model, ladder, _, *argv = sys.argv[1:]
    engine = EngineClient(
        argv,
        ladder=LadderFile(Path(ladder)),
        settings=FakeSettings(Settings(context=1024)),
    )
    engine.use(Path(model))
    engine.prepare()
    if what == "prepared":
        say(engine._prepared.pid)
    else:
        engine.state()
        # Where the best kernels crash here, another process took the first one's place.
        say(engine._running.connection.pid)
    if what == "start":
        return
    if what in ("idle", "prepared"):
        say("busy")
        time.sleep(3600)
    threading.Timer(0.3, say, ["busy"]).start()
    while True:
        WORK[what](engine, CancelToken())


if __name__ == "__main__":
    main()

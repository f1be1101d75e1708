"""The process that speaks to a cluster, whose workers have a made-up engine.

    cluster_child.py

It is started as the real one is. The job is a JSON object: `ledger` is the file that must
name a worker before it gets a text, `once` a file; the worker that makes it is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from distributed import get_worker

from fakes.stores import FakeTaskRunner
from onhand.cluster.main import main
from onhand.cluster.protocol import Answer
from onhand.domain.errors import AppError
from onhand.domain.heads import Learned
from onhand.domain.progress import CancelToken
from onhand.services.answering_apart import answered_apart
from onhand.storage.stored_json import decode_task, encode_outcome


def answer(job: str, texts: tuple[str, ...]) -> tuple[Answer, ...]:
    """What the made-up engine says; a worker that is not in the ledger says nothing."""
    wanted = json.loads(job)
    here = str(get_worker().address).rpartition("://")[2]
    if here not in Path(wanted["ledger"]).read_text(encoding="utf-8"):
        raise RuntimeError("a text came to a worker that is not in the ledger")
    if wanted["once"] and "kill" in "".join(texts):
        try:
            os.close(os.open(wanted["once"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            time.sleep(0.01)
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    learned = Learned(wanted["prior"]) if wanted["prior"] else None
    found = answered_apart(
        FakeTaskRunner(), decode_task(wanted["task"]), texts, learned, CancelToken()
    )
    return tuple(
        Answer(code=each.code, detail=each.detail)
        if isinstance(each, AppError)
        else Answer(outcome=encode_outcome(each))
        for each in found
    )


if __name__ == "__main__":
    # Workers import the function by the name of its module.
    from fakes.cluster_child import answer as by_name

    main(by_name)

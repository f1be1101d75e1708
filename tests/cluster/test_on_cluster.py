"""Batches on a cluster: real workers on this machine, with a made-up engine."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

import fakes
from fakes.histories import open_database
from fakes.stores import STARTER, FakeClock, FakeSettings, FakeTaskRunner
from fakes.tasks import PLAIN, QUEUE
from onhand.batch_wiring import batch_files, open_output, open_rows
from onhand.cluster.client import ClusterRunner
from onhand.domain.cluster_errors import ClusterFailed
from onhand.domain.progress import Cancelled, CancelToken
from onhand.services.part_rows import Part, PartRows
from onhand.services.run_batch import RunBatch
from onhand.storage.jobs import SqliteJobs
from onhand.storage.ledger_file import LedgerFile
from onhand.storage.memory_jobs import MemoryJobs
from onhand.storage.part_results import PartResults
from onhand.storage.stored_json import decode_outcome, encode_task

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.net,
    pytest.mark.skipif(find_spec("distributed") is None, reason="no extra 'cluster'"),
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

CHILD = Path(fakes.__path__[0], "cluster_child.py")


class Room:
    """A folder with an input, and what answers it here and on a cluster."""

    def __init__(self, folder):
        self.folder = folder
        self.ledger = LedgerFile(folder / "ledger.jsonl")
        self.once = ""

    def runner(self, local=2, address=""):
        def job_of(task, learned):
            return json.dumps(
                {
                    "task": encode_task(task),
                    "prior": dict(learned.prior) if learned else {},
                    "ledger": str(self.folder / "ledger.jsonl"),
                    "once": self.once,
                }
            )

        return ClusterRunner(
            argv=[sys.executable, str(CHILD)],
            address=address,
            local=local,
            here=FakeTaskRunner(),
            job_of=job_of,
            decoded=decode_outcome,
            ledger=self.ledger,
            clock=FakeClock(),
            log=self.folder / "cluster.log",
        )

    def run(self, runner, name, task=QUEUE, part="", **more):
        together = more.pop("together", 1)
        data = self.folder / name
        database = open_database(data / "history.db")
        rows = open_rows(FakeSettings(), self.folder / "in.jsonl", "text")
        sink = open_output(self.folder / f"{name}.jsonl")
        if part:
            rows = PartRows(rows, Part.read(part))
            sink = PartResults(sink, rows)
        run_batch = RunBatch(
            runner=runner,
            select_model=lambda: STARTER,
            jobs=SqliteJobs(database, data / "locks"),
            private_jobs=MemoryJobs,
            clock=FakeClock(),
            together=together,
        )
        job = run_batch(task, rows, sink, cancel=more.pop("cancel", CancelToken()))
        database.close()
        return job

    def output(self, name):
        lines = (self.folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        return [[row[key] for key in ("id", "answer", "lane", "error")] for row in rows]


@pytest.fixture
def room(tmp_path):
    lines = []
    for number in range(120):
        text = {3: "", 11: "endless", 17: "poison", 23: "kill"}.get(number % 50, "text")
        lines.append(json.dumps({"id": f"n{number}", "text": f"{text} {number}".strip()}))
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return Room(tmp_path)


def test_workers_give_what_one_engine_gives_though_one_of_them_is_killed(room):
    room.run(FakeTaskRunner(), "single")
    room.once = str(room.folder / "killed")
    with closing(room.runner()) as runner:
        job = room.run(runner, "spread", together=8)
    assert Path(room.once).exists()
    assert room.output("spread") == room.output("single")
    assert job.failed > 0
    attempts = room.ledger.attempts()
    assert attempts[0].reason == "join a cluster"
    workers = [each for each in attempts if each.reason != "join a cluster"]
    # One more where it was there before the end.
    assert len(workers) in {2, 3}
    assert all(each.host.startswith("127.0.0.1:") for each in attempts)
    assert all(each.outcome == "done" for each in attempts)
    assert [each.sent for each in attempts] == [0] * len(attempts)


def test_parts_on_clusters_are_merged_to_what_one_engine_gives(room):
    room.run(FakeTaskRunner(), "single", PLAIN)
    for number in (1, 2):
        with closing(room.runner(local=1)) as runner:
            room.run(runner, f"part{number}", PLAIN, part=f"{number}/2", together=4)
    parts = [room.folder / f"part{number}.jsonl" for number in (1, 2)]
    batch_files(FakeSettings()).merge(room.folder / "merged.jsonl", parts, replace=False)
    assert room.output("merged") == room.output("single")


def test_what_leaves_this_computer_is_counted_for_who_got_it(room):
    far = subprocess.Popen(
        [sys.executable, CHILD.with_name("far_cluster.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with far:
        address = far.stdout.readline().strip()
        with closing(room.runner(local=0, address=address)) as runner:
            found = runner.answer_many(PLAIN, ["one", "three"], CancelToken())
    assert [each.answer.text for each in found] == ["ONE", "THREE"]
    scheduler, worker = room.ledger.attempts()
    assert scheduler.host == address.removeprefix("tcp://")
    assert (scheduler.sent, worker.sent) == (0, len("onethree"))


def test_a_cluster_that_is_not_there_is_told_and_the_batch_goes_on_elsewhere(room):
    with (
        closing(room.runner(local=0, address="tcp://127.0.0.1:9")) as runner,
        pytest.raises(ClusterFailed, match=r"127\.0\.0\.1:9"),
    ):
        room.run(runner, "broken")
    assert [each.host for each in room.ledger.attempts()] == ["127.0.0.1:9"]
    room.run(FakeTaskRunner(), "broken")
    room.run(FakeTaskRunner(), "single")
    assert room.output("broken") == room.output("single")


def test_a_batch_on_a_cluster_is_stopped_at_once(room):
    cancel = CancelToken()
    with closing(room.runner(local=1)) as runner:
        runner.answer_many(PLAIN, ["one"], cancel)
        cancel.cancel()
        with pytest.raises(Cancelled):
            runner.answer_many(PLAIN, ["two"], cancel)

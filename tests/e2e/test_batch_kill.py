"""A batch that is killed, again and again, over real files: no row is lost or twice."""

from __future__ import annotations

import json
import random
import sys
import time

import pytest

from fakes.batches import (
    assert_whole,
    child,
    opened,
    output,
    rows_together,
    run,
    stored,
    write_input,
)
from fakes.tables import read_table, write_csv, write_workbook
from fakes.two_models import LARGE, SMALL, numbers
from onhand.storage.history import SqliteHistory
from onhand.storage.jobs import SqliteJobs

CHUNK = rows_together("row 10")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

KILLS = 20
KILLED = -9
LOCKED = 5
ROWS = 1500


@pytest.mark.parametrize("kind", ["classify", "rewrite"])
def test_killed_twenty_times_it_gives_what_an_unbroken_run_gives(tmp_path, kind):
    count, pause = (4800, "0.002") if kind == "classify" else (400, "0.01")
    broken, unbroken = tmp_path / "broken", tmp_path / "unbroken"
    for folder in (broken, unbroken):
        write_input(folder, count)
    assert run(unbroken, "--kind", kind) == 0
    chance = random.Random(kind)  # noqa: S311 - nothing is secret here
    before: list[int] = []
    for number in range(KILLS):
        with child(broken, "--kind", kind, "--pause", pause) as process:
            # Every other one may also be hit while it makes its tables or reads its input.
            if number % 2:
                assert process.stdout.readline() == "working\n", process.stderr.read()
            time.sleep(chance.uniform(0.0, 0.15))
            assert process.poll() is None, "it ended before it could be killed"
        after = stored(broken)
        assert after[: len(before)] == before
        before = after
    assert not (broken / "out.jsonl").exists()
    assert 0 < len(before) < count
    assert run(broken, "--kind", kind) == 0
    assert output(broken) == output(unbroken)
    assert sorted(stored(broken)) == list(range(count))
    assert_whole(broken)
    assert not list((broken / "data" / "locks").iterdir())
    assert not list(broken.glob(".onhand*"))


@pytest.mark.parametrize(
    ("name", "out"),
    [("in.csv", "out.xlsx"), ("in.xlsx", "out.csv"), ("in.csv", "out.parquet")],
)
@pytest.mark.parametrize("place", ["answering:3", "writing:99", "before-finish"])
def test_tables_go_on_where_they_were_too(tmp_path, name, out, place):
    texts = [f"text {number % 90}" for number in range(150)] + [None]
    make = write_csv if name.endswith("csv") else write_workbook
    broken, unbroken = tmp_path / "broken", tmp_path / "unbroken"
    options = ("--input", name, "--output", out)
    for folder in (broken, unbroken):
        folder.mkdir()
        make(folder / name, texts)
    assert run(unbroken, *options) == 0
    assert run(broken, *options, "--die", place) == KILLED
    assert not (broken / out).exists() or place == "before-finish"
    assert run(broken, *options) == 0
    found = [read_table(folder / out) for folder in (broken, unbroken)]
    first, second = [[[*line[:-2], line[-1]] for line in lines] for lines in found]
    assert first == second
    assert len(first) == 1 + len(texts)
    assert sorted(stored(broken)) == list(range(len(texts)))
    assert not list(broken.glob(".onhand*"))


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("answering:1", 0),
        ("before-add:1", 0),
        ("after-add:1", CHUNK),
        ("answering:3", 2 * CHUNK),
        ("before-add:3", 2 * CHUNK),
        ("writing:1", 100),
        ("writing:99", 100),
        ("before-finish", 100),
    ],
)
def test_wherever_it_dies_the_next_run_goes_on_there(tmp_path, place, kept):
    broken, unbroken = tmp_path / "broken", tmp_path / "unbroken"
    for folder in (broken, unbroken):
        folder.mkdir()
        rows = [json.dumps({"text": f"text {number}"}) for number in range(100)]
        (folder / "in.jsonl").write_text("\n".join(rows))
    assert run(unbroken) == 0
    assert run(broken, "--die", place) == KILLED
    assert len(stored(broken)) == kept
    assert run(broken) == 0
    assert output(broken) == output(unbroken)
    assert sorted(stored(broken)) == list(range(100))
    assert not list(broken.glob(".onhand*"))


def write_numbers(folder, count):
    folder.mkdir()
    rows = [json.dumps({"text": text}) for text in numbers(count)]
    (folder / "in.jsonl").write_text("\n".join(rows))


@pytest.fixture(scope="module")
def by_two_models(tmp_path_factory):
    """What an unbroken run gives in which a smaller model is asked first."""
    folder = tmp_path_factory.mktemp("two") / "unbroken"
    write_numbers(folder, ROWS)
    assert run(folder, "--first") == 0
    return output(folder)


@pytest.mark.parametrize(
    "place",
    [
        "before-note:1",
        "answering:30",
        "before-add:7",
        "before-note:2",
        "after-note:2",
        "answering:120",
        "before-note:4",
        "writing:9",
    ],
)
def test_with_a_smaller_model_first_it_goes_on_wherever_it_dies(
    tmp_path, place, by_two_models
):
    broken = tmp_path / "broken"
    write_numbers(broken, ROWS)
    assert run(broken, "--first", "--die", place) == KILLED
    before = stored(broken)
    assert run(broken, "--first") == 0
    assert stored(broken)[: len(before)] == before
    assert output(broken) == by_two_models
    assert {each["model"] for each in by_two_models} == {SMALL.id, LARGE.id}
    assert sorted(stored(broken)) == list(range(ROWS))
    assert_whole(broken)


def test_a_finished_job_stays_finished(tmp_path):
    write_input(tmp_path, 10)
    assert run(tmp_path, "--die", "after-finish") == KILLED
    with opened(tmp_path) as database:
        (job,) = SqliteJobs(database, tmp_path / "data" / "locks").all()
    assert job.finished
    assert len(output(tmp_path)) == job.done == 10


def test_two_processes_do_not_work_on_one_job_and_a_killed_one_holds_no_lock(tmp_path):
    write_input(tmp_path, 2000)
    with child(tmp_path, "--pause", "0.05") as first:
        while not (tmp_path / "data" / "locks").exists() or not stored(tmp_path):
            assert first.poll() is None
            time.sleep(0.02)
        assert run(tmp_path) == LOCKED
        assert first.poll() is None
    assert run(tmp_path) == 0
    assert sorted(stored(tmp_path)) == list(range(2000))


def test_two_batches_and_a_reader_share_one_history(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    (tmp_path / "data").mkdir()
    for folder in folders:
        write_input(folder, 500)
        (folder / "data").symlink_to(tmp_path / "data")
    with child(folders[0]) as first, child(folders[1]) as second, opened(tmp_path) as ours:
        history = SqliteHistory(ours)
        seen = 0
        while first.poll() is None or second.poll() is None:
            page = history.search("text", kind=None, limit=10**6, before=None)
            assert len(page) >= seen
            seen = len(page)
            time.sleep(0.01)
        assert (first.returncode, second.returncode) == (0, 0), first.stderr.read()
    assert output(folders[0]) == output(folders[1])
    assert len(stored(tmp_path)) == 1000
    assert_whole(tmp_path)


@pytest.mark.parametrize("options", [(), ("--die", "answering:2")], ids=["whole", "killed"])
def test_a_private_batch_leaves_no_trace(tmp_path, options):
    write_input(tmp_path, 100)
    finished = run(tmp_path, "--private", *options) == 0
    assert finished is not bool(options)
    left = {each.name for each in tmp_path.iterdir()} - {"in.jsonl"}
    assert left == ({"out.jsonl"} if finished else set())

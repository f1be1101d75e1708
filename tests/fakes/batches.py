"""Running `batch_child.py` in a folder, and looking at what it left there."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from fakes.histories import open_database
from fakes.tasks import QUEUE
from onhand.domain.prompting import classify_questions
from onhand.services.batch_ports import Row
from onhand.services.chunking import chunked
from onhand.storage.search_index import MOST_WAITING, indexed_to

CHILD = Path(__file__).with_name("batch_child.py")


def write_input(folder, count):
    """Rows of all sorts: good, empty, broken, too long, poisonous, with one id twice."""
    lines = []
    for number in range(count):
        text = f"text {number} " + "é" * (number % 7)
        match number % 50:
            case 3:
                text = ""
            case 11:
                text = "endless"
            case 17:
                text = "poison"
        line = json.dumps({"id": f"n{number - number % 50 // 49}", "text": text})
        lines.append("{broken" if number % 50 == 29 else line)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")


@contextmanager
def child(folder, *options):
    """A child that has begun; dead at the end of the block in any case."""
    process = subprocess.Popen(
        [sys.executable, CHILD, folder, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout.readline() == "begun\n", process.stderr.read()
            yield process
        finally:
            process.kill()


def run(folder, *options):
    """Run a child to its end; returns its exit code."""
    with child(folder, *options) as process:
        return process.wait()


def output(folder):
    """The output's objects without what differs from run to run."""
    lines = (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    return [{**json.loads(line), "seconds": None} for line in lines]


@contextmanager
def opened(folder):
    """The history in a folder."""
    database = open_database(folder / "data" / "history.db")
    try:
        yield database
    finally:
        database.close()


def stored(folder):
    """Rows in the journal, in the order in which they were stored."""
    with opened(folder) as database, database.reading() as connection:
        rows = connection.execute("SELECT row FROM records ORDER BY id")
        return [row["row"] for row in rows]


def assert_whole(folder):
    """Nothing in the history is damaged, and its index has all that does not wait."""
    with opened(folder) as database, database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        indexed = indexed_to(connection)
        counts = (
            "SELECT (SELECT count(*) FROM records WHERE id <= ?),"
            " (SELECT count(*) FROM search),"
            " (SELECT count(*) < ? FROM records WHERE id > ?)"
        )
        values = (indexed, MOST_WAITING, indexed)
        due, there, few = connection.execute(counts, values).fetchone()
        assert due == there
        assert few


def rows_together(text: str) -> int:
    """How many such rows of the task `QUEUE` the engine is asked about at once."""
    [asked] = classify_questions(QUEUE)
    rows = (Row(position=at, name="", text=text) for at in range(100))
    return len(next(chunked(rows, behind=asked.ask + asked.reply)))

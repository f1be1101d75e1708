"""How long a search of a large history takes, and a commit, beside the same unencrypted.

    python tests/benchmarks/history_search.py [--rows 100000]

Goals: 95 of 100 searches within 5 ms at 100,000 entries, opening within 30 ms, a commit at
most 0.3 ms slower than plain. Prints wall-clock and processor time: on a busy machine only
the second tells of the program.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.histories import open_database
from fakes.stores import NOON
from fakes.tasks import QUEUE, RECEIPT, record
from onhand.domain.answers import Lane
from onhand.domain.tasks import identity
from onhand.services.history_ports import Narrowed
from onhand.storage.cipher import errors, keyed
from onhand.storage.database import Database, Driver
from onhand.storage.history import SqliteHistory
from onhand.storage.search_index import MOST_WAITING, store_record

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHINESE = "的一是不了人我在有他这为之大来以个中上们付款账单费用"
THAI = "กขคงจชซญดตถทนบปผพฟมยรลวสหอะาำิีึืุูเแโใไ"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
COMMITS = 500
PLAIN = Driver(
    connect=lambda path, read_only: keyed(path, None, read_only=read_only), errors=errors
)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def word(chance: random.Random, letters: str, length: int) -> str:
    """A word of these letters."""
    return "".join(chance.choice(letters) for _ in range(length))


def fill(database: Database, rows: int, chance: random.Random) -> list[str]:
    """Entries of 20 words, every 50th with words of other scripts; gives the words."""
    words = [word(chance, LETTERS, chance.randint(3, 9)) for _ in range(5000)]
    with database.writing() as connection:
        for number in range(rows):
            text = " ".join(chance.choices(words, k=20))
            if number % 50 == 0:
                more = (word(chance, each, 12) for each in (CHINESE, THAI, ARABIC))
                text = " ".join((text, *more))
            at = NOON + timedelta(minutes=number)
            given = record(text, QUEUE if number % 1000 else RECEIPT, at=at)
            made = replace(given.outcome, model="rare" if number % 2000 == 0 else "usual")
            store_record(connection, replace(given, outcome=made))
    return words


def measure(call, turns: int) -> tuple[float, float, float]:
    """Median and 95th percentile of the wall clock, and mean processor time, in ms."""
    walls, busy = [], time.process_time()
    for _ in range(turns):
        begun = time.perf_counter()
        call()
        walls.append((time.perf_counter() - begun) * 1000)
    busy = (time.process_time() - busy) * 1000 / turns
    walls.sort()
    return statistics.median(walls), walls[int(turns * 0.95) - 1], busy


def narrow(history: SqliteHistory, rows: int) -> None:
    """Time searches among few and among many of the entries."""
    last = NOON + timedelta(minutes=rows)
    for name, only in {
        "one task, many": Narrowed(task_id=identity(QUEUE)),
        "one task, few": Narrowed(task_id=identity(RECEIPT)),
        "one model, few": Narrowed(model="rare"),
        "no such model": Narrowed(model="none"),
        "one lane, many": Narrowed(lane=Lane.CHECK),
        "one lane, none": Narrowed(lane=Lane.SURE),
        "the oldest day": Narrowed(until=NOON + timedelta(days=1)),
        "the newest day": Narrowed(since=last - timedelta(days=1)),
        "the last minute": Narrowed(since=last - timedelta(minutes=1)),
        "all but a day": Narrowed(until=last - timedelta(days=1)),
        "a day, a model": Narrowed(
            model="rare", since=NOON, until=NOON + timedelta(days=1)
        ),
    }.items():

        def look(only=only) -> None:
            history.search("", kind=None, limit=50, before=None, only=only)

        median, high, busy = measure(look, 50)
        say(f"{name:16} p50 {median:6.2f}  p95 {high:6.2f}  processor {busy:6.2f} ms")
    median, high, busy = measure(history.occurring, 50)
    say(f"what there is    p50 {median:6.2f}  p95 {high:6.2f}  processor {busy:6.2f} ms")


def main() -> None:
    """Fill, search, commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    chance = random.Random(1)  # noqa: S311 - made-up words
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "encrypted.db"
        database = open_database(path)
        begun = time.perf_counter()
        words = fill(database, rows, chance)
        say(f"{rows} entries in {time.perf_counter() - begun:.0f} s")
        database.close()
        say(f"{path.stat().st_size >> 20} MB")
        begun = time.perf_counter()
        with database.reading():
            say(f"opened in {(time.perf_counter() - begun) * 1000:.1f} ms")
        history = SqliteHistory(database)
        for _ in range(MOST_WAITING - 1 - rows % MOST_WAITING):
            newest = NOON + timedelta(minutes=rows)
            history.add(record("one that waits for the indexes", at=newest))
        kinds = {
            "nothing typed": lambda: "",
            "a word": lambda: chance.choice(words),
            "two words": lambda: " ".join(chance.choices(words, k=2)),
            "part of a word": lambda: chance.choice(words)[1:5],
            "two letters": lambda: word(chance, LETTERS, 2),
            "one letter": lambda: word(chance, LETTERS, 1),
            "Chinese, two": lambda: word(chance, CHINESE, 2),
            "Thai, four": lambda: word(chance, THAI, 4),
            "Arabic, three": lambda: word(chance, ARABIC, 3),
            "nowhere": lambda: "nothinglikethis",
        }
        for name, asked in kinds.items():

            def look(asked=asked) -> None:
                history.search(asked(), kind=None, limit=50, before=None)

            median, high, busy = measure(look, 200)
            say(f"{name:16} p50 {median:6.2f}  p95 {high:6.2f}  processor {busy:6.2f} ms")
        narrow(history, rows)
        database.close()
        commit(
            {
                "plain": Database(path.with_name("p.db"), PLAIN),
                "encrypted": open_database(path.with_name("e.db")),
                "large": open_database(path),
            }
        )


def commit(databases: dict[str, Database]) -> None:
    """Time commits to databases in turns, so that all meet the same disk."""
    walls: dict[str, list[float]] = {name: [] for name in databases}
    busy = dict.fromkeys(databases, 0.0)
    stores = {name: SqliteHistory(made) for name, made in databases.items()}
    for store in stores.values():
        store.add(record("first"))
    for _ in range(COMMITS):
        for name, store in stores.items():
            before, begun = time.process_time(), time.perf_counter()
            store.add(record("a text"))
            walls[name].append((time.perf_counter() - begun) * 1000)
            busy[name] += (time.process_time() - before) * 1000
    for name, taken in walls.items():
        say(
            f"commit {name:9} p50 {statistics.median(taken):6.2f}"
            f"  p95 {sorted(taken)[int(COMMITS * 0.95)]:6.2f}"
            f"  mean {statistics.mean(taken):6.2f}"
            f"  processor {busy[name] / COMMITS:6.2f} ms"
        )
    for made in databases.values():
        made.close()


if __name__ == "__main__":
    main()

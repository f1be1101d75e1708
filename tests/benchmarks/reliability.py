"""Bad luck on purpose: kills, power cuts, flipped bits, cut files, torn journals.

    python tests/benchmarks/reliability.py [--kills 200] [--flips 150] [--cuts 50]
        [--torn 150] [--migrations 50] [--backups 50] [--rekeys 50] [--power 1000]

The writer tells each entry that it stored to this process, which must find it again after
every kill. A flipped bit must be noticed by reading all, a cut file as well. A journal that
is torn anywhere leaves a history that opens and has a beginning of what was written. How
changes of the key are killed tells `rekey_kills.py`, how the power is cut `power_loss.py`;
that is tried without fsync as well, to see that losses would be seen. Ends with status 1 if
anything was lost, unreadable or passed off as whole.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import power_loss, rekey_kills
from fakes.histories import KEY, open_database
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import AppError
from onhand.storage.backups import Backups, Places
from onhand.storage.cipher import errors, keyed
from onhand.storage.database import Database, Driver
from onhand.storage.encrypting import encrypt_plain, is_plain, raise_if_unsound
from onhand.storage.history import SqliteHistory

LONGEST = 0.35
"""Seconds after which a child is killed at the latest."""

PLAIN = Driver(
    connect=lambda path, read_only: keyed(path, None, read_only=read_only), errors=errors
)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def write(path: Path, count: int, driver: Driver | None = None) -> None:
    """A history with some entries."""
    database = Database(path, driver) if driver else open_database(path)
    history = SqliteHistory(database)
    for number in range(count):
        history.add(record(f"entry {number} " + "x" * 200))
    database.close()


def numbers(path: Path) -> list[int]:
    """The entries, after everything about the file was checked.

    Raises:
        AppError: something is wrong.
    """
    database = open_database(path)
    try:
        with database.reading() as connection:
            raise_if_unsound(connection, path)
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
            connection.execute("INSERT INTO grams (grams) VALUES ('integrity-check')")
        history = SqliteHistory(database)
        found: list[int] = []
        while page := history.search(
            "entry", kind=None, limit=500, before=found[-1] if found else None
        ):
            found += [each.id for each in page]
        return found
    finally:
        database.close()


def child(what: str, folder: Path) -> None:
    """What is killed."""
    path = folder / "history.db"
    say("go")
    match what:
        case "write":
            history = SqliteHistory(open_database(path))
            while True:
                say(str(history.add(record("entry " + "y" * 500))))
        case "migrate":
            encrypt_plain(path, KEY)
        case _:
            backups_of(folder).make()


def backups_of(folder: Path) -> Backups:
    """The backups of the history in a folder."""
    places = Places(
        history=folder / "history.db",
        slots=folder / "onhand.keys",
        folder=folder / "backups",
    )
    return Backups(places, lambda: (KEY,), lambda: NOON)


def killed(what: str, folder: Path, wait: float) -> list[int]:
    """Run a child for a while; the entries that it told of."""
    argv = [sys.executable, __file__, "--child", what, "--folder", str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().split("\n")[:-1]
    return [int(each) for each in said if each]


def kill_writers(folder: Path, count: int, chance: random.Random) -> int:
    """Kill while entries are written; every one that was told must be there."""
    told: set[int] = set()
    bad = 0
    for _ in range(count):
        told |= set(killed("write", folder, chance.random() * LONGEST))
        try:
            found = set(numbers(folder / "history.db"))
        except AppError as error:
            say(f"  unreadable: {error}")
            bad += 1
        else:
            bad += bool(told - found)
    say(f"{count} kills while writing: {len(told)} entries told, {bad} bad")
    return bad


def kill_changes(what: str, folder: Path, count: int, chance: random.Random) -> int:
    """Kill in the middle of a migration or a backup; the history must be whole."""
    bad, done = 0, 0
    for turn in range(count):
        place = folder / str(turn)
        place.mkdir()
        write(place / "history.db", 300, PLAIN if what == "migrate" else None)
        killed(what, place, chance.random() * LONGEST)
        done += not is_plain(place / "history.db")
        try:
            bad += len(numbers(place / "history.db")) != 300
            if what == "backup":
                copies = backups_of(place).all()
                bad += sum(len(numbers(place / "backups" / c.name)) != 300 for c in copies)
        except AppError as error:
            say(f"  unreadable: {error}")
            bad += 1
        shutil.rmtree(place)
    say(f"{count} kills during {what}: {done} encrypted afterwards, {bad} bad")
    return bad


def damage(folder: Path, flips: int, cuts: int, chance: random.Random) -> int:
    """Flip a bit, or cut the file; reading all must notice it."""
    path = folder / "history.db"
    write(path, 200)
    whole = path.read_bytes()
    missed = 0
    for turn in range(flips + cuts):
        content = bytearray(whole)
        if turn < flips:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        else:
            del content[chance.randrange(1, len(content)) :]
        path.write_bytes(content)
        try:
            missed += len(numbers(path)) >= 0
        except AppError:
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
    say(f"{flips} flipped bits and {cuts} cut files: {missed} not noticed")
    return missed


def tear(folder: Path, count: int, chance: random.Random) -> int:
    """Cut or spoil the journal; what was written before must be there, in order."""
    source = folder / "source"
    write(source / "history.db", 50)
    database = open_database(source / "history.db")
    history = SqliteHistory(database)
    for number in range(50):
        history.add(record(f"entry {number} in the journal"))
    files = {each.name: each.read_bytes() for each in source.iterdir()}
    database.close()
    files.pop("history.db-shm", None)
    bad = 0
    for turn in range(count):
        place = folder / str(turn)
        place.mkdir()
        for name, content in files.items():
            (place / name).write_bytes(content)
        journal = bytearray(files["history.db-wal"])
        at = chance.randrange(len(journal))
        if turn % 2:
            del journal[at:]
        else:
            journal[at] ^= 0xFF
        (place / "history.db-wal").write_bytes(journal)
        try:
            found = numbers(place / "history.db")
            bad += found != list(range(len(found), 0, -1)) or len(found) < 50
        except AppError as error:
            say(f"  unreadable: {error}")
            bad += 1
        shutil.rmtree(place)
    say(f"{count} torn journals: {bad} bad")
    return bad


def cut_power(folder: Path, states: int, seed: int) -> int:
    """Cut the power; without fsync a tenth as often, which must be seen to lose."""
    if not states:
        return 0
    if shutil.which("strace") is None:
        say("power cuts: not tried, there is no strace")
        return 0
    bad = 0
    for mode, count in (("FULL", states), ("OFF", max(20, states // 10))):
        place = folder.resolve() / mode
        place.mkdir(parents=True)
        lost = power_loss.cut(place, mode, count, seed=seed)
        bad += lost if mode == "FULL" else not lost
    return bad


def main() -> int:
    """Run what is asked for; returns 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (
        *(("kills", 200), ("flips", 150), ("cuts", 50)),
        *(("torn", 150), ("migrations", 50), ("backups", 50), ("seed", 1)),
        *(("rekeys", 50), ("power", 1000)),
    ):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.child, asked.folder)
        return 0
    chance = random.Random(asked.seed)  # noqa: S311 - moments and places
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for each in ("writers", "migrations", "backups", "damage", "torn", "rekeys"):
            (root / each).mkdir()
        bad = kill_writers(root / "writers", asked.kills, chance)
        bad += kill_changes("migrate", root / "migrations", asked.migrations, chance)
        bad += kill_changes("backup", root / "backups", asked.backups, chance)
        bad += damage(root / "damage", asked.flips, asked.cuts, chance)
        bad += tear(root / "torn", asked.torn, chance)
        bad += rekey_kills.kill(root / "rekeys", asked.rekeys, seed=asked.seed)
        bad += cut_power(root / "power", asked.power, asked.seed)
    say("nothing was lost" if not bad else f"{bad} BAD")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())

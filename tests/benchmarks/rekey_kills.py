"""Kills in the middle of a change of the history's key.

    python tests/benchmarks/rekey_kills.py [--kills 50] [--seed 1]

After each kill the slots that there are must open the history, with every entry, and every
backup; going on must leave all of it under the new key alone. By turns a keyring holds the
key and a passphrase opens it. Ends with status 1 if anything was lost.
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
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from fakes.keyrings import FakeKeyring, FileKeyring
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import AppError
from onhand.host import Paths
from onhand.storage.backups import Backups, Places
from onhand.storage.cipher import encrypted
from onhand.storage.database import Database
from onhand.storage.encrypting import raise_if_unsound
from onhand.storage.history import SqliteHistory
from onhand.storage.key_file import read_key_file
from onhand.storage.key_slots import Cost
from onhand.storage.open_lock import OpenLock
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.rekeying import StoredRekeying
from onhand.storage.vault import Trust, Vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENTRIES = 90
BACKUPS = 3
WORDS = "correct horse battery"


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def pair() -> tuple[bytes, bytes]:
    """The private and the public key of an organisation."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.private_bytes(*form), public


@contextmanager
def held_open(data: Path) -> Iterator[None]:
    """Another process that has the history of a folder open, and does nothing with it."""
    argv = [sys.executable, __file__, "--child", "hold", "--folder", str(data)]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe) as child:
        child.stdout.readline()
        try:
            yield
        finally:
            child.stdin.close()


def vault_of(root: Path, *, keyring: bool) -> Vault:
    """The key of the history in a folder, as a new process finds it."""
    kept = FileKeyring(root / "keyring.json") if keyring else FakeKeyring()
    if not keyring:
        kept.failing = "there is no session bus"
    trust = Trust(keyring=kept, ask=lambda _: WORDS, cost=Cost(n=16, r=1))
    return Vault(root / "data" / "onhand.keys", trust)


def backups_of(root: Path, vault: Vault, hours: int = 0) -> Backups:
    """The backups of the history in a folder."""
    paths = Paths(data=root / "data")
    places = Places(history=paths.database, slots=paths.keys, folder=paths.backups)
    return Backups(places, vault.keys, lambda: NOON + timedelta(hours=hours))


def rekeying(root: Path, vault: Vault) -> tuple[Database, StoredRekeying]:
    """What changes the key."""
    paths = Paths(data=root / "data")
    database = Database(paths.database, encrypted(vault.keys))
    prefixes = PrefixFolder(paths.prefixes, lambda: None)
    return database, StoredRekeying(database, backups_of(root, vault), vault, prefixes)


def fill(root: Path, *, keyring: bool) -> None:
    """A history with backups."""
    vault = vault_of(root, keyring=keyring)
    database, _ = rekeying(root, vault)
    history = SqliteHistory(database)
    for number in range(ENTRIES):
        history.add(record(f"entry {number} " + "x" * 400))
        if number % (ENTRIES // BACKUPS) == 0:
            backups_of(root, vault, number).make()
    database.close()


def raise_if_lost(root: Path, keys: Sequence[bytes]) -> None:
    """Look at everything.

    Raises:
        AppError, AssertionError: something cannot be read or is not there.
    """
    paths = Paths(data=root / "data")
    copies = sorted(paths.backups.glob("onhand-*.db"))
    if len(copies) != BACKUPS:
        raise AssertionError("a backup is gone")
    for path in (paths.database, *copies):
        database = Database(path, encrypted(lambda: keys))
        try:
            with database.reading() as connection:
                raise_if_unsound(connection, path)
                found = connection.execute("SELECT count(*) FROM records").fetchone()[0]
        finally:
            database.close()
        if path == paths.database and found != ENTRIES:
            raise AssertionError(f"{found} entries")


def kill(folder: Path, count: int, *, seed: int) -> int:
    """Kill changes of the key; returns how many did harm."""
    chance = random.Random(seed)  # noqa: S311 - moments
    bad, seen = 0, Counter()
    patterns = []
    for keyring in (True, False):
        pattern = folder / f"pattern-{keyring}"
        fill(pattern, keyring=keyring)
        patterns.append(pattern)
    longest = max(_change(_copied(each, folder / "timed"), None) for each in patterns)
    for turn in range(count):
        root = _copied(patterns[turn % 2], folder / "turn")
        keyring = turn % 2 == 0
        _change(root, chance.random() * longest)
        try:
            keys = vault_of(root, keyring=keyring).keys()
            state = len(read_key_file(root / "data" / "onhand.keys").sets)
            raise_if_lost(root, keys)
            seen["both keys" if state > 1 else "one key"] += 1
            vault = vault_of(root, keyring=keyring)
            database, rekey = rekeying(root, vault)
            rekey(WORDS if rekey.needs_words() else None)
            database.close()
            [new] = vault_of(root, keyring=keyring).keys()
            raise_if_lost(root, (new,))
        except (AppError, AssertionError, ValueError) as error:
            say(f"  turn {turn}: {error!r}")
            bad += 1
    say(f"{count} kills during rekey: {dict(seen)} afterwards, {bad} bad")
    return bad


def _copied(pattern: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(pattern, target)
    return target


def _change(root: Path, wait: float | None) -> float:
    """Change the key in a child, killed after a while; the seconds that it took."""
    argv = [sys.executable, __file__, "--child", "rekey", "--folder", str(root)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        started = time.perf_counter()
        if wait is not None:
            time.sleep(wait)
            child.send_signal(signal.SIGKILL)
        child.wait()
        return time.perf_counter() - started


def child(what: str, folder: Path) -> None:
    """What is killed, or holds the history open."""
    if what == "hold":
        lock = OpenLock(folder / "onhand.db")
        lock.share(wait=1.0)
        say("go")
        sys.stdin.read()
        return
    vault = vault_of(folder, keyring=(folder / "keyring.json").exists())
    _, rekey = rekeying(folder, vault)
    vault.keys()
    say("go")
    rekey(WORDS if rekey.needs_words() else None)


def main() -> int:
    """Kill; returns 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.child, asked.folder)
        return 0
    with tempfile.TemporaryDirectory() as name:
        return int(kill(Path(name), asked.kills, seed=asked.seed) > 0)


if __name__ == "__main__":
    sys.exit(main())

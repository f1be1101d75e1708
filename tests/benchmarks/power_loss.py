"""Power cuts between and inside the writes of the history, its key slots and its backups.

    python tests/benchmarks/power_loss.py [FULL NORMAL OFF] [--states 1000] [--seed 1]

A child that keeps answers, drafts and backups, changes the key and forgets is recorded with
strace. Each state is the beginning of its system calls: what was written to a file since
its last fsync is kept, dropped or torn at sectors of 512 bytes, each by chance; names that
were given or taken since the last fsync of their folder are kept up to a moment by chance.
In every state the slots must open the history; what the child had acknowledged must be
there, and what it had forgotten must not. Ends with status 1 if FULL, which Onhand uses,
loses anything; OFF shows that it would be seen.

Assumed: the device honours fsync, a sector is written whole or not at all, a folder keeps
the order of its names.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rekey_kills import WORDS, backups_of, rekeying, say, vault_of
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import AppError
from onhand.host import Paths
from onhand.services.keeping_ports import Which
from onhand.storage.cipher import encrypted
from onhand.storage.database import Database
from onhand.storage.drafts import SqliteDrafts
from onhand.storage.encrypting import raise_if_unsound
from onhand.storage.forgetting import StoredForgetting
from onhand.storage.history import SqliteHistory
from onhand.storage.prefix_folder import PrefixFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.storage.vault import Vault

SECTOR = 512
TOLD = "told"
"""The file, beside what is recorded, in which the child acknowledges."""

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fsync,"
    "fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,copy_file_range,"
    "sendfile,fallocate"
)
LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<.*>)?(?: .*)?$")
HEX = re.compile(r"((?:\\x[0-9a-f]{2})+)")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
LEFT_OUT = (".lock", ".open", "-shm")
"""Files that hold nothing."""


@dataclass(frozen=True)
class Step:
    """One system call.

    Attributes:
        kind: create, write, truncate, sync, settle, rename, unlink or tell.
        name: of the file or folder, relative to what is recorded.
        offset: where it is written, or to where it is cut; None: at the end.
        data: what is written; of a rename the new name.
    """

    kind: str
    name: str
    offset: int | None = None
    data: bytes = b""


def keep(root: Path, synchronous: str, rounds: int) -> None:
    """The recorded program; tells each thing that is done in a file of its own."""
    told = os.open(root / TOLD, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def tell(*words: object) -> None:
        os.write(told, f"{' '.join(map(str, words))}\n".encode())

    vault = vault_of(root, keyring=False)
    database, rekey = rekeying(root, vault)
    history, drafts = SqliteHistory(database), SqliteDrafts(database)

    def use() -> None:
        with database.reading() as connection:
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute("PRAGMA wal_autocheckpoint = 60")

    def add(count: int) -> None:
        use()
        for number in range(count):
            tell(
                "add", history.add(record(f"entry {number} " + "x " * (number * 97 % 2000)))
            )

    add(rounds)
    drafts.save("a draft", NOON)
    tell("draft")
    backups_of(root, vault, 1).make()
    tell("backup", 1)
    add(rounds)
    database.close()
    add(rounds // 2)
    rekey(WORDS)
    tell("rekey")
    add(rounds // 2)
    prefixes = PrefixFolder(root / "data" / "prefixes", lambda: None)
    backups = backups_of(root, vault, 2)
    StoredForgetting(database, backups, prefixes, lambda: NOON)(Which(ids=(2, 3)))
    tell("forget", 2)
    tell("forget", 3)
    backups.make()
    tell("backup", 2)
    add(rounds // 2)
    database.close()


def recorded(root: Path, synchronous: str, rounds: int) -> list[Step]:
    """Run the program under strace; what it did to its files.

    Raises:
        ValueError: it did something that is not understood here.
    """
    trace = root / "trace"
    argv = [
        *("strace", "-f", "-qq", "-y", "-xx", "-s", "200000", "-e", f"trace={CALLS}"),
        *("-e", "signal=none", "-o", str(trace), sys.executable, __file__),
        *("--child", synchronous, "--folder", str(root), "--rounds", str(rounds)),
    ]
    subprocess.run(argv, check=True)
    steps: list[Step] = []
    known: set[str] = set()
    with trace.open() as lines:
        for line in lines:
            step = _step(line.rstrip("\n"), root, known)
            if step is not None:
                steps.append(step)
    return steps


def _step(line: str, root: Path, known: set[str]) -> Step | None:
    """One line of the trace; None where it is about another file, or failed."""
    match = LINE.match(line)
    if match is None:
        if str(root).encode().hex() in line.replace("\\x", ""):
            raise ValueError(f"not understood: {line[:200]}")
        return None
    call, arguments, result = match.groups()
    if int(result) < 0:
        return None
    names = [_relative(found, root) for found in HEX.findall(arguments[:2000])]
    name = next((each for each in names if each is not None), None)
    if name is None or name.endswith(LEFT_OUT):
        return None
    return _known_step(call, arguments, name, names, known)


def _known_step(
    call: str, arguments: str, name: str, names: Sequence[str | None], known: set[str]
) -> Step | None:
    if call in {"open", "openat", "creat"}:
        fresh = "O_CREAT" in arguments and name not in known
        if fresh:
            known.add(name)
        return Step("create", name) if fresh else None
    if call.startswith(("rename", "unlink")):
        known.discard(name)
        new = [each for each in names if each is not None][-1]
        known |= {new} if call.startswith("rename") else set()
        return Step(call[:6], name, data=new.encode())
    if call in {"fsync", "fdatasync"}:
        return Step("sync" if name in known else "settle", name)
    return _written(call, arguments, name)


def _written(call: str, arguments: str, name: str) -> Step:
    if call == "ftruncate":
        return Step("truncate", name, int(arguments.rsplit(",", 1)[1], 0))
    if call not in {"write", "pwrite64"}:
        raise ValueError(f"{call} on {name}")
    found = STRING.search(arguments)
    data = bytes.fromhex(found[1].replace("\\x", "")) if found else b""
    if call == "write":
        return Step("tell" if name == f"../{TOLD}" else "write", name, data=data)
    return Step("write", name, int(arguments.rsplit(",", 1)[1], 0), data)


def _relative(found: str, root: Path) -> str | None:
    """A path in the recorded folders as a name; None for any other."""
    text = bytes.fromhex(found.replace("\\x", "")).decode("utf-8", "replace")
    if text == f"{root}/{TOLD}":
        return f"../{TOLD}"
    for folder in ("data", "data-backups"):
        if text == f"{root}/{folder}" or text.startswith(f"{root}/{folder}/"):
            return text.removeprefix(f"{root}/").removesuffix(" (deleted)")
    return None


@dataclass
class Content:
    """A file: what is on the disk for certain, and what was written since."""

    disk: bytearray = field(default_factory=bytearray)
    unsynced: list[Step] = field(default_factory=list)
    size: int = 0


class Disk:
    """What a disk may hold after the power went."""

    def __init__(self) -> None:
        self._now: dict[str, Content] = {}
        self._names: list[tuple[str, dict[str, Content]]] = []
        self._settled: dict[str, Content] = {}
        self.told: list[str] = []

    def do(self, step: Step) -> None:
        """One system call more."""
        match step.kind:
            case "tell":
                self.told += step.data.decode().splitlines()
            case "sync":
                content = self._now[step.name]
                for each in content.unsynced:
                    _apply(content.disk, each)
                content.unsynced = []
            case "settle":
                self._settle(step.name)
            case "create":
                self._change(step.name, {**self._now, step.name: Content()})
            case "rename":
                others = dict(self._now)
                others[step.data.decode()] = others.pop(step.name)
                self._change(step.name, others)
            case "unlink":
                others = dict(self._now)
                others.pop(step.name, None)
                self._change(step.name, others)
            case _:
                self._write(step)

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files that are left."""
        names = self._settled
        for folder in {folder for folder, _ in self._names}:
            changes = [after for each, after in self._names if each == folder]
            kept = chance.randrange(len(changes) + 1)
            if kept:
                names = _merged(names, changes[kept - 1], folder)
        left = {}
        for name, content in names.items():
            image = bytearray(content.disk)
            for each in content.unsynced:
                for piece in _survivors(each, chance):
                    _apply(image, piece)
            left[name] = bytes(image)
        return left

    def _change(self, name: str, after: dict[str, Content]) -> None:
        self._now = after
        self._names.append((name.rsplit("/", 1)[0], after))

    def _settle(self, folder: str) -> None:
        self._settled = _merged(self._settled, self._now, folder)
        self._names = [each for each in self._names if each[0] != folder]

    def _write(self, step: Step) -> None:
        # Who removed a file may write to it still.
        if (content := self._now.get(step.name)) is None:
            return
        if step.kind == "truncate":
            content.size = step.offset or 0
        else:
            at = content.size if step.offset is None else step.offset
            step = Step("write", step.name, at, step.data)
            content.size = max(content.size, at + len(step.data))
        content.unsynced.append(step)


def _merged(
    names: dict[str, Content], others: dict[str, Content], folder: str
) -> dict[str, Content]:
    """Names of which those in one folder come from others."""

    def inside(name: str) -> bool:
        return name.rsplit("/", 1)[0] == folder

    return {
        **{name: content for name, content in names.items() if not inside(name)},
        **{name: content for name, content in others.items() if inside(name)},
    }


def _apply(image: bytearray, step: Step) -> None:
    at = step.offset or 0
    if len(image) < at:
        image.extend(bytes(at - len(image)))
    if step.kind == "truncate":
        del image[at:]
    else:
        image[at : at + len(step.data)] = step.data


def _survivors(step: Step, chance: random.Random) -> list[Step]:
    """What is left of an unsynced call: all of it, some sectors, or nothing."""
    luck = chance.random()
    if luck < 0.5:
        return [step]
    if luck > 0.65 or step.kind != "write" or len(step.data) <= SECTOR:
        return []
    return [
        Step("write", step.name, (step.offset or 0) + at, step.data[at : at + SECTOR])
        for at in range(0, len(step.data), SECTOR)
        if chance.random() < 0.5
    ]


def verdict(root: Path, told: Sequence[str]) -> str:
    """Open what is left as the program does; "" where all is well."""
    words = Counter(line.split()[0] for line in told)
    added = {int(line.split()[1]) for line in told if line.startswith("add")}
    gone = {int(line.split()[1]) for line in told if line.startswith("forget")}
    vault = vault_of(root, keyring=False)
    paths = Paths(data=root / "data")
    database = Database(paths.database, encrypted(vault.keys))
    try:
        backups_of(root, vault).bring_back_slots()
        with database.reading() as connection:
            # Pages that were torn on their way out of the journal are whole in the journal.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raise_if_unsound(connection, paths.database)
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
            connection.execute("INSERT INTO grams (grams) VALUES ('integrity-check')")
            rows = connection.execute("SELECT id FROM records").fetchall()
        draft = SqliteDrafts(database).load()
        bad = _unreadable_backups(paths, vault)
    except AppError as error:
        return f"unreadable ({error.code})"
    finally:
        database.close()
    found = {row[0] for row in rows}
    # Forgetting takes drafts as well, and may have been done and not yet told.
    if words["draft"] and not draft and {2, 3} & found:
        return "draft lost"
    if bad or len(list(paths.backups.glob("onhand-*.db"))) < words["backup"]:
        return "backup lost"
    return _entries(found, added, gone)


def _entries(found: set[int], added: set[int], gone: set[int]) -> str:
    forgotten = {2, 3} & added
    if added - found - {2, 3} or forgotten & found not in (set(), forgotten):
        return "entries lost"
    return "forgotten ones are back" if gone and gone <= found else ""


def _unreadable_backups(paths: Paths, vault: Vault) -> bool:
    if not paths.backups.is_dir():
        return False
    for each in paths.backups.glob("onhand-*.db"):
        copy = Database(each, encrypted(vault.keys))
        try:
            with copy.reading() as connection:
                raise_if_unsound(connection, each)
        finally:
            copy.close()
    return False


def cut(root: Path, synchronous: str, states: int, *, seed: int, rounds: int = 24) -> int:
    """Record once, cut many times; returns in how many states something was lost."""
    (root / "recorded").mkdir()
    steps = recorded(root / "recorded", synchronous, rounds)
    chance = random.Random(seed)  # noqa: S311 - moments
    seen: Counter[str] = Counter()
    place = root / "cut"
    moments = sorted(chance.randrange(1, len(steps) + 1) for _ in range(states))
    disk, done = Disk(), 0
    for moment in moments:
        for step in steps[done:moment]:
            disk.do(step)
        done = moment
        for name, content in disk.after_a_cut(chance).items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        seen[verdict(place, disk.told)] += 1
        shutil.rmtree(place, ignore_errors=True)
    kinds = Counter(step.kind for step in steps)
    bad = states - seen.pop("", 0)
    say(f"synchronous={synchronous}: {dict(kinds)}")
    say(f"  {states} power cuts: {bad} bad {dict(seen) if bad else ''}")
    return bad


def main() -> int:
    """Cut; returns 1 if anything was lost with FULL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modes", nargs="*", default=["FULL", "NORMAL", "OFF"])
    parser.add_argument("--states", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        keep(asked.folder, asked.child, asked.rounds)
        return 0
    bad = 0
    for mode in asked.modes:
        with tempfile.TemporaryDirectory() as name:
            lost = cut(
                Path(name).resolve(),
                mode,
                asked.states,
                seed=asked.seed,
                rounds=asked.rounds,
            )
        bad += lost if mode == "FULL" else 0
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())

"""What is tried of every package in a bare Debian, whatever kind it is of."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from building.bare_root import HOME, BareRoot, differences
from building.places import MODELS

if TYPE_CHECKING:
    import argparse

ASK = ["classify", "I was charged twice", "--label", "billing=charges, refunds"]
ASK += ["--label", "technical=something is broken", "--json"]
PASSPHRASE = f"{HOME}/passphrase"
KEPT = ["--passphrase-file", PASSPHRASE]
DATABASE = f"{HOME}/.local/share/onhand/onhand.db"


class Failed(Exception):
    """A step did not do what it must."""


def new_root(given: argparse.Namespace, name: str, packages: list[str]) -> BareRoot:
    """A root of its own, from a base that is made once."""
    given.scratch.mkdir(parents=True, exist_ok=True)
    base = given.scratch / given.suite
    made = BareRoot.made(
        given.suite, base, given.scratch / f"{given.suite}-{name}", packages
    )
    # A folder of what is carried in is there before and after.
    (made.folder / "etc" / "resolv.conf").unlink(missing_ok=True)
    say(f"a bare {given.suite}, {len(packages)} packages added")
    return made


def carry_model(root: BareRoot, model: Path) -> None:
    """A model by its package, or as a file in the shared folder."""
    if model.suffix == ".deb":
        root.bring(model, "/run/model.deb")
        done = root.run(["dpkg", "-i", "/run/model.deb"])
        must(done.status == 0, done.output)
    else:
        root.bring(model, f"{MODELS}/{model.name}")


def answer(root: BareRoot) -> None:
    """The first answer of a user, and what doctor says."""
    begin = time.perf_counter()
    done = root.run(["onhand", *ASK, "--private"], user=True)
    must(done.status == 0, done.output)
    found = json.loads(answered(done.output))
    must(found["answer"]["label"] in {"billing", "technical"}, done.output)
    seconds = time.perf_counter() - begin
    say(f"first answer after {seconds:.1f} s: {found['answer']['label']}")
    done = root.run(["onhand", "doctor"], user=True)
    say(done.output.strip())
    must("sandbox: enforced" in done.output, "the engine is not confined")


def keep_history(root: BareRoot) -> None:
    """An answer in an encrypted history."""
    root.bring(passphrase_file(), PASSPHRASE)
    done = root.run(["onhand", "history", "unlock", *KEPT], user=True)
    say(f"history unlock: status {done.status}: {done.output.strip()[-120:]}")
    for _ in range(3):
        done = root.run(["onhand", *ASK, *KEPT], user=True)
        must(done.status == 0, done.output)
    must(entries(root) == 3, "the history does not hold the three answers")
    database = root.folder / HOME.lstrip("/") / ".local/share/onhand/onhand.db"
    must(not database.read_bytes().startswith(b"SQLite"), "the history is not encrypted")
    say("three answers are in the encrypted history")


def program_tree(root: BareRoot) -> dict[str, str]:
    """What packages put into the tree."""
    return {place: each for place, each in root.tree().items() if place.startswith("/usr")}


def entries(root: BareRoot) -> int:
    """How many entries the history of the user has."""
    done = root.run(["onhand", "history", "search", "--json", *KEPT], user=True)
    must(done.status == 0, done.output)
    return sum(line.startswith("{") for line in done.output.splitlines())


def answered(output: str) -> str:
    """The line of JSON among what was printed."""
    return next(line for line in output.splitlines() if line.startswith("{"))


def passphrase_file() -> Path:
    """A file with a passphrase."""
    path = Path(tempfile.mkdtemp(), "passphrase")
    path.write_text("correct horse battery staple\n", encoding="utf-8")
    return path


def same(before: dict[str, str], after: dict[str, str], when: str) -> None:
    """The two trees must not differ."""
    found = differences(before, after)
    must(not found, f"{when} the tree differs: {found[:20]}")
    say(f"{when} the tree is as before: {len(after)} files and folders")


def must(holds: bool, otherwise: str) -> None:
    """Go on only if something holds."""
    if not holds:
        raise Failed(otherwise)


def say(line: str) -> None:
    """Tell a step at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

"""What is tried of an .rpm: by rpm alone, in a bare Debian that has nothing else of it.

Distributions that have rpm are not at hand where this is made. What is missing in such a
root are their libraries' names, so needs are not compared (`--nodeps`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from building.bare_root import HOME
from building.places import MODELS, POLICIES
from building.trial import (
    DATABASE,
    PASSPHRASE,
    answer,
    entries,
    keep_history,
    must,
    new_root,
    program_tree,
    same,
    say,
)

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from building.bare_root import BareRoot, Done

OLDER, NEWER = "/run/older.rpm", "/run/newer.rpm"


def everything_of_rpm(given: argparse.Namespace) -> None:
    """Install, answer, upgrade, refuse a downgrade, remove, remove with users' data."""
    root = new_root(given, "rpm", ["rpm"])
    model = f"{MODELS}/{given.model.name}"
    before = root.tree()
    root.bring(given.package, OLDER)
    root.bring(given.newer, NEWER)
    _installed(root, OLDER)
    root.bring(given.model, model)
    answer(root)
    keep_history(root)
    upgraded = _upgrade_and_back(root)
    policy = _beneath(root, f"{POLICIES}/managed/office.json")
    policy.write_text('{"KeepHistory": true}', encoding="utf-8")
    _removed(root)
    must(_beneath(root, DATABASE).exists(), "removing took the user's data")
    must(policy.exists(), "removing took the policy")
    must(not _beneath(root, "/usr/lib/onhand").exists(), "removing left the program")
    say("rpm -e: data and policy are kept")
    _installed(root, NEWER)
    same(upgraded, program_tree(root), "upgraded or installed anew, below /usr,")
    must(entries(root) == 3, "the history is not there after a new installation")
    _beneath(root, model).unlink()
    _removed(root, {"ONHAND_PURGE_USER_DATA": "1"})
    share = _beneath(root, f"{HOME}/.local/share")
    must(not list(share.glob("onhand*")), "users' data were left")
    _beneath(root, PASSPHRASE).unlink()
    for place in (share, share.parent):
        place.rmdir()
    same(before, root.tree(), "after removing with users' data")


def _upgrade_and_back(root: BareRoot) -> dict[str, str]:
    """Returns what lies below /usr after the upgrade."""
    done = _rpm(root, "--upgrade", NEWER)
    must(done.status == 0, done.output)
    must(entries(root) == 3, "the upgrade lost entries")
    say("after the upgrade all three are there")
    done = _rpm(root, "--upgrade", OLDER)
    must(done.status != 0 and "is newer than" in done.output, f"a downgrade: {done.output}")
    say(f"a downgrade: status {done.status}: {done.output.strip()}")
    return program_tree(root)


def _installed(root: BareRoot, package: str) -> None:
    done = _rpm(root, "--install", package)
    must(done.status == 0, done.output)
    say(f"rpm -i: status 0: {done.output.strip() or 'it says nothing'}")


def _removed(root: BareRoot, env: dict[str, str] | None = None) -> None:
    done = _rpm(root, "--erase", "onhand", env=env)
    must(done.status == 0, done.output)


def _rpm(root: BareRoot, *argv: str, env: dict[str, str] | None = None) -> Done:
    books = ["--dbpath", "/run/rpm", "--force-debian", "--nodeps"]
    return root.run(["rpm", *books, *argv], env=env)


def _beneath(root: BareRoot, place: str) -> Path:
    return root.folder / place.lstrip("/")

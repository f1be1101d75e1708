"""What is tried of updates from files: a signed package, in a bare system, as its user."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from building.places import POLICIES
from building.trial import must, say
from building.updates import write_update
from onhand.domain.packs import fingerprint
from onhand.signatures import Ed25519Signatures

if TYPE_CHECKING:
    from building.bare_root import BareRoot

_UNKNOWN, _DAMAGED = 7, 4
"""What the command ends with."""


def check_update(root: BareRoot, package: Path, version: str) -> None:
    """A package of a newer version is taken where its key is known, and whole."""
    folder = Path(tempfile.mkdtemp())
    key = Ed25519Signatures().create(folder / "key.pem")
    beside = write_update(folder, package, version, ["--key", str(folder / "key.pem")])
    place = root.bring(package, f"/run/{package.name}")
    root.bring(beside, f"/run/{beside.name}")
    ask = ["onhand", "update", "check", place]
    unknown = root.run(ask, user=True)
    must(unknown.status == _UNKNOWN, f"an unknown key: {unknown.output}")
    policy = root.folder / POLICIES.lstrip("/") / "managed" / "update.json"
    policy.write_text(json.dumps({"UpdateKey": fingerprint(key.public)}), encoding="utf-8")
    done = root.run(ask, user=True)
    must(done.status == 0 and "whole and signed" in done.output, done.output)
    say(f"update check: status 0: {done.output.strip().splitlines()[0]}")
    with (root.folder / place.lstrip("/")).open("r+b") as file:
        file.seek(1000)
        file.write(b"changed")
    damaged = root.run(ask, user=True)
    must(damaged.status == _DAMAGED, f"a damaged package: {damaged.output}")
    say("update check: an unknown key and a changed package are refused")
    policy.unlink()

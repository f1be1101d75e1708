"""Plants words in everything that the program is given, and looks for them on the disk.

    python tests/benchmarks/canaries.py [--rows 400]

Real commands, a real window and a real engine work in folders that are watched: data,
configuration, cache, temporary files, the working folder. A batch is killed, an engine, a
command and the window crash. Then the words are looked for in all files there, written in
any of the ways that `fakes/canaries.py` knows; and once everything is forgotten also under
the encryption of the history and of its backups. Ends with status 1 if one was found, or if
the search does not find what must be there. Linux.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.canaries import hits, ways_in
from fakes.canary_life import WAYS, Life


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def found(name: str, places: list) -> int:
    """Tell what was found; returns how much that is."""
    say(f"{name}: {len(places)}")
    for each in places[:20]:
        say(f"    {each.place} ({each.form})")
    return len(places)


def main() -> int:
    """Live, look, forget, look again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=400)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder), rows=rows)
        life.live()
        files = [each for each in life.watched.rglob("*") if each.is_file()]
        size = sum(each.stat().st_size for each in files)
        say(f"{len(WAYS)} words planted; {len(files)} files, {size:,} bytes looked at")
        leaked = found("in clear", life.leaks())
        key = life.key()
        control = len(hits(life.watched, key)) - leaked
        say(f"with the key, before forgetting: {control}")
        asked = b"".join(each.read_bytes() for each in life.wanted.iterdir())
        exported = ways_in(asked, WAYS)
        say(f"in files that were asked for: {len(exported)} of the words")
        life.forget()
        left = found("with the key, after forgetting", life.leaks(key))
    return int(bool(leaked or left) or not control or not exported)


if __name__ == "__main__":
    sys.exit(main())

"""How long until the window of the packaged program is seen, against the working copy.

    python tests/benchmarks/packaged_start.py dist/onhand/onhand [--times 5] [--at-most 1.5]

Both are started by turns on a screen of their own (Xvfb), each in a new process, with their
files put out of the system's cache before. Seen is the window that xdotool finds. The
medians count. With --at-most it fails when the packaged one takes more than that many times
as long.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import onhand
from fakes.screen import Screen, new_screen

UNPACKAGED = [sys.executable, "-P", "-m", "onhand"]
PATIENCE = 120.0


def forget(folder: Path) -> None:
    """Put all files of a folder out of the cache, as after a start of the machine."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            file = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)


def seen_after(screen: Screen, command: list[str], data: str) -> float:
    """Seconds from the start of a process until its window is seen."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [*command, "window", "--data-dir", data], env=screen.environment
    ) as program:
        try:
            while not screen.window("Onhand"):
                if time.perf_counter() > begin + PATIENCE or program.poll() is not None:
                    sys.exit("no window was seen")
            return time.perf_counter() - begin
        finally:
            program.kill()


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--at-most", type=float, default=0.0)
    given = parser.parse_args()
    packaged = [str(given.program.absolute())]
    found: dict[str, list[float]] = {"unpackaged": [], "packaged": []}
    with tempfile.TemporaryDirectory() as folder, new_screen() as screen:
        data = str(Path(folder, "onhand"))
        for name, value in (("welcomed", "yes"), ("keep_history", "no")):
            argv = [*UNPACKAGED, "settings", "set", name, value, "--quiet"]
            subprocess.run([*argv, "--data-dir", data], check=True)
        places = (Path(sys.prefix), Path(sys.base_prefix), Path(onhand.__file__).parent)
        for _ in range(given.times):
            for place in (*places, given.program.resolve().parent):
                forget(place)
            found["unpackaged"].append(seen_after(screen, UNPACKAGED, data))
            found["packaged"].append(seen_after(screen, packaged, data))
    medians = {name: statistics.median(each) for name, each in found.items()}
    for name, each in found.items():
        listed = " ".join(f"{seconds:.2f}" for seconds in sorted(each))
        sys.stdout.write(f"{name:11} median {medians[name]:.2f} s   ({listed})\n")
    ratio = medians["packaged"] / medians["unpackaged"]
    sys.stdout.write(f"packaged: {ratio:.2f} times the unpackaged\n")
    return int(bool(given.at_most) and ratio > given.at_most)


if __name__ == "__main__":
    sys.exit(main())

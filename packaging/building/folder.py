"""The folder with both programs, as PyInstaller makes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from building import Unbuildable
from building.elf import is_elf

FOLDER = Path("dist", "onhand")
WORK = Path("build", "onhand")

STRIPPED = ("libpython", "_sqlite3.", "_rust.", "lib-dynload/")
"""Where debugging symbols take room, 30 MB in all. Only there: libraries that were changed
after they were linked, as wheels do it, do not survive it."""


def build_folder(root: Path) -> None:
    """Make the folder anew."""
    argv = [
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean"),
        *("--log-level", "WARN"),
        *("--distpath", str(root / FOLDER.parent), "--workpath", str(root / WORK.parent)),
        str(root / "packaging" / "onhand.spec"),
    ]
    # Two builds of the same sources give the same bytes.
    env = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(epoch(root))}
    done = subprocess.run(argv, check=False, env=env, cwd=root)
    if done.returncode:
        raise Unbuildable("PyInstaller failed; see above")
    in_order(root / FOLDER / "_internal" / "base_library.zip")
    if sys.platform == "linux":
        _strip(root / FOLDER)
        _share(root / FOLDER)
    print(f"build: {root / FOLDER}")


def epoch(root: Path) -> int:
    """The time that stands in packages: that of the commit they are made from."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return 0
    argv = [git, "-C", str(root), "log", "-1", "--format=%ct"]
    return int(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)


def files_of(folder: Path) -> list[Path]:
    """Every file in the folder, links left out, in a fixed order.

    Raises:
        Unbuildable: there is none.
    """
    found = sorted(each for each in folder.rglob("*") if each.is_file())
    found = [each for each in found if not each.is_symlink()]
    if not found:
        raise Unbuildable(
            f"there is nothing in {folder}; 'packaging/build folder' makes it"
        )
    return found


def in_order(archive: Path) -> None:
    """Have the members of a zip archive stand in the order of their names.

    PyInstaller's order depends on whether some of its own modules had to be compiled, so
    the first build in an environment would differ from all others.
    """
    with ZipFile(archive) as old:
        members = {each.filename: old.read(each) for each in old.infolist()}
    with ZipFile(archive, "w") as new:
        for name in sorted(members):
            new.writestr(ZipInfo(name), members[name])


def _strip(folder: Path) -> None:
    strip = shutil.which("strip")
    if strip is None:
        raise Unbuildable("there is no strip; on Debian binutils brings it")
    chosen = [
        str(each)
        for each in files_of(folder)
        if any(name in each.as_posix() for name in STRIPPED) and is_elf(each)
    ]
    subprocess.run([strip, "--strip-debug", *chosen], check=True)


def _share(folder: Path) -> None:
    """Make one file of both programs: they differ where a console can be left out only."""
    windowed = folder / "onhand-desktop"
    windowed.unlink()
    windowed.symlink_to("onhand")

"""Whether the folder is whole, what it needs from the system, and what takes the room."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from building import Unbuildable
from building.elf import CXX_LIBRARIES, glibc, glibcxx, is_elf, needs
from building.folder import FOLDER, files_of
from building.leftovers import SYSTEM_LIBRARIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 330_000_000
"""Bytes that the folder may take."""

PARTS = {
    "Qt and PySide6": ("PySide6/", "shiboken6/"),
    "numpy with its linear algebra": ("numpy",),
    "history (SQLCipher)": ("sqlcipher3/",),
    "llama.cpp with a module for each kind of processor": ("llama_cpp/", "bin/"),
    "cryptography, TLS": ("cryptography/", "libssl", "libcrypto"),
    "Parquet (arro3)": ("arro3/",),
    "Python": ("libpython", "python3", "base_library"),
}
"""What to call the places below `_internal`; the programs hold the rest of Python."""


def check(root: Path) -> int:
    """Tell all of it; returns 1 where something is missing or too large."""
    folder = root / FOLDER
    files = files_of(folder)
    libraries = [each for each in files if is_elf(each)]
    missing = missing_libraries(folder, libraries)
    for file, name in missing:
        print(f"missing: {name}, needed by {file.relative_to(folder)}")
    print("\nlibrary of the system   package             needed by")
    for name, users in sorted(system_needs(libraries).items()):
        first = users[0].name
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        print(f"{name:23} {SYSTEM_LIBRARIES[name]:19} {first}{more}")
    print("\nhighest GLIBC   file")
    for file in sorted(libraries, key=glibc, reverse=True):
        print(f"{'.'.join(map(str, glibc(file))) or '-':15} {file.relative_to(folder)}")
    size = sum(each.stat().st_size for each in files)
    print("\nMB      part")
    for part, taken in sorted(sizes(folder, files).items(), key=lambda each: -each[1]):
        print(f"{taken / 1e6:6.1f}  {part}")
    print(f"{size / 1e6:6.1f}  in all; {LARGEST / 1e6:.0f} are allowed")
    print(f"the oldest C library that works: {'.'.join(map(str, oldest_glibc(libraries)))}")
    print(f"the oldest C++ library that works: {oldest_gcc(libraries)} of GCC")
    return int(bool(missing) or size > LARGEST)


def missing_libraries(folder: Path, libraries: Iterable[Path]) -> list[tuple[Path, str]]:
    """Files with a library that they need and that neither the folder nor a system has."""
    here = {each.name for each in folder.rglob("*")}
    return [
        (file, name)
        for file in libraries
        for name in needs(file)
        if name not in here and name not in SYSTEM_LIBRARIES
    ]


def system_needs(libraries: Iterable[Path]) -> dict[str, list[Path]]:
    """The libraries of the system by name, with the files that need them."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for file in libraries:
        for name in needs(file):
            if name in SYSTEM_LIBRARIES:
                found[name].append(file)
    return dict(found)


def oldest_glibc(libraries: Iterable[Path]) -> tuple[int, ...]:
    """The oldest version of the C library with which every file loads."""
    return max((glibc(each) for each in libraries), default=())


def oldest_cxx(libraries: Iterable[Path]) -> tuple[int, ...]:
    """The highest mark of the C++ library that a file needs."""
    return max((glibcxx(each) for each in libraries), default=())


def oldest_gcc(libraries: Iterable[Path]) -> str:
    """The oldest version of GCC with whose C++ library every file loads.

    Raises:
        Unbuildable: a file needs one that is not known here.
    """
    mark = oldest_cxx(libraries)
    for known, version in CXX_LIBRARIES.items():
        if mark <= known:
            return version
    told = ".".join(map(str, mark))
    raise Unbuildable(f"it is not known which GCC has GLIBCXX_{told}: add it to elf.py")


def sizes(folder: Path, files: Iterable[Path]) -> dict[str, int]:
    """Bytes by part."""
    found: defaultdict[str, int] = defaultdict(int)
    for file in files:
        inside = file.relative_to(folder).as_posix().removeprefix("_internal/")
        found[_part(inside)] += file.stat().st_size
    return dict(found)


def _part(inside: str) -> str:
    for part, beginnings in PARTS.items():
        if inside.startswith(beginnings):
            return part
    return "the program" if inside in {"onhand", "onhand-desktop"} else "everything else"

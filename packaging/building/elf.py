"""What a Linux program or library needs from others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GLIBC = re.compile(r"^GLIBC_(\d+(?:\.\d+)+)$")

CXX_LIBRARIES = {
    (3, 4, 25): "8", (3, 4, 26): "9.1", (3, 4, 27): "9.2", (3, 4, 28): "9.3",
    (3, 4, 29): "11", (3, 4, 30): "12", (3, 4, 31): "13.1", (3, 4, 32): "13.2",
    (3, 4, 33): "14", (3, 4, 34): "15",
}  # fmt: skip
"""The version of GCC whose C++ library has all functions up to a mark."""

_CXX = re.compile(r"^GLIBCXX_(\d+(?:\.\d+)+)$")


def is_elf(path: Path) -> bool:
    """Whether a file is a program or library of Linux."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def needs(path: Path) -> tuple[str, ...]:
    """The libraries that the system loads along with a file; none if it is no such file."""
    return tuple(
        str(tag.needed)
        for section in _sections(path)
        if isinstance(section, DynamicSection)
        for tag in section.iter_tags("DT_NEEDED")  # type: ignore[no-untyped-call]
    )


def glibc(path: Path) -> tuple[int, ...]:
    """The oldest version of the C library with all functions that a file calls."""
    return _highest(path, _GLIBC)


def glibcxx(path: Path) -> tuple[int, ...]:
    """The highest mark of the C++ library among the functions that a file calls."""
    return _highest(path, _CXX)


def as_numbers(version: str) -> tuple[int, ...]:
    """A version as something that can be compared."""
    return tuple(int(each) for each in version.split("."))


def _highest(path: Path, mark: re.Pattern[str]) -> tuple[int, ...]:
    versions = (
        mark.match(str(auxiliary.name))
        for section in _sections(path)
        if isinstance(section, GNUVerNeedSection)
        for _, auxiliaries in section.iter_versions()  # type: ignore[no-untyped-call]
        for auxiliary in auxiliaries
    )
    return max((as_numbers(found[1]) for found in versions if found), default=())


def _sections(path: Path) -> Iterator[object]:
    with path.open("rb") as file:
        try:
            yield from ELFFile(file).iter_sections()  # type: ignore[no-untyped-call]
        except ELFError:
            return

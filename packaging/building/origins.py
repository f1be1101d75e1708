"""Where each file in the folder comes from: a component with version and licence."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING

from building import Unbuildable
from building.folder import FOLDER, WORK, files_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLLECTED = WORK / "collected.json"
"""What the spec wrote down: the place of each file and where it comes from."""

OURS, PYTHON, BOOTLOADER = "onhand", "CPython", "pyinstaller"
STARTERS = ("onhand", "onhand-desktop")
"""The programs: PyInstaller's starter, with all Python modules in it."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A component as it was found on this machine.

    Attributes:
        kind: "ours", "pypi", "deb" or "python".
        files: places in the folder, or names of modules inside the programs.
    """

    name: str
    kind: str
    version: str = ""
    files: list[str] = field(default_factory=list)


def origins(root: Path) -> list[Origin]:
    """Every component in the folder, with all its files.

    Raises:
        Unbuildable: of some file it is not known where it comes from.
    """
    collected = read_collected(root)
    known = {place for place, _ in collected}
    folder = root / FOLDER
    places = {
        each.relative_to(folder).as_posix().removeprefix("_internal/")
        for each in files_of(folder)
    }
    if strangers := sorted(places - known - {*STARTERS, *written_later()}):
        raise Unbuildable(f"in the folder, and nobody knows why: {', '.join(strangers)}")
    return attributed(collected, Installed(root))


def written_later() -> set[str]:
    """Files that come into the folder after PyInstaller, all ours."""
    return {"onhand/_data/licences.txt"}


def read_collected(root: Path) -> list[tuple[str, str]]:
    """Each file or module with its source; links are left out, as their files are there."""
    path = root / COLLECTED
    if not path.is_file():
        raise Unbuildable(f"{COLLECTED} is missing; 'packaging/build folder' writes it")
    listed = json.loads(path.read_text(encoding="utf-8"))
    return [(place, source) for place, source in listed if Path(source).is_absolute()]


class Installed:
    """Which component of this machine a file belongs to."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._base = Path(sys.base_prefix).resolve()
        self._of_file: dict[Path, Distribution] = {}
        for each in distributions():
            for file in each.files or ():
                self._of_file[Path(str(each.locate_file(file)))] = each

    def component(self, source: Path) -> tuple[str, str, str]:
        """Name, kind and version of the component of a file.

        Raises:
            Unbuildable: nobody knows it.
        """
        if (found := self._of_file.get(source)) is not None:
            kind = "ours" if found.name == OURS else "pypi"
            return found.name, kind, found.version
        for folder in ("app", "resources", "models.json"):
            if source.is_relative_to(self._root / folder):
                return OURS, "ours", ""
        if source.is_relative_to(self._root / "packaging"):
            return OURS, "ours", ""
        # Python's own library as an archive, made during the build.
        in_python = source.resolve().is_relative_to(self._base)
        if source.name == "base_library.zip" or in_python:
            return PYTHON, "python", ".".join(map(str, sys.version_info[:3]))
        return _debian_package(source)


def attributed(collected: Iterable[tuple[str, str]], installed: Installed) -> list[Origin]:
    """The components that these files come from, by name."""
    files: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for place, source in collected:
        files[installed.component(Path(source))].append(place)
    versions: Mapping[tuple[str, str], str] = {
        (name, kind): version for name, kind, version in files if version
    }
    merged: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (name, kind, _), listed in files.items():
        merged[name, kind].extend(listed)
    return [
        Origin(
            name=name, kind=kind, version=versions.get((name, kind), ""), files=sorted(each)
        )
        for (name, kind), each in sorted(merged.items())
    ]


def _debian_package(source: Path) -> tuple[str, str, str]:
    query = shutil.which("dpkg-query")
    # A package that was made before /lib became a link to /usr/lib knows the old place.
    forms = {source, source.resolve()}
    forms |= {Path(f"/usr{each}") for each in forms}
    forms |= {Path(str(each).removeprefix("/usr")) for each in forms}
    if query is not None:
        argv = [query, "--search", *sorted(map(str, forms))]
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        if found := re.match(r"([^:,\s]+)", done.stdout):
            argv = [query, "--show", "--showformat=${Version}", found[1]]
            version = subprocess.run(argv, check=True, capture_output=True, text=True)
            return found[1], "deb", version.stdout
    raise Unbuildable(f"nobody knows where {source} comes from")

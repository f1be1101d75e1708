"""The memory that control groups leave to this process (Linux; versions 1 and 2).

A container, a service or a session can be limited to less than the machine has; what the
system tells of its free memory does not know that. Limits of all groups around count
(Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst of the Linux kernel).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

UNLIMITED = 1 << 60
"""A limit from which on there is none; version 1 writes the largest number that it has."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a group allows, in bytes.

    Attributes:
        limit: that all its processes may have together.
        free: that it has left; pages of files that can be read again count as left.
        swap: that it may have on the disk besides.
    """

    limit: int
    free: int
    swap: int


@dataclass(frozen=True)
class _Names:
    """What the files of a version are called."""

    limit: str
    usage: str
    idle: str


_V1 = _Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_V2 = _Names("memory.max", "memory.current", "inactive_file")


def allowance(root: Path = Path("/")) -> Allowance | None:
    """The narrowest of all groups around this process; None where nothing limits it.

    `root` is the folder that stands for the whole file system.
    """
    found = [
        each
        for top, folder, names in _hierarchies(root)
        for group in _upwards(top, folder)
        if (each := _read(group, names)) is not None
    ]
    if not found:
        return None
    return Allowance(
        limit=min(each.limit for each in found),
        free=min(each.free for each in found),
        swap=min(each.swap for each in found),
    )


def _hierarchies(root: Path) -> list[tuple[Path, Path, _Names]]:
    """Where memory is limited: the top of the tree, this process's group, and the names."""
    paths = _paths(root)
    found = []
    for line in _lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(), after.split()
        if len(fields) < 5 or len(kinds) < 3:
            continue
        names, path = _V2, paths.get("")
        if kinds[0] == "cgroup" and "memory" in kinds[2].split(","):
            names, path = _V1, paths.get("memory")
        elif kinds[0] != "cgroup2":
            continue
        if path is not None:
            top = root / fields[4].lstrip("/")
            found.append((top, top / _below(path, fields[3]), names))
    return found


def _paths(root: Path) -> dict[str, str]:
    """The groups of this process by controller; "" for version 2."""
    found = {}
    for line in _lines(root / "proc/self/cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        for each in controllers.split(","):
            found[each] = path
    return found


def _below(path: str, mounted: str) -> str:
    """A group's path below a mount, which may show a part of the tree alone."""
    if mounted not in {"/", path} and not path.startswith(f"{mounted}/"):
        return ""
    rest = path.removeprefix(mounted if mounted != "/" else "")
    return "" if ".." in rest.split("/") else rest.lstrip("/")


def _upwards(top: Path, folder: Path) -> list[Path]:
    """A group and all around it. One that is not shown here leaves those that are."""
    return [folder, *(each for each in folder.parents if each.is_relative_to(top))]


def _read(group: Path, names: _Names) -> Allowance | None:
    limit = _number(group / names.limit)
    usage = _number(group / names.usage)
    if limit is None or usage is None or limit >= UNLIMITED:
        return None
    idle = 0
    for line in _lines(group / "memory.stat"):
        name, _, value = line.partition(" ")
        if name == names.idle and value.isdigit():
            idle = int(value)
    free = max(0, limit - max(0, usage - idle))
    return Allowance(limit=limit, free=free, swap=_swap(group, names, limit))


def _swap(group: Path, names: _Names, limit: int) -> int:
    """What may be on the disk; version 1 limits it together with the memory."""
    if names is _V2:
        most = _number(group / "memory.swap.max")
        return UNLIMITED if most is None else most
    both = _number(group / "memory.memsw.limit_in_bytes")
    return UNLIMITED if both is None else max(0, both - limit)


def _number(file: Path) -> int | None:
    """What a file holds; None for no limit, or no such file."""
    lines = _lines(file)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return []

"""Where in a TOML text a key stands, as near as it can be found."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys from the outermost on; an integer is a place in a list of tables."""

MOST_SIGNS = 20
"""Equals signs of a line at which its key may end."""

_MULTILINE = re.compile(r"\"\"\"|'''")


def place_of(text: str, path: Path) -> str:
    """'line 7, key 'labels.billing'' for what stands at `path`, or near it."""
    key = ".".join(shown(str(step)) for step in path)
    best, line = 0, 1
    for number, found in _keys(text):
        common = 0
        while common < min(len(found), len(path)) and found[common] == path[common]:
            common += 1
        if common > best:
            best, line = common, number
    return f"line {line}, key '{key}'" if key else f"line {line}"


def key_in(text: str, line: int) -> str:
    """', key 'labels.billing'' for a key in this line, or "" where there is none."""
    keys = [path for number, path in _keys(text) if number == line]
    return f", key '{shown('.'.join(map(str, keys[0])))}'" if keys else ""


def shown(name: str) -> str:
    """A name in one line: what cannot be seen in it as its number."""
    return "".join(
        letter if letter.isprintable() else repr(letter)[1:-1] for letter in name
    )


def _keys(text: str) -> list[tuple[int, Path]]:
    """Every key and table header with its line number, in order."""
    found: list[tuple[int, Path]] = []
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in _lines(text):
        if not line.startswith("["):
            if path := _key_of(line):
                found.append((number, (*table, *path)))
        elif path := _path_of(line):
            table = path
            if line.startswith("[["):
                counts[path] = counts.get(path, -1) + 1
                table = (*path, counts[path])
            found.append((number, table))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Every line that does not begin inside a text of several lines, with its number."""
    inside = ""
    # Only these end a line in TOML; `splitlines` knows more.
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            yield number, line.strip()
        for mark in _MULTILINE.findall(line):
            if not inside:
                inside = mark
            elif mark == inside:
                inside = ""


def _key_of(line: str) -> Path:
    """The keys that a line gives a value to; a quoted one may hold equals signs."""
    signs = [place for place, letter in enumerate(line) if letter == "="]
    for sign in signs[:MOST_SIGNS]:
        if path := _path_of(f"{line[:sign]} = 0"):
            return path
    return ()


def _path_of(line: str) -> Path:
    """The keys that one line of TOML names; () where it is not a line of its own."""
    try:
        value: Any = tomllib.loads(line)
    except (ValueError, RecursionError):
        return ()
    path: list[str | int] = []
    while value:
        if isinstance(value, list):
            value = value[0]
        elif isinstance(value, dict):
            key = next(iter(value))
            path.append(key)
            value = value[key]
        else:
            break
    return tuple(path)

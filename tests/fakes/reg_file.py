"""A registry as Windows exports it: the text of a .reg file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = "Windows Registry Editor Version 5.00"
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"=(?:dword:([0-9a-f]{8})|"((?:[^"\\]|\\.)*)")')


class RegFile:
    """The registry that a .reg file describes; keys are found whatever their case.

    Attributes:
        forbidden: keys that may not be read.
    """

    def __init__(self, exported: bytes) -> None:
        head, *lines = exported.decode("utf-16").splitlines()
        assert head == HEAD
        self.forbidden: set[str] = set()
        self._keys: dict[str, dict[str, object]] = {}
        for line in filter(None, lines):
            if line.startswith("["):
                values = self._keys.setdefault(line.strip("[]").casefold(), {})
                continue
            found = _VALUE.fullmatch(line)
            assert found, line
            name, number, text = found.groups()
            values[_plain(name)] = int(number, 16) if number else _plain(text)

    def values(self, root: str, key: str) -> Mapping[str, object]:
        """The values of a key."""
        if root in self.forbidden:
            raise PermissionError(13, "Access is denied")
        return self._keys.get(rf"{root}\{key}".casefold(), {})


def exported(keys: Mapping[str, Mapping[str, object]]) -> bytes:
    """A .reg file with these keys, as `reg export` writes it."""
    lines = [HEAD, ""]
    for key, values in keys.items():
        lines.append(f"[{key}]")
        for name, value in values.items():
            said = f"dword:{value:08x}" if isinstance(value, int) else f'"{_quoted(value)}"'
            lines.append(f'"{_quoted(name)}"={said}')
        lines.append("")
    return ("\r\n".join(lines) + "\r\n").encode("utf-16")


def _quoted(value: object) -> str:
    return re.sub(r'(["\\])', r"\\\1", str(value))


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)

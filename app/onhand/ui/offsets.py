"""Positions in a text: ours count code points, Qt's UTF-16 units and one for a line end."""

from __future__ import annotations

import re

_ENDS = str.maketrans("\r\u2028\u2029", "\n\n\n")
_MARKS = {
    "\N{ZERO WIDTH NO-BREAK SPACE}": "\N{WORD JOINER}",
    "\ufffe": "\N{REPLACEMENT CHARACTER}",
}


def shown(text: str) -> str:
    """A text as a text box gives it back: one unit for a line end, no half characters.

    Any text gets in and out of a text box unchanged in this form.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    plain = whole.replace("\r\n", "\n").translate(_ENDS)
    # WORKAROUND: at the beginning of a string PySide takes these for byte order marks.
    return _MARKS.get(plain[:1], plain[:1]) + plain[1:]


def utf16_offset(text: str, index: int) -> int:
    """Where Qt shows what stands at a code point of `text`."""
    before = text[:index]
    units = len(before.encode("utf-16-le", "surrogatepass")) // 2
    return units - before.count("\r\n")


def code_point_offset(text: str, units: int) -> int:
    """The code point of `text` that Qt shows at a position."""
    seen = shown(text).encode("utf-16-le")[: 2 * max(units, 0)]
    index = len(seen.decode("utf-16-le", "ignore"))
    for swallowed, end in enumerate(re.finditer("\r\n", text)):
        if end.start() - swallowed >= index:
            return index + swallowed
    return index + text.count("\r\n")

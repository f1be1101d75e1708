"""What of a log may be passed on: only what this program is known to have written itself.

Words are not looked through for secrets; they are left out unless they have a form that
holds none. So a line that something else wrote into a log leaves no more than its length.
"""

from __future__ import annotations

import re

from onhand.domain.errors import all_errors

_LINE = re.compile(
    r"(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?P<level>[A-Z]{4,8})"
    r" (?P<logger>onhand(?:\.[a-z_]+)*) (?P<message>.*)"
)
_PLACE = r"[a-z_<>]+\.py:\d+ in [\w<>]+"
_FAULT = re.compile(rf"[A-Z]\w*(?:Error|Exception|Iteration)? at {_PLACE}(?:, {_PLACE})*")
_CODE = re.compile(r"[\w ()%,;]+: (?P<code>[a-z_]+)")
_FATAL = re.compile(
    "Fatal Python error: "
    "(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating.point exception)"
)
_FRAME = re.compile(
    r'  File "(?:[^"]*[/\\])?(?P<file>\w+\.py)", line (?P<line>\d+) in (?P<name>[\w<>]+)'
)
_ASSERTION = re.compile(
    r"(?:.*[/\\])?(?P<file>[\w-]+\.(?:c|cpp|h|cu)):(?P<line>\d+): GGML_ASSERT\(.*"
)


def harmless(line: str) -> str:
    """A line of a log as it may be passed on."""
    if found := _LINE.fullmatch(line):
        said = f"{found['when']} {found['level']} {found['logger']}"
        return f"{said} {_message(found['message'])}"
    if _FATAL.fullmatch(line):
        return line
    if found := _FRAME.fullmatch(line):
        return f"  {found['file']}:{found['line']} in {found['name']}"
    if found := _ASSERTION.fullmatch(line):
        return f"GGML_ASSERT failed at {found['file']}:{found['line']}"
    return f"({len(line)} characters left out)"


def _message(message: str) -> str:
    if _FAULT.fullmatch(message):
        return message
    found = _CODE.fullmatch(message)
    if found and found["code"] in {kind.code for kind in all_errors()}:
        return found["code"]
    return f"({len(message)} characters left out)"

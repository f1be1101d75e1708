r"""Forms of an organisation's own: what else is to be masked, each with a name.

`CUSTOMER=KD-\d{6}` masks customer numbers as `[CUSTOMER_1]`. Forms stand on lines of their
own, or behind semicolons. Whether an expression can be used, only what searches knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from onhand.domain.cloud_errors import MaskPatternUnusable

MOST = 100
"""Forms of an organisation."""

LONGEST = 500
"""Code points of an expression."""

LONGEST_NAME = 24

_BESIDE = " \t\r\n;"
_NAMED = re.compile(rf"(?:^|[;\n])\s*([A-Z][A-Z0-9_]{{0,{LONGEST_NAME - 1}}})\s*=")


@dataclass(frozen=True)
class MaskPattern:
    """What looks like `expression` is masked by placeholders with this name."""

    name: str
    expression: str


def patterns_of(setting: str) -> tuple[MaskPattern, ...]:
    """The forms that a setting names.

    Read when they are needed, and not when they are set: a policy that is left out since
    nobody understands it would mask nothing.

    Raises:
        MaskPatternUnusable: it is written in another way, or holds too much.
    """
    # Between the pieces stand the names.
    before, *pieces = _NAMED.split(setting)
    if before.strip(_BESIDE):
        raise MaskPatternUnusable(f"{before.strip()[:40]!r} is no NAME=expression")
    found = tuple(
        MaskPattern(name, expression.strip(_BESIDE))
        for name, expression in zip(pieces[::2], pieces[1::2], strict=True)
    )
    for each in found:
        if not each.expression:
            raise MaskPatternUnusable(f"{each.name} has no expression")
        if len(each.expression) > LONGEST:
            raise MaskPatternUnusable(f"{each.name} has more than {LONGEST} characters")
    if len(found) > MOST:
        raise MaskPatternUnusable(f"there are {len(found)}, and {MOST} at most")
    return found

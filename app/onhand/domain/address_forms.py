"""Addresses of mail, of the web and of computers, where they are to be masked.

What only looks like one counts: a mask too many can be taken off.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from onhand.domain.masking import Found, MaskKind
from onhand.domain.whole_words import NO_WORD_BEFORE, NO_WORD_BEHIND, UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = r"[\w\u0300-\u036f\xad-]{1,63}"
_EMAIL = re.compile(
    # Accents may be characters of their own, as in what was copied on macOS.
    r"(?<![\w\u0300-\u036f.+'-])[\w\u0300-\u036f\xad.+'-]{1,128}"
    rf"@{_PART}(?:\.{_PART}){{1,8}}"
)
_IN_URL = r"(?:[^\s<>\"'\])}]|['\])}](?=[\w/?#&=%\[]))"
"""A bracket or an apostrophe belongs to an address where it goes on behind it."""

_URL = re.compile(
    rf"(?:[a-z][a-z\d+.-]{{1,20}}://|{NO_WORD_BEFORE}www\.){_IN_URL}{{2,2000}}",
    re.IGNORECASE,
)
_LABEL = rf"[^\W_{UNSPACED}](?:[^\W_{UNSPACED}]|-){{0,61}}[^\W_{UNSPACED}]"
_HOST = re.compile(
    rf"{NO_WORD_BEFORE}(?<![.@/+-])(?:{_LABEL}\.){{1,6}}"
    # In small letters alone, since .NET is none, and no common ending of a file. Four are
    # words as well, that may stand behind a full stop.
    r"(?:com|org|net|edu|gov|info|biz|io|eu|de|ch|li|fr|lu|nl|pt|uk|ie|dk|se|fi|pl|cz|ca|au"
    rf"|jp|cn|(?:at|be|es|it)(?=/)){NO_WORD_BEHIND}(?!@|\.\w)(?::\d{{1,5}})?"
    rf"(?:/{_IN_URL}{{0,2000}})?"
)
"""An address of the web without "https://"."""

_IP4 = re.compile(
    rf"{NO_WORD_BEFORE}(?<!\.)\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:/\d{{1,2}})?"
    rf"{NO_WORD_BEHIND}(?!\.\d)"
)
_IP6 = re.compile(
    rf"{NO_WORD_BEFORE}(?<![:.])(?:[\dA-Fa-f]{{0,4}}:){{2,7}}[\dA-Fa-f]{{0,4}}"
    rf"{NO_WORD_BEHIND}(?!:)"
)
_MAC = re.compile(
    rf"{NO_WORD_BEFORE}(?<![:-])[\dA-Fa-f]{{2}}(?:[:-][\dA-Fa-f]{{2}}){{5}}"
    rf"{NO_WORD_BEHIND}(?![:-])"
)


def addresses_in(text: str) -> Iterator[Found]:
    """Those of mail and of the web."""
    forms = ((_EMAIL, MaskKind.EMAIL), (_URL, MaskKind.URL), (_HOST, MaskKind.URL))
    for pattern, kind in forms:
        for match in pattern.finditer(text):
            written = match[0].rstrip(".,;:!?'-_*")
            yield Found(match.start(), match.start() + len(written), kind)


def networks_in(text: str) -> Iterator[Found]:
    """Those of computers."""
    yield from (Found(*each.span(), MaskKind.IP) for each in _MAC.finditer(text))
    for pattern in (_IP4, _IP6):
        for match in pattern.finditer(text):
            written = match[0]
            if written.endswith(":") and not written.endswith("::"):
                written = written[:-1]  # of the sentence
            if _is_address(written) and re.search(r"[\da-fA-F]{2}|\.", written):
                yield Found(match.start(), match.start() + len(written), MaskKind.IP)


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(written.split("/")[0])
    except ValueError:
        return False
    return True

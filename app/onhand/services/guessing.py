"""Guessing the encoding of bytes that do not say it; no guess loses anything."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Mapping

    from charset_normalizer import CharsetMatch

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "latin-1": "Latin-1",
        "cp1252": "Windows-1252 (Western European)",
        "cp1250": "Windows-1250 (Central European)",
        "cp1251": "Windows-1251 (Cyrillic)",
        "cp1253": "Windows-1253 (Greek)",
        "cp1254": "Windows-1254 (Turkish)",
        "cp1255": "Windows-1255 (Hebrew)",
        "cp1256": "Windows-1256 (Arabic)",
        "cp1257": "Windows-1257 (Baltic)",
        "koi8_r": "KOI8-R (Cyrillic)",
        "cp850": "DOS code page 850 (Western European)",
        "cp932": "Shift JIS (Japanese)",
        "euc_jp": "EUC-JP (Japanese)",
        "cp949": "Windows-949 (Korean)",
        "gb18030": "GB 18030 (Chinese)",
        "big5": "Big5 (Chinese)",
    }
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_KEPT = "\t\n\v\f\r\b\x1b\x1c\x1d\x1e\x1f\x85"
"""Control characters that texts do have: line ends, tabulators, colours, separators."""
_CONTROLS = tuple(
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in _KEPT
)
_LOW_BYTES = tuple(ord(control) for control in _CONTROLS if control < " ")
_STRANGE = frozenset({"Cn", "Co", "Cs"})
_ODD_SHARE = 0.05
_SAMPLE = 20_000


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A text, the codec that yields it without loss, and the encoding's name for people."""

    text: str
    codec: str
    name: str


def is_odd(text: str) -> bool:
    """Whether a text has a zero, or more control characters than texts have."""
    if "\0" in text:
        return True
    return sum(map(text.count, _CONTROLS)) > len(text) * _ODD_SHARE


def wide(data: bytes) -> tuple[str, str] | None:
    """Text and codec, if the bytes are UTF-16 or UTF-32 without a mark.

    Only bytes that no text of one byte a character has are taken for a sign of it: nearly
    any bytes of an even number could be read as Chinese.
    """
    if not any(byte in data for byte in _LOW_BYTES):
        return None
    found = [
        (_jumble(text), max(text[:_SAMPLE]), codec, text)
        for codec in _WIDE
        if (text := _decoded(data, codec))
        and not (is_odd(text) or _is_strange(text) or _is_patchwork(text))
    ]
    if not found:
        return None
    *_, codec, text = min(found)
    return text, codec


def guess(data: bytes) -> Guess | None:
    """The text in the likeliest of the older encodings, or None where none yields one."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow, and rarely needed

    codecs = [codec for codec in _NAMES if codec != "latin-1"]
    matches = list(
        from_bytes(
            data, cp_isolation=codecs, preemptive_behaviour=False, enable_fallback=False
        )
    )
    codec = _likeliest(data, matches)
    text = _decoded(data, codec)
    if text is None or is_odd(text):
        return None
    if codec == "cp1252" and not any(0x80 <= byte < 0xA0 for byte in data):
        codec = "latin-1"
    return Guess(text=text, codec=codec, name=_NAMES[codec])


def _likeliest(data: bytes, matches: list[CharsetMatch]) -> str:
    """The codec to take: Western European wherever it is as good as the best."""
    western = _decoded(data, "cp1252")
    if not matches:
        return "cp1252" if western else "latin-1"
    best = min(matches, key=_doubt)
    for match in matches:
        as_good = match.chaos <= best.chaos and match.coherence >= best.coherence
        if as_good and str(match) == western:
            return "cp1252"
    return best.encoding


def _doubt(match: CharsetMatch) -> tuple[int, float, float]:
    return _asian_doubt(str(match)), match.chaos, -match.coherence


def _asian_doubt(text: str) -> int:
    """0 for a text with as many kana as Japanese has, 2 for what no text has, else 1."""
    foreign = [character for character in text[:_SAMPLE] if character > "\x7f"]
    kana = sum("\u3040" <= each <= "\u30ff" for each in foreign)
    stray = sum(
        "\uff61" <= each <= "\uff9f" or "\u3130" <= each <= "\u318f" for each in foreign
    )
    if stray * 5 > len(foreign):
        return 2
    return 0 if kana * 4 > len(foreign) else 1


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_strange(text: str) -> bool:
    """Whether a text has more unassigned and private characters than texts have."""
    sample = text[:_SAMPLE]
    return sum(map(_STRANGE.__contains__, map(category, sample))) > len(sample) * _ODD_SHARE


def _jumble(text: str) -> float:
    """How many regions of Unicode a text draws upon, less the share of ASCII in it.

    Read the wrong way round, every letter of an alphabet lies in a region of its own.
    """
    sample = text[:_SAMPLE]
    return _regions(sample) - sum(map(str.isascii, sample)) / len(sample)


def _is_patchwork(text: str) -> bool:
    """Whether a text has no ASCII, and next to no two characters of the same region."""
    sample = text[:_SAMPLE]
    some_ascii = any(map(str.isascii, sample))
    return not some_ascii and _regions(sample) > 1 + len(sample) // 3


def _regions(text: str) -> int:
    """How many regions of Unicode a text draws upon; that of Chinese characters is one."""
    pages = {ord(character) >> 8 for character in text}
    chinese = {page for page in pages if 0x4E <= page <= 0x9F}
    return len(pages - chinese) + bool(chinese)

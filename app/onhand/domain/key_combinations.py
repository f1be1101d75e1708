"""Key combinations that can be had from the whole desktop, as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from onhand.domain.errors import SettingInvalid


class Modifier(StrEnum):
    """A key that is held down; on macOS `CTRL` is Command and `META` is Control."""

    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"
    META = "Meta"


NAMED = ("Space", "Insert", "Home", "End", "PgUp", "PgDown", "Pause")
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = tuple("0123456789")
FUNCTIONS = tuple(f"F{number}" for number in range(1, 25))
KEYS = (*LETTERS, *DIGITS, *FUNCTIONS, *NAMED)
"""Keys that every keyboard layout has in some place."""

_HELD = frozenset({Modifier.CTRL, Modifier.ALT, Modifier.META})
_EXAMPLE = "expected keys like Ctrl+Alt+Space"


@dataclass(frozen=True)
class Combination:
    """Modifiers and one key."""

    modifiers: frozenset[Modifier]
    key: str

    def __str__(self) -> str:
        held = [each.value for each in Modifier if each in self.modifiers]
        return "+".join((*held, self.key))


def read_combination(text: str) -> Combination | None:
    """The combination that is written so; None for an empty text.

    Raises:
        SettingInvalid: it is none, or one that would be missed when typing.
    """
    *held, key = [each.strip() for each in text.split("+")]
    if not key and not held:
        return None
    keys = {each.casefold(): each for each in KEYS}
    modifiers = {each.casefold(): each for each in Modifier}
    unknown = [each for each in held if each.casefold() not in modifiers]
    if unknown or key.casefold() not in keys:
        raise SettingInvalid(f"{_EXAMPLE}, got '{text}'")
    found = frozenset(modifiers[each.casefold()] for each in held)
    if not found & _HELD:
        raise SettingInvalid(f"{_EXAMPLE}, with Ctrl, Alt or Meta in it, got '{text}'")
    return Combination(found, keys[key.casefold()])

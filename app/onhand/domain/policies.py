"""Policies: settings that an organisation fixes or recommends, typed and put in order.

Every setting is a policy key under its name in capitals ("keep_history": "KeepHistory").
What is fixed comes before what the user chose, that before what is recommended, and that
before the default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from onhand.domain.errors import SettingInvalid
from onhand.domain.policy_errors import PolicyForbids
from onhand.domain.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_FOR_POLICIES = frozenset({"welcomed", "previous_model", "shortcuts"})
"""What is kept among the settings and is no preference."""


class Level(StrEnum):
    """How far a policy goes."""

    MANAGED = "managed"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, kw_only=True)
class RawPolicies:
    """What one place says, unread.

    Attributes:
        place: a file or a registry key, for people.
        values: by key, as the format of the place has them.
        problem: why it could not be read; "" where it could.
    """

    level: Level
    place: str
    values: Mapping[str, object] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class PolicyKey:
    """One policy: a setting under the name that administrators know."""

    name: str
    setting: str
    default: object
    title: str
    help: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it takes, where it takes no others."""
        if isinstance(self.default, StrEnum):
            return tuple(each.value for each in type(self.default))
        return ()


@dataclass(frozen=True, kw_only=True)
class Held:
    """A value that comes from a policy."""

    key: PolicyKey
    value: Any
    level: Level
    place: str


@dataclass(frozen=True, kw_only=True)
class Policies:
    """All policies of this machine.

    Attributes:
        managed: by setting; the user cannot change these.
        recommended: by setting; these take the place of defaults.
        problems: what could not be used, in words.
    """

    managed: Mapping[str, Held] = field(default_factory=lambda: MappingProxyType({}))
    recommended: Mapping[str, Held] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()

    def base(self) -> Settings:
        """The settings of somebody who has changed nothing, but for what is fixed."""
        return _with(Settings(), self.recommended.values())

    def over(self, settings: Settings) -> Settings:
        """These settings, with what is fixed."""
        return _with(settings, self.managed.values())

    def raise_if_changed(self, settings: Settings) -> None:
        """Compare with what is fixed.

        Raises:
            PolicyForbids: a fixed setting has another value.
        """
        for name, held in self.managed.items():
            if getattr(settings, name) != held.value:
                raise PolicyForbids(f"{name} ({held.place})")

    def source(self, settings: Settings, name: str) -> str:
        """Where the value of a setting comes from, in a word."""
        if name in self.managed:
            return "policy"
        if getattr(settings, name) != getattr(self.base(), name):
            return "you"
        return "recommended" if name in self.recommended else "default"


NO_POLICIES = Policies()


def policy_keys() -> tuple[PolicyKey, ...]:
    """All that an organisation may fix, in the order of the settings."""
    return tuple(
        PolicyKey(
            name="".join(word.capitalize() for word in each.name.split("_")),
            setting=each.name,
            default=each.default,
            title=each.metadata["label"],
            help=each.metadata["help"],
        )
        for each in dataclasses.fields(Settings)
        if each.name not in NOT_FOR_POLICIES
    )


def read_policies(places: Iterable[RawPolicies]) -> Policies:
    """What holds; for each key the first place that has a value it takes."""
    keys = {key.name: key for key in policy_keys()}
    found: dict[Level, dict[str, Held]] = {level: {} for level in Level}
    problems = []
    for place in places:
        if place.problem:
            problems.append(f"{place.place}: {place.problem}")
        for name, raw in place.values.items():
            key = keys.get(name)
            if key is None:
                problems.append(f"{place.place}: there is no policy {name!r}")
                continue
            try:
                held = _held(key, raw, place)
            except SettingInvalid as error:
                problems.append(f"{place.place}: {error.detail}")
            else:
                found[place.level].setdefault(key.setting, held)
    return Policies(
        managed=MappingProxyType(found[Level.MANAGED]),
        recommended=MappingProxyType(found[Level.RECOMMENDED]),
        problems=tuple(problems),
    )


def _held(key: PolicyKey, raw: object, place: RawPolicies) -> Held:
    value: Any = _typed(key, raw)
    dataclasses.replace(Settings(), **{key.setting: value})  # raises where out of range
    return Held(key=key, value=value, level=place.level, place=place.place)


def _typed(key: PolicyKey, raw: object) -> object:
    """A value as the setting has it; the registry has 0 and 1 for no and yes."""
    default, is_number = key.default, isinstance(raw, int) and not isinstance(raw, bool)
    if isinstance(default, bool):
        if isinstance(raw, bool) or (is_number and raw in (0, 1)):
            return bool(raw)
    elif isinstance(default, int):
        if is_number:
            return raw
    elif isinstance(default, StrEnum):
        if raw in key.choices:
            return type(default)(raw)
    elif isinstance(raw, str):
        return raw
    raise SettingInvalid(f"{key.name} does not take {type(raw).__name__} {str(raw)[:40]!r}")


def _with(settings: Settings, held: Iterable[Held]) -> Settings:
    changed = {each.key.setting: each.value for each in held}
    return dataclasses.replace(settings, **changed)

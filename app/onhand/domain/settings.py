"""Settings: every preference once, with default, label and help."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onhand.domain.errors import SettingInvalid


class Appearance(StrEnum):
    """Which colours the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _option(label: str, text: str) -> dict[str, str]:
    return {"label": label, "help": text}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All preferences; the object is replaced, never changed."""

    model: str = field(
        default="",
        metadata=_option(
            "Model", "Id or path of the model to use; empty: the starter model."
        ),
    )
    context: int = field(
        default=4096,
        metadata=_option("Context", "Tokens that the model sees at once (512 to 131072)."),
    )
    threads: int = field(
        default=0,
        metadata=_option(
            "Threads", "Processor threads for the engine; 0: one for each core."
        ),
    )
    keep_history: bool = field(
        default=True,
        metadata=_option(
            "Keep history", "Keep every answer, so that it can be found again."
        ),
    )
    keep_days: int = field(
        default=0,
        metadata=_option(
            "Keep days",
            "Forget answers that are older than so many days, in backups too; 0: keep all.",
        ),
    )
    appearance: Appearance = field(
        default=Appearance.SYSTEM,
        metadata=_option("Appearance", "Colours: system, light or dark."),
    )

    def __post_init__(self) -> None:
        if not 512 <= self.context <= 131072:
            raise SettingInvalid(f"context: expected 512 to 131072, got {self.context}")
        if not 0 <= self.keep_days <= 36500:
            raise SettingInvalid(f"keep_days: expected 0 to 36500, got {self.keep_days}")
        if not 0 <= self.threads <= 512:
            raise SettingInvalid(f"threads: expected 0 to 512, got {self.threads}")


def with_value(settings: Settings, name: str, text: str) -> Settings:
    """A copy in which one setting has the value that `text` spells.

    Raises:
        SettingInvalid: there is no such setting, or it does not take this value.
    """
    value: Any = _read(name, text, _default(name))
    return dataclasses.replace(settings, **{name: value})


def without_value(settings: Settings, name: str) -> Settings:
    """A copy in which one setting has its default."""
    return dataclasses.replace(settings, **{name: _default(name)})


def _default(name: str) -> Any:  # noqa: ANN401 - a setting can have any of several types
    for each in dataclasses.fields(Settings):
        if each.name == name:
            return each.default
    known = ", ".join(each.name for each in dataclasses.fields(Settings))
    raise SettingInvalid(f"there is no setting '{name}'; there are {known}")


def _read(name: str, text: str, default: object) -> object:
    try:
        match default:
            case bool():
                return {
                    "true": True,
                    "yes": True,
                    "on": True,
                    "false": False,
                    "no": False,
                    "off": False,
                }[text.lower()]
            case int():
                return int(text)
            case Appearance():
                return Appearance(text)
            case _:
                return text
    except (KeyError, ValueError) as error:
        raise SettingInvalid(f"{name} does not take '{text}'") from error

"""Settings: every preference once, with default, label and help."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onhand.domain.cloud_settings import CloudSettings
from onhand.domain.errors import SettingInvalid
from onhand.domain.key_combinations import read_combination
from onhand.domain.setting_options import option
from onhand.domain.update_settings import UpdateSettings


class Appearance(StrEnum):
    """Which colours the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Language(StrEnum):
    """What the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


class Device(StrEnum):
    """Where the model shall run."""

    AUTOMATIC = "automatic"
    CPU = "cpu"
    CUDA = "cuda"
    METAL = "metal"
    VULKAN = "vulkan"


@dataclass(frozen=True, kw_only=True)
class Settings(UpdateSettings, CloudSettings):
    """All preferences; the object is replaced, never changed."""

    model: str = field(
        default="",
        metadata=option(
            "Model",
            "Id or path of the model to use; empty: the starter model.",
            shown=False,
        ),
    )
    context: int = field(
        default=4096,
        metadata=option("Context", "Tokens that the model sees at once (512 to 131072)."),
    )
    threads: int = field(
        default=0,
        metadata=option(
            "Threads", "Processor threads for the engine; 0: one for each core."
        ),
    )
    device: Device = field(
        default=Device.AUTOMATIC,
        metadata=option(
            "Device",
            "Where the model runs: automatic, cpu, cuda, metal or vulkan; the processor"
            " where that cannot be.",
        ),
    )
    save_battery: bool = field(
        default=True,
        metadata=option("Save battery", "Use half of the threads while on battery."),
    )
    idle_minutes: int = field(
        default=10,
        metadata=option(
            "Idle minutes",
            "Give the model's memory back after so many minutes without a request;"
            " 0: never.",
        ),
    )
    check_memory: bool = field(
        default=True,
        metadata=option(
            "Check memory", "Refuse to load a model that needs more memory than is free."
        ),
    )
    allow_unverified_models: bool = field(
        default=True,
        metadata=option(
            "Unverified models",
            "Models that are not in the catalogue may be imported and used.",
        ),
    )
    keep_history: bool = field(
        default=True,
        metadata=option(
            "Keep history", "Keep every answer, so that it can be found again."
        ),
    )
    metrics_only: bool = field(
        default=False,
        metadata=option(
            "Metrics only",
            "Keep of every answer when, which task, which model and how long, but neither"
            " text nor answer.",
        ),
    )
    learn: bool = field(
        default=True,
        metadata=option(
            "Learn",
            "Try in the background what your corrections teach a task, and answer with it"
            " where that is right more often.",
        ),
    )
    promised_error: int = field(
        default=5,
        metadata=option(
            "Promised error",
            "Of the answers called sure at most so many in 100 are wrong (1 to 50).",
        ),
    )
    hub_endpoint: str = field(
        default="",
        metadata=option(
            "Mirror",
            "Address of a mirror of the Hub; empty: what HF_ENDPOINT says, or the Hub.",
        ),
    )
    hub_hosts: str = field(
        default="",
        metadata=option(
            "Hosts of the mirror",
            "Where a mirror may send downloads on to: host names with commas between.",
        ),
    )
    proxy: str = field(
        default="",
        metadata=option(
            "Proxy",
            "http://name:password@host:port for downloads, kept as it is written here;"
            " empty: what the system says.",
        ),
    )
    ask_when_metered: bool = field(
        default=True,
        metadata=option(
            "Ask when metered", "Ask before a download where the connection is metered."
        ),
    )
    require_sandbox: bool = field(
        default=False,
        metadata=option(
            "Require sandbox",
            "Run no model and open no document where the system cannot keep what reads"
            " them off the network.",
        ),
    )
    allow_cluster: bool = field(
        default=False,
        metadata=option(
            "Allow a cluster",
            "Batches may be spread over other machines ('batch --cluster'); their texts"
            " leave this computer then.",
        ),
    )
    keep_days: int = field(
        default=0,
        metadata=option(
            "Keep days",
            "Forget answers that are older than so many days, in backups too; 0: keep all.",
        ),
    )
    lock_minutes: int = field(
        default=0,
        metadata=option(
            "Lock minutes",
            "Lock the history after so many minutes without a key or a click; 0: never.",
        ),
    )
    appearance: Appearance = field(
        default=Appearance.SYSTEM,
        metadata=option("Appearance", "Colours: system, light or dark."),
    )
    language: Language = field(
        default=Language.SYSTEM,
        metadata=option(
            "Language",
            "Language of the window: system, en or de; from the next start on.",
        ),
    )
    quick_shortcut: str = field(
        default="Ctrl+Alt+Space",
        metadata=option(
            "Shortcut of the quick panel",
            "Keys that open it from any program while Onhand runs; empty: none.",
        ),
    )
    stay_in_tray: bool = field(
        default=False,
        metadata=option(
            "Stay in the tray",
            "Keep running in the tray when the window is closed, for the quick panel.",
        ),
    )
    shortcuts: str = field(
        default="",
        metadata=option(
            "Shortcuts",
            "Changed shortcuts of the window, as 'name=keys' with spaces between.",
            shown=False,
        ),
    )
    welcomed: bool = field(
        default=False,
        metadata=option(
            "Introduction seen",
            "The introduction was shown at the first start.",
            shown=False,
        ),
    )
    previous_model: str = field(
        default="",
        metadata=option(
            "Model before", "Id or path of the model to go back to.", shown=False
        ),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.raise_if_no_key()
        read_combination(self.quick_shortcut)
        if not 512 <= self.context <= 131072:
            raise SettingInvalid(f"context: expected 512 to 131072, got {self.context}")
        if not 0 <= self.keep_days <= 36500:
            raise SettingInvalid(f"keep_days: expected 0 to 36500, got {self.keep_days}")
        if not 1 <= (share := self.promised_error) <= 50:
            raise SettingInvalid(f"promised_error: expected 1 to 50, got {share}")
        if not 0 <= self.threads <= 512:
            raise SettingInvalid(f"threads: expected 0 to 512, got {self.threads}")
        for name in ("idle_minutes", "lock_minutes"):
            if not 0 <= (number := getattr(self, name)) <= 1440:
                raise SettingInvalid(f"{name}: expected 0 to 1440, got {number}")

    @property
    def keeps_texts(self) -> bool:
        """Whether anything that the user wrote may stay."""
        return self.keep_history and not self.metrics_only


def with_value(settings: Settings, name: str, text: str) -> Settings:
    """A copy in which one setting has the value that `text` spells.

    Raises:
        SettingInvalid: there is no such setting, or it does not take this value.
    """
    value: Any = _read(name, text, _default(name))
    return dataclasses.replace(settings, **{name: value})


def without_value(settings: Settings, name: str, base: Settings | None = None) -> Settings:
    """A copy in which one setting has its default, or that of `base`."""
    default = _default(name)
    value: Any = default if base is None else getattr(base, name)
    return dataclasses.replace(settings, **{name: value})


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
            case StrEnum():
                return type(default)(text)
            case _:
                return text
    except (KeyError, ValueError) as error:
        raise SettingInvalid(f"{name} does not take '{text}'") from error

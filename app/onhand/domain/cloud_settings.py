"""The settings that have to do with cloud models; all are off or narrow by default."""

from __future__ import annotations

from dataclasses import dataclass, field

from onhand.domain.errors import SettingInvalid
from onhand.domain.setting_options import option

MOST_CENTS = 100_000_000


@dataclass(frozen=True, kw_only=True)
class CloudSettings:
    """A part of `Settings`; the window has a card of its own for them."""

    cloud: bool = field(
        default=False,
        metadata=option(
            "Cloud models",
            "Offer to ask a cloud model about an answer; nothing is sent before you have"
            " seen it, byte by byte, and said so.",
        ),
    )
    cloud_hosts: str = field(
        default="",
        metadata=option(
            "Hosts of cloud models",
            "The only hosts that text may be sent to: names with commas between, with all"
            " hosts below them; empty: those of the cloud models that were added.",
        ),
    )
    cloud_message_cents: int = field(
        default=50,
        metadata=option(
            "Limit for a message",
            "US cents that a message to a cloud model may cost at most; 0: no limit.",
        ),
    )
    cloud_month_cents: int = field(
        default=1000,
        metadata=option(
            "Limit for a month",
            "US cents that all messages of a month to cloud models may cost; 0: no limit.",
        ),
    )
    masked_words: str = field(
        default="",
        metadata=option(
            "Words to mask",
            "Your own words to be masked in a text for a cloud model, with commas between.",
        ),
    )
    organisation_words: str = field(
        default="",
        metadata=option(
            "Words of the organisation",
            "More words to mask, for an organisation to fix: customers, projects, places.",
        ),
    )
    organisation_patterns: str = field(
        default="",
        metadata=option(
            "Patterns of the organisation",
            "More to mask by its form, for an organisation to fix: a name in capitals, ="
            " and a regular expression, with semicolons between: CUSTOMER=KD-[0-9]+.",
        ),
    )

    def __post_init__(self) -> None:
        for name in ("cloud_message_cents", "cloud_month_cents"):
            if not 0 <= (cents := getattr(self, name)) <= MOST_CENTS:
                raise SettingInvalid(f"{name}: expected 0 to {MOST_CENTS}, got {cents}")

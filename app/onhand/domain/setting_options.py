"""What is said of a setting beside its name, type and default."""

from __future__ import annotations


def option(label: str, text: str, *, shown: bool = True) -> dict[str, str | bool]:
    """`shown` says whether the window offers it among the settings."""
    return {"label": label, "help": text, "shown": shown}

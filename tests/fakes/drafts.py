"""A draft in memory."""

from __future__ import annotations


class FakeDrafts:
    """The text that is being typed.

    Attributes:
        saved: every text that was to be kept, in order.
    """

    def __init__(self) -> None:
        self.saved: list[str] = []

    def load(self) -> str:
        """The last one."""
        return self.saved[-1] if self.saved else ""

    def save(self, text, at) -> None:
        """Keep it."""
        self.saved.append(text)

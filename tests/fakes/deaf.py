"""A listener to whom nothing matters."""

from __future__ import annotations


class Deaf:
    """Listens to nothing."""

    def on_text(self, text: str) -> None:
        """Nothing."""

    def on_batch(self, tokens: int) -> None:
        """Nothing."""

"""A listener to whom nothing matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onhand.domain.primitives import Written


class Deaf:
    """Listens to nothing."""

    def on_text(self, text: str) -> None:
        """Nothing."""

    def on_whole(self, index: int, written: Written) -> None:
        """Nothing."""

    def on_batch(self, tokens: int) -> None:
        """Nothing."""

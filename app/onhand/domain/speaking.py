"""Text as it is written, in the pieces in which it is read out."""

from __future__ import annotations

from onhand.domain.splitting import pieces_of


class Speaker:
    """Gives whole sentences, so that a voice is not broken off in a word.

    What it gives joins to what was put in.
    """

    def __init__(self) -> None:
        self._waiting = ""
        self.has_spoken = False

    def add(self, text: str) -> None:
        """More of the text was written."""
        self._waiting += text

    def take(self) -> str:
        """The sentences that are complete by now; "" for none."""
        pieces = pieces_of(self._waiting)
        start = pieces[-1].start if pieces else 0
        found, self._waiting = self._waiting[:start], self._waiting[start:]
        self.has_spoken = self.has_spoken or bool(found.strip())
        return found

    def take_rest(self) -> str:
        """What is left, where no more will come."""
        found, self._waiting = self._waiting, ""
        return found

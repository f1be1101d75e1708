"""What finding masks needs from outside, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.mask_patterns import MaskPattern
    from onhand.domain.masking import Found


class Identifiers(Protocol):
    """Finds what has a form: addresses, numbers, keys."""

    def find(self, text: str) -> list[Found]:
        """All of them; places may overlap. Offsets count code points."""
        ...

    def by_patterns(self, text: str, patterns: Sequence[MaskPattern]) -> list[Found]:
        """What has one of these forms; likewise.

        Raises:
            MaskPatternUnusable: nobody can search for one of them.
        """
        ...

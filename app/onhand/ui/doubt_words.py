"""Why a small model may fail at a request, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.foreseeing import Doubt


class DoubtWords(QObject):
    """Words for doubts, in the user's language."""

    def told(self, doubts: Sequence[Doubt]) -> str:
        """A sentence about all of them; "" where there are none."""
        if not doubts:
            return ""
        from onhand.domain.foreseeing import Doubt  # noqa: PLC0415 - loaded where there are some

        words = {
            Doubt.ARITHMETIC: self.tr("it asks to count or to calculate"),
            Doubt.STEPS: self.tr("it takes several steps of reasoning"),
            Doubt.KNOWLEDGE: self.tr("it asks for what does not stand in the text"),
            Doubt.LABELS: self.tr("it has very many labels; “Teach…” helps"),
            Doubt.LENGTH: self.tr("the text is read in many parts, never as a whole"),
        }
        reasons = "; ".join(words[each] for each in doubts)
        return self.tr("Small models often fail at this: {reasons}.").format(
            reasons=reasons
        )

"""What is kept of a measurement, to compare it with later ones: figures, no text."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.labelled import labels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.tasks import Example


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How a model fared once.

    Attributes:
        at: when, in UTC, ISO 8601.
        model: its id, with its layout.
        version: of the task.
        sample: the same where texts and labels were the same, whatever their order.
        texts: how many there were.
        right: answered rightly; with all labels or values, where any number may be right.
        low, high: the interval of the score.
        micro_f1: where any number may be right, F1 over all labels, or values; None else.
        ece: expected calibration error; None without confidences.
        seconds: that half of the texts took at most.
        taught: labelled texts that the answers came from, beside the model.
        seen: of the measured texts how many were among those.
        fields: whether they were looked for; then the score is F1, else the accuracy.
        kept: of written texts, the share of words that can stay, which is the score.
        id: its number in the history; 0 where it has none.
    """

    at: str
    model: str
    version: str
    sample: str
    texts: int
    right: int
    low: float
    high: float
    macro_f1: float
    ece: float | None
    seconds: float
    taught: int = 0
    seen: int = 0
    micro_f1: float | None = None
    fields: bool = False
    kept: float | None = None
    id: int = 0

    @property
    def accuracy(self) -> float:
        """Share of the texts that were answered rightly."""
        return self.right / self.texts

    @property
    def score(self) -> float:
        """What a bar is about."""
        if self.kept is not None:
            return self.kept
        return (self.micro_f1 or 0.0) if self.fields else self.accuracy


def measured(each: Evaluation, version: str, sample: str, at: datetime) -> Measured:
    """What is kept of an evaluation."""
    low, high = each.score_interval
    return Measured(
        at=at.astimezone(UTC).isoformat(timespec="microseconds"),
        model=each.model,
        version=version,
        sample=sample,
        texts=len(each.answers),
        right=each.right,
        low=low,
        high=high,
        macro_f1=each.macro_f1,
        micro_f1=each.micro_f1 if each.several else None,
        ece=each.calibration_error,
        seconds=each.seconds(0.5),
        taught=each.taught,
        seen=each.seen,
        fields=bool(each.fields),
        kept=each.score if each.written else None,
    )


def sample_of(labelled: Sequence[Example]) -> str:
    """A name for some labelled texts by which nobody finds them.

    Ten letters of a digest: enough to tell samples of one task apart, too few to try
    texts out with.
    """
    rows = sorted(repr((each.text.strip(), _answer(each))) for each in labelled)
    content = repr(rows).encode(errors="replace")
    return hashlib.blake2b(content, digest_size=5).hexdigest()


def _answer(example: Example) -> object:
    """Its answer; several labels, and fields, in one order, whatever the row has."""
    answer = example.answer
    if isinstance(answer, dict):
        return sorted((name, sorted(values)) for name, values in answer.items() if values)
    return sorted(labels_of(example)) if isinstance(answer, list) else answer

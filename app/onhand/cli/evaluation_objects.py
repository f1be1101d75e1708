"""What an evaluation came to as an object, for `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.evaluation_words import clearing, notes, terms_of
from onhand.domain.side_by_side import difference, smallest_that_clears

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.evaluation_words import Terms
    from onhand.domain.label_scores import LabelScore


def evaluation_object(each: Evaluation) -> dict[str, object]:
    """All figures.

    Where any number of labels may be right, `accuracy` is the share of texts with all
    labels right, F1 over all labels and of a text come with it, and each label has counts
    in the place of the confusions. Where fields were looked for, it is the share of texts
    with all values right, `fields` stand in the place of `labels`, and what is sure, the
    calibration error and the reliability are of fields. Where texts were written, it is the
    share of those with nothing to change, and `words_kept` that of words that can stay.
    """
    return {
        "model": each.model,
        "multiple": each.several and not each.fields,
        "texts": len(each.answers),
        "failed": each.failed,
        "taught": each.taught,
        "seen": each.seen,
        "accuracy": each.accuracy,
        "interval": [*each.interval],
        **(_several(each) if each.several else {}),
        **(_written(each) if each.written else {"macro_f1": each.macro_f1}),
        "ece": each.calibration_error,
        "mean_cost": each.mean_cost,
        "sure": {
            "share": each.sure.share,
            "wrong": each.sure.wrong,
            "cost": each.sure.cost,
        },
        "seconds_p50": each.seconds(0.5),
        "seconds_p95": each.seconds(0.95),
        "memory": each.memory,
        "bytes": each.bytes,
        **({} if each.written else _parts(each)),
        **({} if each.several or each.written else {"confusion": _confusion(each)}),
        "reliability": [
            {"confidence": part.confidence, "right": part.right, "answers": part.answers}
            for part in each.reliability
        ],
    }


def verdict_object(found: Sequence[Evaluation], bar: float) -> dict[str, object]:
    """What all of them come to: the figures of none, so that `kind` tells it from those.

    `smallest` is the id of the smallest model that clears the bar, or None. Each of the
    `comparisons` is of the first model with another one: `p` is how probable a difference
    like theirs is by chance.
    """
    best = smallest_that_clears(found, bar)
    first, *others = found
    return {
        "kind": "verdict",
        "bar": bar,
        "smallest": None if best is None else best.model,
        "comparisons": [
            {"models": [first.model, other.model], "p": difference(first, other)}
            for other in others
        ],
        "caveats": [*notes(found), *clearing(found, bar)[1:]],
    }


def _written(each: Evaluation) -> dict[str, object]:
    return {"words_kept": each.score, "words_kept_interval": [*each.score_interval]}


def _several(each: Evaluation) -> dict[str, object]:
    return {
        "micro_f1": each.micro_f1,
        "micro_f1_interval": [*each.micro_interval],
        "text_f1": each.text_f1,
        "bare": each.bare,
    }


def _parts(each: Evaluation) -> dict[str, object]:
    terms = terms_of(each)
    return {
        f"{terms.part}s": [_part(one, terms, several=each.several) for one in each.labels]
    }


def _part(score: LabelScore, terms: Terms, *, several: bool) -> dict[str, object]:
    counts = {"found": score.found, "missed": score.missed, "wrong": score.wrong}
    return {
        terms.part: score.label,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        terms.texts: score.texts,
        **(counts if several else {}),
    }


def _confusion(each: Evaluation) -> list[dict[str, object]]:
    return [
        {"right": right, "given": given or None, "texts": count}
        for (right, given), count in sorted(each.confusion.items())
    ]

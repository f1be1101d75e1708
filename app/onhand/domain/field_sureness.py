"""How sure a model usually is rightly of a field, before answers to the task were judged.

Where spans are recognised by their form (dates, amounts and their like), what a model says
of its choice among them is about right: .90 for .88 that are right, .96 for .88, .98 for
.92 (the three models, dates and amounts of sroie). Of any other text it is far too sure,
and where it says that there is none, it is more often right than it says. So there are two
logistic curves (Platt 1999) for each model, of values and of absence, as
`calibration.TEMPERATURES` are for labels.

They were fitted to training rows of six public sets of the same weight (restaurant8k,
usaddress, wnut17, presidio_pii, sroie, bc5cdr; 25 rows of each, 12 for the largest model),
by `tests/benchmarks/field_calibration.py`. On each set by curves of the other five, the
mean calibration error of values fell from .45 to .11 (starter), .48 to .14 (0.5B) and .39
to .29 (1.5B), that of absence from .75 to .34, .36 to .27 and .31 to .18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.layouts import bare_id
from onhand.domain.logistic_curve import Curve
from onhand.domain.tasks import FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.answers import Extraction
    from onhand.domain.tasks import Extract, Field

FOUND: Mapping[str, Curve] = {
    "smollm2-135m": Curve(0.24, -2.2),
    "qwen2.5-coder-0.5b": Curve(0.27, -1.5),
    "qwen2.5-coder-1.5b": Curve(0.29, -1.0),
}
"""Of a value that was found, by the id of the model."""

ABSENT: Mapping[str, Curve] = {
    "smollm2-135m": Curve(0.31, 2.3),
    "qwen2.5-coder-0.5b": Curve(0.33, 1.2),
    "qwen2.5-coder-1.5b": Curve(0.58, 1.4),
}
"""Of the finding that a field has no value."""

USUAL_FOUND = Curve(0.27, -1.5)
USUAL_ABSENT = Curve(0.4, 1.6)
"""Of a model that was never measured: about the mean of those that were."""

_UNCHANGED = Curve()


def found_curve(field: Field, model: str, taught: int) -> Curve:
    """From how sure a model is of a value to how probable it is that it is right.

    Args:
        field: the one that it is of.
        model: its id, with or without its layout.
        taught: how many labelled texts the answer comes from, beside the model; then it
            is as sure as it was right on texts that were held out.
    """
    if taught or field.type is not FieldType.TEXT:
        return _UNCHANGED
    return FOUND.get(bare_id(model), USUAL_FOUND)


def field_sureness(
    task: Extract, answer: Extraction, model: str, taught: int
) -> dict[str, float]:
    """How probable it is of each field that it is right; see `found_curve`.

    Fields are left out of which the answer does not say how sure the model was.
    """
    return {
        field.name: usual_curve(field, answer, model, taught)(answer.sure[field.name])
        for field in task.fields
        if field.name in answer.sure
    }


def usual_curve(field: Field, answer: Extraction, model: str, taught: int) -> Curve:
    """From how sure a model is of a field, be it of a value or of none; the same."""
    found = found_curve(field, model, taught)
    if answer.fields.get(field.name) or found is _UNCHANGED:
        return found
    return ABSENT.get(bare_id(model), USUAL_ABSENT)

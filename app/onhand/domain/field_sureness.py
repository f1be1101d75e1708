"""How sure a model usually is rightly of a field, before answers to the task were judged.

What is left to a model is a choice among spans, and of that choice it is far too sure: a
value that it gives 99 % is right in about half of all cases, and where it says that there
is none, it is more often right than it says. So there are two logistic curves (Platt 1999)
for each model, of values and of absence, as `calibration.TEMPERATURES` are for labels.

They were fitted to training rows of six public sets of the same weight (restaurant8k,
usaddress, wnut17, presidio_pii, sroie, bc5cdr; 25 rows of each, 12 for the largest model),
by `tests/benchmarks/field_calibration.py`. On each set by curves of the other five, the
mean calibration error of values fell from .41 to .16 (starter), .44 to .18 (0.5B) and .36
to .28 (1.5B), that of absence from .71 to .32, .35 to .27 and .30 to .18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.layouts import bare_id
from onhand.domain.logistic_curve import Curve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.answers import Extraction

FOUND: Mapping[str, Curve] = {
    "smollm2-135m": Curve(0.22, -2.1),
    "qwen2.5-coder-0.5b": Curve(0.25, -1.4),
    "qwen2.5-coder-1.5b": Curve(0.28, -0.9),
}
"""Of a value that was found, by the id of the model."""

ABSENT: Mapping[str, Curve] = {
    "smollm2-135m": Curve(0.18, 1.7),
    "qwen2.5-coder-0.5b": Curve(0.24, 1.0),
    "qwen2.5-coder-1.5b": Curve(0.55, 1.4),
}
"""Of the finding that a field has no value."""

USUAL_FOUND = Curve(0.25, -1.5)
USUAL_ABSENT = Curve(0.3, 1.4)
"""Of a model that was never measured: about the mean of those that were."""

UNCHANGED = Curve()
"""Of what people taught: that is as sure as it was right on texts that were held out."""


def found_curve(model: str, taught: int) -> Curve:
    """From how sure a model is of a value to how probable it is that it is right.

    Args:
        model: its id, with or without its layout.
        taught: how many labelled texts the answer comes from, beside the model.
    """
    return UNCHANGED if taught else FOUND.get(bare_id(model), USUAL_FOUND)


def field_sureness(answer: Extraction, model: str, taught: int) -> dict[str, float]:
    """How probable it is of each field that it is right; see `found_curve`.

    Fields are left out of which the answer does not say how sure the model was.
    """
    found = found_curve(model, taught)
    absent = UNCHANGED if taught else ABSENT.get(bare_id(model), USUAL_ABSENT)
    return {
        name: (found if answer.fields.get(name) else absent)(sure)
        for name, sure in answer.sure.items()
    }

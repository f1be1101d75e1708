"""What is kept of a measurement."""

from __future__ import annotations

from fakes.stores import NOON
from fakes.teaching import evaluation, tagging
from onhand.domain.measured import measured, sample_of
from onhand.domain.tasks import Example


def test_of_several_labels_all_must_be_right_and_f1_is_kept_as_well():
    found = tagging("tiny", "Tiny", 9, wrong=30, times=20)
    kept = measured(found, "v1", "sample", NOON)
    assert (kept.right, kept.texts, kept.micro_f1) == (70, 100, found.micro_f1)
    one = measured(evaluation("tiny", "Tiny", 9, 30, 20), "v1", "sample", NOON)
    assert (one.right, one.micro_f1) == (70, None)


def test_the_same_labels_in_another_order_are_the_same_sample():
    rows = [Example(text="a", answer=["x", "y"]), Example(text="b", answer=[])]
    same = [Example(text="b ", answer=[]), Example(text="a", answer=["y", "x", "x"])]
    assert sample_of(rows) == sample_of(same)
    assert sample_of(rows) != sample_of([rows[0], Example(text="b", answer=["x"])])

"""Names for masks, looked for by a local model in every sentence of a text."""

from pathlib import Path

import pytest

from fakes.engine import FakeEngine
from onhand.domain.masking import MaskKind
from onhand.domain.progress import Cancelled, CancelToken, ignore_progress
from onhand.identifiers import FormIdentifiers
from onhand.services.finding_masks import FindMasks

TEXT = " ".join(
    f"On that day the report was read aloud by Anna{number} in the hall of the town."
    for number in range(40)
)


def masks_for(engine):
    return FindMasks(FormIdentifiers(), engine)


@pytest.fixture
def engine():
    engine = FakeEngine(patterns={"person": r"Anna\d+"})
    engine.use(Path("fake.gguf"))
    return engine


def test_every_name_of_a_long_text_is_found_and_how_far_it_is_is_told(engine):
    seen = []
    found = masks_for(engine).names(TEXT, CancelToken(), seen.append)
    assert {TEXT[each.start : each.end] for each in found} == {
        f"Anna{number}" for number in range(40)
    }
    assert {each.kind for each in found} == {MaskKind.PERSON}
    assert [each.done for each in seen] == [*range(1, seen[-1].total + 1)]


def test_looking_can_be_stopped(engine):
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        masks_for(engine).names(TEXT, cancel, lambda _: cancel.cancel())


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nobody_is_asked_about_blanks(engine, text):
    assert masks_for(engine).names(text, CancelToken(), ignore_progress) == []
    assert engine.asked == []

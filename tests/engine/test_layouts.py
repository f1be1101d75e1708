"""Other layouts of a real model, made in a process of its own."""

from __future__ import annotations

import math
from functools import partial

import pytest

from fakes.requests import PROMPT, QUESTION
from fakes.starter import STARTER, needs_starter
from fakes.stores import FakeLadder, FakeSettings
from onhand.bootstrap import engine_command
from onhand.domain.errors import EngineFailed, ModelMissing, ModelUnusable
from onhand.domain.layouts import Layout
from onhand.domain.primitives import Probe, Score
from onhand.domain.progress import Cancelled, CancelToken
from onhand.engine.client import EngineClient
from onhand.engine.workshop import EngineWorkshop

pytestmark = [pytest.mark.e2e, *needs_starter]


@pytest.fixture
def workshop():
    new = partial(
        EngineClient, engine_command(), ladder=FakeLadder(), settings=FakeSettings()
    )
    return EngineWorkshop(engine_command(), new)


@pytest.mark.parametrize("layout", Layout)
def test_a_model_in_another_layout_answers_about_the_same(workshop, tmp_path, layout):
    target = tmp_path / "other.gguf"
    before = STARTER.stat()
    workshop.requantise(STARTER, target, layout, CancelToken())
    assert (STARTER.stat().st_size, STARTER.stat().st_mtime_ns) == (
        before.st_size,
        before.st_mtime_ns,
    )
    request = Score(prompt=PROMPT, texts=("I was charged twice",), questions=(QUESTION,))
    answers = []
    for file in (STARTER, target):
        with workshop.engine(file) as engine:
            scored = engine.score(request, CancelToken())
            answers.append([math.exp(each) for each in scored.logprobs[0][0]])
            probed = engine.probe(Probe(read=32, steps=4), CancelToken())
            assert probed.read > 0
            assert probed.write > 0
    assert answers[1] == pytest.approx(answers[0], abs=0.2)


def test_what_is_no_model_is_refused(workshop, tmp_path):
    target, broken = tmp_path / "other.gguf", tmp_path / "broken.gguf"
    broken.write_bytes(STARTER.read_bytes()[:100_000])
    with pytest.raises(ModelMissing):
        workshop.requantise(tmp_path / "none.gguf", target, Layout.Q4_0, CancelToken())
    (tmp_path / "text.gguf").write_text("no model")
    with pytest.raises(ModelUnusable):
        workshop.requantise(tmp_path / "text.gguf", target, Layout.Q4_0, CancelToken())
    with pytest.raises(EngineFailed, match=r"broken\.gguf"):
        workshop.requantise(broken, target, Layout.Q4_0, CancelToken())


def test_a_place_that_cannot_be_written_is_told(workshop, tmp_path):
    target = tmp_path / "no such folder" / "other.gguf"
    with pytest.raises(EngineFailed):
        workshop.requantise(STARTER, target, Layout.Q4_0, CancelToken())


def test_it_is_stopped_at_once(workshop, tmp_path):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        workshop.requantise(STARTER, tmp_path / "other.gguf", Layout.Q4_0, cancel)

"""Hidden states from a batch on its way through the layers, against llama.cpp's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.deaf import Deaf
from fakes.starter import needs_starter
from onhand.domain.primitives import Embed, Prompt, Question, Score
from onhand.engine.llama.tap import Tap

pytestmark = [*needs_starter]

PROMPT = Prompt(system="You sort texts.", before="Read this.\n\nText: ")
QUESTION = Question(ask="\n\nWhich is it?", reply="It is", options=(" billing", " sales"))
TEXTS = ("I was charged twice.", "", "Do you ship to Norway?\nAnd when?", "x" * 600)


def states(runtime, *texts):
    request = Score(prompt=PROMPT, texts=texts, questions=(QUESTION,), states=True)
    return [np.array(each) for each in runtime.answer(request, Deaf()).states]


def alike(one, other):
    """Whether two states are the same but for what other kernels round in another batch."""
    return np.linalg.norm(one - other) < 0.15 * np.linalg.norm(one)


def test_the_first_half_is_the_state_that_llama_cpp_tells_itself(runtime):
    width = runtime._loaded.model.width
    asked = Embed(prompt=PROMPT, texts=TEXTS, ask=QUESTION.ask, reply=QUESTION.reply)
    told = runtime.answer(asked, Deaf()).last
    for found, last in zip(states(runtime, *TEXTS), told, strict=True):
        assert len(found) == 2 * width
        assert alike(found[:width], np.array(last))


@given(texts=st.lists(st.text(max_size=40), min_size=2, max_size=6))
@settings(max_examples=8, deadline=None)
def test_a_state_does_not_depend_on_the_texts_beside_it(runtime, texts):
    width = runtime._loaded.model.width
    together = states(runtime, *texts)
    for number, text in enumerate(texts):
        [alone] = states(runtime, text)
        assert alike(together[number][:width], alone[:width])
        assert alike(together[number][width:], alone[width:])


def test_the_second_half_tells_the_words_and_not_the_question(runtime):
    width = runtime._loaded.model.width
    one, other, another = (
        each[width:]
        for each in states(
            runtime,
            "My invoice is wrong.",
            "My invoice is wrong!",
            "Do you ship to Norway?",
        )
    )
    assert np.linalg.norm(one - other) < np.linalg.norm(one - another) / 2


def test_a_model_whose_steps_have_other_names_has_the_last_state_alone(runtime):
    context = runtime._loaded.context
    whole = states(runtime, *TEXTS)
    tap, context.tap = context.tap, Tap(layers=1, width=context.model.width)
    try:
        found = states(runtime, *TEXTS)
    finally:
        context.tap = tap
    for one, other in zip(found, whole, strict=True):
        assert len(one) == context.model.width
        assert alike(one, other[: len(one)])


def test_nothing_is_taken_while_nobody_asks(runtime):
    request = Score(prompt=PROMPT, texts=TEXTS, questions=(QUESTION,))
    with runtime._loaded.context.tap.opened() as seen:
        pass
    assert runtime.answer(request, Deaf()).states == ()
    assert seen.states([1], [1]) is None

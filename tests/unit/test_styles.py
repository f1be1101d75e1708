"""Instructions of ours."""

from __future__ import annotations

import pytest

from onhand.domain.styles import Style, rewrite_in
from onhand.domain.tasks import Keep, version


@pytest.mark.parametrize("style", Style)
def test_a_style_says_what_to_do_and_keeps_everything(style):
    task = rewrite_in(style)
    assert task.instruction
    assert task.name
    assert task.keep == tuple(Keep)


def test_styles_are_tasks_of_their_own():
    assert len({version(rewrite_in(style)) for style in Style}) == len(Style)

"""The plots of an evaluation as drawings, and drawings as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.teaching import evaluation
from onhand.domain.drawing import Dot, Ink, Line, Words, style_of_inks, svg
from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.learning_curve import Curve, CurvePoint
from onhand.domain.plots import (
    Sheet,
    error_against_share,
    learning_curve,
    reliability,
    score_against_seconds,
)

SHEET = Sheet(width=480, height=300, em=12, x="seconds & more", y="right")
SMALL = evaluation("small", "Small", 98_000_000, wrong=30, times=20)
LARGE = evaluation("large", "Large", 1_100_000_000, wrong=5, times=20)

ANSWERS = st.lists(
    st.builds(
        Answered,
        right=st.sampled_from("ab"),
        given=st.sampled_from(["a", "b", None]),
        confidence=st.none() | st.floats(0, 1),
        seconds=st.floats(0, 1e5),
    ),
    min_size=1,
    max_size=30,
)


def dots(drawing):
    return [each for each in drawing.shapes if isinstance(each, Dot)]


def words(drawing):
    return {each.text: each for each in drawing.shapes if isinstance(each, Words)}


def test_a_slower_model_stands_further_right_and_a_better_one_higher():
    drawing = score_against_seconds([SMALL, LARGE], 0.9, SHEET)
    large, small = dots(drawing)
    assert large.x > small.x
    assert large.y < small.y
    assert {"Small", "Large", "seconds & more", "right"} <= words(drawing).keys()


def test_the_bar_lies_between_a_model_that_clears_it_and_one_that_does_not():
    drawing = score_against_seconds([SMALL, LARGE], 0.9, SHEET)
    [bar] = [each for each in drawing.shapes if getattr(each, "dashed", False)]
    large, small = dots(drawing)
    assert large.y < bar.points[0][1] < small.y


def test_names_of_models_that_are_alike_do_not_cover_each_other():
    same = [
        Evaluation(model=title, title=title, bytes=1, memory=1, answers=SMALL.answers)
        for title in ("First", "Second", "Third")
    ]
    found = words(score_against_seconds(same, 0.9, SHEET))
    places = sorted(found[each.title].y for each in same)
    assert all(later - sooner >= SHEET.em for sooner, later in zip(places, places[1:]))  # noqa: B905, RUF007 - pairs of neighbours


def test_a_calibrated_model_keeps_to_the_diagonal():
    answers = [
        Answered(
            right="a", given="a" if number % 10 < tenth else "b", confidence=tenth / 10
        )
        for tenth in (3, 6, 9)
        for number in range(10)
    ]
    drawing = reliability(
        Evaluation(model="m", title="M", bytes=1, memory=1, answers=tuple(answers)), SHEET
    )
    [ideal] = [each for each in drawing.shapes if getattr(each, "dashed", False)]
    (x1, y1), (x2, y2) = ideal.points
    for dot in dots(drawing):
        on_it = y1 + (y2 - y1) * (dot.x - x1) / (x2 - x1)
        assert dot.y == pytest.approx(on_it)


def test_a_higher_threshold_keeps_less_and_errs_less():
    def marked(threshold):
        drawing = error_against_share(SMALL, threshold, SHEET)
        return next(each for each in dots(drawing) if each.ink is Ink.BAR)

    low, high = marked(0.0), marked(0.7)
    assert high.x < low.x
    assert high.y > low.y
    assert dots(error_against_share(SMALL, 1.0, SHEET)) == []


@given(answers=ANSWERS, bar=st.floats(0, 1))
def test_whatever_the_answers_every_shape_lies_on_the_sheet(answers, bar):
    each = Evaluation(model="m", title="M", bytes=1, memory=1, answers=tuple(answers))
    for drawing in (
        score_against_seconds([each], bar, SHEET),
        reliability(each, SHEET),
        error_against_share(each, bar, SHEET),
    ):
        for shape in drawing.shapes:
            points = shape.points if isinstance(shape, Line) else [(shape.x, shape.y)]
            for x, y in points:
                assert -0.5 <= x <= SHEET.width + 0.5
                assert -0.5 <= y <= SHEET.height + 0.5
        ElementTree.fromstring(svg(drawing, "A plot"))  # noqa: S314 - our own


def test_svg_holds_every_shape_in_inks_for_light_and_dark():
    drawing = score_against_seconds([SMALL, LARGE], 0.9, SHEET)
    text = svg(drawing, "Speed <&>", alone=True)
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    kinds = [each.tag.split("}")[1] for each in root]
    assert kinds.count("circle") == 2
    assert kinds.count("text") == len(words(drawing)) or kinds.count("text") > 4
    assert root[0].text == "Speed <&>"
    assert "prefers-color-scheme: dark" in text
    assert all(f".{ink}-fill" in style_of_inks() for ink in Ink)


def test_a_learning_curve_rises_and_shows_where_it_began():
    points = (CurvePoint(texts=10, right=0.6), CurvePoint(texts=200, right=0.9))
    drawing = learning_curve(Curve(before=0.7, points=points), SHEET)
    first, last = dots(drawing)
    assert first.x < last.x
    assert first.y > last.y
    [level] = [each for each in drawing.shapes if getattr(each, "dashed", False)]
    assert last.y < level.points[0][1] < first.y
    assert {"10", "200", "60 %", "90 %"} <= words(drawing).keys()


@given(
    before=st.floats(0, 1),
    rights=st.lists(st.floats(0, 1), min_size=1, max_size=6),
)
def test_whatever_the_curve_it_lies_on_the_sheet(before, rights):
    points = tuple(
        CurvePoint(texts=10 * 2**number, right=right) for number, right in enumerate(rights)
    )
    drawing = learning_curve(Curve(before=before, points=points), SHEET)
    for dot in dots(drawing):
        assert 0 <= dot.x <= SHEET.width
        assert 0 <= dot.y <= SHEET.height
    ElementTree.fromstring(svg(drawing, "A curve", alone=True))  # noqa: S314 - our own

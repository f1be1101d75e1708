"""The report of a measurement: one HTML page without scripts, and without any user text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from onhand.domain.drawing import style_of_inks, svg
from onhand.domain.evaluation_words import (
    caveats,
    clearing,
    macro,
    macro_titles,
    percent,
    score_titles,
    scores,
    terms_of,
)
from onhand.domain.plots import (
    Sheet,
    error_against_share,
    reliability,
    score_against_seconds,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.evaluating import Evaluation

_STYLE = """
:root { color-scheme: light dark; --text: #1c2530; --paper: #ffffff; --line: #dde2e9; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6eaf0; --paper: #15191f; --line: #2c343f; }
}
body {
  font-family: sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--text); background: var(--paper);
}
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; border-bottom: 1px solid var(--line); padding: 0.3rem 0.8rem; }
td.right { font-weight: bold; }
svg { max-width: 100%; height: auto; }
"""
_OF_A_TEXT = ("F1 of a text",)
_WIDE, _NARROW, _HIGH, _EM = 760, 460, 300, 13

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def evaluation_page(task: str, found: Sequence[Evaluation], bar: float, at: str) -> str:
    """The page; it loads nothing from anywhere.

    Args:
        task: its name.
        found: one model at least, all on the same texts.
        bar: the accuracy that is enough.
        at: when, for people.
    """
    terms = terms_of(found[0])
    speed = Sheet(width=_WIDE, height=_HIGH, em=_EM, x="seconds a text", y=terms.right)
    texts = len(found[0].answers)
    parts = [
        f"<h1>{escape(task)}</h1><p>Onhand, {escape(at)}; {texts} labelled texts.</p>",
        f"<p><strong>{escape(' '.join(clearing(found, bar)))}</strong></p>",
        *(f"<p>{escape(line)}</p>" for line in caveats(found)),
        "<h2>Models side by side</h2>",
        _models(found),
        svg(score_against_seconds(found, bar, speed), terms.speed),
        "<p>The lines through the dots are 95 % intervals; the broken line is the bar.</p>",
        *(_details(each) for each in found),
    ]
    style = _STYLE + style_of_inks()
    title = escape(f"{task}: measured")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'
    )


def _models(found: Sequence[Evaluation]) -> str:
    titles = (
        *("model", *score_titles(found[0]), *(_OF_A_TEXT if found[0].several else ())),
        *(*macro_titles(found[0]), "ECE"),
        *("mean cost", "s a text", "s of 95 %", "memory", "taught by"),
    )
    return _table(
        titles,
        (
            (
                each.title,
                *scores(each),
                *((f"{each.text_f1:.3f}",) if each.several else ()),
                *macro(each),
                "–" if each.calibration_error is None else f"{each.calibration_error:.3f}",
                f"{each.mean_cost:.3f}",
                f"{each.seconds(0.5):.2f}",
                f"{each.seconds(0.95):.2f}",
                f"{each.memory / 1e6:.0f} MB",
                str(each.taught or "–"),
            )
            for each in found
        ),
    )


def _details(each: Evaluation) -> str:
    terms = terms_of(each)
    sure = Sheet(
        width=_NARROW,
        height=_HIGH,
        em=_EM,
        x="how sure it looked",
        y=terms.judged_right,
    )
    stays = Sheet(
        width=_NARROW,
        height=_HIGH,
        em=_EM,
        x=f"share of the {terms.judged} that stays",
        y=terms.judged_wrong,
    )
    return "\n".join(
        (
            f"<h2>{escape(each.title)}</h2>",
            svg(reliability(each, sure), f"{each.title}: reliability curve"),
            svg(error_against_share(each, 0.8, stays), f"{each.title}: error by coverage"),
            "<h3>Thresholds</h3>",
            _thresholds(each),
            *(_parts(each) if each.labels else ()),
        )
    )


def _parts(each: Evaluation) -> tuple[str, ...]:
    """Its labels, or its fields."""
    heading = f"<h3>{terms_of(each).part.capitalize()}s</h3>"
    if each.several:
        return (heading, _counts(each))
    return (heading, _labels(each), _confusion(each))


def _thresholds(each: Evaluation) -> str:
    rows = [
        *((f"at least {percent(share)} sure", each.kept(share)) for share in THRESHOLDS),
        ("called sure, by the promise", each.sure),
    ]
    terms = terms_of(each)
    return _table(
        (
            *("accepted", f"share of the {terms.judged}", terms.judged_wrong),
            "cost of one of them",
        ),
        (
            (name, percent(kept.share), percent(kept.wrong), f"{kept.cost:.3f}")
            for name, kept in rows
        ),
    )


def _labels(each: Evaluation) -> str:
    return _table(
        ("label", "precision", "recall", "F1", "texts"),
        (
            (
                one.label,
                percent(one.precision),
                percent(one.recall),
                f"{one.f1:.3f}",
                str(one.texts),
            )
            for one in each.labels
        ),
    )


def _counts(each: Evaluation) -> str:
    """The same, and what goes wrong where several may be right: by label, not by pair."""
    terms = terms_of(each)
    return _table(
        (
            *(terms.part, "precision", "recall", "F1", terms.texts),
            *("found", "missed", "wrongly given"),
        ),
        (
            (
                one.label,
                percent(one.precision),
                percent(one.recall),
                f"{one.f1:.3f}",
                *map(str, (one.texts, one.found, one.missed, one.wrong)),
            )
            for one in each.labels
        ),
    )


def _confusion(each: Evaluation) -> str:
    """Right labels downwards, given ones across."""
    names = [one.label for one in each.labels]
    given = [*names, ""] if each.failed else names
    rows = [
        [
            f"<th>{escape(right)}</th>",
            *(
                f'<td class="right">{each.confusion.get((right, name), 0)}</td>'
                if right == name
                else f"<td>{each.confusion.get((right, name)) or '·'}</td>"
                for name in given
            ),
        ]
        for right in names
    ]
    titles = ["right ↓ given →", *(name or "no answer" for name in given)]
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    table = f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
    return f"<h3>What is taken for what</h3>\n{table}"


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'

"""Whether a request is of a kind that small models fail at, before any model is asked.

A quick look at the words of the task and the length of the text: no model takes part, and
nothing is held back. Small models miscount, lose the thread of what takes several steps
(Wei et al. 2022, arXiv 2201.11903: to reason step by step helps models of some hundred
billion parameters, and smaller ones not at all), and make up what they were seldom told
(Mallen et al. 2023, arXiv 2212.10511). The words are English and German; a task in another
language is only judged by its labels and the length of its text.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.tasks import Classify, Extract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.tasks import Task

MANY_LABELS = 40
"""Labels from which on a choice is hard for a small model that nothing taught."""

MANY_PARTS = 4
"""Parts of a text from which on what stands far apart is not seen together."""


class Doubt(StrEnum):
    """Why a small model may fail at a request."""

    ARITHMETIC = "arithmetic"
    STEPS = "steps"
    KNOWLEDGE = "knowledge"
    LABELS = "labels"
    LENGTH = "length"


REASONS = {
    Doubt.ARITHMETIC: "it asks to count or to calculate",
    Doubt.STEPS: "it takes several steps of reasoning",
    Doubt.KNOWLEDGE: "it asks for what does not stand in the text",
    Doubt.LABELS: "it has very many labels; labelled examples help (onhand teach)",
    Doubt.LENGTH: "the text is read in many parts, and never seen as a whole",
}
"""Each in words, behind "Small models often fail at this: "."""

_UNITS = (
    r"(?:euros?|dollars?|pounds?|francs?|yen|usd|eur|gbp|chf|currenc\w+|met(?:er|re)s?|"
    r"metric|miles?|feet|inch(?:es)?|kilo\w+|km|kg|lbs?|grams?|lit(?:er|re)s?|gallons?|"
    r"celsius|fahrenheit|hours?|minutes?|seconds?|days?|percent\w*|numbers?|utc|gmt)\b"
)
_ARITHMETIC = re.compile(
    r"\b(?:calculat\w+|comput(?:e|es|ing)\b|add (?:up|together)|sums? of|"
    # To sum up a mail is to shorten it, and an average reader is not counted.
    r"sum up (?:the |all |these )+(?:amount|number|value|price|cost|figure|item)|"
    r"multipl(?:y|ies|ied)|subtract\w*|divide[sd]? (?:by|the)|percentages? of|"
    r"averages?\b(?! (?:reader|person|people|user|customer|adult|citizen))|"
    rf"count (?:the|all|how)|convert \w+ (?:to|into) (?:\w+ ){{0,2}}{_UNITS}|"
    r"berechne\w*|rechne[nt]?\b|summiere\w*|addiere\w*|multipliziere\w*|teile durch|"
    r"durchschnitt\w*\b(?! (?:leser|mensch|bürger|nutzer|kunde))|zählen?\b(?! zu))",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?:how (?:many|much)|wie ?viele?)\b", re.IGNORECASE)
_STEPS = re.compile(
    r"\b(?:step by step|first\b.{3,80}\bthen|reason(?:ing)? (?:about|through|why)|prove|"
    r"deduce|infer (?:who|what|why|whether)|work out|figure out|plan (?:a|the)|solve|"
    r"schritt für schritt|zuerst\b.{3,80}\bdann|beweise|schließe daraus|löse|"
    r"finde heraus)\b",
    re.IGNORECASE | re.DOTALL,
)
_KNOWLEDGE = re.compile(
    r"\b(?:look up|search (?:for|the web)|on the (?:web|internet)|"
    r"(?:latest|today's) (?:prices?|rates?|news|figures?|laws?|versions?|weather)|"
    r"current (?:prices?|rates?|laws?|president|version)|capital of|"
    r"up[- ]to[- ]date|fact[- ]?check\w*|is (?:this|it) true|true or false|"
    r"according to (?:the )?(?:law|science|experts)|cite|"
    r"add (?:background|sources|references|citations)|"
    r"schlag\w* nach|such\w* im (?:netz|internet|web)|faktencheck|"
    r"aktuelle[nrs]? (?:preise?n?|kurse?n?|stand|gesetze?)|"
    r"hauptstadt von|stimmt (?:das|es)|ist (?:das|es) wahr|nach (?:geltendem )?recht|"
    r"quellen (?:an|hinzu)|zitiere)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who (?:is|was) the|wer (?:ist|war) de[rn])\b", re.IGNORECASE)


def doubts(task: Task, *, parts: int = 1) -> tuple[Doubt, ...]:
    """What about a request may be too hard for a small model.

    Args:
        task: what is to be done; its own words tell, not those of the text.
        parts: in how many pieces the text is read.
    """
    signs = {
        Doubt.ARITHMETIC: _ARITHMETIC,
        Doubt.STEPS: _STEPS,
        Doubt.KNOWLEDGE: _KNOWLEDGE,
    }
    words = "\n".join(_words(task))
    found = [doubt for doubt, sign in signs.items() if sign.search(words)]
    # What is copied out of a text may be called so: "how many guests".
    if not isinstance(task, Extract):
        asked = {Doubt.ARITHMETIC: _COUNT, Doubt.KNOWLEDGE: _WHO}
        found += [doubt for doubt, sign in asked.items() if sign.search(words)]
        found = [doubt for doubt in signs if doubt in found]
    if isinstance(task, Classify) and len(task.labels) >= MANY_LABELS:
        found.append(Doubt.LABELS)
    if parts >= MANY_PARTS:
        found.append(Doubt.LENGTH)
    return tuple(found)


def _words(task: Task) -> Sequence[str]:
    """What the task asks for; meanings of labels say what belongs there, not what to do."""
    match task:
        case Extract(instruction=instruction, fields=fields):
            return instruction, *(each.description for each in fields)
        case _:
            return (task.instruction,)

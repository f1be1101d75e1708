"""Any number of short texts, each another, made from sentences with gaps."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENINGS = (
    "Good morning,",
    "Hello,",
    "Dear team,",
    "A short question:",
    "As I said on the phone,",
    "Sorry to bother you again, but",
    "",
)
TROUBLES = (
    "the {thing} in room {number} shows an error and does nothing",
    "I was charged {number} EUR twice for the {thing}",
    "my order {number} with the {thing} has not arrived",
    "the {thing} that came with parcel {number} is broken",
    "I cannot log in as user {number} any more",
    "your technician repaired the {thing} within {number} minutes, thank you",
    "invoice {number} for the {thing} has the wrong address",
    "please cancel the {thing} on contract {number}",
)
WISHES = (
    "Please help.",
    "Who can look at it?",
    "I would like my money back.",
    "When can I expect an answer? I have been waiting since {day}.",
    "It worked until {day}, then there was a loud noise and since then nothing moves.",
    "",
)
THINGS = ("printer", "lamp", "camera", "router", "keyboard", "desk", "phone", "screen")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "yesterday", "last week")


def short_texts(count: int, *, brief: bool = False) -> Iterator[str]:
    """Messages of up to 35 words, or 12; the same each time, and no two alike."""
    chance = random.Random(1)  # noqa: S311 - it has to be the same each time
    for number in range(count):
        gaps = (TROUBLES,) if brief else (OPENINGS, TROUBLES, WISHES)
        parts = [chance.choice(each) for each in gaps]
        text = " ".join(part for part in parts if part)
        yield (
            text.format(
                thing=chance.choice(THINGS), number=1000 + number, day=chance.choice(DAYS)
            )
            + "."
        )

"""One task of every kind, and records of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from fakes.stores import NOON, answer_of, outcome
from onhand.domain.tasks import (
    Classify,
    Example,
    Extract,
    Field,
    FieldType,
    Keep,
    Label,
    Rewrite,
    Summarise,
    Task,
    identity,
    version,
)
from onhand.services.history_ports import Record

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome

QUEUE = Classify(
    instruction="Which team?",
    name="Ticket queue",
    labels=(Label(name="billing", meaning="charges"), Label(name="technical")),
    examples=(Example(text="It broke", answer="technical"),),
)
DEAR = dataclasses.replace(
    QUEUE,
    name="Queue with costs",
    id="dear-1",
    costs={"technical>billing": 3.0, "billing>technical": 0.5},
)
TAGS = Classify(
    instruction="What is it about?",
    name="Tags",
    labels=(Label(name="price"), Label(name="taste")),
    multiple=True,
    none="neither",
    examples=(Example(text="Cheap and good", answer=["price", "taste"]),),
)
RECEIPT = Extract(
    instruction="Read the receipt.",
    name="Receipt",
    fields=(
        Field(name="company", multiline=True, required=True),
        Field(name="way", type=FieldType.CHOICE, choices=("cash", "card"), many=True),
    ),
    examples=(Example(text="Inn, cash", answer={"company": ["Inn"], "way": ["cash"]}),),
)
PLAIN = Rewrite(instruction="Say it plainly.", name="Plain", keep=(Keep.NUMBERS,))
SHORT = Summarise(instruction="Shorten.", name="Short", id="short-1")

EVERY_TASK: tuple[Task, ...] = (QUEUE, TAGS, RECEIPT, PLAIN, SHORT, DEAR)


def record(text: str = "I was charged twice", task: Task = QUEUE, **more: Any) -> Record:
    """A record as a use case makes it, of an answer unless an error is given."""
    answered: Outcome | None = None
    if more.get("error") is None:
        answered = outcome(answer_of(task, text))
    values: dict[str, Any] = {
        "at": NOON,
        "task": task,
        "task_id": identity(task),
        "task_version": version(task),
        "text": text,
        "outcome": answered,
    }
    return Record(**(values | more))

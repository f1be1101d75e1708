"""What a cloud model wrote, as an answer: read and checked as one of this laptop is.

A label must be one of the task's, a value must stand in the text, a text is compared with
the one it was written from. What does not hold is left out and told.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onhand.domain.answers import (
    Answer,
    Check,
    Classification,
    Extraction,
    Rewriting,
    Summary,
    Tagging,
    Value,
)
from onhand.domain.candidates import normal_value
from onhand.domain.chatter import without_chatter
from onhand.domain.checks import checks_of
from onhand.domain.cloud_errors import ReplyUnusable
from onhand.domain.edits import edits_between
from onhand.domain.languages import asked_language
from onhand.domain.length_check import rewrite_length, summary_length
from onhand.domain.masking import Masked
from onhand.domain.tasks import Classify, Extract, Keep, Rewrite, Summarise, Task
from onhand.domain.whole_words import whole_words
from onhand.domain.written import sources_of

if TYPE_CHECKING:
    from onhand.domain.tasks import Field

_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?```\s*$", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a reply is an answer to.

    Attributes:
        text: the user's.
        masked: as it was sent.
        spoken: its language, as an ISO 639-1 code; "" where nobody knows.
    """

    task: Task
    text: str
    masked: Masked
    spoken: str


@dataclass(frozen=True, kw_only=True)
class Read:
    """An answer, and sentences on what of the reply was left out."""

    answer: Answer
    notes: tuple[str, ...] = ()


def read_reply(sent: Sent, reply: str, *, finished: bool) -> Read:
    """The answer that a reply holds, with the words under the masks put back.

    Args:
        sent: what was asked.
        reply: as the cloud model wrote it.
        finished: False where it was cut off.

    Raises:
        ReplyUnusable: it holds none.
    """
    task = sent.task
    found = _object(reply)
    if not finished and not isinstance(task, Rewrite | Summarise):
        raise ReplyUnusable("it became too long and was cut off")
    match task:
        case Classify():
            return Read(answer=_classified(task, found))
        case Extract():
            return _extracted(task, sent, reply)
        case Rewrite():
            text = _written(sent, found, reply)
            return Read(answer=_rewritten(task, sent, text, _ending(finished=finished)))
        case Summarise():
            text = _written(sent, found, reply)
            return Read(answer=_summarised(task, sent, text, _ending(finished=finished)))


def _classified(task: Classify, found: dict[str, Any]) -> Answer:
    if task.multiple:
        labels = found.get("labels")
        if not isinstance(labels, list) or any(each not in task.answers for each in labels):
            raise ReplyUnusable("it names a label that the task does not have")
        chosen = tuple(each.name for each in task.labels if each.name in labels)
        nothing = () if chosen or task.none is None else (task.none,)
        return Tagging(labels=(*chosen, *nothing), scores={})
    label = found.get("label")
    if label not in task.answers:
        raise ReplyUnusable("it names no label that the task has")
    return Classification(label=str(label), scores={})


def _extracted(task: Extract, sent: Sent, reply: str) -> Read:
    found = _object(reply, numbers_as_written=True)
    fields = found.get("fields", found)
    if not isinstance(fields, dict) or not _says_something_of(task, fields, found):
        raise ReplyUnusable("it names none of the fields that were asked for")
    missing = 0
    answer: dict[str, tuple[Value, ...]] = {}
    for field in task.fields:
        given = _given(fields.get(field.name))
        words = [sent.masked.restored(each) for each in given if isinstance(each, str)]
        values = _placed(field, sent.text, words)
        kept = values if field.many else values[:1]
        missing += len(given) - len(values)
        answer[field.name] = tuple(kept)
    notes = (_left_out(missing),) if missing else ()
    return Read(answer=Extraction(fields=answer), notes=notes)


def _says_something_of(
    task: Extract, fields: dict[str, Any], found: dict[str, Any]
) -> bool:
    """Whether a reply is about the fields: a refusal or an error is about none of them."""
    nothing_found = not fields and fields is not found
    return nothing_found or any(each.name in fields for each in task.fields)


def _given(said: object) -> list[object]:
    """What a reply gives as the values of a field; blanks and null are none."""
    given = said if isinstance(said, list) else [said]
    return [
        each
        for each in given
        if each is not None and not (isinstance(each, str) and not each.strip())
    ]


def _placed(field: Field, text: str, words: list[str]) -> list[Value]:
    """The values that stand in the text by themselves, each at the next free place."""
    values: list[Value] = []
    taken: set[tuple[int, int]] = set()
    for each in words:
        pattern = whole_words(each, numbers=True)
        places = [place.span() for place in re.finditer(pattern, text)]
        free = [place for place in places if place not in taken]
        if free:
            start, end = free[0]
            taken.add((start, end))
            written = text[start:end]
            values.append(
                Value(
                    text=written,
                    start=start,
                    end=end,
                    # The provider tells none; a value that stands in the text is likely.
                    confidence=LIKELY,
                    value=normal_value(field, written),
                )
            )
    return values


LIKELY = 0.5
"""Of a value whose probability nobody tells: neither this nor that."""


def _rewritten(task: Rewrite, sent: Sent, text: str, ending: Check) -> Rewriting:
    keep = task.keep
    translated = asked_language(task.instruction) is not None
    if translated:
        keep = tuple(each for each in keep if each not in {Keep.NAMES, Keep.NEGATION})
    length = () if translated else (rewrite_length(sent.text, text, task.instruction),)
    return Rewriting(
        text=text,
        checks=(
            *checks_of(sent.text, text, keep, sent.spoken),
            *length,
            _masks(sent, text),
            ending,
        ),
        edits=edits_between(sent.text, text),
        language=sent.spoken,
    )


def _summarised(task: Summarise, sent: Sent, text: str, ending: Check) -> Summary:
    length = summary_length(sent.text, text, task.instruction)
    return Summary(
        text=text,
        parts=sources_of(text, sent.text),
        checks=(*checks_of(sent.text, text, ()), length, _masks(sent, text), ending),
    )


def _masks(sent: Sent, text: str) -> Check:
    """Whether every placeholder in what was written stands for something."""
    unknown = ", ".join(sent.masked.invented(text))
    return Check(
        name="masks",
        ok=not unknown,
        detail=f"stands for nothing: {unknown}" if unknown else "",
    )


def _ending(*, finished: bool) -> Check:
    detail = "" if finished else "it became too long and was cut off"
    return Check(name="ending", ok=finished, detail=detail)


def _written(sent: Sent, found: dict[str, Any], reply: str) -> str:
    text = found.get("text")
    if text is None and not found and "{" not in reply[:20]:
        # A model that was told of JSON in words alone may forget it.
        text = without_chatter(reply, sent.masked.text)
    if not isinstance(text, str) or not text.strip():
        raise ReplyUnusable("nothing was written")
    return sent.masked.restored(text)


def _object(reply: str, *, numbers_as_written: bool = False) -> dict[str, Any]:
    """The JSON object in a reply; {} for none.

    Args:
        reply: what a model wrote, perhaps with words around the object.
        numbers_as_written: whether a number becomes its digits, "27.10" and not 27.1.
    """
    number = str if numbers_as_written else None
    fenced = _FENCE.match(reply)
    text = fenced[1] if fenced else reply
    start, end = text.find("{"), text.rfind("}")
    with suppress(ValueError, RecursionError):
        found = json.loads(text[start : end + 1], parse_float=number, parse_int=number)
        if isinstance(found, dict):
            return found
    return {}


def _left_out(count: int) -> str:
    if count == 1:
        return "1 value of the cloud model was left out: it does not stand in the text."
    return (
        f"{count} values of the cloud model were left out: they do not stand in the text."
    )

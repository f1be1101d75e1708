"""What a cloud model is asked: the body of the request, byte by byte.

It is written with spaces and line ends, so that a person can read just what is sent.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from onhand.domain.cloud import Api, Payload, Shape
from onhand.domain.prompting import prompt_of
from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise, Task

if TYPE_CHECKING:
    from onhand.domain.cloud import Provider

SPARE = 256
"""Tokens of a reply beside what it has to hold."""

MOST = 8192
"""Tokens of a reply at most."""

_UNSEEN = re.compile(
    "[\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What cannot be seen, or turns the order of letters on a screen: written as an escape."""

BYTES_A_TOKEN = 2
"""Few enough that a rewrite in any language finds room."""

_MASKS = (
    "Words in square brackets such as [KIND_1] stand for words that you are not told."
    " Keep them as they are, letter by letter, wherever you use them."
)


def payload_of(task: Task, text: str, provider: Provider, *, masks: bool) -> Payload:
    """What would be sent to have a task done on a text.

    Args:
        task: what to do. Its words are sent as they are; its examples are not.
        text: as it is to be sent, under masks.
        provider: which cloud model.
        masks: whether there are any, which has to be explained.
    """
    bare = _without_examples(task)
    prompt = prompt_of(bare)
    said = [prompt.system, _MASKS] if masks else [prompt.system]
    asked = f"{prompt.before}{text}\n\n{_wanted(bare)}"
    most = _most(bare, text)
    body = _body(provider, "\n".join(said), asked, _schema(bare), most)
    return Payload(provider=provider, body=_written(body), most=most)


def trial_of(provider: Provider) -> Payload:
    """What is sent to see whether a cloud model answers: nothing of the user's."""
    schema = _object({"label": {"type": "string", "enum": ["yes", "no"]}})
    asked = 'Is water wet? Reply with JSON and nothing else: {"label": "yes"} or "no".'
    body = _body(provider, "You answer in JSON.", asked, schema, SPARE)
    return Payload(provider=provider, body=_written(body), most=SPARE)


def _written(body: dict[str, Any]) -> bytes:
    """The bytes of a body, in which nothing is invisible or stands elsewhere than it is."""
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return _UNSEEN.sub(lambda match: _escaped(match[0]), text).encode()


def _escaped(character: str) -> str:
    """As JSON has it: beyond 16 bits in two halves."""
    halves = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{halves[at : at + 4]}" for at in range(0, len(halves), 4))


def _without_examples(task: Task) -> Task:
    """The task without the texts that the user gave as examples: those stay here."""
    return dataclasses.replace(task, examples=())


def _wanted(task: Task) -> str:
    """What the reply shall look like, in words: some servers know no schemas."""
    only = "Reply with JSON and nothing else: "
    match task:
        case Classify(multiple=False):
            return f'{only}{{"label": the name of the category}}.'
        case Classify():
            return f'{only}{{"labels": [the names of all categories that fit]}}.'
        case Extract():
            return (
                f'{only}{{"fields": {{the name of each field: [its values, each copied'
                " from the text letter by letter; empty where there is none]}}."
            )
        case Rewrite():
            return f'{only}{{"text": the rewritten text}}.'
        case Summarise():
            return f'{only}{{"text": the summary}}.'


def _schema(task: Task) -> dict[str, Any]:
    match task:
        case Classify(multiple=False):
            return _object({"label": {"type": "string", "enum": list(task.answers)}})
        case Classify():
            labels = {"type": "string", "enum": list(task.answers)}
            return _object({"labels": {"type": "array", "items": labels}})
        case Extract():
            values = {"type": "array", "items": {"type": "string"}}
            return _object({"fields": _object({each.name: values for each in task.fields})})
        case Rewrite() | Summarise():
            return _object({"text": {"type": "string"}})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _most(task: Task, text: str) -> int:
    size = len(text.encode(errors="replace"))
    match task:
        case Classify():
            wanted = sum(len(each.encode()) for each in task.answers)
        case Extract():
            wanted = size // BYTES_A_TOKEN
        case Rewrite():
            wanted = size // BYTES_A_TOKEN
        case Summarise():
            wanted = min(size // BYTES_A_TOKEN, 1024)
    return min(MOST, wanted + SPARE)


def _body(
    provider: Provider, system: str, asked: str, schema: dict[str, Any], most: int
) -> dict[str, Any]:
    common: dict[str, Any] = {"model": provider.model, provider.limit: most, "stream": True}
    if provider.api is Api.ANTHROPIC:
        body = {
            **common,
            "system": system,
            "messages": [{"role": "user", "content": asked}],
        }
        if provider.shape is Shape.SCHEMA:
            body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
        return body
    body = {
        **common,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": asked},
        ],
    }
    if provider.counts:
        body["stream_options"] = {"include_usage": True}
    if provider.shape is Shape.SCHEMA:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": schema},
        }
    elif provider.shape is Shape.OBJECT:
        body["response_format"] = {"type": "json_object"}
    return body

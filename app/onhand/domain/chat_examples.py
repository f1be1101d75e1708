"""Labelled texts as conversations, for who fine-tunes a model elsewhere.

A line of the file is one conversation under the key "messages": a system turn, a user's
turn and the model's, each with "role" and "content"; in front of the last two more such
pairs, where examples are shown. Trainers put the control words of the model's chat format
around the turns themselves. The turns are those that the engine puts together, letter by
letter (`domain/prompting.py`): a model that is trained on other words
than it is asked with gains less.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.prompting import (
    ABSENT,
    classify_prompt,
    classify_questions,
    extract_blank,
    extract_prompt,
    has_many_examples,
    prompt_of,
    rewrite_ask,
    rewrite_prompt,
    summarise_ask,
    summarise_prompt,
    text_with_examples,
)
from onhand.domain.shown_examples import shown_of
from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.primitives import Prompt
    from onhand.domain.tasks import Example, Field, Task

HELD_OUT = 5
"""Of so many texts one is held out, to try on it what the others taught."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What the model is told, and what it should answer.

    Attributes:
        shown: pairs of such turns in front, where examples stand in the prompt.
    """

    system: str
    user: str
    assistant: str
    shown: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> str:
        """The line of a file."""
        turns = [("system", self.system)]
        for user, assistant in (*self.shown, (self.user, self.assistant)):
            turns += [("user", user), ("assistant", assistant)]
        messages = [{"role": role, "content": said} for role, said in turns]
        return json.dumps({"messages": messages}, ensure_ascii=False) + "\n"


def conversations(
    task: Task, example: Example, *, language: str = "", shown: Sequence[Example] = ()
) -> list[Conversation]:
    """What a text teaches: one conversation for each label, value or text.

    An answer that is none of the task's kind teaches nothing.

    Args:
        task: what is asked.
        example: a text with its right answer.
        language: the name of the one that the model is told to write in; "" for none.
        shown: other examples that the text is shown with, where the task has many.
    """
    prompt, text = prompt_of(task), example.text
    answer = example.answer
    match task:
        case Classify():
            return _labels(task, text_with_examples(shown, text), answer)
        case Extract() if isinstance(answer, dict):
            prompt = extract_prompt(task)
            fields = [(each, answer.get(each.name, [])) for each in task.fields]
            return [each for pair in fields for each in _values(prompt, text, *pair)]
        case Rewrite() if isinstance(answer, str):
            prompt = rewrite_prompt(task, language)
            return [_said(prompt, text.strip() + rewrite_ask(language), answer)]
        case Summarise() if isinstance(answer, str):
            prompt = summarise_prompt(task, language)
            return [_said(prompt, text.strip() + summarise_ask(language), answer)]
        case _:
            return []


def is_held_out(text: str) -> bool:
    """Whether a text is held out, each time it is written.

    It depends on the text alone: what a model was tried on never comes to teach it when
    there are more.
    """
    digest = hashlib.sha256(text.strip().encode(errors="replace")).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT == 0


def stand_in_prompt(task: Task, text: str) -> bool:
    """Whether a text is shown in front of every other one, with its answer."""
    if isinstance(task, Rewrite | Summarise):
        shown = [*shown_of(task.examples)]
    elif isinstance(task, Classify) and not has_many_examples(task):
        shown = [each for each in task.examples if isinstance(each.answer, str)]
    else:
        return False
    return text.strip() in {each.text.strip() for each in shown}


def _labels(task: Classify, text: str, answer: object) -> list[Conversation]:
    wanted: Iterable[object] = answer if isinstance(answer, list) else [answer]
    if task.multiple and not wanted:
        wanted = task.options[-1:]  # which stands for none
    prompt = classify_prompt(task)
    [question] = classify_questions(task)
    return [
        _said(prompt, text + question.ask, f"{question.reply} {label}")
        for label in wanted
        if label in task.options
    ]


def _values(
    prompt: Prompt, text: str, field: Field, values: list[str]
) -> list[Conversation]:
    blank = extract_blank(field)
    return [
        _said(prompt, text + blank.ask, f"{blank.reply}{value}{blank.stop}}}")
        for value in values or [ABSENT]
    ]


def _said(prompt: Prompt, user: str, assistant: str) -> Conversation:
    return Conversation(
        system=prompt.system,
        user=prompt.before + user,
        assistant=assistant,
        shown=prompt.turns,
    )

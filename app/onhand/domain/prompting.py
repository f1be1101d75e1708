"""What the model is told for each kind of task: the words around the user's text.

Everything in front of the text depends on the task alone, and is decoded once for all
texts. What the user wrote (instruction, labels, fields) is plain text for the engine, as
the text itself is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.primitives import Blank, Prompt, Question
from onhand.domain.shown_examples import shown_of
from onhand.domain.tasks import Classify, Extract, Field, Label, Rewrite, Summarise, Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onhand.domain.tasks import Example, WritingTask

SORTING = "You sort texts. You answer with the name of a category and nothing else."
COPYING = (
    "You copy details out of a text, word for word. Reply in JSON. Where the text does not "
    'say a detail, its value is "none".'
)
EDITING = (
    "You are a careful editor. You answer with the rewritten text and nothing else: no "
    "introduction, no remarks, no quotation marks around it. You write in the language of "
    "the text."
)
SHORTENING = (
    "You summarise texts. You answer with the summary and nothing else: no introduction, "
    "no remarks. You only say what the text says. You write in the language of the text."
)
NONE_MEANING = "no other category fits"
ABSENT = "none"
FEW, MANY = 6, 20
_SHORTLY = {
    "en": "In short:",
    "de": "Kurz gesagt:",
    "fr": "En bref :",
    "es": "En resumen:",
    "it": "In breve:",
}
SHOWN = 12
"""So many examples at most stand in front of all texts, where they are decoded once."""


def classify_prompt(task: Classify) -> Prompt:
    """The prompt of a classification, with every label and what belongs in it.

    A few examples stand in it as well; many do not, see `text_with_examples`.
    """
    nothing = task.options[len(task.labels) :]
    labels = [*task.labels, *(Label(name=name, meaning=NONE_MEANING) for name in nothing)]
    listed = "\n".join(f"- {label_line(label)}" for label in labels)
    asked = f"{task.instruction.strip()}\n\nCategories:\n{listed}\n"
    return Prompt(system=SORTING, before=f"{asked}{_shown(task)}\nText: ")


def has_many_examples(task: Classify) -> bool:
    """Whether a task has more examples than its prompt holds."""
    return len(task.examples) > SHOWN


def text_with_examples(examples: Iterable[Example], text: str) -> str:
    """What stands in the place of a text where examples were chosen for it."""
    texts = "".join(
        f"{each.text.strip()}\nCategory: {each.answer}\n\nText: " for each in examples
    )
    return f"{texts}{text}"


def classify_questions(task: Classify) -> tuple[Question, ...]:
    """What is asked behind the text: the label, also where several may be right.

    The instruction stands behind the text once more, and the reply is begun up to the
    label. On 150 to 300 training rows of public sets (three with the 1.5B model, four with
    the 0.5B) that is right 5 points more often without priors and 3 with them.

    What a small model says to a question of its own about each label hardly depends on the
    text; see `domain/belonging.py`.
    """
    ask = f"\n\n{task.instruction.strip()}"
    options = tuple(f" {option}" for option in task.options)
    return (Question(ask=ask, reply="Category:", options=options),)


def extract_prompt(task: Extract) -> Prompt:
    """The prompt of an extraction: all fields stand in front of the text."""
    listed = "\n".join(f"- {_field_line(field)}" for field in task.fields)
    return Prompt(
        system=COPYING, before=f"{task.instruction.strip()}\nFields:\n{listed}\n\nText:\n"
    )


def extract_blank(field: Field, spans: tuple[tuple[int, int], ...] = ()) -> Blank:
    """What is asked behind the text for one field.

    Args:
        field: what is wanted.
        spans: its candidates; none: any words.
    """
    name = _one_line(field.name).replace('"', "'")
    return Blank(
        ask="\n",
        reply=f'{{"{name}": "',
        stop='"',
        absent=ABSENT,
        spans=spans,
        multiline=field.multiline,
        many=field.many,
        limit=MANY if field.many else FEW,
    )


def prompt_of(task: Task) -> Prompt:
    """The prompt of any task."""
    match task:
        case Classify():
            return classify_prompt(task)
        case Extract():
            return extract_prompt(task)
        case Rewrite():
            return rewrite_prompt(task)
        case Summarise():
            return summarise_prompt(task)


def rewrite_prompt(task: Rewrite, language: str = "") -> Prompt:
    """The prompt of a rewrite, with examples as turns that were answered before.

    They are asked for as the text is, see `rewrite_ask`.
    """
    return _writing_prompt(EDITING, task, rewrite_ask(language))


def summarise_prompt(task: Summarise, language: str = "") -> Prompt:
    """The prompt of a summary, likewise."""
    return _writing_prompt(SHORTENING, task, summarise_ask(language))


def _writing_prompt(system: str, task: WritingTask, ask: str) -> Prompt:
    before = f"{task.instruction.strip()}\n\nText:\n"
    return Prompt(
        system=system,
        before=before,
        turns=tuple(
            (f"{before}{each.text.strip()}{ask}", str(each.answer).strip())
            for each in shown_of(task.examples)
        ),
    )


def rewrite_ask(language: str = "", *, firmly: bool = False) -> str:
    """What stands behind a text that is to be rewritten; see `summarise_ask`."""
    return _written_ask("Rewritten text", language, firmly=firmly)


def summarise_ask(language: str = "", *, firmly: bool = False) -> str:
    """What stands behind a text that is to be summarised.

    Args:
        language: the name of the language to be written in; "" leaves it to the model,
            which follows the text where that is English and often goes back to English
            where it is not.
        firmly: for when the model did not follow.
    """
    return _written_ask("Summary", language, firmly=firmly)


def shortly(language: str) -> str:
    """How the model's turn begins, so that it says what matters and does not copy.

    Args:
        language: the code of the one to be written in; `UNKNOWN` counts as English.

    Returns:
        "" for a language that has no such words here: those of another would mislead.
    """
    return _SHORTLY.get(language or "en", "")


def _written_ask(what: str, language: str, *, firmly: bool) -> str:
    if not language:
        return f"\n\n{what}:"
    only = f"\n\nWrite in {language} and in no other language." if firmly else ""
    return f"{only}\n\n{what} in {language}:"


def label_line(label: Label) -> str:
    """A label and what belongs in it, as the prompt lists them."""
    name = _one_line(label.name)
    return f"{name}: {_one_line(label.meaning)}" if label.meaning else name


def _field_line(field: Field) -> str:
    meaning = _one_line(field.description)
    if field.choices:
        meaning = f"{meaning}; one of: {', '.join(field.choices)}".removeprefix("; ")
    return f"{_one_line(field.name)}: {meaning}" if meaning else _one_line(field.name)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shown(task: Classify) -> str:
    """The task's own examples, as they would be asked and answered."""
    if has_many_examples(task):
        return ""
    return "".join(
        f"\nText: {example.text.strip()}\nCategory: {example.answer}\n"
        for example in task.examples
        if isinstance(example.answer, str)
    )

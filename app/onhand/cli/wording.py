"""Answers, entries and tasks in plain words: what a pipe gets, and the remarks on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from onhand.domain.answers import (
    Classification,
    Extraction,
    Lane,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.calibration import ENOUGH, enough
from onhand.domain.tasks import Classify, Extract, Rewrite, kind_of
from onhand.domain.transfers import TransferState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from onhand.domain.answers import Answer, Check, Outcome
    from onhand.domain.layouts import Tuning
    from onhand.domain.tasks import AnswerData, Field, Label, Task
    from onhand.domain.transfers import Transfer
    from onhand.services.history_ports import Record

_LANES = {
    Lane.SURE: "an answer to rely on",
    Lane.CHECK: "look at it",
    Lane.HARD: "too hard for this model: look at it yourself",
}
_TRANSFERS = {
    TransferState.WAITING: "waiting",
    TransferState.RUNNING: "downloading",
    TransferState.PAUSED: "paused",
    TransferState.CHECKING: "checking",
    TransferState.DONE: "done",
    TransferState.FAILED: "failed",
}
MINUTE = 60.0


def answer_lines(answer: Answer) -> list[str]:
    """An answer for a pipe: the label, a label a line, 'field TAB value', or the text."""
    match answer:
        case Classification(label=label):
            return [label]
        case Tagging(labels=labels):
            return list(labels)
        case Extraction(fields=fields):
            return [
                f"{one_line(name)}\t{one_line(text)}"
                for name, values in fields.items()
                for text in ([value.text for value in values] or [""])
            ]
        case Rewriting(text=text) | Summary(text=text):
            return [text]


_OF_THE_WHOLE = frozenset({"text", "length", "ending"})
"""Checks of which nothing was lost that could be kept: what they found is told."""


def check_line(check: Check) -> str:
    """What became of something that a rewrite must keep."""
    if check.ok:
        return f"{check.name} kept"
    if check.name in _OF_THE_WHOLE and check.detail:
        return f"{check.name}: {check.detail}"
    return f"{check.name} NOT kept" + (f" ({check.detail})" if check.detail else "")


def outcome_line(record: Record, outcome: Outcome) -> str:
    """Where an answer was made, how long that took, how sure it is, whether it is kept."""
    kept = f"kept as r{record.id}" if record.id else "not kept"
    parts = [
        f"{outcome.model} on {outcome.device}",
        duration(outcome.seconds),
        how_sure(outcome),
        kept,
    ]
    return " \N{MIDDLE DOT} ".join(parts)


def how_sure(outcome: Outcome) -> str:
    """What to do with an answer, and what that rests on."""
    if outcome.receipt is not None:
        return "look at it: a cloud model tells no confidence that means anything here"
    if outcome.confidence is None or outcome.judged < ENOUGH:
        return (
            "not enough corrections yet to say how often such answers are right"
            f" ({outcome.judged} of {ENOUGH})"
        )
    wrong = math.ceil(round(100 * (1 - outcome.confidence), 6))
    said = (
        f"{_LANES[outcome.lane]} (of answers this sure about {wrong} in 100 were wrong,"
        f" n = {outcome.judged}"
    )
    if isinstance(outcome.answer, Rewriting | Summary):
        said += "; by its words' probability and the checks, which says less than a label's"
    promised = round(100 * outcome.promised)
    if promised and outcome.lane is Lane.SURE:
        said += f"; of those called so at most {promised} in 100 are, with 90 % certainty"
    missing = enough(outcome.promised) - outcome.judged if promised else 0
    if missing > 0:
        said += f"; {missing} more before any can be called sure"
    doubtful = [name for name, lane in outcome.lanes.items() if lane is not Lane.SURE]
    fields = f"; look at: {', '.join(map(one_line, doubtful))}" if doubtful else ""
    return f"{said}){fields}"


def read_line(share: float) -> str:
    """That not all of the text was read, which must always be said."""
    return f"Only {share:.1%} of the text was read; the answer says nothing of the rest."


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < MINUTE:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.1f} s"
    minutes = round(seconds / MINUTE)
    return f"{minutes} min" if minutes < MINUTE else f"{minutes // 60} h {minutes % 60} min"


def moment(at: datetime) -> str:
    """A time on the clock of this computer."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def size(count: int) -> str:
    """A number of bytes as people say it."""
    megabytes = count / 1e6
    return f"{megabytes / 1e3:.1f} GB" if megabytes >= 1e3 else f"{megabytes:.0f} MB"


def transfer_state(transfer: Transfer) -> str:
    """What a download does, in a word or two."""
    said = f"{transfer.model}: {_TRANSFERS[transfer.state]}"
    return f"{said} ({transfer.reason})" if transfer.reason else said


def transfer_speed(transfer: Transfer) -> str:
    """How fast it is, and how long it takes; "" where nobody knows."""
    left = transfer.seconds_left
    if left is None:
        return ""
    return f"{transfer.speed / 1e6:.1f} MB/s, {duration(left)} left"


def transfer_line(transfer: Transfer) -> str:
    """How a download stands."""
    parts = [
        transfer_state(transfer),
        f"{size(transfer.done)} of {size(transfer.total)}",
        transfer_speed(transfer),
    ]
    return ", ".join(part for part in parts if part)


def transfer_object(transfer: Transfer) -> dict[str, Any]:
    """A line of `--json`."""
    left = transfer.seconds_left
    return {
        "model": transfer.model,
        "state": transfer.state.value,
        "done": transfer.done,
        "total": transfer.total,
        "speed": round(transfer.speed),
        "seconds_left": None if left is None else round(left, 1),
        "reason": transfer.reason or None,
    }


def tuning_lines(model: str, tuning: Tuning) -> Iterator[str]:
    """What another layout of a model wins and loses here."""
    if tuning.layout is None:
        yield f"{model} stays as it came: {tuning.reason}."
        yield (
            f"The best other layout reads {tuning.reads:.2f} and writes"
            f" {tuning.writes:.2f} times as fast."
        )
    else:
        yield (
            f"{model} is used in the layout {tuning.layout} from now on. It reads"
            f" {tuning.reads:.2f} and writes {tuning.writes:.2f} times as fast."
        )
    compared = tuning.comparison
    if compared.corrected:
        yield (
            f"Of {compared.corrected} answers that you corrected, {compared.right_after}"
            f" are right, {compared.right_before} before."
        )
    else:
        yield f"Of {compared.texts} answers to neutral texts {compared.same} are the same."
    if tuning.layout is not None:
        yield f"'onhand models tune {model} --undo' takes it back."


def task_name(task: Task) -> str:
    """What a task is called in a list."""
    return task.name or str(kind_of(task))


NOT_KEPT = (
    "The examples of '{name}' were not kept: they are texts, and there is no key to encrypt"
    " them with. `onhand history unlock` makes one; import the task again then."
)


def task_lines(task: Task) -> Iterator[str]:
    """All that a task asks for."""
    yield f"{task.name or '(without a name)'}: {kind_of(task)}"
    yield f"Instruction: {task.instruction}"
    match task:
        case Classify(labels=labels, multiple=multiple, none=none):
            yield "Labels, any number of them:" if multiple else "Labels:"
            yield from (f"  {_label_line(label)}" for label in labels)
            if none is not None:
                yield f"  {none} (fits nowhere else)"
        case Extract(fields=fields):
            yield "Fields:"
            yield from (f"  {_field_line(field)}" for field in fields)
        case Rewrite(keep=keep):
            yield f"Keeps: {', '.join(keep) or 'nothing in particular'}"
        case _:
            pass
    if task.adapter:
        yield f"Adapter: {task.adapter}"
    if task.examples:
        yield f"Examples: {len(task.examples)}"


def correction_line(answer: AnswerData) -> str:
    """A right answer, as the user gave it."""
    match answer:
        case str():
            return answer
        case list():
            return ", ".join(answer) or "none of the labels"
        case dict():
            return "; ".join(
                f"{name}: {' | '.join(texts)}" for name, texts in answer.items()
            )


def one_line(text: str) -> str:
    """A text without line ends and tabulators, for a place in a table."""
    return " ".join(text.split())


def visible(text: str) -> str:
    """A text that cannot command a terminal: control characters are shown, not sent."""
    return text.replace("\r\n", "\n").translate(_PICTURES)


_PICTURES: dict[int, int] = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    **dict.fromkeys(range(0x7F, 0xA0), 0xFFFD),
}


def _label_line(label: Label) -> str:
    return f"{label.name}: {label.meaning}" if label.meaning else label.name


def _field_line(field: Field) -> str:
    words = [str(field.type)]
    words += ["several lines"] if field.multiline else []
    words += ["several values"] if field.many else []
    words += ["required"] if field.required else []
    words += [f"one of {', '.join(field.choices)}"] if field.choices else []
    said = f": {field.description}" if field.description else ""
    return f"{field.name}{said} ({', '.join(words)})"

"""`models compare`: what another model changes for the user's own texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onhand.cli.wording import correction_line, duration, one_line, size, task_name
from onhand.domain.answers import plain
from onhand.domain.comparing import MOST, Finding, Wanted
from onhand.domain.progress import CancelToken
from onhand.domain.verdicts import as_correction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.comparing import Comparison, Item, Reply
    from onhand.services.bundle import Services

_BEGINNING = 60
"""Letters of a text that tell which one it is."""


def compare(arguments: Arguments, services: Services, output: Output) -> int:
    """Put the user's texts to two models, and tell what changes."""
    wanted = Wanted(
        task=arguments.task, limit=arguments.limit or MOST, samples=arguments.samples
    )
    with output.progress("answers") as on_progress:
        found = services.compare(
            arguments.first, arguments.second, CancelToken(), on_progress, wanted=wanted
        )
    if output.as_json:
        output.object(_object(found))
        return 0
    for line in summary_lines(found):
        output.line(line)
    if found.changing:
        output.line("")
        output.table(
            ("entry", "task", "text", *(each.model for each in found.models), "right"),
            [_row(item) for item in found.changing],
        )
    return 0


def summary_lines(found: Comparison) -> Iterator[str]:
    """What a comparison comes to, in sentences."""
    yield _texts(found)
    if found.comparable:
        yield f"The same answer: {found.agreeing} of {found.comparable}."
    if found.written:
        yield f"Texts that were written anew and are worded by each model: {found.written}."
    yield from _right(found)
    for side, each in enumerate(found.models):
        yield f"{each.model}: {', '.join(_figures(found, side))}."


def _texts(found: Comparison) -> str:
    number = len(found.items)
    if found.samples:
        return f"{number} texts that come with the program were answered by both models."
    return f"{number} pinned and corrected texts were answered by both models."


def _right(found: Comparison) -> Iterator[str]:
    """Which model is right more often, as far as that can be said."""
    first, second = found.models
    if found.judged:
        yield (
            f"Right, of {found.judged} that you corrected: {first.model} {found.right(0)},"
            f" {second.model} {found.right(1)}."
        )
    yield _finding(found)
    for side, each in enumerate(found.models):
        if found.looks_worse(side):
            yield (
                f"Most of these you corrected because {each.model} was wrong, so it looks"
                " worse here than it is."
            )


def _finding(found: Comparison) -> str:
    first, second = (each.model for each in found.models)
    chance = f"p = {found.probability:.2g}"
    match found.finding:
        case Finding.NOTHING:
            return "Which is right more often cannot be said: none is corrected."
        case Finding.TOO_FEW:
            return "These are not enough to say which is right more often."
        case Finding.CHANCE:
            return f"The difference may be chance ({chance})."
        case Finding.FIRST:
            return f"{first} is right more often, hardly by chance ({chance})."
        case Finding.SECOND:
            return f"{second} is right more often, hardly by chance ({chance})."


def _figures(found: Comparison, side: int) -> Iterator[str]:
    seconds = found.seconds(side)
    if seconds is not None:
        yield f"{duration(seconds)} an answer"
    yield f"{size(found.models[side].memory)} of memory"
    if unanswered := found.unanswered(side):
        yield f"no answer for {unanswered}"
    if faulty := found.faulty(side):
        yield f"failed checks in {faulty} texts"


def _row(item: Item) -> tuple[str, ...]:
    right = "" if item.right is None else correction_line(item.right)
    return (
        f"r{item.record}" if item.record else "",
        task_name(item.task),
        one_line(item.text)[:_BEGINNING],
        *(_said(reply) for reply in item.replies),
        one_line(right),
    )


def _said(reply: Reply) -> str:
    if reply.answer is None:
        return f"({reply.error})"
    return one_line(plain(reply.answer)) or "(nothing)"


def _object(found: Comparison) -> dict[str, Any]:
    only = found.only
    return {
        "models": [
            {
                "model": each.model,
                "bytes": each.bytes,
                "memory": each.memory,
                "seconds": found.seconds(side),
                "right": found.right(side),
                "right_alone": only[side],
                "unanswered": found.unanswered(side),
                "failed_checks": found.faulty(side),
                "blamed": each.blamed,
            }
            for side, each in enumerate(found.models)
        ],
        "texts": len(found.items),
        "samples": found.samples,
        "comparable": found.comparable,
        "same": found.agreeing,
        "written": found.written,
        "corrected": found.judged,
        "p": found.probability if found.judged else None,
        "finding": str(found.finding),
        "changing": [_item_object(item) for item in found.changing],
    }


def _item_object(item: Item) -> dict[str, Any]:
    return {
        "id": f"r{item.record}" if item.record else None,
        "task": task_name(item.task),
        "text": item.text,
        "right": item.right,
        "answers": [
            None if each.answer is None else as_correction(each.answer)
            for each in item.replies
        ],
        "errors": [each.error or None for each in item.replies],
    }

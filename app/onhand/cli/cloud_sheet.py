"""`cloud send`: what would be sent is shown, and sent when somebody says so.

There is no option that skips the question, and nobody is asked who is not there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.cli import wording
from onhand.cli.cloud_commands import amount, hold_key, waiting
from onhand.cli.given import file_given, text_given
from onhand.cli.passphrases import has_terminal
from onhand.domain.cloud_errors import NoTerminal
from onhand.domain.errors import UsageError
from onhand.domain.progress import CancelToken
from onhand.services.escalate import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.escalation import Draft
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services


def send(arguments: Arguments, services: Services, output: Output) -> int:
    """Show, ask, send; returns the exit code."""
    output.raise_if_closed()
    if not has_terminal():
        raise NoTerminal
    escalate = services.cloud.escalate
    provider = escalate.provider(arguments.cloud_model)
    task, text = _asked_for(arguments, services)
    hold_key(arguments, services, provider)
    output.remark("Looking for what names somebody …")
    with output.progress("pieces of the text") as on_progress:
        draft = escalate.draft(task, text, provider, CancelToken(), on_progress)
    shown = _decided(draft, _named(draft, arguments.unmask), escalate.left(), output)
    if shown is None:
        output.remark("Nothing was sent.")
        return 0
    decision = Decision(shown=shown[0], off=shown[1], private=arguments.private)
    ran = escalate.send(draft, decision, CancelToken(), waiting(output))
    if ran.record.outcome is not None:
        output.answer(ran.record, ran.record.outcome)
    if ran.not_kept is not None:
        output.warn(f"onhand: the answer was not kept in the history. {ran.not_kept}")
    return 0


def _asked_for(arguments: Arguments, services: Services) -> tuple[Task, str]:
    """The task and the text.

    Raises:
        UsageError: they are not told, or told twice.
    """
    if arguments.entry:
        if arguments.text is not None or arguments.task or arguments.file != Path():
            raise UsageError("an --entry has its own text and task")
        record = services.history.get(arguments.entry)
        if not record.text:
            raise UsageError("of this entry only figures were kept")
        return record.task, record.text
    if not arguments.task:
        raise UsageError("give an --entry of the history, or a text and a --task")
    task = services.tasks.find(arguments.task)
    if arguments.file != Path():
        if arguments.text is not None:
            raise UsageError("give a text or a --file, not both")
        read = services.read_document
        return task, file_given(arguments.file, read, own_words=arguments.own_words).text
    if arguments.text in {None, "-"}:
        raise UsageError(
            "give the text as an argument or as a --file; the question is read"
            " from standard input"
        )
    return task, text_given(arguments.text, None).text


def _decided(
    draft: Draft, off: frozenset[str], left: int | None, output: Output
) -> tuple[str, frozenset[str]] | None:
    """What was shown when somebody said that it shall be sent, and the masks taken off."""
    while True:
        shown = draft.payload(off).shown
        _show(draft, off, left, output)
        output.warn(
            "Type 'send' to send just this, the name of a mask to switch it, or Enter to"
            " stay local."
        )
        try:
            said = input().strip()
        except EOFError:
            return None
        if said.lower() == "send":
            return shown, off
        switched = _switch(draft, said)
        if switched is None:
            if not said or said.lower() in {"n", "no", "local", "stay"}:
                return None
            output.warn(f"There is no mask '{said}'.")
            continue
        off = off ^ {switched}


def _show(draft: Draft, off: frozenset[str], left: int | None, output: Output) -> None:
    """The sheet: every byte, the masks, where to, and what it can cost."""
    payload = draft.payload(off)
    provider = payload.provider
    output.warn(payload.shown)
    output.warn("")
    output.warn(f"{len(payload.body)} bytes, as they stand above, to {provider.address}")
    key = "your key" if provider.keyed else "no key"
    output.warn(f"model {provider.model}; with {key}, and no name of yours or this laptop")
    worst = amount(payload.worst_cost)
    rest = "" if left is None else f"; {amount(left)} may still be spent this month"
    output.warn(f"price {worst} at most{rest}")
    if draft.track is not None:
        right, judged = draft.track.right, draft.track.judged
        output.warn(
            f"{right} of its {judged} answers to this task that you judged were right"
        )
    if provider.keeps:
        output.warn(f"what they keep: {provider.keeps}")
    for each in draft.masks:
        state = "shown" if each.name in off else "masked"
        words = wording.one_line(each.words)
        output.warn(f"  {each.name} {state}: {words} ({each.kind.covers})")
    if draft.unnamed is not None:
        output.warn(f"NOBODY HAS LOOKED FOR NAMES: {draft.unnamed}")
    output.warn("Masks may miss something. What stands above is what counts.")


def _named(draft: Draft, names: Sequence[str]) -> frozenset[str]:
    found = [_switch(draft, each) for each in names]
    if None in found:
        raise UsageError(f"there is no mask '{names[found.index(None)]}'")
    return frozenset(each for each in found if each)


def _switch(draft: Draft, said: str) -> str | None:
    """The mask that somebody means."""
    wanted = f"[{said.strip('[] ').upper()}]"
    return wanted if any(each.name == wanted for each in draft.masks) else None

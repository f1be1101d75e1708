"""`history`: finding, showing, correcting and pinning earlier answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onhand.cli import wording
from onhand.cli.given import standard_input, text_given
from onhand.cli.narrowing import sought_by
from onhand.domain.answers import Extraction, plain
from onhand.domain.errors import UsageError
from onhand.domain.output import error_object, output_object
from onhand.domain.tasks import Classify, Extract
from onhand.domain.verdicts import is_confirmed
from onhand.services.exporting import Sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.tasks import AnswerData
    from onhand.services.bundle import Services
    from onhand.services.history_ports import Record

USUAL_LIMIT = 20


def search(arguments: Arguments, services: Services, output: Output) -> int:
    """List the entries that hold all words, newest first."""
    limit = arguments.limit or USUAL_LIMIT
    sought = sought_by(arguments, services)
    found = services.history.search(
        sought.words,
        kind=sought.kind,
        limit=limit,
        before=arguments.before,
        only=sought.only,
    )
    if output.as_json:
        for record in found:
            output.object(_object(record))
        return 0
    if not found:
        output.remark(_nothing(sought))
        return 0
    columns = ("entry", "at", "task", "answer", "text")
    output.table(columns, [_row(record) for record in found], folded=False)
    if len(found) == limit:
        older = f"--before r{found[-1].id}"
        output.remark(f"There may be older ones: {older} shows them.")
    return 0


def _nothing(sought: Sought) -> str:
    if sought == Sought():
        return "No entry yet."
    if sought == Sought(words=sought.words):
        return "No entry has all these words."
    return "No entry is like this."


def show(arguments: Arguments, services: Services, output: Output) -> int:
    """Show an entry whole."""
    record = services.history.get(arguments.record)
    if output.as_json:
        output.object(_object(record))
        return 0
    pinned = ", pinned" if record.pinned else ""
    output.line(f"r{record.id}, {wording.moment(record.at)}{pinned}")
    for line in wording.task_lines(record.task):
        output.line(line)
    output.line("")
    if record.bare:
        output.line("Only its figures were kept.")
    else:
        output.line(record.text)
    output.line("")
    if record.outcome is not None:
        output.answer(record, record.outcome)
    elif (error := error_object(record.error, record.error_detail)) is not None:
        output.line(f"It failed. {error['title']}")
    if record.correction is not None:
        output.line(f"Corrected to: {wording.correction_line(record.correction)}")
    return 0


def correct(arguments: Arguments, services: Services, output: Output) -> int:
    """Store the right answer of an entry, which is an example of its task from then on."""
    record = services.history.get(arguments.record)
    if arguments.right and arguments.answer:
        raise UsageError("give either the right answer or --right")
    corrected = (
        services.correct.confirm(record.id)
        if arguments.right
        else services.correct(record.id, _right_answer(record, arguments.answer))
    )
    if output.as_json:
        output.object(_object(corrected))
    if corrected.correction is not None:
        right = wording.correction_line(corrected.correction)
        verdict = "right" if arguments.right else "corrected to"
        output.remark(f"r{corrected.id} is {verdict}: {wording.one_line(right)}")
    return 0


def pin(arguments: Arguments, services: Services, output: Output) -> int:
    """Pin an entry, or unpin it."""
    record = services.history.get(arguments.record)
    services.history.pin(record.id, pinned=not arguments.off)
    if output.as_json:
        output.object(_object(services.history.get(record.id)))
    output.remark(f"r{record.id} is {'no longer ' if arguments.off else ''}pinned.")
    return 0


def _right_answer(record: Record, given: Sequence[str]) -> AnswerData:
    """The answer that the arguments spell, of the form that the task has."""
    match record.task:
        case Classify(multiple=True):
            return list(given)
        case Extract():
            return _right_values(record, given)
        case Classify():
            return _only(given, "label")
        case _:
            return text_given(_only(given, "text"), standard_input()).text


def _right_values(record: Record, given: Sequence[str]) -> dict[str, list[str]]:
    """The values of all fields: what was given, and what was found for the others."""
    answer = record.outcome.answer if record.outcome else None
    right: dict[str, list[str]] = {}
    if isinstance(record.correction, dict):
        right.update(record.correction)
    elif isinstance(answer, Extraction):
        right.update(
            {
                name: [value.text for value in values]
                for name, values in answer.fields.items()
            }
        )
    named: dict[str, list[str]] = {}
    for argument in given:
        name, equals, value = argument.partition("=")
        if not equals:
            raise UsageError(f"expected FIELD=VALUE, got '{argument}'")
        named.setdefault(name, []).extend([value] if value else [])
    if not named:
        raise UsageError("give FIELD=VALUE for each field that was wrong")
    return right | named


def _only(given: Sequence[str], what: str) -> str:
    if len(given) != 1:
        raise UsageError(f"give one {what}, not {len(given)}")
    return given[0]


def _row(record: Record) -> tuple[str, ...]:
    if record.correction is not None:
        right = is_confirmed(record.task, record.outcome, record.correction)
        verdict = "right" if right else "corrected"
        answer = f"{wording.correction_line(record.correction)} ({verdict})"
    else:
        answer = plain(record.outcome.answer) if record.outcome else f"({record.error})"
    mark = " \N{BLACK STAR}" if record.pinned else ""
    return (
        f"r{record.id}{mark}",
        wording.moment(record.at),
        wording.task_name(record.task),
        answer,
        record.text,
    )


def _object(record: Record) -> dict[str, Any]:
    """What is told of any answer, and what only an entry has."""
    return output_object(record) | {
        "at": record.at.isoformat(),
        "task": wording.task_name(record.task),
        "task_id": record.task_id,
        "text": record.text,
        "correction": record.correction,
        "pinned": record.pinned,
        "batch": record.job,
    }

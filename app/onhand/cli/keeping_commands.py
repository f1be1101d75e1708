"""`history backup`, `restore`, `forget` and `export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.cli import wording
from onhand.cli.narrowing import sought_by, task_id_of
from onhand.cli.passphrases import has_terminal
from onhand.domain.errors import UsageError
from onhand.services.keeping_ports import Which

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services
    from onhand.services.keeping_ports import Backup

STAYS = "Files that you exported, and what other programs copied, stay as they are."


def back_up(arguments: Arguments, services: Services, output: Output) -> int:
    """Make a backup now, or list those that there are."""
    if arguments.list:
        for each in services.backups.all():
            _tell_backup(each, output)
        return 0
    made = services.backups.make()
    _tell_backup(made, output)
    output.remark("It was reopened and checked.")
    return 0


def restore(arguments: Arguments, services: Services, output: Output) -> int:
    """Put a backup in the place of the history."""
    if arguments.empty:
        return _begin_anew(services, output)
    restored = services.backups.restore(arguments.name or None)
    if output.as_json:
        output.object({"restored": restored.backup.name, "set_aside": restored.set_aside})
    output.remark(
        f"The history is that of {wording.moment(restored.backup.at)} again; what was"
        " answered since is not in it."
    )
    if restored.set_aside:
        output.remark(f"What was there is kept as {restored.set_aside}.")
    return 0


def _begin_anew(services: Services, output: Output) -> int:
    aside = services.backups.begin_anew()
    if output.as_json:
        output.object({"restored": None, "set_aside": aside})
    output.remark("The history is empty.")
    if aside:
        output.remark(f"What was there is kept as {aside}.")
    return 0


def forget(arguments: Arguments, services: Services, output: Output) -> int:
    """Take entries out of the history and of all that holds them."""
    which = _which(arguments, services)
    if not arguments.yes:
        entries = services.forget.count(which)
        for each in services.exports.known():
            output.remark(
                f"{each.path} was written on {wording.moment(each.at)} and stays."
            )
        confirm(f"Forget {entries} entries, in every backup too? {STAYS}", output)
    stays = services.exports.known()
    gone = services.forget(which, delete_unreadable=arguments.delete_unreadable)
    if output.as_json:
        output.object(
            {
                "entries": gone.entries,
                "backups": gone.backups,
                "unreadable": list(gone.unreadable),
                "stays": [str(each.path) for each in stays],
            }
        )
    output.remark(
        f"{gone.entries} entries are forgotten, and {gone.backups} backups were written"
        f" anew. {STAYS}"
    )
    for name in gone.unreadable:
        output.warn(
            f"{name} cannot be read, and may still hold them (encrypted);"
            " --delete-unreadable removes it."
        )
    return 0


def export(arguments: Arguments, services: Services, output: Output) -> int:
    """Write entries into a file, or to standard output."""
    sought = sought_by(arguments, services)
    if arguments.out is None:
        for piece in services.exports.pieces(sought, arguments.format):
            output.line(piece.removesuffix("\n").removesuffix("\r"))
        return 0
    services.exports(sought, arguments.format, arguments.out, replace=arguments.replace)
    output.remark(f"Written to {arguments.out}, which is not encrypted.")
    return 0


def _which(arguments: Arguments, services: Services) -> Which:
    ways = (
        bool(arguments.records),
        arguments.all,
        arguments.older is not None,
        bool(arguments.task),
    )
    if sum(ways) != 1:
        raise UsageError("give entries, or one of --all, --older DAYS and --task TASK")
    for each in arguments.records:
        services.history.get(each)
    task_id = task_id_of(arguments.task, services) if arguments.task else None
    return Which(
        ids=tuple(arguments.records),
        all=arguments.all,
        older=arguments.older,
        task_id=task_id,
    )


def confirm(
    question: str, output: Output, otherwise: str = "nothing was forgotten"
) -> None:
    """Ask; nothing that cannot be undone happens by a slip.

    Raises:
        UsageError: the answer was no, or nobody is there to be asked.
    """
    if not has_terminal():
        raise UsageError("say that it is meant with --yes")
    output.warn(question)
    if input("[y/N] ").strip().lower() not in {"y", "yes"}:
        raise UsageError(otherwise)


def _tell_backup(backup: Backup, output: Output) -> None:
    if output.as_json:
        output.object(
            {"name": backup.name, "at": backup.at.isoformat(), "bytes": backup.bytes}
        )
        return
    size = max(1, round(backup.bytes / 1000))
    output.line(f"{backup.name}\t{wording.moment(backup.at)}\t{size} kB")

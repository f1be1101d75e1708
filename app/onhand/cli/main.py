"""The command line: runs the command, and tells what went wrong."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from onhand.cli import (
    batch_commands,
    cloud_commands,
    cloud_sheet,
    compare_command,
    doctor,
    evaluate_command,
    fit_commands,
    history_commands,
    import_commands,
    keeping_commands,
    key_commands,
    ledger_commands,
    model_commands,
    own_task_commands,
    pack_commands,
    policy_commands,
    remove_command,
    setting_commands,
    shelf_commands,
    task_commands,
    teach_commands,
    text_commands,
    update_commands,
    usage_command,
)
from onhand.cli.output import Output, ReaderGone
from onhand.domain.errors import AppError
from onhand.domain.progress import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from onhand.cli.arguments import Arguments
    from onhand.services.bundle import Services

STOPPED = 130
"""The exit code after Ctrl+C."""


class OpenServices(Protocol):
    """Builds the services, and closes them at the end."""

    def __call__(self, *, engine_soon: bool) -> AbstractContextManager[Services]:
        """The services; `engine_soon` starts the engine at once: it will be needed."""
        ...


ANSWERING = frozenset(
    {"classify", "extract", "rewrite", "summarise", "batch", "teach", "evaluate"}
    | {"doctor", "models compare", "cloud send"}
)
"""The commands that need the engine."""

COMMANDS: Mapping[str, Callable[[Arguments, Services, Output], int]] = MappingProxyType(
    {
        "classify": text_commands.answer_text,
        "extract": text_commands.answer_text,
        "rewrite": text_commands.answer_text,
        "summarise": text_commands.answer_text,
        "batch": batch_commands.run_batch,
        "evaluate": evaluate_command.evaluate,
        "teach": teach_commands.teach,
        "history search": history_commands.search,
        "history show": history_commands.show,
        "history correct": history_commands.correct,
        "history pin": history_commands.pin,
        "history backup": keeping_commands.back_up,
        "history restore": keeping_commands.restore,
        "history forget": keeping_commands.forget,
        "history export": keeping_commands.export,
        "history unlock": key_commands.unlock,
        "history lock": key_commands.lock,
        "history rekey": key_commands.rekey,
        "tasks list": task_commands.list_tasks,
        "tasks show": task_commands.show,
        "tasks check": task_commands.check,
        "tasks import": task_commands.take,
        "tasks new": own_task_commands.new,
        "tasks edit": own_task_commands.edit,
        "tasks export": own_task_commands.export,
        "tasks remove": remove_command.remove,
        "models list": fit_commands.list_models,
        "models import": import_commands.take,
        "models info": import_commands.info,
        "models pack": pack_commands.make,
        "models download": shelf_commands.download,
        "models verify": shelf_commands.verify,
        "models remove": shelf_commands.remove,
        "models use": model_commands.use,
        "models tune": model_commands.tune,
        "models try": fit_commands.try_model,
        "models compare": compare_command.compare,
        "settings get": setting_commands.get,
        "settings set": setting_commands.change,
        "settings reset": setting_commands.reset,
        "policy show": policy_commands.show,
        "update check": update_commands.check,
        "cloud list": cloud_commands.show,
        "cloud add": cloud_commands.add,
        "cloud test": cloud_commands.test,
        "cloud remove": cloud_commands.remove,
        "cloud send": cloud_sheet.send,
        "usage": usage_command.tell,
        "ledger": ledger_commands.show,
        "doctor": doctor.examine,
    }
)


def run(arguments: Arguments, open_services: OpenServices) -> int:
    """Run a command; returns the exit code."""
    output = Output.standard(as_json=arguments.json, quiet=arguments.quiet)
    try:
        try:
            with open_services(engine_soon=arguments.command in ANSWERING) as services:
                _remark(arguments, services, output)
                return COMMANDS[arguments.command](arguments, services, output)
        except AppError as error:
            output.failure(error)
            return error.exit_code
        except (Cancelled, KeyboardInterrupt):
            output.stopped(f"Stopped.{_way_on(arguments)}")
            return STOPPED
    except ReaderGone:
        return 0


def _way_on(arguments: Arguments) -> str:
    """What a command that was stopped leaves to go on with, if anything."""
    if arguments.command != "batch" or arguments.private or arguments.trial:
        return ""
    return " Run it again to go on; where no history is kept, it begins anew."


def _remark(arguments: Arguments, services: Services, output: Output) -> None:
    """Say what must be known before a command begins; nothing of it stops the command."""
    if arguments.command in ANSWERING:
        with suppress(AppError):  # the command tells what is wrong
            import_commands.remark_if_unverified(services, output)
    if arguments.private or arguments.command == "doctor":
        return
    warning = services.place.warning_once()
    if warning is not None:
        output.warn(f"onhand: {warning}")
        output.warn(f"  {warning.hint}")

"""`models pack`, and `models import` of a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onhand.cli.wording import NOT_KEPT, size, task_lines
from onhand.domain.errors import InputUnreadable, UsageError
from onhand.domain.packs import SMALL_MOST, as_fingerprint
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import identity
from onhand.services.make_pack import Contents

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services
    from onhand.services.import_pack import TakenPack
    from onhand.services.pack_ports import SigningKey


def make(arguments: Arguments, services: Services, output: Output) -> int:
    """Put models into one signed file."""
    contents = Contents(
        models=arguments.wanted_all,
        tasks=[(path.name, _read(path)) for path in arguments.task_files],
        policy=_read(arguments.policy) if arguments.policy is not None else None,
    )
    if not (contents.models or contents.tasks or contents.policy):
        raise UsageError("say what goes into the pack: a model, a task or a policy")
    key = _key(arguments, services)
    with output.progress("packing") as on_progress:
        made = services.packs.make(
            arguments.file, contents, key, CancelToken(), on_progress
        )
    models = [model.id for model in made.manifest.models]
    if output.as_json:
        output.object(
            {"pack": str(made.path), "models": models, "fingerprint": made.fingerprint}
        )
        return 0
    output.line(f"{made.path}: {', '.join(models) or 'no model'}")
    output.line(f"signed by {made.fingerprint}")
    output.remark(
        "Whoever takes it needs this fingerprint, from you and not with the pack."
    )
    return 0


def take_pack(arguments: Arguments, services: Services, output: Output) -> int:
    """Take a pack: its models, its tasks, its policy."""
    accepted = as_fingerprint(arguments.trust) if arguments.trust else ""
    if accepted is None:
        raise UsageError("--trust takes a fingerprint, 64 hexadecimal digits")
    with output.progress("importing") as on_progress:
        taken = services.packs.take(arguments.file, accepted, CancelToken(), on_progress)
    if output.as_json:
        output.object(_object(taken, str(arguments.file)))
        return 0
    _show(taken, output)
    return 0


def _show(taken: TakenPack, output: Output) -> None:
    for model in taken.models:
        output.line(f"{model.id}: {size(model.bytes)}, verified")
    for task in taken.tasks:
        for line in task_lines(task):
            output.line(line)
    if taken.tasks:
        output.remark("Read the instructions of these tasks before you use them.")
    for name in taken.bare:
        output.warn(NOT_KEPT.format(name=name))
    if taken.policy is not None:
        for line in taken.policy_text.splitlines():
            output.line(f"policy: {line}")
        output.warn(f"The policy is kept in {taken.policy}. Nothing applies it yet.")
    output.remark(f"Signed by {taken.fingerprint}.")


def _object(taken: TakenPack, source: str) -> dict[str, Any]:
    return {
        "source": source,
        "models": [model.id for model in taken.models],
        "tasks": [
            {"task": task.name, "id": identity(task), "instruction": task.instruction}
            for task in taken.tasks
        ],
        "licences": list(taken.licences),
        "policy": str(taken.policy) if taken.policy else None,
        "fingerprint": taken.fingerprint,
        "error": None,
    }


def _key(arguments: Arguments, services: Services) -> SigningKey:
    if arguments.key is not None and arguments.new_key is not None:
        raise UsageError("--key and --new-key exclude each other")
    if arguments.new_key is not None:
        return services.packs.signatures.create(arguments.new_key)
    if arguments.key is not None:
        return services.packs.signatures.load(arguments.key)
    return services.packs.own_key()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(SMALL_MOST + 1)
    except OSError as error:
        raise InputUnreadable(f"{path}: {error.strerror or error}") from error
    if len(data) > SMALL_MOST:
        raise UsageError(f"{path} is larger than {SMALL_MOST} bytes")
    return data

"""`policy`: what the organisation has fixed, what it recommends, and what it got wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.cli.setting_commands import spelled

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services


def show(_: Arguments, services: Services, output: Output) -> int:
    """List every policy that holds with its place; tell what could not be used."""
    policies = services.settings.policies
    held = [*policies.managed.values(), *policies.recommended.values()]
    if output.as_json:
        for each in held:
            output.object(
                {
                    "policy": each.key.name,
                    "setting": each.key.setting,
                    "value": each.value,
                    "level": each.level,
                    "place": each.place,
                }
            )
        for problem in policies.problems:
            output.object({"problem": problem})
        return 0
    for problem in policies.problems:
        output.warn(problem)
    if not held:
        output.remark("Your organisation manages nothing here.")
        return 0
    output.table(
        ("policy", "value", "level", "setting", "place"),
        [
            (each.key.name, spelled(each.value), each.level, each.key.setting, each.place)
            for each in held
        ],
    )
    return 0

"""`settings`: every setting, its value, where it comes from; and changing it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from onhand.domain.settings import Settings, with_value, without_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.policies import Policies
    from onhand.services.bundle import Services
    from onhand.services.ports import SettingsStore


def get(arguments: Arguments, services: Services, output: Output) -> int:
    """Show the settings that were named, or all."""
    _show(services.settings, arguments.names, output)
    return 0


def change(arguments: Arguments, services: Services, output: Output) -> int:
    """Give a setting another value."""
    settings = with_value(services.settings.load(), arguments.name, arguments.value)
    services.settings.save(settings)
    _show(services.settings, [arguments.name], output)
    return 0


def reset(arguments: Arguments, services: Services, output: Output) -> int:
    """Give settings their default again."""
    settings, base = services.settings.load(), services.settings.policies.base()
    for name in arguments.names:
        settings = without_value(settings, name, base)
    services.settings.save(settings)
    _show(services.settings, arguments.names, output)
    return 0


def _show(store: SettingsStore, names: Sequence[str], output: Output) -> None:
    settings, policies = store.load(), store.policies
    for name in names:
        without_value(settings, name)  # raises where there is no such setting
    fields = [
        field for field in dataclasses.fields(Settings) if not names or field.name in names
    ]
    if output.as_json:
        for field in fields:
            output.object(_object(settings, field, policies))
        return
    output.table(
        ("setting", "value", "from", "default", "what it is"),
        [
            (
                field.name,
                spelled(getattr(settings, field.name)),
                policies.source(settings, field.name),
                spelled(field.default),
                field.metadata["help"],
            )
            for field in fields
        ],
    )


def _object(
    settings: Settings, field: dataclasses.Field[Any], policies: Policies
) -> dict[str, Any]:
    return {
        "setting": field.name,
        "value": getattr(settings, field.name),
        "default": field.default,
        "from": policies.source(settings, field.name),
        "help": field.metadata["help"],
    }


def spelled(value: object) -> str:
    """A value as `settings set` takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

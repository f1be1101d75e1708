"""A report for whoever helps: what works here and what does not, without user text."""

from __future__ import annotations

import dataclasses
import json
from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.harmless import harmless
from onhand.domain.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from onhand.services.examine import Finding
    from onhand.services.ports import SettingsStore

HARMLESS_FINDINGS = frozenset(
    {"program", "system", "processor", "documents", "sandbox", "speed", "tried"}
)
"""What is told there has no names of files, tasks or models in it."""

READ_ME = """\
This report on Onhand was made by 'onhand doctor --bundle' and was sent nowhere. It is
plain text: read it before you pass it on.

doctor.txt     what works here and what does not. Names of files and models are left out.
settings.json  settings and where their values come from; for words only whether there are
               any.
policies.json  which settings an organisation fixes or recommends, likewise.
logs/          the last lines of each log: when and where something was said, and what, as
               far as it has a form that holds none of your words.

Not in it: your texts, answers, tasks, labels, names of files or folders, passwords.
"""


class MakeReport:
    """Makes a report of what was found; nothing leaves the machine."""

    def __init__(
        self,
        *,
        settings: SettingsStore,
        logs: Callable[[], Mapping[str, Sequence[str]]],
        save: Callable[[Path, Mapping[str, str]], None],
    ) -> None:
        """Wire it.

        Args:
            settings: the settings and policies in force.
            logs: gives the last lines of each log by its name.
            save: writes texts by their names into one file; raises `OutputUnwritable`.
        """
        self._settings = settings
        self._logs = logs
        self._save = save

    def __call__(self, findings: Sequence[Finding], path: Path) -> None:
        """Write the report.

        Raises:
            OutputUnwritable: it cannot be written, or there is a file already.
            DiskFull: there is no room for it.
        """
        parts = {
            "README.txt": READ_ME,
            "doctor.txt": "".join(f"{_told(each)}\n" for each in findings),
            "settings.json": _as_json(self._settings_told()),
            "policies.json": _as_json(self._policies_told()),
        }
        for name, lines in self._logs().items():
            parts[f"logs/{name}"] = "".join(f"{harmless(line)}\n" for line in lines)
        self._save(path, parts)

    def _settings_told(self) -> dict[str, object]:
        settings, policies = self._settings.load(), self._settings.policies
        return {
            each.name: {
                "value": _plain(getattr(settings, each.name)),
                "from": policies.source(settings, each.name),
            }
            for each in dataclasses.fields(Settings)
        }

    def _policies_told(self) -> dict[str, object]:
        policies = self._settings.policies
        held = [*policies.managed.values(), *policies.recommended.values()]
        told: dict[str, object] = {
            f"{each.key.name} ({each.level})": _plain(each.value) for each in held
        }
        return {**told, "problems": len(policies.problems)}


def _told(finding: Finding) -> str:
    if finding.error is not None:
        return f"no {finding.name}: {finding.error.code}"
    told = finding.told if finding.name in HARMLESS_FINDINGS else "works"
    return f"ok {finding.name}: {told}"


def _plain(value: object) -> object:
    """A value that a person did not write, or whether there is one."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return "(set)" if value else ""
    return value


def _as_json(value: object) -> str:
    return f"{json.dumps(value, indent=2)}\n"

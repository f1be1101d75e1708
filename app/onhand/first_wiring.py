"""Builds what the first screen shows, and what is needed for little else; loads little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.policies import read_policies
from onhand.host import find_data
from onhand.policies.system import system_policies
from onhand.services.model_choice import ModelChoice
from onhand.storage.ladder_file import LadderFile
from onhand.storage.model_files import ModelFiles
from onhand.storage.settings_file import SettingsFile
from onhand.storage.shared_models import shared_model_folders
from onhand.storage.task_files import TaskFiles, no_examples
from onhand.storage.tuning_files import TuningFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.tasks import Example
    from onhand.host import Paths
    from onhand.services.first_screen import FirstScreen
    from onhand.services.policy_ports import PolicySource


@dataclass(frozen=True, kw_only=True)
class _First:
    """The parts of a `FirstScreen`, which needs no closing."""

    settings: SettingsFile
    tasks: TaskFiles
    models: ModelChoice


def first_screen(paths: Paths, model: str = "") -> FirstScreen:
    """What the first screen shows; `model` answers in this run, "" is what settings say.

    Raises:
        DataDamaged: the program's own files are missing.
    """
    settings = settings_file(paths)
    choice = ModelChoice(
        store=model_files(paths),
        settings=settings,
        tunings=TuningFiles(paths.layouts, LadderFile(paths.ladder)),
        wanted=model,
    )
    return _First(settings=settings, tasks=task_files(paths), models=choice)


def settings_file(paths: Paths, policies: PolicySource | None = None) -> SettingsFile:
    """The user's settings under the policies; None: where this system has them."""
    held = read_policies((policies or system_policies()).read())
    return SettingsFile(paths.settings, held)


def model_files(paths: Paths) -> ModelFiles:
    """The catalogue, and the model files in all folders."""
    return ModelFiles(
        catalog=find_data() / "models.json",
        folders=(*paths.model_folders(), *shared_model_folders()),
    )


def task_files(
    paths: Paths, examples: Callable[[str], Sequence[Example]] = no_examples
) -> TaskFiles:
    """The built-in tasks and the user's own, whose examples are kept apart."""
    return TaskFiles(
        built_in=find_data() / "resources" / "tasks",
        own=paths.tasks,
        adapters=paths.model_folders(),
        examples=examples,
    )

"""What the program is to show when it opens, and who may ask for more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from onhand.domain.settings import Language
from onhand.domain.starts import Start
from onhand.services.first_screen import FirstScreen
from onhand.services.start_ports import Doorstep


@dataclass(frozen=True, kw_only=True)
class Opening:
    """How the program is opened.

    Attributes:
        doorstep: where later starts leave what they want; None where there is no place.
        guide: the folder of the guide; None where it is missing.
        licences: the file with all licences; None where it is missing.
        tell_holds: is told at the end what held the window up; None: nobody wants to know.
        language: what the window speaks.
        translations: the folder with the languages; None: there is English alone.
        state: where it is kept how the window was left; None: nowhere.
        make_first: makes what the first screen shows, before the services are loaded; None:
            they show it themselves.
    """

    start: Start = field(default_factory=Start)
    doorstep: Doorstep | None = None
    guide: Path | None = None
    licences: Path | None = None
    tell_holds: Callable[[str], None] | None = None
    language: Language = Language.SYSTEM
    translations: Path | None = None
    state: Path | None = None
    make_first: Callable[[], FirstScreen] | None = None

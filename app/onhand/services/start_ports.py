"""How a later start of the program reaches the first one, as a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.starts import Start


class Doorstep(Protocol):
    """Where later starts leave what they want, while this process is the first."""

    @property
    def folder(self) -> Path:
        """The folder that changes when somebody left something."""
        ...

    def take(self) -> list[Start]:
        """What was left since the last call, oldest first; never fails."""
        ...

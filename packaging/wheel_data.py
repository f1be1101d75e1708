"""Copies the files that lie beside the package into a built wheel.

Hatchling's own `force-include` would copy them into an editable install as well, once, and
the copies would go stale.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelData(BuildHookInterface):
    """Reads the table `copies` in pyproject.toml: source to place in the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to copy; `version` is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"].update(self.config["copies"])

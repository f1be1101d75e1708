"""Which version is packaged."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "ONHAND_PACKAGE_VERSION"
"""The environment variable with another version for a package, to try upgrades with."""


def project_version(root: Path) -> str:
    """The version in pyproject.toml, unless the environment names another."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return os.environ.get(VARIABLE) or str(project["project"]["version"])

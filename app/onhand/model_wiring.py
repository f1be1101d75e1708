"""Builds everything about models: getting them, trusting them, keeping them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.host import find_data
from onhand.storage.model_files import ModelFiles
from onhand.storage.model_shelf import ModelShelf

if TYPE_CHECKING:
    from onhand.host import Paths


def model_files(paths: Paths) -> ModelFiles:
    """The catalogue, and the model files in all folders."""
    return ModelFiles(catalog=find_data() / "models.json", folders=paths.model_folders())


def model_shelf(paths: Paths) -> ModelShelf:
    """The user's own model folder, where files are put after they were compared."""
    return ModelShelf(paths.models, paths.locks)

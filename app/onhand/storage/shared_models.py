"""The folders with models for all users of this computer, which only IT writes to."""

from __future__ import annotations

import os
from pathlib import Path


def shared_model_folders() -> tuple[Path, ...]:
    """Where the system keeps what all users share; the folders need not be there.

    Models there are used in place: mapped into memory, and never copied or removed.
    """
    from platformdirs import site_data_dir  # noqa: PLC0415 - slow, and not always needed

    places = site_data_dir("onhand", appauthor=False, multipath=True).split(os.pathsep)
    return tuple(Path(place) / "models" for place in places)

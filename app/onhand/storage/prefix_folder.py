"""The folder of decoded prefixes.

The engine writes the files (`engine/llama/prefix_files.py`); here the folder is made, for
its owner's eyes alone, and removed. Their key comes from that of the history.
"""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.primitives import PrefixCache
from onhand.storage.safe_files import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.domain.primitives import Prompt

_log = logging.getLogger(__name__)


class PrefixFolder:
    """The prefix port over a folder."""

    def __init__(self, folder: Path, key: Callable[[], bytes | None]) -> None:
        """Wire it.

        Args:
            folder: holds nothing else; it is made when something is to be kept.
            key: 32 bytes; None where nothing can be kept.
        """
        self._folder = folder
        self._key = key

    def cache(self, lasting: Prompt | None) -> PrefixCache | None:
        """The place; None where there is none, or none can be made."""
        there = self._folder.is_dir()
        key = self._key() if there or lasting is not None else None
        if key is None:
            return None
        try:
            private_folder(self._folder)
        except AppError as error:
            _log.warning("decoded prefixes are not kept: %s", error.code)
            return None
        return PrefixCache(folder=str(self._folder), key=key, lasting=lasting)

    def forget(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self._folder, ignore_errors=True)

"""The folder of decoded prefixes, and the key that proves where its files come from.

The engine writes the files (`engine/llama/prefix_files.py`); here the folder is made, for
its owner's eyes alone, and removed.
"""

from __future__ import annotations

import logging
import os
import shutil
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.primitives import PrefixCache
from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.primitives import Prompt

KEY_BYTES = 32

_log = logging.getLogger(__name__)


class PrefixFolder:
    """The prefix port over a folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds nothing else; it is made when something is to be kept."""
        self._folder = folder

    def cache(self, lasting: Prompt | None) -> PrefixCache | None:
        """The place; None where there is none, or none can be made."""
        key = self._key()
        if key is None and lasting is not None:
            key = self._new_key()
        if key is None:
            return None
        return PrefixCache(folder=str(self._folder), key=key, lasting=lasting)

    def forget(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _file(self) -> Path:
        return self._folder / "key"

    def _key(self) -> bytes | None:
        try:
            key = self._file.read_bytes()
        except OSError:
            return None
        return key if len(key) == KEY_BYTES else None

    def _new_key(self) -> bytes | None:
        """Make a key. Files that were written under another are void from then on."""
        key = os.urandom(KEY_BYTES)
        try:
            replace_data_file(self._file, key)
        except AppError as error:
            _log.warning("decoded prefixes are not kept: %s", error.code)
            return None
        return key

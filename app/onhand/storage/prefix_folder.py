"""The folder of decoded prefixes.

The engine writes the files (`engine/llama/prefix_files.py`); here the folder is made, for
its owner's eyes alone, and removed. The key of the files comes from that of the history
and a random salt beside the folder: without the salt nobody can make it again, so what is
left of removed files on a disk is of no use, not even to who has the key of the history.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, DataFolderUnwritable
from onhand.domain.primitives import PrefixCache
from onhand.storage.safe_files import failures_as, private_folder, replace_data_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.domain.primitives import Prompt

SALT_BYTES = 32

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
        self._salted = folder.with_name(f"{folder.name}.salt")
        self._key = key

    def cache(self, lasting: Prompt | None) -> PrefixCache | None:
        """The place; None where there is none, or none can be made."""
        there = self._folder.is_dir()
        key = self._key() if there or lasting is not None else None
        if key is None:
            return None
        try:
            private_folder(self._folder)
            salted = hmac.new(key, self._salt(), hashlib.sha256).digest()
        except AppError as error:
            _log.warning("decoded prefixes are not kept: %s", error.code)
            return None
        return PrefixCache(folder=str(self._folder), key=salted, lasting=lasting)

    def forget(self) -> None:
        """Remove the folder with all that is in it.

        It loses its name first, so that an engine that is writing finds it no more.
        """
        gone = self._folder.with_name(f".{self._folder.name}.forgotten")
        shutil.rmtree(gone, ignore_errors=True)
        with suppress(OSError):
            self._folder.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        with suppress(OSError):
            self._salted.unlink()

    def _salt(self) -> bytes:
        """What is mixed into the key, made anew where it is missing or cut.

        Raises:
            DataFolderUnwritable, DiskFull: there is none.
        """
        path = self._salted
        with failures_as(DataFolderUnwritable, path):
            if not path.exists() or path.stat().st_size != SALT_BYTES:
                replace_data_file(path, os.urandom(SALT_BYTES))
            return path.read_bytes()

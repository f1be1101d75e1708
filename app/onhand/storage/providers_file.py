"""The cloud models that the user has added, in a small JSON file without any secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.cloud import Provider
from onhand.domain.cloud_errors import ProviderUnknown
from onhand.domain.errors import AppError, DataDamaged, DataFolderUnwritable
from onhand.storage.safe_files import failures_as, replace_data_file

if TYPE_CHECKING:
    from pathlib import Path


class ProviderFiles:
    """The provider port over two files: ours, and the user's."""

    def __init__(self, *, known: Path, added: Path) -> None:
        """`known` comes with the program; it may be edited, and so may `added`."""
        self._known = known
        self._added = added

    def known(self) -> tuple[Provider, ...]:
        """See `ProviderStore`.

        Raises:
            DataDamaged: the file of the program is damaged.
        """
        return _read(self._known)

    def added(self) -> tuple[Provider, ...]:
        """See `ProviderStore`.

        Raises:
            DataDamaged: the user's file cannot be read; it stays as it is.
        """
        return _read(self._added)

    def add(self, provider: Provider) -> None:
        """See `ProviderStore`."""
        others = [each for each in self.added() if each.name != provider.name]
        self._write((*others, provider))

    def remove(self, name: str) -> None:
        """See `ProviderStore`."""
        added = self.added()
        others = tuple(each for each in added if each.name != name)
        if len(others) == len(added):
            raise ProviderUnknown(name)
        self._write(others)

    def _write(self, providers: tuple[Provider, ...]) -> None:
        written = msgspec.json.format(msgspec.json.encode(list(providers)), indent=2)
        replace_data_file(self._added, written + b"\n")


def _read(path: Path) -> tuple[Provider, ...]:
    with failures_as(DataFolderUnwritable, path):
        data = path.read_bytes() if path.exists() else b"[]"
    try:
        return msgspec.json.decode(data, type=tuple[Provider, ...])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, AppError) as error:
        raise DataDamaged(f"{path}: {error}") from error

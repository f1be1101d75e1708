"""Everything that is known about a model, whether it is here or not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.catalog import ModelSpec
from onhand.domain.errors import AppError, ModelMissing
from onhand.domain.model_errors import ModelUnknown
from onhand.domain.model_header import ModelHeader
from onhand.domain.receipts import Receipt
from onhand.domain.trust import Trust
from onhand.services.ports import InstalledModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.catalog import Catalog
    from onhand.services.admitting import AdmitModels
    from onhand.services.import_ports import HeaderReader
    from onhand.services.model_ports import ModelShelf
    from onhand.services.ports import ModelStore


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is known about a model; None for what is not.

    Attributes:
        spec: its entry in the catalogue.
        installed: its file on this machine.
        trust: how far the bytes of that file are to be believed.
        receipt: what was written down when it came.
        header: what its file says of itself, where nobody else says anything.
        own: whether it lies in the user's own model folder, and can be removed.
    """

    spec: ModelSpec | None = None
    installed: InstalledModel | None = None
    trust: Trust | None = None
    receipt: Receipt | None = None
    header: ModelHeader | None = None
    own: bool = False


class DescribeModels:
    """Puts together what catalogue, folders, receipts and headers say."""

    def __init__(
        self,
        *,
        catalog: Callable[[], Catalog],
        store: ModelStore,
        shelf: ModelShelf,
        admit: AdmitModels,
        header: HeaderReader,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._shelf = shelf
        self._admit = admit
        self._header = header

    def trust(self, model: InstalledModel) -> Trust | None:
        """How far a file is to be believed, without reading it; None where it is gone."""
        try:
            return self._admit.look(model.path)
        except ModelMissing:
            return None

    def __call__(self, wanted: str) -> Description:
        """What is known about the model with this id, start of an id, or path.

        Raises:
            ModelUnknown: nothing is.
            DataDamaged: the catalogue cannot be read.
        """
        specs = self._catalog().fitting(wanted) if wanted else ()
        named = specs[0] if len(specs) == 1 else None
        try:
            installed = self._store.find(named.id if named is not None else wanted)
        except ModelMissing as error:
            if named is None:
                raise ModelUnknown(error.detail) from error
            return Description(spec=named)
        own = self._shelf.holds(installed.path)
        spec = named or self._catalog().by_file(installed.path.name)
        return Description(
            spec=spec,
            installed=installed,
            trust=self.trust(installed),
            receipt=self._shelf.receipt(installed.path.name) if own else None,
            header=self._own_words(installed) if spec is None else None,
            own=own,
        )

    def _own_words(self, model: InstalledModel) -> ModelHeader | None:
        with suppress(AppError):
            return self._header(model.path)
        return None

"""All that an interface does with model packs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onhand.services.import_pack import ImportPack
from onhand.services.make_pack import MakePack
from onhand.services.pack_ports import Signatures, SigningKey


@dataclass(frozen=True, kw_only=True)
class PackModels:
    """Making packs, taking them, and keys.

    Attributes:
        own_key: the user's own key, made when it is first asked for; raises `KeyUnusable`.
    """

    make: MakePack
    take: ImportPack
    signatures: Signatures
    own_key: Callable[[], SigningKey]

"""Bringing in models, as far as a window or a command line sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onhand.domain.errors import AppError
from onhand.domain.model_errors import ModelUnknown
from onhand.domain.trust import Trust
from onhand.services.describe_models import Description
from onhand.services.import_models import Imported
from onhand.services.import_pack import TakenPack
from onhand.services.make_pack import MadePack


@dataclass
class FakeDescribeModels:
    """Knows of models what the test says."""

    trusts: dict[str, Trust] = field(default_factory=dict)
    known: dict[str, Description] = field(default_factory=dict)

    def trust(self, model: Any) -> Trust:
        """What the test says, or that it is verified."""
        return self.trusts.get(model.id, Trust.VERIFIED)

    def __call__(self, wanted: str) -> Description:
        """What the test says."""
        if wanted not in self.known:
            raise ModelUnknown(wanted)
        return self.known[wanted]


@dataclass
class FakeImportModels:
    """Brings in what the test says."""

    outcomes: list[Imported] = field(default_factory=list)
    failing: AppError | None = None
    asked: list[Any] = field(default_factory=list)

    def __call__(self, source: Any, consent: Any, cancel: Any, on_progress: Any) -> Any:
        """What the test says."""
        self.asked.append((source, consent))
        if self.failing is not None:
            raise self.failing
        return self.outcomes


@dataclass
class FakePacks:
    """Makes and takes packs as the test says; a pack is what ends in `.onhandpack`."""

    made: MadePack | None = None
    taken: TakenPack | None = None
    failing: AppError | None = None
    asked: list[Any] = field(default_factory=list)

    def make(self, out: Any, contents: Any, key: Any, cancel: Any, on_progress: Any) -> Any:
        """What the test says."""
        self.asked.append((out, contents, key))
        if self.failing is not None:
            raise self.failing
        return self.made

    @property
    def take(self) -> FakePacks:
        """The same object takes packs."""
        return self

    @property
    def signatures(self) -> FakePacks:
        """The same object has keys."""
        return self

    def is_pack(self, path: Any) -> bool:
        """By its name."""
        return path.suffix == ".onhandpack"

    def own_key(self) -> str:
        """A key."""
        return "own key"

    def load(self, path: Any) -> str:
        """A key."""
        return f"key in {path}"

    def create(self, path: Any) -> str:
        """A key."""
        return f"new key in {path}"

    def __call__(self, path: Any, accepted: str, cancel: Any, on_progress: Any) -> Any:
        """What the test says."""
        self.asked.append((path, accepted))
        if self.failing is not None:
            raise self.failing
        return self.taken

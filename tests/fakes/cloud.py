"""Everything about cloud models, in memory, with nobody at the other end."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from fakes.keyrings import FakeKeyring
from fakes.languages import FakeLanguages
from fakes.providers import KEY, FakeCloud
from fakes.stores import FakeClock
from onhand.domain.cloud import Api, Price, Provider
from onhand.domain.cloud_errors import OverBudget, ProviderUnknown
from onhand.domain.masking import Found, MaskKind, words_in
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import identity, version
from onhand.domain.usage import Counted
from onhand.identifiers import FormIdentifiers
from onhand.services.bundle import CloudServices
from onhand.services.calibrating import MOST
from onhand.services.cloud_models import CloudModels
from onhand.services.escalate import Escalate, Surroundings
from onhand.services.finding_masks import FindMasks
from onhand.services.paying import Paying
from onhand.services.usage import TellUsage
from onhand.storage.provider_keys import KeyringKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from onhand.domain.errors import AppError
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.history_ports import HistoryStore, Record
    from onhand.services.ports import SettingsStore
    from onhand.services.run_task import Ran
    from onhand.services.spending_ports import Spending

PROVIDER = Provider(
    name="fake",
    api=Api.OPENAI,
    url="https://api.example.org/v1",
    model="fake-1",
    price=Price(read=Decimal(1), written=Decimal(5)),
)
KNOWN = Provider(
    name="known", api=Api.ANTHROPIC, url="https://known.example", model="known-1"
)


class FakeProviders:
    """The provider port in memory."""

    def __init__(self, *added: Provider) -> None:
        self.kept = {each.name: each for each in added}

    def known(self) -> Sequence[Provider]:
        """One."""
        return (KNOWN,)

    def added(self) -> Sequence[Provider]:
        """Those that were."""
        return tuple(self.kept.values())

    def add(self, provider: Provider) -> None:
        """Keep it."""
        self.kept[provider.name] = provider

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        if name not in self.kept:
            raise ProviderUnknown(name)
        del self.kept[name]


class FakeSpending:
    """The spending port in memory; months are those of UTC.

    Attributes:
        failing: why nothing can be settled.
    """

    def __init__(self) -> None:
        self.rows: dict[str, Spending] = {}
        self.failing: AppError | None = None

    def reserve(self, spending: Spending, limit: int | None) -> None:
        """Set it aside."""
        if limit is not None and self.spent(spending.at) + (spending.reserved or 0) > limit:
            raise OverBudget("the limit for this month")
        self.rows[spending.id] = dataclasses.replace(spending, cost=spending.reserved)

    def settle(
        self, spending_id: str, cost: int | None, read: int | None, written: int | None
    ) -> None:
        """Settle it."""
        if self.failing is not None:
            raise self.failing
        row = self.rows[spending_id]
        bound = None if None in {cost, row.reserved} else min(cost or 0, row.reserved or 0)
        self.rows[spending_id] = dataclasses.replace(
            row, cost=bound, settled=True, read=read, written=written
        )

    def spent(self, at: datetime) -> int:
        """The sum."""
        month = f"{at:%Y-%m}"
        rows = [each for each in self.rows.values() if f"{each.at:%Y-%m}" == month]
        return sum(each.cost or 0 for each in rows)

    def all(self) -> Sequence[Spending]:
        """Every one."""
        return tuple(self.rows.values())


class FakeMasks(FindMasks):
    """Finds the names that a test gives, without an engine.

    Attributes:
        people: names that count as those of persons.
        failing: why nobody can look.
    """

    def __init__(self) -> None:
        super().__init__(FormIdentifiers(), None)  # type: ignore[arg-type]
        self.people: Sequence[str] = ()
        self.failing: AppError | None = None

    def names(
        self, text: str, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> list[Found]:
        """Those."""
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        return words_in(text, self.people, MaskKind.PERSON)


@dataclass
class CloudBench:
    """Cloud models, to be watched and steered."""

    providers: FakeProviders = field(default_factory=lambda: FakeProviders(PROVIDER))
    keyring: FakeKeyring = field(default_factory=FakeKeyring)
    cloud: FakeCloud = field(default_factory=FakeCloud)
    masks: FakeMasks = field(default_factory=FakeMasks)
    spending: FakeSpending = field(default_factory=FakeSpending)
    counts: list[Counted] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.keyring.kept["cloud model fake"] = KEY
        self.keys = KeyringKeys(self.keyring)

    def counted(self) -> Sequence[Counted]:
        """What a test says."""
        return self.counts

    def services(
        self,
        settings: SettingsStore,
        history: HistoryStore,
        keep: Callable[[Record], Ran],
    ) -> CloudServices:
        """What an interface may call."""
        around = Surroundings(
            providers=self.providers,
            keys=self.keys,
            settings=settings,
            languages=FakeLanguages(),
            clock=self.clock,
            ready=lambda: None,
            keep=keep,
            judged=lambda task: history.judged(identity(task), version(task), MOST),
        )
        return CloudServices(
            models=CloudModels(self.providers, self.keys),
            escalate=Escalate(
                self.cloud, self.masks, Paying(self.spending, self.clock), around
            ),
            usage=TellUsage(self, history, self.spending, self.providers),
        )

"""Builds what asks cloud models; with `net/cloud_client.py` the only one that knows how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.tasks import identity, version
from onhand.host import SystemClock, find_data
from onhand.identifiers import FormIdentifiers
from onhand.languages import Cld3Languages
from onhand.model_wiring import net_command
from onhand.net.cloud_client import CloudClient
from onhand.services.bundle import CloudServices
from onhand.services.calibrating import MOST
from onhand.services.cloud_models import CloudModels
from onhand.services.escalate import Escalate, Surroundings
from onhand.services.finding_masks import FindMasks
from onhand.services.paying import Paying
from onhand.services.ports import Engine
from onhand.services.usage import TellUsage
from onhand.storage.ledger_file import LedgerFile
from onhand.storage.provider_keys import KeyringKeys
from onhand.storage.providers_file import ProviderFiles
from onhand.storage.spending import SpendingFile
from onhand.storage.system_keyring import SystemKeyring
from onhand.storage.usage import SqliteUsage

if TYPE_CHECKING:
    from onhand.history_wiring import Store
    from onhand.host import Paths
    from onhand.services.ports import SettingsStore
    from onhand.services.run_task import RunTask


@dataclass(frozen=True)
class Looking:
    """What looks for names in a text.

    Attributes:
        ready: loads the model; raises where it cannot be.
    """

    engine: Engine
    ready: Callable[[], object]


def cloud_services(
    paths: Paths,
    store: Store,
    settings: SettingsStore,
    run_task: RunTask,
    looking: Looking,
) -> CloudServices:
    """All that has to do with cloud models."""
    clock = SystemClock()
    providers = ProviderFiles(
        known=find_data() / "resources" / "providers.json", added=paths.providers
    )
    keys = KeyringKeys(SystemKeyring())
    spending = SpendingFile(paths.spending)
    return CloudServices(
        models=CloudModels(providers, keys),
        usage=TellUsage(SqliteUsage(store.database), store.history, spending, providers),
        escalate=Escalate(
            CloudClient(
                net_command(),
                ledger=LedgerFile(paths.ledger),
                clock=clock,
                log=paths.net_log,
            ),
            FindMasks(FormIdentifiers(), looking.engine),
            Paying(spending, clock),
            Surroundings(
                providers=providers,
                keys=keys,
                settings=settings,
                languages=Cld3Languages(),
                clock=clock,
                ready=looking.ready,
                keep=run_task.keep,
                judged=lambda task: store.history.judged(
                    identity(task), version(task), MOST
                ),
            ),
        ),
    )

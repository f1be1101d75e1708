"""Builds everything about models: getting them, trusting them, keeping them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from onhand.first_wiring import model_files
from onhand.host import SystemClock, own_command
from onhand.net.client import NetClient
from onhand.net.metering import SystemMetering
from onhand.services.downloads import Downloads
from onhand.services.keep_models import KeepModels
from onhand.storage.ledger_file import LedgerFile
from onhand.storage.model_shelf import ModelShelf

if TYPE_CHECKING:
    from onhand.host import Paths
    from onhand.services.ports import SettingsStore
    from onhand.services.tuning_ports import TuningStore


def model_shelf(paths: Paths) -> ModelShelf:
    """The user's own model folder, where files are put after they were compared."""
    return ModelShelf(paths.models, paths.locks)


def downloads(paths: Paths, settings: SettingsStore) -> Downloads:
    """Getting models of the catalogue, by the net helper."""
    return Downloads(
        models=model_files(paths),
        shelf=model_shelf(paths),
        fetcher=NetClient(
            net_command(),
            ledger=LedgerFile(paths.ledger),
            clock=SystemClock(),
            log=paths.net_log,
        ),
        settings=settings,
        metering=SystemMetering(),
        clock=SystemClock(),
        seconds=time.monotonic,
    )


def keep_models(
    paths: Paths, settings: SettingsStore, tunings: TuningStore, getting: Downloads
) -> KeepModels:
    """Verifying, repairing and removing models."""
    return KeepModels(
        models=model_files(paths),
        shelf=model_shelf(paths),
        downloads=getting,
        tunings=tunings,
        settings=settings,
        clock=SystemClock(),
    )


def net_command() -> list[str]:
    """The command line of a net helper."""
    return own_command("net")

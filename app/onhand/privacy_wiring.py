"""Builds what policies, reports and proofs need, and what takes documents apart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from onhand.history_wiring import data_place, prepared
from onhand.host import SystemClock, own_command
from onhand.logs import log_lines
from onhand.services.examine import Examine, Kept
from onhand.services.prove import Prove
from onhand.services.report import MakeReport
from onhand.storage.ledger_file import LedgerFile
from onhand.storage.report_file import digest, save_new, save_report
from onhand.worker.client import DocumentReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.history_wiring import Store
    from onhand.host import Paths
    from onhand.services.models import Models
    from onhand.services.ports import SettingsStore


def document_reader(settings: SettingsStore) -> DocumentReader:
    """Takes documents apart, each in a process of its own."""
    return DocumentReader(
        own_command("document"),
        confined=lambda: settings.load().require_sandbox,
    )


def make_report(paths: Paths, settings: SettingsStore) -> MakeReport:
    """Makes reports for whoever helps."""
    return MakeReport(
        settings=settings, logs=lambda: log_lines(paths.logs), save=save_report
    )


def examine(
    paths: Paths,
    store: Store,
    models: Models,
    settings: SettingsStore,
    more: Callable[[], list[tuple[str, str]]],
) -> Examine:
    """Looks at everything that an answer needs; `more` is told beside versions."""
    return Examine(
        about=lambda: [*about(), *more()],
        prepare_folder=lambda: prepared(paths),
        models=models,
        kept=Kept(history=store.history, backups=store.backups),
        place=data_place(paths),
        documents=document_reader(settings).confinement,
    )


def prove(paths: Paths, models: Models, settings: SettingsStore) -> Prove:
    """Tells which connections there were, from the ledger."""
    return Prove(
        attempts=LedgerFile(paths.ledger).attempts,
        about=about,
        models=models,
        documents=document_reader(settings).confinement,
        settings=settings,
        digest=digest,
        write=_write_page,
        clock=SystemClock(),
    )


def about() -> list[tuple[str, str]]:
    """What is so and cannot fail."""
    import platform  # noqa: PLC0415 - slow, and rarely needed
    from importlib.metadata import version  # noqa: PLC0415

    return [
        ("program", f"Onhand {version('onhand')}, Python {platform.python_version()}"),
        ("system", platform.platform(terse=True)),
        ("processor", f"{platform.machine()}, {os.cpu_count()} cores"),
    ]


def _write_page(html: str, path: Path) -> None:
    if path.suffix.lower() == ".pdf":
        from onhand.ui.paper import as_pdf  # noqa: PLC0415 - Qt, and only for this

        save_new(path, as_pdf(html))
    else:
        save_new(path, html.encode())

"""The parts of the window that nobody sees at first; each is loaded when it is made."""

# ruff: noqa: PLC0415 - the window is seen before these are loaded

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.ui import answer_views

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.services.key_ports import KeyState
    from onhand.ui.batch_page import BatchPage
    from onhand.ui.cloud_sheet import CloudSheet
    from onhand.ui.correct_dialog import CorrectDialog
    from onhand.ui.history_page import HistoryPage
    from onhand.ui.jobs import Jobs
    from onhand.ui.ledger_dialog import LedgerDialog
    from onhand.ui.lessons import Lessons
    from onhand.ui.measure_page import MeasurePage
    from onhand.ui.model_import import ModelImport
    from onhand.ui.own_tasks import OwnTasks
    from onhand.ui.preferences_page import PreferencesPage
    from onhand.ui.restore_dialog import RestoreDialog
    from onhand.ui.theme import Theme
    from onhand.ui.transfers import Transfers
    from onhand.ui.unlock_dialog import UnlockDialog

PAGES = tuple(
    f"onhand.ui.{name}_page" for name in ("history", "preferences", "batch", "measure")
)
DIALOGS = tuple(
    f"onhand.ui.{name}"
    for name in (
        *("lessons", "own_tasks", "model_import", "ledger_dialog", "restore_dialog"),
        *("correct_dialog", "cloud_sheet"),
    )
)
LATE = (*answer_views.LATE, *PAGES, *DIALOGS)
"""What is loaded late, the first of it first."""


def batch_page(jobs: Jobs, task: Callable[[], Task]) -> BatchPage:
    """Batch; `task` is the one in Work."""
    from onhand.ui.batch_page import BatchPage

    return BatchPage(jobs, task)


def history_page(jobs: Jobs) -> HistoryPage:
    """History."""
    from onhand.ui.history_page import HistoryPage

    return HistoryPage(jobs)


def measure_page(
    jobs: Jobs, task: Callable[[], Task], private: Callable[[], bool]
) -> MeasurePage:
    """Measure; `task` is the one in Work, and `private` whether nothing is kept there."""
    from onhand.ui.measure_page import MeasurePage

    return MeasurePage(jobs, task, private)


def preferences_page(jobs: Jobs, transfers: Transfers) -> PreferencesPage:
    """Preferences."""
    from onhand.ui.preferences_page import PreferencesPage

    return PreferencesPage(jobs, transfers)


def lessons(jobs: Jobs, window: QWidget) -> Lessons:
    """Learning in the background."""
    from onhand.ui.lessons import Lessons

    return Lessons(jobs, window)


def model_import(jobs: Jobs, window: QWidget) -> ModelImport:
    """Importing models."""
    from onhand.ui.model_import import ModelImport

    return ModelImport(jobs, window)


def own_tasks(jobs: Jobs, theme: Theme, window: QWidget) -> OwnTasks:
    """The list of tasks, and their editor."""
    from onhand.ui.own_tasks import OwnTasks

    return OwnTasks(jobs, theme, window)


def restore_dialog(jobs: Jobs, window: QWidget, *, damaged: bool) -> RestoreDialog:
    """What puts a backup in the place of the history."""
    from onhand.ui.restore_dialog import RestoreDialog

    return RestoreDialog(jobs, window, damaged=damaged)


def unlock_dialog(jobs: Jobs, state: KeyState, window: QWidget) -> UnlockDialog:
    """What asks for the key of the history."""
    from onhand.ui.unlock_dialog import UnlockDialog

    return UnlockDialog(jobs, state, window)


def correct_dialog(jobs: Jobs, record: Record, page: QWidget) -> CorrectDialog:
    """What asks for the right answer."""
    from onhand.ui.correct_dialog import CorrectDialog

    return CorrectDialog(jobs, record, page)


def cloud_sheet(jobs: Jobs, theme: Theme, record: Record, window: QWidget) -> CloudSheet:
    """What is seen before a text is sent."""
    from onhand.ui.cloud_sheet import CloudSheet

    return CloudSheet(jobs, theme, record, window)


def ledger_dialog(jobs: Jobs, window: QWidget) -> LedgerDialog:
    """The proof page."""
    from onhand.ui.ledger_dialog import LedgerDialog

    return LedgerDialog(jobs, window)

"""A real window over real services and the starter model."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from fakes.keyrings import FakeKeyring
from onhand.bootstrap import open_archive, open_services, open_shelf
from onhand.host import Paths
from onhand.storage.vault import Trust, Vault
from onhand.ui.jobs import Jobs
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEYRING = FakeKeyring()
"""One for the process, as it is with a person's own."""


def services_of(folder: Path):
    """The services over a data folder, to look into it from beside."""
    paths = Paths.of(folder)
    return open_services(paths, vault=Vault(paths.keys, Trust(keyring=_KEYRING)))


@contextmanager
def real_window(folder: Path, theme: Theme | None = None) -> Iterator[MainWindow]:
    """A window on the screen; it and everything behind it are closed at the end."""
    paths = Paths.of(folder)
    paths.prepare()
    vault = Vault(paths.keys, Trust(keyring=_KEYRING))
    jobs = Jobs(
        lambda: open_services(paths, vault=vault),
        lambda: open_archive(paths, vault),
        lambda: open_shelf(paths, vault),
    )
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = MainWindow(jobs, theme or Theme(application))
    window.show()
    window.activateWindow()
    window.load()
    try:
        yield window
    finally:
        window.close()
        jobs.close()
        window.deleteLater()

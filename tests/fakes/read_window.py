"""A real window over real services and the starter model, for a screen reader."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from fakes.keyrings import FakeKeyring
from onhand.bootstrap import open_archive, open_services, open_shelf
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile
from onhand.storage.vault import Trust, Vault
from onhand.ui.jobs import Jobs
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme


def main() -> int:
    """Show the window until its input closes or it is killed."""
    application = QApplication(["onhand"])
    application.setApplicationName("onhand")
    paths = Paths.of(Path(sys.argv[1]))
    paths.prepare()
    SettingsFile(paths.settings).save(Settings(welcomed=True))
    vault = Vault(paths.keys, Trust(keyring=FakeKeyring()))
    jobs = Jobs(
        lambda: open_services(paths, vault=vault),
        lambda: open_archive(paths, vault),
        lambda: open_shelf(paths),
    )
    window = MainWindow(jobs, Theme(application))
    window.show()
    window.activateWindow()
    window.load()
    ended = application.exec()
    jobs.close()
    return ended


if __name__ == "__main__":
    sys.exit(main())

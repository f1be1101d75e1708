"""A window for a screen reader to work in: `read_window.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from fakes.real_window import real_window
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile


def main() -> int:
    """Show the window until it is closed or the process killed."""
    application = QApplication(["onhand"])
    application.setApplicationName("onhand")
    paths = Paths.of(Path(sys.argv[1]))
    paths.prepare()
    SettingsFile(paths.settings).save(Settings(welcomed=True))
    with real_window(Path(sys.argv[1])):
        return application.exec()


if __name__ == "__main__":
    sys.exit(main())

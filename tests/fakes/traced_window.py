"""The whole program once, to be watched from outside: a document, an answer, the end.

    traced_window.py DATA_FOLDER [--leak PORT]

Prints "answered" when the answer was shown, and the libraries of Qt's network that this
process has loaded. With `--leak` the window opens a connection by Qt, as it never should.
"""

from __future__ import annotations

import sys
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from fakes.documents import docx, paragraph
from onhand.bootstrap import open_archive, open_services, open_shelf, open_vault
from onhand.host import Paths
from onhand.ui import application
from onhand.ui.main_window import MainWindow

LINES = "billing = charges, refunds\ntechnical = something is broken"


def leak(port: int) -> None:
    """Open a connection past Python."""
    from PySide6.QtNetwork import QTcpSocket  # noqa: PLC0415 - only where it is wanted

    client = QTcpSocket(QApplication.instance())
    client.connectToHost("127.0.0.1", port)
    client.waitForConnected(2000)


def ask(window: MainWindow) -> None:
    """Open a document, which a child takes apart."""
    editor = next(iter(window.work.form._editors.values())).get()
    editor._lines.setPlainText(LINES)
    letter = Path(sys.argv[1]) / "letter.docx"
    letter.write_bytes(docx(paragraph("I was charged twice")))
    window.work.open_file(letter)
    run_when_read(window)


def run_when_read(window: MainWindow) -> None:
    """Wait for the text of the document, and put it to the engine."""
    if not window.work.input.text():
        QTimer.singleShot(50, lambda: run_when_read(window))
        return
    window.work.run()
    look(window)


def look(window: MainWindow) -> None:
    """Wait for the answer, look into every place, and close the window."""
    texts = [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
    if not any("kept in the history" in each for each in texts):
        QTimer.singleShot(50, lambda: look(window))
        return
    for place in range(5):
        window.show_place(place)
        QApplication.processEvents()
    print("answered")  # noqa: T201 - for the test
    window.close()


class AskingWindow(MainWindow):
    """A window that works by itself as soon as it is filled."""

    def load(self) -> None:
        """Fill it, and ask."""
        super().load()
        if "--leak" in sys.argv:
            leak(int(sys.argv[-1]))
        ask(self)


def main() -> None:
    """Open the window, and tell what was loaded when it is closed."""
    paths = Paths.of(Path(sys.argv[1]))
    application.MainWindow = AskingWindow
    # There may be no keyring here, and nobody sits in front of the dialog.
    vault = open_vault(paths, lambda _: "correct horse battery")
    application.run_desktop(
        lambda: open_services(paths, engine_soon=True, vault=vault),
        lambda: open_archive(paths, vault),
        lambda: open_shelf(paths, vault),
        sys.argv[:1],
    )
    lines = Path("/proc/self/maps").read_text().splitlines()
    print(*{line.split()[-1] for line in lines if "Network" in line})  # noqa: T201


if __name__ == "__main__":
    main()

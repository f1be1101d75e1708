"""The real window, in which canaries are opened, asked about, corrected and typed.

    canary_window.py PASSPHRASE_FILE DOCUMENT MAIL

It works in the data folder that the environment says. Prints "answered" when the document
was answered, "corrected" when that was corrected, and "drafted" when what is typed then is
kept; then it waits, with a text at its engine, to be ended from outside.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from fakes.canaries import canary
from onhand.bootstrap import open_archive, open_services, open_shelf, open_vault
from onhand.host import Paths
from onhand.logs import CrashFile
from onhand.ui import application
from onhand.ui.jobs import Then
from onhand.ui.main_window import MainWindow

LINES = f"{canary('windowlabel')} = charges\nother = everything else"
SOON = 50


def say(word: str) -> None:
    """Tell the parent how far it is."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def until(found, then) -> None:
    """Look again and again, then go on."""
    if found():
        then()
    else:
        QTimer.singleShot(SOON, partial(until, found, then))


class Window(MainWindow):
    """A window that works by itself as soon as it is filled."""

    def load(self) -> None:
        """Fill it, and begin."""
        super().load()
        editor = next(iter(self.work.form._editors.values())).get()
        editor._lines.setPlainText(LINES)
        self.work.open_file(Path(sys.argv[2]))
        until(lambda: bool(self.work.input.text()), self._ask)

    def _ask(self) -> None:
        self.work.run()
        until(lambda: self._tells("kept in the history"), self._correct)

    def _tells(self, words: str) -> bool:
        texts = [each.text() for each in self.findChildren(QLabel) if each.isVisible()]
        return any(words in each for each in texts)

    def _correct(self) -> None:
        say("answered")
        record = self.work.panel.record
        self._jobs.start(
            lambda services: services.correct(record.id, canary("windowlabel")),
            Then(done=lambda _: self._draft(), failed=self._fail),
        )

    def _draft(self) -> None:
        say("corrected")
        self.work.open_file(Path(sys.argv[3]))
        until(lambda: canary("mail") in self.work.input.text(), self._type)

    def _type(self) -> None:
        # All pages have shown something before it ends.
        for place in range(5):
            self.show_place(place)
        self.show_place(0)
        self.work.input.set_text(f"{canary('draft')} " + "is being typed. " * 400)
        self._look_for_it("")

    def _look_for_it(self, kept: str) -> None:
        if canary("draft") in kept:
            self.work.run()
            say("drafted")
            return
        look = partial(
            self._jobs.look_up,
            lambda archive: archive.drafts.load(),
            Then(done=self._look_for_it, failed=self._fail),
        )
        QTimer.singleShot(SOON, look)

    def _fail(self, error: Exception) -> None:
        say(f"failed: {error}")


def main() -> None:
    """Open the window."""
    paths = Paths.of(None)
    words = Path(sys.argv[1]).read_text().strip()
    application.MainWindow = Window
    vault = open_vault(paths, lambda _: words)
    with CrashFile(paths.logs):
        application.run_desktop(
            lambda: open_services(paths, engine_soon=True, vault=vault),
            lambda: open_archive(paths, vault),
            lambda: open_shelf(paths),
            sys.argv[:1],
        )


if __name__ == "__main__":
    main()

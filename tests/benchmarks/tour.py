"""What holds the window up while it is used, with a model at work and a large history.

    python tests/benchmarks/tour.py [--seconds 300] [--rows 100000] [--at-most MS]

A scripted tour through every place of the real window: typing, running, stopping,
searching, paging, dialogs, settings, the quick panel. A batch keeps the real engine at work
all the time. The window's own stopwatch prints p50, p99 and max of what held the UI thread,
and what the worst were. With --at-most it fails when p99 is larger.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from history_search import fill
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from fakes.keyrings import FakeKeyring
from fakes.starter import STARTER
from onhand.bootstrap import open_archive, open_services, open_shelf
from onhand.domain.settings import Settings
from onhand.domain.tasks import Kind
from onhand.history_wiring import new_store
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile
from onhand.storage.vault import Trust, Vault
from onhand.ui.jobs import Jobs
from onhand.ui.ledger_dialog import LedgerDialog
from onhand.ui.main_window import MainWindow
from onhand.ui.quick_panel import QuickPanel
from onhand.ui.shortcuts_dialog import ShortcutsDialog
from onhand.ui.stopwatch import Stopwatch
from onhand.ui.theme import Theme

MAIL = (
    "Hello,\n\nI was charged twice for order 4711 on 3 March 2026 and the app does not let"
    " me ask for a refund. Please pay 27.10 EUR back to my card.\n\nKind regards\n"
    "A. Brandt\n"
)
LONG = MAIL * 60
RESTS = 250
"""Milliseconds between two steps, as a quick person takes."""


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def wait(milliseconds: int) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Tour:
    """What a person does, step by step, over and over."""

    def __init__(self, window: MainWindow, panel: QuickPanel, folder: Path) -> None:
        self.window, self.panel = window, panel
        self.rows = folder / "rows.jsonl"
        lines = [json.dumps({"text": f"{MAIL} {number}"}) for number in range(100_000)]
        self.rows.write_text("\n".join(lines))
        self.out = folder / "out.jsonl"

    def steps(self):
        """The steps of one round."""
        yield self.type_text
        for kind in range(len(Kind)):
            yield lambda kind=kind: self.run(kind)
            yield lambda: None
            yield lambda: None
        yield self.paste
        yield self.window.work.stop
        yield lambda: self.search("")
        for words in ("a", "ab", "abc", "charged", "zz top", ""):
            yield lambda words=words: self.search(words)
        yield self.page
        yield self.open_entry
        yield lambda: self.window.show_place(4)
        yield lambda: self.scroll(4)
        yield lambda: self.dialog(LedgerDialog(self.window._jobs, self.window))
        yield lambda: self.dialog(ShortcutsDialog(self.window.shortcuts, self.window))
        yield lambda: self.window.preferences.change("appearance", "dark")
        yield lambda: self.window.preferences.change("appearance", "light")
        yield self.resize
        yield self.quick
        yield self.panel.close
        yield lambda: self.window.show_place(1)

    def begin_batch(self) -> None:
        """Keep the engine at work."""
        batch = self.window.batch
        self.window.show_place(1)
        batch._form._source.setText(str(self.rows))
        batch._form._target.setText(str(self.out))
        batch._run_form()

    def type_text(self) -> None:
        """A mail, a key at a time."""
        self.window.show_place(0)
        self.window.work.input.setFocus()
        self.window.work.input.set_text("")
        for line in MAIL.splitlines():
            QTest.keyClicks(self.window.work.input, line)
            QTest.keyClick(self.window.work.input, Qt.Key.Key_Return)
            QApplication.processEvents()

    def run(self, kind: int) -> None:
        """Run a built-in task of a kind."""
        form = self.window.work.form
        self.window.show_place(0)
        form._kinds.button(kind).setChecked(True)
        form._names.setCurrentIndex(min(1, form._names.count() - 1))
        self.window.work.run()

    def paste(self) -> None:
        """A long text, and a run that will be stopped."""
        self.window.work.input.set_text(LONG)
        self.window.work.run()

    def search(self, words: str) -> None:
        """Words into the search of the history."""
        self.window.show_place(2)
        self.window.history._query.setText(words)

    def page(self) -> None:
        """Far down the list."""
        table = self.window.history._table
        for _ in range(4):
            table.scrollToBottom()
            wait(100)

    def open_entry(self) -> None:
        """An entry of the history."""
        self.window.history._table.choose(0)
        self.window.history._open_chosen()

    def scroll(self, place: int) -> None:
        """Through a long page."""
        bar = self.window.places.areas[place].verticalScrollBar()
        for share in range(0, 11, 2):
            bar.setValue(bar.maximum() * share // 10)
            wait(30)

    def resize(self) -> None:
        """Narrow and wide again."""
        for width, height in ((700, 500), (900, 600), (1120, 740)):
            self.window.resize(width, height)
            wait(60)

    def quick(self) -> None:
        """The quick panel with a short text."""
        QApplication.clipboard().setText(MAIL)
        self.panel.come()
        wait(100)
        QTest.keyClick(self.panel, Qt.Key.Key_1)

    def dialog(self, dialog: QDialog) -> None:
        """A dialog for a moment."""
        dialog.open()
        wait(1500)
        dialog.close()


def main() -> int:
    """Fill, tour, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--at-most", type=float, default=0.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.of(Path(folder) / "data")
        paths.prepare()
        SettingsFile(paths.settings).save(Settings(welcomed=True, model=str(STARTER)))
        keyring = FakeKeyring()

        def vault() -> Vault:
            return Vault(paths.keys, Trust(keyring=keyring))

        store = new_store(paths, vault())
        fill(store.database, arguments.rows, random.Random(1))  # noqa: S311 - made-up words
        store.close()
        say(f"{arguments.rows} entries")
        found = toured(paths, vault, arguments.seconds, Path(folder))
    say(found.in_words())
    return int(bool(arguments.at_most) and found.at(0.99) * 1000 > arguments.at_most)


def toured(paths, vault, seconds: int, folder: Path):
    """What the stopwatch found."""
    application = QApplication(["tour"])
    theme = Theme(application)
    key = vault()
    jobs = Jobs(
        lambda: open_services(paths, engine_soon=True, vault=key),
        lambda: open_archive(paths, key),
        lambda: open_shelf(paths),
    )
    window = MainWindow(jobs, theme)
    panel = QuickPanel(jobs, theme, window.shortcuts)
    window.tasks_known.connect(panel.set_tasks)
    watch = Stopwatch()
    try:
        window.show()
        window.load()
        wait(4000)
        say(f"at the start: {watch.so_far().in_words()}")
        tour = Tour(window, panel, folder)
        tour.begin_batch()
        wait(2000)
        watch.begin_again()
        end = QTimer()
        end.setSingleShot(True)
        end.start(seconds * 1000)
        for count in itertools.count(1):
            for step in tour.steps():
                step()
                wait(RESTS)
            if not end.isActive():
                say(f"{count} rounds")
                break
    finally:
        found = watch.end()
        panel.close()
        window.close()
        jobs.close()
    return found


if __name__ == "__main__":
    sys.exit(main())

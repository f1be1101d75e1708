"""A life of the whole program in watched folders, with canaries in all it is given.

Real commands, a real window, a real engine, the places that the system would choose: data,
configuration, cache, temporary files and the working folder all lie below one folder.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from fakes.canaries import Hit, canary, hits
from fakes.documents import docx, eml, paragraph
from fakes.histories import look_into
from fakes.launcher import LAUNCHER
from onhand.bootstrap import open_vault
from onhand.host import Paths

WAYS = (
    *("argument", "pipe", "label", "meaning", "instruction", "taskname", "example"),
    *("examplelabel", "field", "correction", "row", "rowid", "document", "subject"),
    *("mail", "windowlabel", "draft", "crashed", "killed", "passphrase"),
)
"""Each is planted with a word of its own."""

WINDOW = Path(__file__).with_name("canary_window.py")
COMMAND = LAUNCHER
PATIENCE = 600.0
"""Seconds that anything may take; a busy machine needs many."""

TASK = f"""
kind = "classify"
name = "{canary("taskname")}"
instruction = "Which {canary("instruction")}?"
[labels]
"{canary("examplelabel")}" = "a {canary("meaning")}"
other = ""
[[examples]]
text = "I have a {canary("example")}"
answer = "{canary("examplelabel")}"
"""


class Life:
    """What a user does, step by step; each step ends when it is done."""

    def __init__(self, root: Path, *, rows: int) -> None:
        """`rows` are those of the batch; a short life has below a hundred."""
        self.root = root
        self.rows = rows
        self.short = rows < 100
        self.watched = root / "watched"
        self.given = root / "given"
        self.wanted = root / "wanted"
        home = self.watched / "home"
        data = home / ".local" / "share"
        self.paths = Paths.of(data / "onhand")
        self.work = self.watched / "work"
        places = {
            "HOME": home,
            "XDG_DATA_HOME": data,
            "XDG_CONFIG_HOME": home / ".config",
            "XDG_CACHE_HOME": home / ".cache",
            "XDG_STATE_HOME": home / ".local" / "state",
            "XDG_RUNTIME_DIR": self.watched / "run",
            "TMPDIR": self.watched / "tmp",
        }
        for folder in (self.given, self.wanted, self.work, *places.values()):
            folder.mkdir(parents=True, exist_ok=True)
        (self.watched / "run").chmod(0o700)
        self.env = {
            **os.environ,
            **{name: str(folder) for name, folder in places.items()},
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONPATH": str(WINDOW.parents[1]),
        }
        self._give()

    def _give(self) -> None:
        """The files that the user has."""
        words = f"{canary('passphrase')} sings a song"
        self.passphrase = self._file("passphrase", words)
        self.task = self._file("task.toml", TASK)
        rows = [
            {"id": f"{canary('rowid')}{n}", "text": f"Row {n} {canary('row')} is broken"}
            for n in range(self.rows)
        ]
        self.input = self._file("rows.jsonl", "\n".join(map(json.dumps, rows)))
        self.document = self.given / "letter.docx"
        self.document.write_bytes(docx(paragraph(f"I pay a {canary('document')}.")))
        self.mail = self.given / "mail.eml"
        mail = eml(f"Dear {canary('mail')}").decode()
        self.mail.write_text(
            mail.replace("Subject: ", f"Subject: {canary('subject')} "), encoding="utf-8"
        )

    def _file(self, name: str, text: str) -> Path:
        path = self.given / name
        path.write_text(text, encoding="utf-8")
        return path

    def argv(self, *arguments: str | Path) -> list[str]:
        """A command."""
        return [
            *COMMAND,
            *map(str, arguments),
            "--passphrase-file",
            str(self.passphrase),
        ]

    def onhand(self, *arguments: str | Path, given: str = "", code: int = 0) -> str:
        """Run a command; returns what it says.

        Raises:
            AssertionError: it ends otherwise than with `code`.
        """
        done = subprocess.run(
            self.argv(*arguments),
            capture_output=True,
            text=True,
            check=False,
            input=given,
            env=self.env,
            cwd=self.work,
        )
        assert done.returncode == code, f"{done.returncode}: {done.stderr}"
        return done.stdout

    def start(self, argv: list[str]) -> subprocess.Popen[str]:
        """Start something that is to be ended from outside."""
        return subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            env=self.env,
            cwd=self.work,
        )

    def live(self) -> None:
        """Everything, in an order in which each step finds the traces of those before."""
        self.onhand("settings", "set", "welcomed", "yes")
        self.use_commands()
        self.break_a_batch_off()
        if not self.short:
            self.crash_the_engine()
        self.use_the_window()
        self.onhand("batch", self.task, self.input, "--out", self.wanted / "rows.out.jsonl")
        self.ask_for_files()

    def use_commands(self) -> None:
        """Texts, files, tasks with examples, corrections."""
        labels = ("--label", f"{canary('label')}={canary('meaning')}", "--label", "other")
        piped = f"A {canary('pipe')} and {canary('argument')}.\n" * 5
        self.onhand("classify", "-", *labels, given=piped)
        self.onhand("history", "correct", "1", canary("label"))
        self.onhand("tasks", "import", self.task)
        self.onhand("history", "backup")
        if self.short:
            return
        self.onhand("classify", f"A {canary('argument')} was charged.", *labels)
        self.onhand("rewrite", f"This {canary('argument')} are wrong.", "--style", "fix")
        self.onhand("history", "correct", "3", f"It is a {canary('correction')}.")
        fields = ("--field", f"{canary('field')}=the name")
        self.onhand("extract", f"I am {canary('argument')}.", *fields)
        for _ in range(2):  # the second finds the decoded prefix of the first
            self.onhand("classify", canary("argument"), "--task", self.task)
        self.onhand("classify", "text", "--task", canary("killed"), code=2)

    def break_a_batch_off(self) -> None:
        """Kill a batch that is in the journal, in a longer life with some of its rows."""
        out = self.wanted / "rows.out.jsonl"
        key = self.key()
        with self.start(self.argv("batch", self.task, self.input, "--out", out)) as batch:
            self._wait(lambda: self._journal(key) > 0)
            self._crash_engine_of(batch)
            batch.send_signal(signal.SIGSEGV)
        assert not out.exists(), "it was too late"
        self.onhand("history", "backup")

    def _journal(self, key: bytes) -> int:
        with closing(look_into(self.paths.database, key)) as connection:
            jobs = "SELECT count(*) FROM jobs"
            rows = "SELECT count(*) FROM records WHERE job IS NOT NULL"
            [found] = connection.execute(jobs if self.short else rows).fetchone()
        return int(found)

    def crash_the_engine(self) -> None:
        """End an engine that is reading a text as a fault of native code would."""
        text = f"The {canary('crashed')} are there. " * 400
        argv = self.argv("summarise", text)
        with self.start(argv) as command:
            self._crash_engine_of(command)
            command.kill()

    def _crash_engine_of(self, command: subprocess.Popen[str]) -> None:
        """Crash it when it has loaded and reads, and wait until there is another."""
        self._wait(lambda: _seconds(_engine_of(command.pid)) > 1.5)
        first = _engine_of(command.pid)
        os.kill(first, signal.SIGSEGV)
        self._wait(lambda: _engine_of(command.pid) not in (0, first))

    def use_the_window(self) -> None:
        """Open, ask, correct and type in the window; then it crashes with all that."""
        argv = [str(each) for each in (self.passphrase, self.document, self.mail)]
        with self.start([sys.executable, str(WINDOW), *argv]) as window:
            said = [window.stdout.readline().strip() for _ in range(3)]
            assert said == ["answered", "corrected", "drafted"], said
            window.send_signal(signal.SIGSEGV)

    def ask_for_files(self) -> None:
        """Write what shall hold the texts, and what shall not."""
        for form in ("jsonl",) if self.short else ("csv", "jsonl", "md"):
            out = self.wanted / f"history.{form}"
            self.onhand("history", "export", "--format", form, "--out", out)
        self.onhand("doctor", "--bundle", self.watched / "report.zip")
        self.onhand("history", "backup")
        if not self.short:
            self.onhand("ledger", "--proof", self.watched / "proof.html")

    def forget(self) -> None:
        """Forget all, in every backup."""
        self.onhand("history", "forget", "--all", "--yes")

    def leaks(self, key: bytes | None = None) -> list[Hit]:
        """Where canaries lie that should not; with the key also under the encryption.

        The files of the user's own tasks hold what they ask for, as they should; their
        examples are texts, and are not in them.
        """
        own = self.paths.tasks.relative_to(self.watched).as_posix()
        tasks = [path.read_text(encoding="utf-8") for path in self.paths.tasks.iterdir()]
        assert any(canary("instruction") in text for text in tasks)
        assert not any(f"I have a {canary('example')}" in text for text in tasks)
        return [each for each in hits(self.watched, key) if not each.place.startswith(own)]

    def key(self) -> bytes:
        """The key of the history."""
        words = self.passphrase.read_text(encoding="utf-8").strip()
        return open_vault(self.paths, lambda _: words).keys()[0]

    def _wait(self, so) -> None:
        until = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < until, "it does not come"
            time.sleep(0.05)


def _engine_of(pid: int) -> int:
    """The engine that a process has started; 0 where there is none."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        found = [int(each) for file in children for each in file.read_text().split()]
        for each in found:
            if (
                Path(f"/proc/{each}/cmdline")
                .read_bytes()
                .rstrip(b"\0")
                .endswith(b"\0engine")
            ):
                return each
    except OSError:
        pass
    return 0


def _seconds(pid: int) -> float:
    """Processor time of a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""The real engine, except that llama.cpp dies, hangs or babbles where it is told to.

    crashing_engine.py [--rungs NAMES] [--bad RUNG=[WHEN:]HOW …] [--diary FILE] …
        [--device NAME[=DRIVER] …] [--small DEVICE …] [--reads SPEED]

Its rungs are made up; all of them run on the build `--really`. WHEN is `load`, `batch` (any
batch of 8 tokens or more, the default), `later` (likewise, but not in the trial) or `step`
(any smaller batch, but not in the trial). HOW is the name of a signal, `hang` (native code
that sleeps) or `stuck` (likewise, while it holds the interpreter's lock). The diary gets a
line for what happens. A device of `--device` is a rung too; it says that it reads SPEED
tokens a second, where the processor says 100, and refuses when it is `--small`. With
`--once` no fault is met that stands in the diary already. The lines: `start`, `load RUNG`,
`trial RUNG`, `HOW RUNG`.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
from pathlib import Path

import msgspec

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onhand.domain.errors import EngineFailed
from onhand.domain.ladder import CPU, Rung
from onhand.engine import protocol, server
from onhand.engine.llama.bindings import native
from onhand.engine.llama.runtime import LlamaRuntime
from onhand.engine.main import behave, claim_output
from onhand.engine.server import Server

LARGE = 8
"""Tokens of a batch that takes the kernels for many tokens."""

HOURS = 4 * 3600


class Diary:
    """Lines in a file that several processes write, one after the other."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def note(self, line: str) -> None:
        """Add a line; it is there when this returns."""
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(f"{line}\n")

    def has(self, line: str) -> bool:
        """Whether a line is there, whoever wrote it."""
        if self._path is None or not self._path.exists():
            return False
        return line in self._path.read_text().splitlines()


def die(how: str) -> None:
    """End this process as native code would, or never come back."""
    match how:
        case "hang":
            ctypes.CDLL(None).sleep(HOURS)
        case "stuck":
            ctypes.PyDLL(None).sleep(HOURS)
        case "SIGSEGV":
            ctypes.string_at(0)
        case "SIGABRT":
            os.abort()
        case _:
            os.kill(os.getpid(), getattr(signal, how))


def babble() -> None:
    """Print on standard output from native code, in the form of an answer."""
    library = ctypes.CDLL(None)
    library.puts(b'{"type":"done","id":1,"reply":{"type":"counted","tokens":[666]}}')
    library.puts(b"load: special tokens, graph nodes, and so on")
    library.fflush(None)
    os.write(1, b'{"type":"failed","id":0,"code":"usage","detail":"babble"}\n')


class FaultyRuntime(LlamaRuntime):
    """The real runtime but for its rungs, and for what it meets on some of them."""

    def __init__(self, arguments: argparse.Namespace, diary: Diary) -> None:
        super().__init__()
        self._arguments = arguments
        self._diary = diary
        self._faults = dict(each.split("=") for each in arguments.bad)
        self._rung = Rung(variant="none yet")
        self._trying = False
        self._decode = native.llama_decode
        native.llama_decode = self._watched

    def fingerprint(self):
        """As told."""
        return self._arguments.fingerprint

    def rungs(self):
        """As told."""
        beside = [each.partition("=") for each in self._arguments.device]
        return (
            *(Rung(device=name, driver=driver or "1") for name, _, driver in beside),
            *(Rung(variant=name) for name in self._arguments.rungs.split(",")),
        )

    def load(self, load):
        """Load on the build that runs here."""
        self._rung = load.rung
        self._diary.note(f"{'trial' if load.prove else 'load'} {self._name}")
        self._meet("load")
        if load.rung.device in self._arguments.small:
            raise EngineFailed("its memory has room for 3 of 30 layers")
        really = msgspec.structs.replace(
            load.rung, variant=self._arguments.really, repack=not self._arguments.plain
        )
        super().load(msgspec.structs.replace(load, rung=really, kernels=None))

    def prove(self):
        """The real trial."""
        self._trying = True
        state = super().prove()
        self._trying = False
        if self._rung.device == CPU:
            return msgspec.structs.replace(state, read_speed=100.0, write_speed=10.0)
        read = self._arguments.reads
        return msgspec.structs.replace(state, read_speed=read, write_speed=read / 10)

    def state(self):
        """The real state, on the rung that was asked for."""
        return msgspec.structs.replace(
            super().state(), device=self._rung.device, variant=self._rung.variant
        )

    @property
    def _name(self) -> str:
        """What the rung is called here: its device, or its build."""
        return self._rung.variant if self._rung.device == CPU else self._rung.device

    def _watched(self, context, batch):
        """Look at a batch before it reaches llama.cpp."""
        if self._arguments.babble:
            babble()
        large = batch.n_tokens >= LARGE
        if large:
            self._meet("batch")
        if not self._trying:
            self._meet("later" if large else "step")
        return self._decode(context, batch)

    def _meet(self, when: str) -> None:
        """Die if this is the place."""
        place, _, how = self._faults.get(self._name, "never:").rpartition(":")
        line = f"{how} {self._name}"
        again = self._arguments.once and self._diary.has(line)
        if when == (place or "batch") and not again:
            self._diary.note(line)
            die(how)


def main() -> None:
    """Serve, until something happens."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rungs", default="best,good,last")
    parser.add_argument("--bad", action="append", default=[])
    parser.add_argument("--device", action="append", default=[])
    parser.add_argument("--small", action="append", default=[])
    parser.add_argument("--reads", type=float, default=1000.0)
    parser.add_argument("--really", default="")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--fingerprint", default="this machine")
    parser.add_argument("--diary", type=Path)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--babble", action="store_true")
    parser.add_argument("--version", type=int, default=protocol.VERSION)
    parser.add_argument("--linger", type=float, default=server.LINGER)
    parser.add_argument("--early", default="")
    arguments = parser.parse_args()
    sink = claim_output()
    behave()
    diary = Diary(arguments.diary)
    diary.note("start")
    if arguments.early:
        die(arguments.early)
    server.VERSION = arguments.version
    server.LINGER = arguments.linger
    Server(FaultyRuntime(arguments, diary), sys.stdin.buffer, sink).run()


if __name__ == "__main__":
    main()

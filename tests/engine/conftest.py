"""What the tests of the engine's processes share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from fakes.starter import STARTER, proven_rung
from onhand.engine.main import SPINS
from onhand.engine.protocol import Load

CRASHING = Path(__file__).parents[1] / "fakes" / "crashing_engine.py"

# As in the engine's own process; OpenMP reads it when llama.cpp is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))


@pytest.fixture(scope="session")
def proven():
    """The best rung that really runs on this machine."""
    return proven_rung()


@pytest.fixture(scope="module")
def runtime(proven):
    """llama.cpp in this process, with the starter model."""
    from onhand.engine.llama.runtime import LlamaRuntime  # noqa: PLC0415 - loads it

    runtime = LlamaRuntime()
    load = Load(model=str(STARTER), rung=proven, context=1024, threads=2, prove=False)
    runtime.load(load)
    return runtime


class Crashing:
    """Command lines of engines that fail as told, and the diary that they keep."""

    def __init__(self, proven, diary: Path) -> None:
        self._base = [sys.executable, str(CRASHING), "--really", proven.variant]
        self._base += ["--diary", str(diary)]
        if not proven.repack:
            self._base.append("--plain")
        self.diary_file = diary

    def argv(self, *bad: str, **options: str) -> list[str]:
        """An engine with these faults, written as RUNG=[WHEN:]HOW."""
        argv = [*self._base]
        for fault in bad:
            argv += ["--bad", fault]
        for name, value in options.items():
            argv += [f"--{name}", value] if value else [f"--{name}"]
        return argv

    def diary(self) -> list[str]:
        """What the processes noted since this was last asked."""
        if not self.diary_file.exists():
            return []
        lines = self.diary_file.read_text().splitlines()
        self.diary_file.unlink()
        return lines


@pytest.fixture
def crashing(proven, tmp_path):
    """Engines that fail as told."""
    return Crashing(proven, tmp_path / "diary")

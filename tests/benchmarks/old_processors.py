"""Whether the engine runs on older processors, which qemu-user stands in for.

    old_processors.py [--cpu NAME …] [--model FILE] [--program FILE]

For each processor the engine is started under `qemu-x86_64 -cpu NAME` (Debian: qemu-user),
climbs its ladder, loads the starter model and sorts a text. Told are the rung, what was
tried and why not, the seconds and the answer. It ends with 1 where an answer is missing or
wrong. Emulated instructions take dozens of times as long as real ones. With --program a
packaged `onhand` is the engine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.requests import QUESTION
from fakes.starter import STARTER
from fakes.stores import FakeLadder, FakeSettings
from onhand.bootstrap import engine_command
from onhand.domain.errors import AppError
from onhand.domain.primitives import Prompt, Score
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.engine.client import EngineClient
from onhand.engine.startup import Patience

EMULATOR = "qemu-x86_64"
PROMPT = Prompt(
    system="You sort messages.",
    before="billing: charges, refunds\ntechnical: something is broken\n\nMessage: ",
)
TEXT = "I was charged twice for my card, please refund one of the charges."
RIGHT = "billing"

PATIENCE = Patience(greeting=300, loading=900, trial=900, stall=900, stop=60)
"""Seconds; an emulated engine is slow and does not hang."""


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(cpu: str, model: Path, command: list[str]) -> bool:
    """Try one processor and tell what came of it; whether the answer is right."""
    emulator = shutil.which(EMULATOR)
    if emulator is None:
        sys.exit(f"there is no {EMULATOR} here; on Debian qemu-user brings it")
    argv = [emulator, "-cpu", cpu, *command]
    ladder, settings = FakeLadder(), FakeSettings(Settings(context=512, idle_minutes=0))
    engine = EngineClient(argv, ladder=ladder, settings=settings, patience=PATIENCE)
    engine.use(model)
    begin = time.perf_counter()
    try:
        state = engine.state()
        ready = time.perf_counter()
        request = Score(prompt=PROMPT, texts=(TEXT,), questions=(QUESTION,))
        [[options]] = engine.score(request, CancelToken()).logprobs
    except AppError as error:
        say(f"{cpu}: no answer after {time.perf_counter() - begin:.0f} s: {error}")
        return False
    finally:
        engine.close()
    answer = QUESTION.options[options.index(max(options))]
    say(
        f"{cpu}: {state.rung}, ready after {ready - begin:.0f} s, answer '{answer}'"
        f" {options} after {time.perf_counter() - ready:.0f} s more,"
        f" reads {state.read_speed:.1f} and writes {state.write_speed:.1f} tokens a second"
    )
    for note in state.notes:
        say(f"{cpu}: tried {note}")
    return answer == RIGHT


def as_if_begun(program: Path) -> dict[str, str]:
    """An environment in which a packaged program does not start itself once more.

    It does that to set the path of its libraries; the second start would be none of the
    emulator's, and run on the real processor.
    """
    inside = program.parent / "_internal"
    return {
        "LD_LIBRARY_PATH": str(inside),
        "_PYI_APPLICATION_HOME_DIR": str(inside),
        "_PYI_ARCHIVE_FILE": str(program),
        "_PYI_PARENT_PROCESS_LEVEL": "1",
    }


def main() -> None:
    """Try all processors that were named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpu", action="append")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--program", type=Path)
    given = parser.parse_args()
    command = engine_command()
    if given.program:
        program = given.program.resolve()
        command = [str(program), "engine"]
        os.environ.update(as_if_begun(program))
    done = [run(cpu, given.model, command) for cpu in given.cpu or ["Haswell", "Nehalem"]]
    sys.exit(0 if all(done) else 1)


if __name__ == "__main__":
    main()

"""Onhand beside others: the same model, texts, prompts and cores, by turns.

    python tests/benchmarks/peer.py --model FILE [--server PATH] [--binding] [--outlines]
        [--rounds 3] [--set FOLDER [--texts 6]]

`llama_server.py` builds the server of `--server`. It is warm, keeps its connection and its
prompt cache, and writes no more tokens than it needs; its flags are printed. `--binding`
adds llama-cpp-python's own chat completion, `--outlines` outlines on top of it. Ratios
above 1 say how many times as fast Onhand is. `--set` races on the texts of a folder with
`task.toml` and `test.jsonl` instead of those that are written for this program. The floor
is what the hardware allows: the text's new tokens at the speed of one batch of so many,
measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.binding import Binding, Outlines
from benchmarks.llama_server import FLAGS, running
from benchmarks.texts import (
    EMOTIONS,
    FEELINGS,
    MESSAGES,
    PARAGRAPHS,
    QUEUES,
    RECEIPT,
    SLIPS,
)
from onhand.bootstrap import open_services
from onhand.domain.primitives import Probe, Question, Score
from onhand.domain.progress import CancelToken
from onhand.domain.prompting import (
    classify_prompt,
    classify_questions,
    extract_prompt,
    rewrite_ask,
    rewrite_prompt,
)
from onhand.domain.styles import Style, rewrite_in
from onhand.domain.task_file import read_task
from onhand.domain.tasks import Classify, Extract
from onhand.engine.llama import backend
from onhand.host import Paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services


CONTROL = 5
"""Control words around what is read, about."""


def works(arguments: argparse.Namespace) -> tuple[tuple[str, Task, tuple[str, ...]], ...]:
    """What is raced on: a name, a task and texts."""
    if arguments.set is not None:
        task = read_task((arguments.set / "task.toml").read_text())
        with (arguments.set / "test.jsonl").open() as lines:
            rows = [json.loads(line) for line in islice(lines, arguments.texts)]
        return ((arguments.set.name, task, tuple(row["text"] for row in rows)),)
    return (
        ("4 labels", EMOTIONS, FEELINGS),
        ("5 labels of several tokens", QUEUES, MESSAGES),
        ("receipts, 4 fields", RECEIPT, SLIPS),
        ("paragraphs with few errors", rewrite_in(Style.FIX), PARAGRAPHS),
    )


def seconds(work: Callable[[], object]) -> tuple[float, Any]:
    """How long something takes, and what it gives."""
    begin = time.perf_counter()
    given = work()
    return time.perf_counter() - begin, given


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def schema(properties: dict[str, Any]) -> dict[str, Any]:
    """A request for JSON of this form."""
    form = {"type": "object", "properties": properties, "required": [*properties]}
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": form},
        }
    }


class Peer(Protocol):
    """What is raced against."""

    def chat(self, system: str, user: str, *, limit: int, **more: Any) -> str:
        """What it answers, greedily."""
        ...


def peers(task: Task, peer: Peer) -> dict[str, Callable[[str], object]]:
    """The ways to ask a peer."""
    match task:
        case Classify():
            prompt, ask = classify_prompt(task), classify_questions(task)[0].ask
            options = " | ".join(json.dumps(answer) for answer in task.answers)
            asked = f"{prompt.system} Reply in JSON."
            enum = schema({"category": {"type": "string", "enum": [*task.answers]}})
            return {
                "json_schema": lambda text: peer.chat(
                    asked, prompt.before + text + ask, limit=32, **enum
                ),
                "grammar": lambda text: peer.chat(
                    prompt.system,
                    prompt.before + text + ask,
                    limit=12,
                    grammar=f"root ::= {options}",
                ),
            }
        case Extract():
            prompt = extract_prompt(task)
            form = schema({field.name: {"type": "string"} for field in task.fields})
            return {
                "json_schema": lambda text: peer.chat(
                    prompt.system, f"{prompt.before}{text}\n", limit=160, **form
                )
            }
        case _:
            prompt = rewrite_prompt(task)
            return {
                "plain": lambda text: peer.chat(
                    prompt.system, prompt.before + text + rewrite_ask(), limit=400
                )
            }


class Race:
    """All sides on one kind of work, by turns."""

    def __init__(self, task: Task, services: Services, sides: dict[str, Peer]) -> None:
        self._task = task
        self._run = services.run_task
        self._answering = services.run_task._answering
        self._others = {
            f"{name}, {way}": ask
            for name, peer in sides.items()
            for way, ask in peers(task, peer).items()
        }
        self.times: dict[str, list[float]] = defaultdict(list)
        self.asked: list[str] = []
        self.told: dict[str, list[str]] = defaultdict(list)

    def turn(self, texts: tuple[str, ...], *, warm: bool) -> None:
        """Every text once on each side; counts when `warm`."""
        for text in texts:
            self.asked.append(text)
            found = {"onhand": self._ours(text)}
            for way, ask in self._others.items():
                found[way], told = seconds(lambda ask=ask, text=text: ask(text))
                self.told[way].append(told.strip())
            found["floor"] = self._floor(text)
            if warm:
                for way, each in found.items():
                    self.times[way].append(each)

    def report(self, name: str) -> None:
        """Print the medians and their ratios."""
        ours = statistics.median(self.times["onhand"])
        say(f"{name}: onhand {1000 * ours:.0f} ms a text")
        for way in self._others:
            theirs = statistics.median(self.times[way])
            ratio = f"ratio {theirs / ours:.2f}"
            say(f"  {way:30} {1000 * theirs:6.0f} ms   {ratio}")
            if way.endswith("plain"):
                self._compare(way)
        if isinstance(self._task, Classify | Extract):
            floor = statistics.median(self.times["floor"])
            ratio = f"onhand/floor {ours / floor:.2f}"
            say(f"  {'reading the text':30} {1000 * floor:6.0f} ms   {ratio}")

    def _compare(self, way: str) -> None:
        """Say how often both wrote the same, and how near they were where they parted."""
        told = zip(self.asked, self.told["onhand"], self.told[way], strict=True)
        parted = {each for each in told if each[1] != each[2]}
        say(f"  the same text: {len(self.asked) - len(parted)} of {len(self.asked)} times")
        for text, one, other in sorted(parted):
            ends = [*map(len, (one, other))]
            same = next((at for at in range(min(ends)) if one[at] != other[at]), min(ends))
            # Whole words, since tokens are no matter of characters.
            start = one.rfind(" ", 0, same) + 1
            words = [each[start:].split(" ")[0] for each in (one, other)]
            question = Question(
                ask=rewrite_ask(),
                reply=one[:start].rstrip(),
                options=tuple(f" {each}" for each in words),
            )
            scored = self._answering._engine.score(
                Score(
                    prompt=rewrite_prompt(self._task), texts=(text,), questions=(question,)
                ),
                CancelToken(),
            )
            first, second = scored.logprobs[0][0]
            say(f"  parted after {start} characters, {abs(first - second):.3f} apart (ln)")

    def _ours(self, text: str) -> float:
        self._answering._classifier._remembered.clear()
        spent, ran = seconds(
            lambda: self._run(self._task, text, cancel=CancelToken(), private=True)
        )
        self.told["onhand"].append(getattr(ran.record.outcome.answer, "text", ""))
        return spent

    def _floor(self, text: str) -> float:
        """Reading the new tokens of a text and of what is asked behind it, at once."""
        read = text
        if isinstance(self._task, Classify):
            question = classify_questions(self._task)[0]
            read += question.ask + question.reply
        tokens = self._answering.reader.count(read, CancelToken()) + CONTROL
        probe = Probe(read=tokens, steps=1)
        return tokens / self._answering._engine.probe(probe, CancelToken()).read


def main() -> None:
    """Measure all kinds of work."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--server", type=Path)
    parser.add_argument("--binding", action="store_true")
    parser.add_argument("--outlines", action="store_true")
    parser.add_argument("--port", type=int, default=8439)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--set", type=Path)
    parser.add_argument("--texts", type=int, default=6)
    arguments = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    say(f"{arguments.model.name}, {threads} threads")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        services = stack.enter_context(
            open_services(Paths.of(Path(folder)), model=str(arguments.model))
        )
        state = services.models.loaded()
        sides: dict[str, Peer] = {}
        if arguments.server:
            server = running(
                arguments.server, arguments.model, port=arguments.port, threads=threads
            )
            say(f"llama-server {' '.join(FLAGS)}")
            sides["llama-server"] = stack.enter_context(server)
        kernels = backend._variants().get(state.variant)
        if arguments.binding:
            sides["llama-cpp-python"] = Binding(arguments.model, kernels)
        if arguments.outlines:
            sides["outlines"] = Outlines(arguments.model, kernels)
        for name, task, texts in works(arguments):
            race = Race(task, services, sides)
            for number in range(arguments.rounds + 1):
                race.turn(texts, warm=number > 0)  # the first reads the prompts
            race.report(name)


if __name__ == "__main__":
    main()

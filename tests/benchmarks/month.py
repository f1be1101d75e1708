"""A month of mixed requests: a small model here, a larger one behind a server as "cloud".

    python tests/benchmarks/month.py SET … --local FILE --cloud FILE --keep FOLDER

A set is a folder with a `task.toml` and labelled rows in `train.jsonl` and `test.jsonl`; a
`gold.json` maps the names of the task's labels to those of the rows. From the test rows of
all sets, in turn and shuffled, the month takes `--rows`. Each is answered once by the local
model, by the real engine, and once by the "cloud" model, which runs in llama-cpp-python's
own server on this machine and is asked as the program asks any cloud model: drawn up under
masks, approved (by this benchmark, in the place of a person), sent by the net helper,
checked. Names are not looked for, so that no third model run is needed: only what has a
form is masked. Both answers stay in `--keep`, which is no place in this repository, so a
run that was broken off goes on, and everything else is arithmetic.

Each task is taught, and its thresholds are set, by `--corrections` training rows, as the
program does it. What is `sure` then stays here, what is `check` or `hard` is sent. Printed
are how often the local model, the cloud model and both together are right, which share is
sent, and what other shares would bring: the answers with the least calibrated confidence
are sent first, whatever task they are of. Last comes a rule that knows the cloud model a
little: of each task its first `--judged` answers were judged, and what is not `sure` is
sent where less sure than those were right; the other rows tell what that brings.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from benchmarks.lanes import Rows, taught_by
from benchmarks.openai_server import serving
from benchmarks.scoring import (
    classifying,
    evidence,
    gold_rows,
    names_of,
    neutral_prior,
    say,
)
from onhand.bootstrap import open_services
from onhand.domain.answers import Lane
from onhand.domain.calibration import ENOUGH, calibration_of
from onhand.domain.cloud import Api, Provider, Shape
from onhand.domain.cloud_errors import CloudTimedOut
from onhand.domain.errors import AppError
from onhand.domain.priors import Prior, normalised, without_prior
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.domain.task_file import read_task
from onhand.host import Paths
from onhand.services.escalate import Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from onhand.domain.tasks import Classify
    from onhand.services.bundle import Services

SEED = 8
TOGETHER = 200
"""Rows of the month that are sent task by task, for which the server keeps the prompt."""

TRIES = 3
"""Of a request for whose first bytes the program did not want to wait any longer."""


@dataclass(frozen=True)
class Row:
    """A request: its task, where it stands in the set's test rows, what is right."""

    place: Path
    number: int
    text: str
    label: str

    @property
    def name(self) -> str:
        """What answers are kept under."""
        return f"{title(self.place)}:{self.number}"


def title(place: Path) -> str:
    """A set's name, with that of the folder above."""
    return f"{place.parent.name}/{place.name}"


def task_of(place: Path) -> Classify:
    """What the program is asked."""
    return read_task((place / "task.toml").read_text())


def rows_of(place: Path, part: str) -> list[Row]:
    """Labelled rows of a set in an order that stays."""
    names = task_of(place).answers
    found = [
        Row(place, number, text, label)
        for number, (text, label) in enumerate(gold_rows(place, part, sys.maxsize))
        if label in names
    ]
    random.Random(SEED).shuffle(found)  # noqa: S311 - nothing is secret here
    return found


def month_of(places: Sequence[Path], count: int) -> list[Row]:
    """So many rows, of all sets alike; fewer are the beginning of more."""
    chance = random.Random(SEED)  # noqa: S311 - nothing is secret here
    sets = [rows_of(each, "test") for each in places]
    rounds = zip(*sets, strict=False)
    return [row for each in rounds for row in chance.sample(each, len(each))][:count]


def ask_cloud(rows: Sequence[Row], model: Path, keep: Path, threads: int) -> None:
    """Have every row answered that has no answer yet."""
    known = cloud_answers(keep)
    missing = [each for each in rows if each.name not in known]
    if not missing:
        return
    with (
        serving(model, keep / "server", threads=threads) as url,
        tempfile.TemporaryDirectory() as folder,
        open_services(
            Paths.of(Path(folder) / "data"), model=str(Path(folder) / "none.gguf")
        ) as services,
        (keep / "cloud.jsonl").open("a") as kept,
    ):
        unlimited = {"cloud_message_cents": 0, "cloud_month_cents": 0}
        services.settings.save(Settings(cloud=True, keep_history=False, **unlimited))
        provider = Provider(
            name="server",
            api=Api.OPENAI,
            url=url,
            model=model.stem,
            shape=Shape.OBJECT,  # it knows no schemas
            keyed=False,
        )
        services.cloud.models.add(provider, "")
        for row in by_task(missing):
            began = time.monotonic()
            given = asked(services, row)
            if given is None:
                continue
            took = time.monotonic() - began
            kept.write(json.dumps({"row": row.name, "given": given, "took": took}) + "\n")
            kept.flush()


def by_task(rows: Sequence[Row]) -> Iterator[Row]:
    """Some rows after the others, each time those of a task together."""
    for at in range(0, len(rows), TOGETHER):
        yield from sorted(rows[at : at + TOGETHER], key=lambda each: str(each.place))


def asked(services: Services, row: Row) -> str | None:
    """What the cloud model answered; "!" and why where that is of no use.

    None where it took too long each time: nothing is known of it then.
    """
    escalate = services.cloud.escalate
    for _ in range(TRIES):
        draft = escalate.draft(
            task_of(row.place), row.text, escalate.provider(), CancelToken()
        )
        decision = Decision(shown=draft.payload().shown, private=True)
        try:
            outcome = escalate.send(draft, decision, CancelToken()).record.outcome
        except CloudTimedOut:
            continue
        except AppError as error:
            return f"!{error.code}"
        return outcome.answer.label
    return None


def cloud_answers(keep: Path) -> dict[str, str]:
    """What is kept: by row, what was answered."""
    place = keep / "cloud.jsonl"
    lines = place.read_text().splitlines() if place.exists() else []
    return {each["row"]: each["given"] for each in map(json.loads, lines)}


def ask_local(place: Path, rows: Sequence[Row], model: Path, file: Path) -> Rows:
    """What the local model says of rows of a set: from a file, the rest from the engine."""
    task, parts = task_of(place), []
    if file.exists():
        with np.load(file) as found:
            parts.append([found[name] for name in found.files])
    known = len(parts[0][2]) if parts else 0
    if missing := rows[known:]:
        with classifying(model) as (_, classifier):
            found = evidence(classifier, task, [each.text for each in missing], states=True)
            neutral = neutral_prior(classifier, task)
            names = names_of(classifier, task)
        read = [
            np.array([each.logprobs[0] for each in found]),
            np.array([each.state for each in found], np.float32),
            np.array([task.answers.index(each.label) for each in missing]),
            np.array([neutral.neutral, neutral.seen]),
            np.array(names, np.float32),
        ]
        parts.append(read)
        whole = [
            np.concatenate(each) for each in zip(*(one[:3] for one in parts), strict=True)
        ]
        parts = [[*whole, *read[3:]]]
        np.savez(file, *parts[0])
    *of_rows, neutral, names = parts[0]
    return Rows(
        *(each[: len(rows)] for each in of_rows), Prior(*map(tuple, neutral)), names
    )


@dataclass(frozen=True)
class Told:
    """A row of the month, answered by both.

    Attributes:
        place: the set.
        untaught: whether the local model is right as it comes.
        local: whether it is right with what corrections taught.
        cloud: whether the cloud model is; None where its answer is of no use.
        confidence: the calibrated one, of the local answer.
        lane: of that.
    """

    place: Path
    untaught: bool
    local: bool
    cloud: bool | None
    confidence: float
    lane: Lane

    @property
    def sent(self) -> bool:
        """Whether it is right if it is sent; where that brings nothing, local counts."""
        return self.local if self.cloud is None else self.cloud


def told_of(place: Path, rows: list[Row], arguments: argparse.Namespace) -> list[Told]:
    """The month's rows of a set that both have answered."""
    answers = cloud_answers(arguments.keep)
    corrected = rows_of(place, "train")[: arguments.corrections]
    ours = [each for each in rows if each.place == place]
    while ours and ours[-1].name not in answers:
        ours.pop()
    kept = [
        ask_local(place, some, arguments.local, arguments.keep / f"{name}.npz")
        for part, some in (("train", corrected), ("test", ours))
        for name in [f"{title(place).replace('/', '-')}-{part}"]
    ]
    both = Rows(
        *(np.concatenate([getattr(each, name) for each in kept]) for name in FIELDS),
        neutral=kept[0].neutral,
        names=kept[0].names,
    )
    count = len(corrected)
    known, others = range(count), range(count, len(both.right))
    learned = taught_by(both, known, others, arguments.local_id)
    calibration = calibration_of(learned.judged, arguments.promised)
    prior = both.neutral.with_texts(normalised(both.logprobs[each]) for each in known)
    names = task_of(place).answers
    found = []
    for row, at, seen in zip(ours, others, learned.others, strict=True):
        given = answers.get(row.name)
        if given is None:
            continue
        own = np.argmax(without_prior(both.logprobs[at], prior.logs))
        confidence = calibration.confidence(seen.raw)
        found.append(
            Told(
                place=place,
                untaught=names[int(own)] == row.label,
                local=seen.right,
                cloud=None if given.startswith("!") else given == row.label,
                confidence=confidence,
                lane=calibration.lane(confidence),
            )
        )
    return found


FIELDS = ("logprobs", "states", "right")


def share(found: Iterable[bool | None]) -> float:
    """Of those that are true."""
    return statistics.fmean(bool(each) for each in found)


def routed(found: Sequence[Told], sent: Callable[[Told], bool]) -> float:
    """Share right where some are sent."""
    return share(each.sent if sent(each) else each.local for each in found)


def part(reached: float, low: float, high: float) -> str:
    """How much of the way from one share to another was made."""
    return f"{(reached - low) / (high - low):.2f}" if high > low else "no gap"


def table(found: Sequence[Told]) -> None:
    """Every set by itself, and all of them."""
    say(
        f"{'set':28}{'rows':>5}{'untaught':>10}{'local':>8}{'cloud':>8}{'no use':>8}"
        f"{'routed':>8}{'sent':>7}{'either':>8}"
    )
    sets = {title(each.place): each.place for each in found}
    for name, place in [*sets.items(), ("all", None)]:
        rows = [each for each in found if place in {None, each.place}]
        figures = [
            share(each.untaught for each in rows),
            share(each.local for each in rows),
            share(each.cloud for each in rows),
            share(each.cloud is None for each in rows),
            routed(rows, is_sent),
            share(is_sent(each) for each in rows),
            share(each.local or each.sent for each in rows),
        ]
        widths = (10, 8, 8, 8, 8, 7, 8)
        cells = zip(figures, widths, strict=True)
        line = "".join(f"{each:{width}.3f}" for each, width in cells)
        say(f"{name:28}{len(rows):5}{line}")


def is_sent(each: Told) -> bool:
    """Whether the lane says so."""
    return each.lane is not Lane.SURE


def curve(found: Sequence[Told]) -> None:
    """What every share would bring that is sent, the least sure answers first."""
    untaught, local = share(each.untaught for each in found), routed(found, lambda _: False)
    cloud = share(each.cloud for each in found)
    ranked = sorted(found, key=lambda each: each.confidence)
    # Who knew the answers would send just those that it helps, then those it leaves alone.
    wise = sorted(found, key=lambda each: each.local - each.sent)
    say(
        f"{'sent':>6}{'right':>8}{'of the gap':>12}{'untaught to cloud':>19}"
        f"{'by chance':>11}{'at best':>9}"
    )
    for percent in (0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100):
        count = round(len(found) * percent / 100)
        right = share(
            [each.sent for each in ranked[:count]] + [each.local for each in ranked[count:]]
        )
        best = share(
            [each.sent for each in wise[:count]] + [each.local for each in wise[count:]]
        )
        chance = local + (routed(found, lambda _: True) - local) * percent / 100
        say(
            f"{percent:5}%{right:8.3f}{part(right, local, cloud):>12}"
            f"{part(right, untaught, cloud):>19}{chance:11.3f}{best:9.3f}"
        )


def worthwhile(found: Sequence[Told], judged: int) -> None:
    """What it brings to know how often the cloud model is right at a task."""
    sets = [
        [each for each in found if each.place == place]
        for place in dict.fromkeys(each.place for each in found)
    ]
    sent, kept = [], []
    for rows in sets:
        known = [bool(each.cloud) for each in rows[:judged]]
        rate = (sum(known) + 1) / (len(known) + 2)
        for each in rows[judged:]:
            away = is_sent(each) and each.confidence < rate
            (sent if away else kept).append(each)
    both = [*sent, *kept]
    if not both:
        return
    reached = share([each.sent for each in sent] + [each.local for each in kept])
    low, high = share(each.local for each in both), share(each.cloud for each in both)
    say(
        f"knowing {judged} judged answers of the cloud model for each task: {len(both)}"
        f" other rows, local {low:.3f}, cloud {high:.3f}; by the lanes"
        f" {routed(both, is_sent):.3f} with {share(map(is_sent, both)):.3f} sent, so"
        f" {reached:.3f} with {len(sent) / len(both):.3f} sent (of the gap:"
        f" {part(reached, low, high)})"
    )


def main() -> None:
    """Ask both once, then reckon."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--local", type=Path, required=True, help="model file")
    parser.add_argument("--local-id", default="qwen2.5-coder-0.5b", help="its temperature")
    parser.add_argument("--cloud", type=Path, required=True, help="model file")
    parser.add_argument("--keep", type=Path, required=True, help="folder for answers")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--corrections", type=int, default=100, help="for each task")
    parser.add_argument("--judged", type=int, default=20, help="of the cloud's answers")
    parser.add_argument("--promised", type=float, default=0.05)
    parser.add_argument("--threads", type=int, default=2, help="of the server")
    parser.add_argument("--kept", action="store_true", help="only rows that were sent")
    arguments = parser.parse_args()
    if arguments.corrections < ENOUGH:
        parser.error(f"it takes {ENOUGH} corrections")
    arguments.keep.mkdir(parents=True, exist_ok=True)
    rows = month_of(arguments.sets, arguments.rows)
    if not arguments.kept:
        ask_cloud(rows, arguments.cloud, arguments.keep, arguments.threads)
    found = [told for each in arguments.sets for told in told_of(each, rows, arguments)]
    table(found)
    curve(found)
    worthwhile(found, arguments.judged)


if __name__ == "__main__":
    main()

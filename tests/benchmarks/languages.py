"""Whether rewrites and summaries stay in the language of the text, and pass the checks.

    python tests/benchmarks/languages.py [--model ID_OR_PATH] [--texts 20] [--show]
    python tests/benchmarks/languages.py --detect

The office texts of the tests, in five languages, are rewritten in a formal tone and
summarised. For each language it tells how many answers are surely in it, how many surely
in another, which checks failed how often, and the seconds a text. Answers that are too
short or too mixed to tell count for neither. With --show it prints them as well.

With --detect no model is asked: it tells of how many texts, whole and cut to some words,
the language is told right, wrong, or not at all.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.office import LANGUAGES, LETTERS, letters
from onhand.bootstrap import open_services
from onhand.domain.answers import Rewriting, Summary
from onhand.domain.progress import CancelToken
from onhand.domain.styles import SUMMARISE, Style, rewrite_in
from onhand.domain.tasks import Summarise
from onhand.host import Paths
from onhand.languages import Cld3Languages

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services

TASKS: dict[str, Task] = {
    "rewrite": rewrite_in(Style.FORMAL),
    "summarise": Summarise(instruction=SUMMARISE),
}


def answered(services: Services, task: Task, text: str) -> Outcome:
    """One answer, which nothing is kept of."""
    ran = services.run_task(task, text, cancel=CancelToken(), private=True)
    assert ran.record.outcome is not None
    return ran.record.outcome


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(
    services: Services, kind: str, language: str, count: int, *, show: bool
) -> None:
    """The texts of one language under one task."""
    found: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    seconds = 0.0
    for letter in letters(language)[:count]:
        outcome = answered(services, TASKS[kind], letter.text)
        answer = outcome.answer
        assert isinstance(answer, Rewriting | Summary)
        found[Cld3Languages().of(answer.text)] += 1
        trouble = [check for check in answer.checks if not check.ok]
        failed.update(check.name for check in trouble)
        failed["any"] += bool(trouble)
        seconds += outcome.seconds
        if show:
            say(f"  {letter.text}\n  -> {answer.text}")
            for check in trouble:
                say(f"     {check.name}: {check.detail}")
    total = found.total()
    other = total - found[language] - found[""]
    told = ", ".join(f"{name} {number}" for name, number in failed.most_common() if number)
    say(
        f"{kind:9} {language}  in it {found[language]:2} of {total}, in another {other:2};"
        f" {seconds / total:.1f} s a text; failed: {told or 'none'}"
    )


def detect() -> None:
    """How well languages are told apart, and how long that takes."""
    languages = Cld3Languages()
    texts = [
        (each.language, text) for each in LETTERS for text in (each.text, each.faithful)
    ]
    for words in (3, 5, 8, 12, 20, 1000):
        found: Counter[str] = Counter()
        begin = time.perf_counter()
        for language, text in texts:
            told = languages.of(" ".join(text.split()[:words]))
            found["unknown" if not told else "right" if told == language else "wrong"] += 1
        took = 1000 * (time.perf_counter() - begin) / len(texts)
        counts = ", ".join(
            f"{name} {found[name]}" for name in ("right", "wrong", "unknown")
        )
        say(f"{words:4} words: {counts}; {took:.2f} ms a text")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="")
    parser.add_argument("--texts", type=int, default=20)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--detect", action="store_true")
    given = parser.parse_args()
    if given.detect:
        detect()
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        open_services(
            Paths.of(Path(folder)), model=given.model, engine_soon=True
        ) as services,
    ):
        for kind in TASKS:
            for language in LANGUAGES:
                measure(services, kind, language, given.texts, show=given.show)


if __name__ == "__main__":
    main()

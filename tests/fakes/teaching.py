"""Teaching that comes to what the test says."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fakes.gates import wait
from onhand.domain.distilling import Distilled, Guess
from onhand.domain.errors import UsageError
from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.field_values import FieldValue
from onhand.domain.heads import Learned
from onhand.domain.learning_curve import Curve, CurvePoint
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.reliability import Judged
from onhand.domain.teaching import Lesson, Taught, Verdict
from onhand.services.evaluation_report import ReportEvaluation
from onhand.services.teach import Standing, Teaching
from onhand.storage.report_file import is_taken, save_file
from onhand.teaching_wiring import as_picture, as_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from onhand.domain.errors import AppError
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Example, Task

ADOPTED = Lesson(verdict=Verdict.ADOPTED, examples=40, before=20, after=34, only=(2, 16))


def dated_reports(clock) -> ReportEvaluation:
    """What writes real reports, which have the clock's date."""
    return ReportEvaluation(
        write=save_file,
        is_there=is_taken,
        clock=clock,
        picture=as_picture,
        workbook=as_workbook,
    )


class FakeTeach:
    """Notes what it is taught.

    Attributes:
        lesson: what teaching comes to.
        examples_kept: whether there is a place for examples.
        relabelled: texts that came with different labels.
        taught: what came, and whether it was to be kept.
        lessons: how many there are to undo.
        texts: how many labelled texts are known.
        teacher: the model that labelled them; "" for people.
        gate: a lesson ends when it is open.
        failing: raised instead.
    """

    def __init__(self) -> None:
        self.lesson = ADOPTED
        self.examples_kept = True
        self.relabelled = 0
        self.taught: list[tuple[Task, list[Example], bool]] = []
        self.lessons = 0
        self.texts = 0
        self.teacher = ""
        self.gate = threading.Event()
        self.gate.set()
        self.failing: AppError | None = None

    def __call__(
        self,
        task: Task,
        examples: Iterable[Example] = (),
        *,
        cancel: CancelToken,
        keep: bool = True,
        on_progress: OnProgress = ignore_progress,
    ) -> Teaching:
        """What the test says."""
        self.taught.append((task, list(examples), keep))
        on_progress(Progress(done=1, total=1))
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        self.lessons += keep and self.lesson.verdict is Verdict.ADOPTED
        return Teaching(
            lesson=self.lesson,
            model="smollm2-135m",
            examples_kept=keep and self.examples_kept,
            relabelled=self.relabelled,
            bare=sum(not each.answer for each in self.taught[-1][1]),
        )

    def curve(
        self,
        task: Task,
        examples: Iterable[Example],
        *,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Curve:
        """A little better with more."""
        on_progress(Progress(done=len(list(examples)), total=40))
        points = (CurvePoint(texts=10, right=0.6), CurvePoint(texts=40, right=0.85))
        return Curve(before=0.5, points=points)

    def standing(self, task: Task) -> Standing:
        """What is known."""
        learned = Learned({}, None, self.lesson.examples)
        at = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
        taught = Taught(learned=learned, lesson=self.lesson, at=at, teacher=self.teacher)
        return Standing(
            model="smollm2-135m",
            texts=self.texts,
            new=self.texts,
            taught=taught if self.lessons > 0 else None,
        )

    def undo(self, task: Task) -> bool:
        """One less."""
        self.lessons -= 1
        return self.lessons >= 0


class FakeDistil:
    """A larger model that labels everything as the test says.

    Attributes:
        lesson: what it comes to.
        asked: texts, teacher, and whether it was to be kept.
        saved: where labels were written.
        failing: raised instead.
    """

    def __init__(self) -> None:
        self.lesson = ADOPTED
        self.asked: list[tuple[list[str], str, bool]] = []
        self.saved: list[Path] = []
        self.failing: AppError | None = None

    def __call__(
        self,
        task: Task,
        texts: Iterable[str],
        teacher: str,
        *,
        cancel: CancelToken,
        keep: bool = True,
        on_progress: OnProgress = ignore_progress,
        way: object = None,
    ) -> Distilled:
        """What the test says."""
        given = list(texts)
        self.asked.append((given, teacher, keep))
        on_progress(Progress(done=1, total=2 * max(1, len(given))))
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        return Distilled(
            teacher=teacher,
            model="smollm2-135m",
            lesson=self.lesson,
            guesses=[
                Guess(text=each, label="billing", confidence=0.5, learned=number > 0)
                for number, each in enumerate(given)
            ],
            failed=1,
            seconds=(0.5, 0.2),
        )

    def raise_if_unfit(self, path: Path) -> None:
        """Only tables are."""
        if path.suffix != ".csv":
            raise UsageError(f"{path.name}: labels are written into .csv")

    def save(self, found: Distilled, path: Path) -> None:
        """Note it."""
        self.saved.append(path)


TEXTS = (
    ("I was charged twice", "billing"),
    ("The app closes by itself", "technical"),
    ("Where is my refund?", "billing"),
    ("It does not start any more", "technical"),
    ("Two bills for one order", "billing"),
)


def labelled_rows(times: int) -> str:
    """A table of labelled texts, five of them so many times."""
    rows = [f"{text} {turn},{label}" for turn in range(times) for text, label in TEXTS]
    return "\n".join(["message,queue", *rows]) + "\n"


def evaluation(model: str, title: str, size: int, wrong: int, times: int) -> Evaluation:
    """What a model made of those rows: so many of each hundred are wrong."""
    labels = [label for _ in range(times) for _, label in TEXTS]
    other = {"billing": "technical", "technical": "billing"}
    answers = []
    for number, right in enumerate(labels):
        failed = number * 37 % 100 < wrong
        answers.append(
            Answered(
                right=right,
                given=other[right] if failed else right,
                confidence=0.55 + number * 13 % 44 / 100 - 0.2 * failed,
                seconds=size / 1e9 + 0.01 * (number % 7),
            )
        )
    return Evaluation(
        model=model, title=title, bytes=size, memory=2 * size, answers=tuple(answers)
    )


NOTES = (
    ("The tap drips, and Rosa comes today", "Tap drips. Next: Rosa comes today."),
    ("Nobody locked gate B; Omar does it", "Gate B not locked. Next: Omar does it."),
)


def note_rows(times: int) -> str:
    """A table of notes with what should be written of them, two of them so many times."""
    rows = [f'"{text} {at}","{right}"' for at in range(times) for text, right in NOTES]
    return "\n".join(["message,rewritten", *rows]) + "\n"


def writing(model: str, title: str, size: int, poor: int, times: int) -> Evaluation:
    """What a model wrote of those notes: of so many in each hundred half can stay."""
    answers = []
    for number, (_, right) in enumerate(NOTES * times):
        failed = number * 37 % 100 < poor
        answers.append(
            Answered(
                right=right,
                given=right.replace("Next", "Then") if failed else right,
                stays=0.5 if failed else 1.0,
                confidence=0.55 + number * 13 % 44 / 100 - 0.2 * failed,
                seconds=size / 1e9 + 0.01 * (number % 7),
            )
        )
    return Evaluation(
        model=model, title=title, bytes=size, memory=2 * size, answers=tuple(answers)
    )


TAGGED = (
    ("Cheap, and good", ("price", "taste")),
    ("It tasted of nothing", ("taste",)),
    ("Far too dear", ("price",)),
    ("We came by bus", ()),
    ("Worth its money and delicious", ("price", "taste")),
)


def tagged_rows(times: int) -> str:
    """A table of texts with any number of labels, five of them so many times."""
    rows = [
        f'"{text} {turn}",{"; ".join(labels) or "neither"}'
        for turn in range(times)
        for text, labels in TAGGED
    ]
    return "\n".join(["message,tags", *rows]) + "\n"


def tagging(model: str, title: str, size: int, wrong: int, times: int) -> Evaluation:
    """What a model made of those rows: of so many in each hundred it says too little.

    Where no label is right, it says too much there.
    """
    answers = []
    for number, right in enumerate([labels for _, labels in TAGGED] * times):
        failed = number * 37 % 100 < wrong
        given = (right[1:] if right else ("price",)) if failed else right
        answers.append(
            Answered(
                right=right,
                given=given,
                confidence=0.55 + number * 13 % 44 / 100 - 0.2 * failed,
                seconds=size / 1e9 + 0.01 * (number % 7),
            )
        )
    return Evaluation(
        model=model, title=title, bytes=size, memory=2 * size, answers=tuple(answers)
    )


RECEIPTS = (
    ("Inn, cash", ("Inn", "cash")),
    ("Mill, by card", ("Mill", "card")),
    ("Thank you", ()),
    ("Corner Inn", ("Corner Inn",)),
    ("Inn by the mill, cash", ("Inn by the mill", "cash")),
)


def receipt_rows(times: int) -> str:
    """A table of receipts with a column for each field, five of them so many times."""
    rows = [
        f'"{text} {turn}","{(*values, "", "")[0]}",{(*values, "", "")[1]}'
        for turn in range(times)
        for text, values in RECEIPTS
    ]
    return "\n".join(["message,company,way", *rows]) + "\n"


def finding(model: str, title: str, size: int, wrong: int, times: int) -> Evaluation:
    """What a model made of those rows: so many of each hundred have a wrong company."""
    names = ("company", "way")
    answers = []
    for number, values in enumerate([values for _, values in RECEIPTS] * times):
        failed = number * 37 % 100 < wrong
        right = tuple(map(FieldValue, names, values))
        given = (FieldValue("company", "nobody"), *right[1:]) if failed else right
        sure = 0.55 + number * 13 % 44 / 100 - 0.2 * failed
        answers.append(
            Answered(
                right=right,
                given=given,
                confidence=sure,
                seconds=size / 1e9 + 0.01 * (number % 7),
                fields=(
                    Judged(is_right=not failed, confidence=sure, cost=float(failed)),
                    Judged(is_right=True, confidence=0.95),
                ),
            )
        )
    return Evaluation(
        model=model,
        title=title,
        bytes=size,
        memory=2 * size,
        answers=tuple(answers),
        fields=names,
    )


class FakeEvaluate:
    """Finds what the test says.

    Attributes:
        found: by model.
        asked: the models that were asked for each time, and how many texts there were.
        far: progress that is told on the way.
        failing: raised instead.
        gate: it ends when it is open.
    """

    def __init__(self) -> None:
        self.found: dict[str, Evaluation] = {}
        self.asked: list[tuple[list[str], int]] = []
        self.far: tuple[Progress, ...] = ()
        self.failing: AppError | None = None
        self.gate = threading.Event()
        self.gate.set()

    def __call__(
        self,
        task: Task,
        labelled: Sequence[Example],
        wanted: Sequence[str],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
        *,
        way: object = None,
    ) -> list[Evaluation]:
        """What the test says."""
        self.asked.append(([*wanted], len(labelled)))
        for far in self.far:
            on_progress(far)
        wait(self.gate, cancel)
        cancel.raise_if_cancelled()
        if self.failing is not None:
            raise self.failing
        return [
            replace(each, answers=each.answers[: len(labelled)])
            for each in (self.found[name] for name in wanted)
        ]

"""A smaller model taught by a larger one, on texts that nobody has labelled."""

from __future__ import annotations

import csv
import io
import itertools
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.engine import FakeEngine
from fakes.labelled import open_labelled
from fakes.school import Classroom
from fakes.stores import (
    FakeClock,
)
from fakes.tasks import QUEUE as SHOWN
from fakes.tasks import RECEIPT, record
from onhand.domain.distilling import LEFT_OUT, Guess, as_csv, as_jsonl, parted
from onhand.domain.errors import EngineFailed, ModelMissing, OutputUnwritable, UsageError
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.tasks import Example, Label, identity
from onhand.domain.teaching import Verdict
from onhand.services.calibrating import Calibrations
from onhand.services.distil import Distil
from onhand.services.ports import InstalledModel
from onhand.storage.report_file import is_taken, save_private

SMALL = InstalledModel(id="small", title="Small", path=Path("small.gguf"), bytes=10)
LARGE = InstalledModel(id="large", title="Large", path=Path("large.gguf"), bytes=40)
QUEUE = replace(SHOWN, examples=())
TAGS = replace(QUEUE, multiple=True, labels=(*QUEUE.labels, Label(name="sales")))
KNOWS = {"billing": "bill", "technical": "crash", "sales": "dddd"}
CLUELESS = {"billing": "never", "technical": "never", "sales": "never"}
TEXTS = [
    f"{'bill' if number % 2 else 'crash'} {''.join(order)}"
    for number, order in enumerate(itertools.islice(itertools.permutations("aeiou"), 60))
]


class TwoMinds(FakeEngine):
    """An engine whose larger model knows what the smaller one does not.

    Attributes:
        unreadable: a word on which it fails.
    """

    unreadable = ""

    def score(self, request, cancel):
        self.keywords = KNOWS if "large" in self.state().model else CLUELESS
        if self.unreadable and any(self.unreadable in each for each in request.texts):
            raise EngineFailed("in a test")
        return super().score(request, cancel)


class School(Classroom):
    """Two models and what makes one teach the other."""

    def __init__(self):
        super().__init__(TwoMinds(), SMALL, LARGE)
        self.distil = Distil(
            teach=self.teach,
            answering=self.answering,
            models=self.models,
            heads=self.heads,
            clock=FakeClock(),
            write=save_private,
            is_there=is_taken,
        )

    def __call__(self, texts=TEXTS, teacher="large", task=QUEUE, **more):
        cancel = more.pop("cancel", None) or CancelToken()
        return self.distil(task, texts, teacher, cancel=cancel, **more)


@pytest.fixture
def school():
    return School()


def test_the_smaller_model_learns_what_the_larger_one_says(school):
    found = school()
    assert (found.teacher, found.model) == ("large", "small")
    assert len(found.guesses) == 60
    assert {(each.text.split()[0], each.label) for each in found.guesses} == {
        ("bill", "billing"),
        ("crash", "technical"),
    }
    # Six texts were the least sure ones, and taught nothing.
    assert found.lesson.examples == 54
    assert found.lesson.verdict is Verdict.ADOPTED
    assert found.same == 1.0
    taught = school.heads.load(QUEUE, "small")
    assert (taught.teacher, taught.lesson) == ("large", found.lesson)
    assert school.heads.load(QUEUE, "large") is None
    assert Path(school.engine.state().model) == SMALL.path


def test_what_a_teacher_says_makes_no_answer_sure_and_is_no_example(school):
    school()
    calibration = Calibrations(school.history, school.heads)(QUEUE, "small")
    assert (calibration.judged, calibration.limit) == (0, 0)
    assert school.history.corrections(identity(QUEUE)) == []


def test_what_is_judged_after_that_tells_how_far_it_can_be_relied_on(school):
    school()
    at = school.heads.load(QUEUE, "small").at
    for number, text in enumerate([*TEXTS] * 2):
        outcome = school.answer(QUEUE, text)
        assert outcome.taught == 54
        outcome = replace(outcome, raw=outcome.confidence)
        # The first of them were answered before the lesson.
        late = at + timedelta(seconds=1 if number >= 60 else -1)
        kept = school.history.add(record(text, QUEUE, outcome=outcome, at=late))
        school.history.correct(kept, outcome.answer.label, late)
    calibration = Calibrations(school.history, school.heads)(QUEUE, "small")
    assert calibration.judged == 60


def test_people_replace_what_a_model_taught_only_by_something_better(school):
    school()
    # They say the same: nothing is gained.
    people = [
        Example(text=f"{each} y", answer="billing" if "bill" in each else "technical")
        for each in TEXTS
    ]
    assert school.learn(QUEUE, people).lesson.verdict is Verdict.NO_GAIN
    assert school.heads.load(QUEUE, "small").teacher == "large"
    # Without the head of the model it would be one.
    school.heads.undo(QUEUE, "small", None)
    assert school.learn(QUEUE, []).lesson.verdict is Verdict.ADOPTED
    assert school.heads.load(QUEUE, "small").teacher == ""


def test_people_who_know_better_replace_what_a_model_taught(school):
    school()
    others = [
        Example(text=f"{each} y", answer="technical" if "bill" in each else "billing")
        for each in TEXTS
    ]
    found = school.learn(QUEUE, others)
    assert (found.lesson.verdict, found.lesson.before) == (Verdict.ADOPTED, 0)
    assert school.heads.load(QUEUE, "small").teacher == ""


def test_what_people_said_goes_before_what_a_model_says(school):
    people = [
        Example(text=each, answer="billing" if number < 30 else "technical")
        for number, each in enumerate(TEXTS)
    ]
    school.history.teach(identity(QUEUE), people, FakeClock().now())
    found = school()
    # All labels are the people's, who sort by something that no letter tells.
    assert found.lesson.examples == 60
    assert found.lesson.verdict is not Verdict.ADOPTED


def test_a_teacher_that_says_one_thing_to_everything_teaches_nothing(school):
    found = school([each for each in TEXTS if "bill" in each])
    assert found.lesson.verdict is Verdict.ONE_LABEL
    assert found.lesson.examples == 27


def test_a_trial_keeps_nothing(school):
    assert school(keep=False).lesson.verdict is Verdict.ADOPTED
    assert school.heads.load(QUEUE, "small") is None


def test_texts_that_the_teacher_cannot_read_are_counted(school):
    school.engine.unreadable = TEXTS[3]
    found = school()
    assert (found.failed, len(found.guesses)) == (1, 59)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"texts": ["one", "one ", " "] * 30}, "there are 1 texts, and it takes 20"),
        ({"teacher": "small"}, "the teacher is the model that is to be taught"),
        ({"task": RECEIPT}, "choose labels"),
    ],
    ids=["few texts", "itself", "fields"],
)
def test_what_cannot_teach_is_said_before_anything_is_read(school, more, words):
    with pytest.raises(UsageError, match=words):
        school(**more)
    assert school.engine.asked == []


def test_a_history_that_is_locked_is_told_before_anything_is_read(school):
    school.history.failing = HistoryLocked()
    with pytest.raises(HistoryLocked):
        school()
    assert school.engine.asked == []


def test_a_teacher_that_is_not_here_is_named(school):
    with pytest.raises(ModelMissing):
        school(teacher="huge")


def test_stopped_in_the_middle_all_is_as_it_was(school):
    cancel = CancelToken()

    def stop(far):
        if far.done > 30:
            cancel.cancel()

    with pytest.raises(Cancelled):
        school(cancel=cancel, on_progress=stop)
    assert school.heads.load(QUEUE, "small") is None
    assert Path(school.engine.state().model) == SMALL.path


def test_progress_counts_the_texts_of_both_models(school):
    told = []
    school(on_progress=told.append)
    done = [each.done for each in told]
    assert done[0] == 0
    assert (told[-1].done, told[-1].total) == (114, 120)
    assert {each.note for each in told} == {"Large", "Small"}


@pytest.mark.parametrize("name", ["labels.csv", "labels.jsonl"])
def test_labels_are_written_the_least_sure_first(school, tmp_path, name):
    found = school()
    path = tmp_path / name
    school.distil.save(found, path)
    content = path.read_text(encoding="utf-8")
    rows = (
        list(csv.DictReader(io.StringIO(content)))
        if name.endswith("csv")
        else [json.loads(line) for line in content.splitlines()]
    )
    sure = [float(each["confidence"]) for each in rows]
    assert sure == sorted(sure)
    assert {each["text"] for each in rows} == {*TEXTS}
    assert [each["learned"] in {"no", False} for each in rows].count(True) == 6
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(OutputUnwritable):
        school.distil.save(found, path)
    with pytest.raises(UsageError, match=r"labels are written into \.csv or \.jsonl"):
        school.distil.raise_if_unfit(tmp_path / "labels.xlsx")
    with pytest.raises(OutputUnwritable, match="No such file"):
        school.distil.raise_if_unfit(tmp_path / "nowhere" / name)
    assert [*tmp_path.iterdir()] == [path]


guesses = st.lists(
    st.builds(
        Guess,
        text=st.text(),
        label=st.sampled_from(["a", "b", "c"]),
        confidence=st.floats(0, 1),
    )
)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1))))
def test_of_each_number_of_labels_the_least_sure_are_left_out(drawn):
    found = [
        Guess(text="", label="", confidence=sure, labels=("a", "b", "c")[:number])
        for number, sure in drawn
    ]
    ordered = parted(found)
    for number in range(4):
        own = [each for each in ordered if len(each.labels or ()) == number]
        out = int(LEFT_OUT * len(own))
        assert [each.learned for each in own] == [False] * out + [True] * (len(own) - out)


def test_any_number_of_labels_is_learned_from_a_larger_model(school, tmp_path):
    texts = [
        f"{word} {''.join(order)}"
        for word, order in zip(
            itertools.cycle(
                ("bbbb bill", "cccc crash", "bbbb bill cccc crash", "dddd dddd")
            ),
            itertools.islice(itertools.permutations("aeiou"), 60),
            strict=False,
        )
    ]
    found = school(texts, task=TAGS)
    assert {(len(each.text), each.label) for each in found.guesses} == {
        (15, "billing"),
        (16, "technical"),
        (15, "sales"),
        (26, "billing; technical"),
    }
    assert found.lesson.verdict is Verdict.ADOPTED
    assert found.lesson.f1[1] > 0.9
    assert school.heads.load(TAGS, "small").sightings(TAGS) == ()
    school.distil.save(found, tmp_path / "labels.csv")
    rows = open_labelled(tmp_path / "labels.csv", ("text", "label")).examples(TAGS)
    assert [each.answer for each in rows] == [each.answer for each in found.guesses]


@given(guesses)
def test_of_each_label_the_least_sure_are_left_out(found):
    ordered = parted(found)
    assert sorted(each.confidence for each in found) == [e.confidence for e in ordered]
    for label in ("a", "b", "c"):
        own = [each for each in ordered if each.label == label]
        out = int(LEFT_OUT * len(own))
        assert [each.learned for each in own] == [False] * out + [True] * (len(own) - out)


@given(guesses)
def test_both_forms_hold_every_label(found):
    rows = list(csv.reader(io.StringIO(as_csv(found), newline="")))
    assert len(rows) == len(found) + 1
    lines = [json.loads(line) for line in as_jsonl(found).split("\n")[:-1]]
    assert [each["text"] for each in lines] == [each.text for each in found]

"""What single texts are answered with before anybody corrects anything."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from fakes.engine import WIDTH, FakeEngine
from fakes.stores import FakePriors, FakeSamples
from onhand.domain.errors import DataFolderUnwritable, EngineFailed
from onhand.domain.heads import LEAST_TEXTS, TEMPERATURE
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.neutral import NEUTRAL
from onhand.domain.primitives import Score
from onhand.domain.priors import NEUTRAL_TEXTS
from onhand.domain.progress import Cancelled, CancelToken, ignore_progress, ignore_text
from onhand.domain.task_samples import MOST, Sample, Seen, numbers
from onhand.domain.tasks import Classify, Label
from onhand.domain.train_request import Train
from onhand.services.classifying import Classifier
from onhand.services.learning import Learning
from onhand.services.priors import Priors
from onhand.services.reading_parts import Reader
from onhand.services.task_samples import PASSING, Samples
from onhand.services.writing import Watch

QUEUE = Classify(
    instruction="Which team?",
    labels=(Label(name="billing", meaning="charges"), Label(name="technical")),
)
EVEN = (-0.7, -0.7)


def many(labels):
    return Classify(
        instruction="Which?", labels=tuple(Label(name=f"label {n}") for n in range(labels))
    )


class Desk:
    """Samples over an engine, as after a start of the program."""

    def __init__(self, engine=None, store=None):
        self.engine = engine or FakeEngine(keywords={"billing": "a", "technical": "b"})
        self.engine.use(Path("fake.gguf"))
        self.store = store or FakeSamples()
        self.classifier = Classifier(self.engine, Reader(self.engine))
        priors = Priors(FakePriors(), self.classifier)
        learning = Learning(self.engine, self.classifier, priors)
        self.samples = Samples(self.store, self.classifier, learning)
        self.told = []

    def head(self, task=QUEUE, *, keep=True, cancel=None):
        watch = Watch(cancel or CancelToken(), ignore_text, self.told.append)
        prior = [EVEN[0]] * len(task.options)
        return self.samples.head(task, "fake", prior, watch, keep=keep)

    def add(self, text, task=QUEUE):
        [evidence] = self.classifier.evidence(
            task, [text], CancelToken(), ignore_progress, states=True
        )
        self.samples.add(task, "fake", evidence)

    def asked(self, kind):
        return [each for each in self.engine.asked if isinstance(each, kind)]

    def kept(self):
        [sample] = self.store.known.values()
        return sample


def test_names_and_neutral_texts_make_the_first_head():
    desk = Desk()
    head = desk.head()
    assert [each.texts for each in desk.asked(Score)] == [
        ("billing: charges", "technical"),
        NEUTRAL[: int(NEUTRAL_TEXTS)],
    ]
    [request] = desk.asked(Train)
    assert (len(request.names), len(request.states)) == (2, int(NEUTRAL_TEXTS))
    assert head.fits(WIDTH)
    # The model "fake" has none of its own, so the usual one is taken back.
    assert head.temperature < TEMPERATURE
    assert desk.head() is head
    assert len(desk.asked(Train)) == 1
    assert desk.kept().is_whole(2, 2)


def test_after_a_restart_nothing_is_read_again():
    desk = Desk()
    desk.head()
    for text in ("a", "b"):
        desk.add(text)
    again = Desk(store=desk.store)
    again.head()
    assert again.asked(Score) == []
    [request] = again.asked(Train)
    assert len(request.states) == int(NEUTRAL_TEXTS) + 2


def test_the_users_texts_take_the_place_of_neutral_ones():
    desk = Desk()
    desk.head()
    for number in range(LEAST_TEXTS + 8):
        desk.add("a" * number + "b")
        desk.head()
    sizes = [len(each.states) for each in desk.asked(Train)]
    assert sizes[0] == int(NEUTRAL_TEXTS)
    # The one before the last still had them.
    assert sizes[-2] == int(NEUTRAL_TEXTS) + LEAST_TEXTS - 1
    assert LEAST_TEXTS <= sizes[-1] <= LEAST_TEXTS + 8
    # Not for every text: for a fourth more of them.
    assert len(sizes) < LEAST_TEXTS / 2


def test_only_the_last_texts_count():
    desk = Desk()
    desk.head()
    for number in range(MOST + 10):
        desk.add("a" * number + "b")
    desk.head()
    assert len(desk.asked(Train)[-1].states) == MOST == len(desk.kept().texts)


def test_the_same_text_again_counts_once():
    desk = Desk()
    desk.head()
    for text in ("a", "a", "b", "a"):
        desk.add(text)
    assert len(desk.kept().texts) == 3


def test_where_nothing_may_be_kept_nothing_is():
    desk = Desk()
    assert desk.head(keep=False) is not None
    assert desk.store.known == {}
    # It is kept as soon as it may be, and is not read again for that.
    asked = len(desk.asked(Score))
    desk.head(keep=True)
    desk.add("a")
    assert len(desk.asked(Score)) == asked + 1
    assert len(desk.kept().texts) == 1


def test_many_labels_are_read_only_where_that_is_kept():
    desk = Desk()
    task = many(PASSING + 1)
    assert desk.head(task, keep=False) is None
    assert desk.engine.asked == []
    assert desk.head(task, keep=True) is not None
    assert [(each.done, each.total) for each in desk.told][-1] == (PASSING + 1, PASSING + 1)
    # What is there is used.
    assert Desk(store=desk.store).head(task, keep=False) is not None
    assert Desk().head(many(PASSING), keep=False) is not None


@pytest.mark.parametrize("change", [{"none": "neither"}, {"multiple": True}])
def test_there_is_no_head_where_no_label_may_be_right(change):
    desk = Desk()
    task = dataclasses.replace(QUEUE, **change)
    assert desk.head(task) is None
    desk.add("a", task)
    assert desk.store.known == {}


def test_a_store_that_fails_stops_no_answer():
    desk = Desk()
    desk.store.failing = DataFolderUnwritable("/data")
    assert desk.head() is not None
    desk.add("a")
    desk.store.failing = None
    desk.head()
    assert desk.kept().is_whole(2, 2)


def test_many_labels_are_not_read_at_each_start_where_there_is_no_place_for_them():
    desk = Desk()
    desk.store.failing = HistoryKeyless("no keyring")
    assert desk.head(many(PASSING + 1)) is None
    assert desk.engine.asked == []
    desk.store.failing = None
    assert desk.head(many(PASSING + 1)) is not None


def test_an_engine_that_fails_is_asked_for_names_once():
    desk = Desk()
    desk.engine.failing = EngineFailed("decode")
    assert desk.head() is None
    asked = len(desk.engine.asked)
    assert desk.head() is None
    assert len(desk.engine.asked) == asked
    desk.add("a")
    assert desk.store.known == {}


def test_who_stops_the_reading_of_names_can_begin_again():
    desk = Desk()
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        desk.head(cancel=cancel)
    assert desk.head() is not None


def seen(width, options=2):
    return Seen(numbers([0.5] * width), (-0.7,) * options)


NAMES = (numbers([0.5] * 4),) * 2


@pytest.mark.parametrize(
    "sample",
    [
        Sample(NAMES[:1], (seen(4),)),
        Sample(NAMES, (seen(3),)),
        Sample(NAMES, (seen(4), seen(4, 3))),
        Sample(NAMES, (seen(4),), (seen(5),)),
        Sample(NAMES, ()),
    ],
    ids=["too few names", "width", "options", "text of another model", "no texts"],
)
def test_what_does_not_hang_together_is_read_anew(sample):
    assert not sample.is_whole(2, 2)
    desk = Desk()
    desk.head()
    [key] = desk.store.known
    desk.store.known[key] = sample
    again = Desk(store=desk.store)
    assert again.head().fits(WIDTH)
    assert again.kept().is_whole(2, 2)


def test_texts_of_another_model_of_the_same_name_are_not_mixed_in():
    desk = Desk()
    desk.head()
    [key] = desk.store.known
    narrow = Sample((numbers([0.5] * 3),) * 2, (seen(3),))
    again = Desk(store=FakeSamples())
    again.store.known[key] = narrow
    assert not again.head().fits(WIDTH)
    again.add("a")
    assert again.kept().texts == ()

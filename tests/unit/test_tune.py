"""Tuning: the fastest layout that does no harm is used, told, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import (
    NOON,
    FakeHistory,
    FakeModels,
    FakeSettings,
    FakeTasks,
    FakeTunings,
    FakeWorkshop,
)
from fakes.tasks import QUEUE, record
from onhand.domain.errors import DataFolderUnwritable, EngineFailed, ModelMissing
from onhand.domain.layouts import Comparison, Layout, Speed, reason_against
from onhand.domain.progress import Cancelled, CancelToken
from onhand.services.models import Models
from onhand.services.ports import InstalledModel
from onhand.services.tune import Tune

if TYPE_CHECKING:
    from pathlib import Path

SPEEDS = st.floats(1, 1e4)


class Bench:
    """Everything that tuning touches."""

    def __init__(self, folder: Path) -> None:
        file = folder / "tiny.gguf"
        file.write_text("weights")
        self.folder = folder
        self.model = InstalledModel(id="tiny-1m", title="Tiny", path=file, bytes=7)
        self.workshop = FakeWorkshop()
        self.tunings = FakeTunings(folder)
        self.history = FakeHistory()
        self.models = Models(
            store=FakeModels(self.model),
            settings=FakeSettings(),
            engine=None,
            tunings=self.tunings,
            wanted="",
        )
        self.tune = Tune(
            models=self.models,
            workshop=self.workshop,
            tunings=self.tunings,
            history=self.history,
            tasks=FakeTasks(QUEUE),
        )

    def layouts(self) -> list[str]:
        """Files that are there beside the model."""
        return sorted(
            each.name for each in self.folder.iterdir() if each != self.model.path
        )

    def correct(self, answer: str, times: int = 3) -> None:
        """Correct some entries."""
        for number in range(times):
            entry = self.history.add(record(f"text {number}", QUEUE))
            self.history.correct(entry, answer, NOON)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_the_fastest_layout_is_used_and_the_others_are_removed(bench):
    bench.workshop.speeds |= {"q8_0": (500.0, 9.0)}
    tuning = bench.tune("", CancelToken())
    assert tuning.layout is Layout.Q4_0
    assert (tuning.reads, tuning.writes) == (3.0, 1.5)
    assert tuning.comparison.same == tuning.comparison.texts > 0
    assert bench.layouts() == ["tiny.q4_0.gguf"]
    current = bench.models.current()
    assert (current.id, current.path.name) == ("tiny-1m:q4_0", "tiny.q4_0.gguf")
    assert bench.models.original() == bench.model
    assert bench.models.original("tiny-1m:q4_0") == bench.model


def test_undo_answers_with_the_file_as_it_came(bench):
    bench.tune("", CancelToken())
    bench.tune.undo("tiny")
    assert bench.models.current() == bench.model
    assert bench.layouts() == []
    assert bench.tune.known("") is None


def test_a_model_stays_as_it_came_where_nothing_is_faster(bench):
    bench.workshop.speeds = {}
    tuning = bench.tune("", CancelToken())
    assert tuning.layout is None
    assert "faster" in tuning.reason
    assert bench.layouts() == []
    assert bench.models.current() == bench.model
    assert bench.tune.known("") == tuning  # and it is not tried again unasked


def test_a_layout_that_answers_otherwise_is_left_for_one_that_does_not(bench):
    bench.workshop.wrong = {"q4_0"}
    assert bench.tune("", CancelToken()).layout is None
    bench.workshop.speeds["q8_0"] = (150.0, 12.0)
    tuning = bench.tune("", CancelToken())
    assert (tuning.layout, tuning.reads) == (Layout.Q8_0, 1.5)


def test_a_layout_that_takes_long_is_made_where_its_relative_does_harm(bench):
    bench.workshop.speeds = {"q4_0": (300.0, 15.0), "iq4_nl": (290.0, 15.0)}
    assert bench.tune("", CancelToken()).layout is Layout.Q4_0
    assert [each.name for each in bench.workshop.made] == [
        "tiny.q4_0.gguf",
        "tiny.q8_0.gguf",
    ]
    bench.workshop.wrong = {"tiny.q4_0"}
    assert bench.tune("", CancelToken()).layout is Layout.IQ4_NL
    assert bench.layouts() == ["tiny.iq4_nl.gguf"]
    bench.workshop.speeds = {}
    bench.workshop.made.clear()
    assert bench.tune("", CancelToken()).layout is None
    assert len(bench.workshop.made) == 2


def test_what_the_user_corrected_decides_where_there_is_any(bench):
    bench.workshop.wrong = {"q4_0"}
    bench.correct("technical")
    tuning = bench.tune("", CancelToken())
    assert tuning.layout is Layout.Q4_0  # the original had them wrong
    found = tuning.comparison
    assert (found.texts, found.same, found.corrected) == (3, 0, 3)
    assert (found.right_before, found.right_after) == (0, 3)


@pytest.mark.parametrize("failure", [EngineFailed("no"), Cancelled(), RuntimeError("bug")])
def test_nothing_is_left_of_a_trial_that_ended_early(bench, failure):
    bench.workshop.failing = failure
    with pytest.raises(type(failure)):
        bench.tune("", CancelToken())
    assert bench.layouts() == []
    assert bench.models.current() == bench.model


@pytest.mark.parametrize("failure", [EngineFailed("no"), Cancelled()])
def test_an_earlier_tuning_stays_when_a_new_trial_ends_early(bench, failure):
    earlier = bench.tune("", CancelToken())
    bench.workshop.failing = failure
    with pytest.raises(type(failure)):
        bench.tune("", CancelToken())
    assert bench.tune.known("") == earlier
    assert bench.layouts() == ["tiny.q4_0.gguf"]
    assert bench.models.current().path.read_text().endswith("as q4_0")


def test_a_new_trial_takes_the_place_of_an_earlier_one(bench):
    bench.tune("", CancelToken())
    again = bench.tune("", CancelToken())
    assert len(bench.layouts()) == 1
    assert bench.models.current().path.name == bench.layouts()[0]
    assert bench.tune.known("") == again


def test_nothing_is_left_where_the_result_cannot_be_kept(bench):
    bench.tunings.failing = DataFolderUnwritable("folder")
    with pytest.raises(DataFolderUnwritable):
        bench.tune("", CancelToken())
    assert bench.layouts() == []


def test_a_stop_is_heeded(bench):
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        bench.tune("", cancel, lambda far: cancel.cancel())
    assert bench.layouts() == []


def test_a_model_that_is_not_here_cannot_be_tuned(bench):
    with pytest.raises(ModelMissing):
        bench.tune("huge", CancelToken())


@given(SPEEDS, SPEEDS, SPEEDS, SPEEDS)
def test_a_layout_that_is_slower_on_the_whole_is_never_taken(read, write, other, another):
    before, after = Speed(read=read, write=write), Speed(read=other, write=another)
    taken = not reason_against(before, after, Comparison(texts=10, same=10))
    assert not taken or after.seconds < before.seconds


def test_a_few_other_answers_do_no_harm_and_many_do():
    assert Comparison(texts=40, same=32, shift=0.05).is_harmless
    assert not Comparison(texts=40, same=39, shift=0.06).is_harmless
    right = Comparison(
        texts=50, same=0, shift=0.9, corrected=50, right_before=45, right_after=44
    )
    assert right.is_harmless
    lost = Comparison(texts=50, same=49, corrected=50, right_before=45, right_after=43)
    assert not lost.is_harmless

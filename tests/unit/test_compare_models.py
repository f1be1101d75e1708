"""Comparing two models on the user's own texts, one model after the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.engine import FakeEngine
from fakes.heads import FakeHeads
from fakes.languages import FakeLanguages
from fakes.stores import (
    NOON,
    FakeHistory,
    FakeModels,
    FakePrefixes,
    FakePriors,
    FakeSamples,
    FakeSettings,
    FakeTasks,
    FakeTunings,
)
from fakes.tasks import PLAIN, QUEUE, TAGS, record
from fakes.ways import FakeWay
from onhand.domain.comparing import Finding, Wanted
from onhand.domain.errors import (
    EngineCrashed,
    ModelMissing,
    ModelUnusable,
    TaskUnknown,
    UsageError,
)
from onhand.domain.layouts import Comparison as LayoutComparison
from onhand.domain.layouts import Layout, Speed, Tuning
from onhand.domain.model_errors import NothingToCompare
from onhand.domain.primitives import Score
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.samples import SAMPLES
from onhand.host import find_data
from onhand.services.answering import Answering
from onhand.services.compare_models import CompareModels
from onhand.services.models import Models
from onhand.services.ports import InstalledModel
from onhand.storage.task_files import TaskFiles

SMALL = InstalledModel(
    id="small-1m", title="Small", path=Path("/models/small.gguf"), bytes=1_000
)
LARGE = InstalledModel(
    id="large-1b", title="Large", path=Path("/models/large.gguf"), bytes=4_000
)
BILLING = {"billing": r"charged", "technical": r"broke"}
CONFUSED = {"billing": r"broke", "technical": r"charged"}


class TwoModels(FakeEngine):
    """An engine that answers by the keywords of the model in use.

    Attributes:
        minds: the keywords by the file's stem.
        used: the models in the order in which they were asked.
        before: called before each question with the engine.
    """

    def __init__(self) -> None:
        super().__init__(context=500)
        self.minds = {"small": CONFUSED, "large": BILLING}
        self.used: list[str] = []
        self.before = lambda engine, request: None

    def use(self, model: Path) -> None:
        super().use(model)
        self.keywords = dict(self.minds.get(model.stem.partition(".")[0], BILLING))

    def score(self, request, cancel):
        name = Path(self.state().model).name
        if not self.used or self.used[-1] != name:
            self.used.append(name)
        self.before(self, request)
        return super().score(request, cancel)


class Bench:
    """Everything that a comparison touches."""

    def __init__(self) -> None:
        self.engine = TwoModels()
        self.history = FakeHistory()
        self.settings = FakeSettings()
        self.priors = FakePriors()
        self.prefixes = FakePrefixes()
        self.tunings = FakeTunings()
        self.models = Models(
            store=FakeModels(SMALL, LARGE),
            settings=self.settings,
            engine=self.engine,
            tunings=self.tunings,
            wanted="",
        )
        self.compare = CompareModels(
            models=self.models,
            answering=Answering(
                self.engine,
                self.models,
                priors=self.priors,
                samples=FakeSamples(),
                prefixes=self.prefixes,
                languages=FakeLanguages(),
                heads=FakeHeads(),
                history=self.history,
            ),
            history=self.history,
            tasks=TaskFiles(
                built_in=find_data() / "resources" / "tasks", own=Path("/nowhere")
            ),
            memory=lambda model: 2 * model.bytes,
        )
        self.far = []

    def keep(self, text, *, right=None, task=QUEUE, pinned=False, **more):
        number = self.history.add(record(text, task, **more))
        if right is not None:
            self.history.correct(number, right, NOON)
        if pinned:
            self.history.pin(number, pinned=True)
        return number

    def __call__(self, **more):
        return self.compare("small", "large", CancelToken(), self.far.append, **more)


@pytest.fixture
def bench():
    return Bench()


def test_what_was_corrected_or_pinned_is_answered_by_both(bench):
    first = bench.keep("I was charged twice", right="billing")
    bench.keep("Nobody said anything of this")
    second = bench.keep("It broke again", pinned=True)
    found = bench()
    assert [item.record for item in found.items] == [first, second]
    assert [item.right for item in found.items] == ["billing", None]
    labels = [[each.answer.label for each in item.replies] for item in found.items]
    assert labels == [["technical", "billing"], ["billing", "technical"]]
    assert (found.comparable, found.agreeing, len(found.changing)) == (2, 0, 2)
    assert (found.judged, found.right(0), found.right(1)) == (1, 0, 1)
    assert found.finding is Finding.TOO_FEW
    assert [each.memory for each in found.models] == [2_000, 8_000]
    assert found.seconds(0) is not None


def test_the_models_come_one_after_the_other_and_the_old_one_at_the_end(bench):
    for number in range(3):
        bench.keep(f"charged {number}", right="billing")
    bench()
    assert bench.engine.used == ["small.gguf", "large.gguf"]
    assert bench.engine.state().model == "/models/small.gguf"


def test_nothing_of_it_is_kept(bench):
    bench.keep("I was charged", right="billing")
    before = list(bench.history.stored)
    bench()
    assert bench.history.stored == before
    assert bench.priors.known == {}
    assert bench.engine.lasting == []
    assert bench.settings.load() == FakeSettings().load()


def test_an_entry_that_is_pinned_and_corrected_counts_once_and_the_newest_does(bench):
    bench.keep("charged", right="technical", pinned=True)
    newest = bench.keep("charged", right="billing", pinned=True)
    found = bench()
    assert [(item.record, item.right) for item in found.items] == [(newest, "billing")]


def test_corrected_ones_come_first_where_there_are_too_many(bench):
    bench.keep("pinned one", pinned=True)
    numbers = [bench.keep(f"charged {each}", right="billing") for each in range(3)]
    bench.keep("pinned two", pinned=True)
    found = bench(wanted=Wanted(limit=2))
    assert [item.record for item in found.items] == [numbers[2], numbers[1]]


def test_one_task_alone_can_be_wanted(bench):
    bench.keep("charged", right="billing")
    task = bench.compare._tasks.find("Ticket queue")
    mine = bench.keep("charged", task=task, pinned=True)
    found = bench(wanted=Wanted(task="Ticket queue", limit=1))
    assert [item.record for item in found.items] == [mine]
    with pytest.raises(TaskUnknown):
        bench(wanted=Wanted(task="Nothing like this"))


def test_progress_counts_the_answers_of_both_and_tells_the_time_left(bench):
    bench.keep("charged", right="billing")
    bench.keep("broke", right="technical")
    bench()
    assert [each.done for each in bench.far] == [0, 1, 2, 2, 3, 4]
    assert {each.total for each in bench.far} == {4}
    assert [each.note for each in bench.far] == ["Small"] * 3 + ["Large"] * 3
    left = [each.seconds_left for each in bench.far]
    assert left[0] is None
    assert left[-1] == 0
    # What the second model takes is expected before it has begun.
    assert left[2] > 0


def test_without_anything_pinned_or_corrected_it_says_so_and_takes_samples(bench):
    bench.keep("A text")
    with pytest.raises(NothingToCompare):
        bench()
    bench.compare._tasks = FakeTasks(
        *(
            task
            for _, task in bench.compare._tasks.names()
            if task.id in {"onhand-sentiment", "onhand-key-points"}
        )
    )
    found = bench(wanted=Wanted(samples=True))
    assert found.samples
    assert {item.task.id for item in found.items} == {
        "onhand-sentiment",
        "onhand-key-points",
    }
    assert {item.record for item in found.items} == {0}
    assert found.finding is Finding.NOTHING


def test_every_built_in_task_has_samples_and_every_sample_a_task(bench):
    ids = {task.id for _, task in bench.compare._tasks.names()}
    assert set(SAMPLES) == ids
    assert all(SAMPLES.values())
    assert all(text.strip() for texts in SAMPLES.values() for text in texts)


def test_what_a_model_cannot_do_is_counted(bench):
    bench.keep("  ", right="billing")
    bench.keep("charged", right="billing")
    found = bench()
    assert (found.unanswered(0), found.unanswered(1)) == (1, 1)
    assert found.items[1].replies[0].error == "There is no text"
    assert (found.judged, found.right(1)) == (2, 1)


def test_an_engine_that_fails_on_a_text_is_no_end(bench):
    for number in range(4):
        bench.keep(f"charged {number}", right="billing")

    def crash(engine, request):
        if "charged 2" in str(request.texts):
            raise EngineCrashed("by SIGSEGV")

    bench.engine.before = crash
    found = bench()
    assert found.unanswered(0) == found.unanswered(1) == 1


def test_an_engine_that_fails_on_all_of_them_is(bench):
    for number in range(9):
        bench.keep(f"charged {number}", right="billing")

    def crash(engine, request):
        raise EngineCrashed("by SIGSEGV")

    bench.engine.before = crash
    with pytest.raises(EngineCrashed):
        bench()
    assert bench.engine.state().model == "/models/small.gguf"


@pytest.mark.parametrize("error", [ModelUnusable("truncated"), ModelMissing("gone")])
def test_a_model_that_cannot_be_loaded_ends_it(bench, error):
    bench.keep("charged", right="billing")
    bench.engine.failing = error
    with pytest.raises(type(error)):
        bench()


def test_stopping_ends_it_at_once_and_selects_the_old_model(bench):
    for number in range(5):
        bench.keep(f"charged {number}", right="billing")
    cancel = CancelToken()

    def stop(engine, request):
        if Path(engine.state().model) == LARGE.path:
            cancel.cancel()

    bench.engine.before = stop
    with pytest.raises(Cancelled):
        bench.compare("small", "large", cancel)
    assert bench.engine.state().model == "/models/small.gguf"
    asked = [each for each in bench.engine.asked if isinstance(each, Score)]
    assert sum("charged" in str(each.texts) for each in asked) == 5


def test_who_wants_the_engine_meanwhile_is_served_with_their_model(bench):
    for number in range(3):
        bench.keep(f"charged {number}", right="billing")
    way = FakeWay()
    served = []

    def serve():
        bench.models.select()
        served.append(bench.engine.state().model)

    way.on_serve = serve
    come = iter([True])

    def before(engine, request):
        if Path(engine.state().model) == LARGE.path and next(come, False):
            way.come()

    bench.engine.before = before
    found = bench(way=way)
    assert served == ["/models/small.gguf"]
    assert [each.replies[1].answer.label for each in found.items] == ["billing"] * 3


def test_two_names_of_one_model_are_nothing_to_compare(bench):
    bench.keep("charged", right="billing")
    with pytest.raises(UsageError, match="both are small-1m"):
        bench.compare("small", "small-1m", CancelToken())
    with pytest.raises(ModelMissing):
        bench.compare("small", "huge", CancelToken())


def test_a_model_is_compared_in_the_layout_in_which_it_would_answer(bench):
    bench.tunings.known["large-1b"] = Tuning(
        layout=Layout.Q4_0,
        file="/layouts/large.q4_0.gguf",
        machine="here",
        before=Speed(read=1, write=1),
        after=Speed(read=2, write=2),
        comparison=LayoutComparison(texts=1, same=1),
    )
    bench.keep("charged", right="billing")
    found = bench()
    assert found.models[1].model == "large-1b:q4_0"
    assert bench.engine.used == ["small.gguf", "large.q4_0.gguf"]


def test_a_model_that_was_corrected_is_blamed_for_its_own_errors(bench):
    one = bench.keep("I was charged twice", right="billing")
    bench.history.stored[one - 1] = replace(
        bench.history.stored[one - 1],
        outcome=replace(
            bench.history.stored[one - 1].outcome,
            model="small-1m:q8_0",
            answer=replace(bench.history.stored[one - 1].outcome.answer, label="technical"),
        ),
    )
    bench.keep("charged", right="billing")  # by a model that is neither
    found = bench()
    assert [each.blamed for each in found.models] == [1, 0]


def test_tasks_of_every_kind_can_be_replayed(bench):
    bench.engine.writes = lambda text: text
    bench.keep("charged and cheap", task=TAGS, right=["price"])
    bench.keep("It is 4 o'clock.", task=PLAIN, pinned=True)
    found = bench()
    assert [item.written for item in found.items] == [False, True]
    assert found.written == 1

"""LoRA adapters on the starter model: what they change, and what is refused."""

from __future__ import annotations

import contextlib

import pytest

from fakes.adapters import write_adapter
from fakes.keyrings import FakeKeyring
from fakes.requests import PROMPT, QUESTION
from fakes.starter import STARTER, needs_starter
from fakes.stores import FakeLadder, FakeSettings
from onhand.bootstrap import engine_command, open_services
from onhand.domain.engine_errors import AdapterUnusable
from onhand.domain.primitives import Count, Score
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings, with_value
from onhand.domain.tasks import Classify, Label, version
from onhand.engine.client import EngineClient
from onhand.host import Paths
from onhand.storage.task_files import TaskFiles
from onhand.storage.vault import Trust, Vault

pytestmark = [pytest.mark.e2e, *needs_starter]

TEXT = "I was charged twice for my card."


@pytest.fixture(scope="module")
def engine():
    client = EngineClient(
        engine_command(), ladder=FakeLadder(), settings=FakeSettings(Settings(context=1024))
    )
    client.use(STARTER)
    with contextlib.closing(client):
        yield client


def scores(engine, adapter=None):
    engine.use_adapter(adapter)
    request = Score(prompt=PROMPT, texts=(TEXT,), questions=(QUESTION,))
    [[options]] = engine.score(request, CancelToken()).logprobs
    return options


def test_an_adapter_of_zeros_changes_nothing_and_another_one_the_scores(engine, tmp_path):
    without = scores(engine)
    zeros = write_adapter(tmp_path / "zeros.gguf")
    strong = write_adapter(tmp_path / "strong.gguf", strength=3.0)
    assert scores(engine, zeros) == pytest.approx(without, abs=1e-5)
    changed = scores(engine, strong)
    assert max(abs(a - b) for a, b in zip(changed, without, strict=True)) > 0.01
    assert scores(engine) == without
    assert scores(engine, strong) == changed


def test_an_adapter_that_is_replaced_under_its_name_is_loaded_anew(engine, tmp_path):
    path = write_adapter(tmp_path / "adapter.gguf")
    before = scores(engine, path)
    write_adapter(path, strength=3.0)
    assert scores(engine, path) != before


@pytest.mark.parametrize(
    ("damage", "more"),
    [
        ((), {"architecture": "qwen2"}),
        ((), {"width": 512}),
        ((), {"kind": "model"}),
        ((0,), {}),
        ((3,), {}),
        ((200,), {}),
        ((9000,), {}),
    ],
    ids=["architecture", "shape", "kind", "empty", "no magic", "cut", "cut in weights"],
)
def test_an_adapter_that_cannot_be_used_is_refused_in_words(engine, tmp_path, damage, more):
    path = write_adapter(tmp_path / "odd.gguf", *damage, **more)
    without = scores(engine)
    with pytest.raises(AdapterUnusable, match=r"odd\.gguf") as caught:
        scores(engine, path)
    assert caught.value.exit_code == 10
    assert engine.count(Count(texts=("one",)), CancelToken()).tokens[0] >= 1
    assert scores(engine) == without


def test_an_adapter_that_is_not_there_is_refused_in_words(engine, tmp_path):
    with pytest.raises(AdapterUnusable, match=r"gone\.gguf is not there"):
        scores(engine, tmp_path / "gone.gguf")


TASK = """
kind = "classify"
name = "Queue"
instruction = "Which team?"
adapter = "queue.gguf"
[labels]
billing = "charges"
technical = "faults"
"""


def test_a_task_file_names_its_adapter_by_a_path_from_where_it_lies(tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    (tmp_path / "queue.toml").write_text(TASK)
    files = TaskFiles(built_in=tmp_path / "none", own=tmp_path, adapters=(models,))
    wanted = tmp_path / "queue.gguf"
    assert files.find("Queue").adapter == str(wanted)
    write_adapter(models / "queue.gguf")
    assert files.find("Queue").adapter == str(models / "queue.gguf")
    write_adapter(wanted)
    assert files.find(str(tmp_path / "queue.toml")).adapter == str(wanted)


def test_an_adapter_makes_another_version_of_a_task():
    labels = (Label(name="a"), Label(name="b"))
    plain = Classify(instruction="Which?", labels=labels)
    adapted = Classify(instruction="Which?", labels=labels, adapter="/a.gguf")
    assert version(plain) != version(adapted)


def test_a_task_is_answered_with_its_adapter_and_its_prefix_kept_apart(tmp_path):
    labels = (Label(name="billing", meaning="charges"), Label(name="technical"))
    path = write_adapter(tmp_path / "strong.gguf", strength=3.0)
    tasks = [
        Classify(instruction="Which team should handle it?", labels=labels, adapter=each)
        for each in ("", str(path))
    ]
    paths = Paths.of(tmp_path / "data")
    vault = Vault(paths.keys, Trust(keyring=FakeKeyring()))
    found = []
    for _ in range(2):
        with open_services(paths, model=str(STARTER), vault=vault) as services:
            settings = with_value(services.settings.load(), "keep_history", "yes")
            services.settings.save(settings)
            for task in tasks:
                ran = services.run_task(task, TEXT, cancel=CancelToken())
                found.append(ran.record.outcome.answer.scores)
                kept = services.history.get(ran.record.id).task
                assert kept.adapter == task.adapter
    plain, adapted, again, adapted_again = found
    assert plain != adapted
    # The prior goes on learning, so a second answer is close, not the same.
    assert plain == pytest.approx(again, abs=0.15)
    assert adapted == pytest.approx(adapted_again, abs=0.15)

"""Decoded prefixes from one start of an engine to the next, with the starter model."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time

import numpy as np
import pytest

from fakes.keyrings import FakeKeyring
from fakes.requests import LONG
from fakes.starter import STARTER, needs_starter
from fakes.stores import FakeLadder, FakeSettings
from fakes.watched_client import WatchedClient
from onhand.bootstrap import engine_command, open_services
from onhand.child_process import ChildProcess
from onhand.domain.errors import EngineCrashed
from onhand.domain.ladder import Rung
from onhand.domain.primitives import Prompt, Question, Score
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings, with_value
from onhand.domain.tasks import Classify, Example, Label
from onhand.engine.llama.prefix_files import PrefixFiles
from onhand.engine.llama.prefixes import WORTH, Prefixes
from onhand.engine.llama.prompting import Assembler
from onhand.engine.llama.runtime import LlamaRuntime
from onhand.engine.llama.states import restore, state_of
from onhand.engine.protocol import Ask, Done, Load, Progress, decode_event, encode
from onhand.host import Paths
from onhand.services.keeping_ports import Which
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.vault import Trust, Vault

pytestmark = [*needs_starter]

LABELS = ("charges and refunds", "broken devices", "buying", "other")
PROMPT = Prompt(system="You sort texts.", before="\n".join(LABELS) + "\n\nText: ")
OTHER = Prompt(system="You sort texts.", before="\n".join(LABELS[::-1]) + "\n\nText: ")
QUESTION = Question(ask="\nCategory:", reply="", options=LABELS)
TEXT = "I was charged twice for my card."


def always():
    return True


@pytest.fixture(scope="module")
def runtime(proven):
    runtime = LlamaRuntime()
    runtime.load(Load(model=str(STARTER), rung=proven, context=640, threads=2, prove=False))
    return runtime


@pytest.fixture
def context(runtime):
    """The context, with nothing in it before and after."""
    loaded = runtime._loaded
    loaded.prefixes.forget()
    yield loaded.context
    loaded.prefixes.forget()


@pytest.fixture
def store(tmp_path):
    return PrefixFolder(tmp_path / "data" / "prefixes", lambda: b"k" * 32)


@pytest.fixture
def start(context, store):
    """Prefixes as after a start of the engine, with a cache for a prompt."""

    def started(lasting=None, maker=b"model"):
        context.clear()
        prefixes = Prefixes(context, Assembler(context.model))
        cache = store.cache(lasting)
        prefixes.keep_in(cache and PrefixFiles(cache, maker), lasting)
        return prefixes

    return started


@pytest.fixture
def decoded(context):
    """The tokens of each batch, so that a test can see what was decoded."""
    batches = []
    context.on_batch = batches.append
    return batches


def logits_behind(context, prefixes, prompt=PROMPT):
    sequence, used = prefixes.of(prompt, 100)
    fork = context.fork(sequence)
    tokens = context.model.tokens(TEXT)
    [row] = context.feed(fork, tokens, used, output=True)
    context.drop(fork)
    return row


def files_in(store):
    return [each for each in store._folder.iterdir() if each.suffix == ".prefix"]


def test_a_state_goes_on_as_the_sequence_does_that_it_came_from(context, start):
    sequence, used = start().of(PROMPT, 100)
    tokens = context.model.tokens(TEXT)
    copied = restore(context, state_of(context, sequence), used)
    assert context.room == context.size - 2 * used
    one, other = (context.feed(s, tokens, used, output=True) for s in (sequence, copied))
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_a_state_finds_its_place_between_others(context, start):
    prefixes = start()
    expected = logits_behind(context, prefixes)
    sequence, used = prefixes.of(PROMPT, 100)
    state = state_of(context, sequence)
    context.clear()
    holes = [context.take() for _ in range(12)]
    for at, each in enumerate(holes):
        context.feed(each, context.model.tokens(LONG)[: 20 + at], 0, output=False)
    for each in holes[::2]:
        context.drop(each)
    copied = restore(context, state, used)
    row = context.feed(copied, context.model.tokens(TEXT), used, output=True)[0]
    np.testing.assert_allclose(row, expected, atol=0.05)


@pytest.mark.parametrize("tokens", [-1, 1])
def test_a_state_of_another_length_is_refused_and_leaves_nothing(context, start, tokens):
    sequence, used = start().of(PROMPT, 100)
    state, room = state_of(context, sequence), context.room
    free = context.free_sequences
    assert restore(context, state, used + tokens) is None
    assert restore(context, state[: len(state) // 2], used) is None
    assert (context.room, context.free_sequences) == (room, free)
    copied = restore(context, state, used)
    assert copied is not None


def test_a_state_without_room_is_refused_and_leaves_nothing(context, start):
    sequence, used = start().of(PROMPT, 100)
    state = state_of(context, sequence)
    filler = context.take()
    tokens = (context.model.tokens(LONG) * 9)[: context.room - used // 2]
    context.feed(filler, tokens, 0, output=False)
    assert restore(context, state, used) is None
    context.drop(filler)
    assert restore(context, state, used) is not None


def test_after_a_start_a_prefix_is_read_instead_of_decoded(context, start, store, decoded):
    first = start(PROMPT)
    expected = logits_behind(context, first)
    assert first.unsettled
    first.settle(always)
    assert not first.unsettled
    assert len(files_in(store)) == 1
    decoded.clear()
    second = start(PROMPT)
    row = logits_behind(context, second)
    assert sum(decoded) == len(context.model.tokens(TEXT))
    np.testing.assert_allclose(row, expected, atol=1e-3)
    assert second.unsettled
    assert files_in(store) == []
    second.settle(always)
    assert len(files_in(store)) == 1
    assert not second.unsettled


def test_room_is_counted_the_same_for_a_prefix_from_a_file(context, start):
    first = start(PROMPT)
    _, used = first.of(PROMPT, 100)
    first.settle(always)
    second = start(PROMPT)
    assert second.of(PROMPT, 100)[1] == used
    assert context.room == context.size - used
    second.of(OTHER, context.size)
    assert context.room == context.size - second.of(OTHER, 0)[1]


def test_a_file_that_was_tampered_with_is_made_anew(context, start, store):
    first = start(PROMPT)
    expected = logits_behind(context, first)
    first.settle(always)
    [file] = files_in(store)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    second = start(PROMPT)
    np.testing.assert_allclose(logits_behind(context, second), expected, atol=1e-3)
    second.settle(always)
    assert files_in(store)[0].read_bytes() != bytes(content)
    start(PROMPT).of(PROMPT, 0)
    assert files_in(store) == []  # this one is being tried


def test_a_state_that_llama_cpp_refuses_is_made_anew(context, start, store):
    prefixes = start(PROMPT)
    prefixes.of(PROMPT, 0)
    files = prefixes._files
    tokens = tuple(Assembler(context.model).prefix(PROMPT))
    files.write(tokens, memoryview(b"written here, and still no state"), always)
    second = start(PROMPT)
    assert second.of(PROMPT, 0)[1] == len(tokens)
    assert second.unsettled
    second.settle(always)
    assert restore(context, files.take(tokens), len(tokens)) is not None


def test_another_model_finds_nothing(context, start, decoded):
    first = start(PROMPT)
    first.of(PROMPT, 0)
    first.settle(always)
    decoded.clear()
    _, used = start(PROMPT, b"another model").of(PROMPT, 0)
    assert sum(decoded) == used


def test_only_the_prompt_that_may_last_is_written(context, start, store, decoded):
    prefixes = start(PROMPT)
    prefixes.of(PROMPT, 0)
    prefixes.of(OTHER, 0)
    prefixes.settle(always)
    assert len(files_in(store)) == 1
    private = start(None)
    decoded.clear()
    private.of(PROMPT, 0)
    assert decoded == []
    _, used = private.of(OTHER, 0)
    assert sum(decoded) == used
    private.settle(always)
    assert len(files_in(store)) == 1


def test_a_prefix_that_was_decoded_privately_is_kept_when_it_may_be(start, store):
    prefixes = start(None)
    cache = store.cache(PROMPT)
    prefixes.of(PROMPT, 0)
    assert not prefixes.unsettled
    prefixes.keep_in(PrefixFiles(cache, b"model"), PROMPT)
    prefixes.of(PROMPT, 0)
    prefixes.settle(always)
    assert len(files_in(store)) == 1
    prefixes.of(PROMPT, 0)
    assert not prefixes.unsettled


def test_what_was_broken_off_is_done_the_next_time(start, store):
    prefixes = start(PROMPT)
    prefixes.of(PROMPT, 0)
    for looks in range(3):
        left = iter(range(looks))
        prefixes.settle(lambda left=left: next(left, None) is not None)
        assert prefixes.unsettled
        assert files_in(store) == []
    prefixes.settle(always)
    assert len(files_in(store)) == 1


def test_a_prefix_that_went_before_it_was_written_is_not(context, start, store):
    prefixes = start(PROMPT)
    prefixes.of(PROMPT, 0)
    prefixes.of(OTHER, context.size)
    prefixes.settle(always)
    assert files_in(store) == []
    assert not prefixes.unsettled


def test_a_failure_of_the_engine_drops_what_came_from_files(start, store):
    first = start(PROMPT)
    first.of(PROMPT, 0)
    first.settle(always)
    second = start(PROMPT)
    second.of(PROMPT, 0)
    second.forget()
    second.settle(always)
    assert [each.name for each in store._folder.iterdir()] == []


def test_a_short_prefix_is_not_worth_a_file(start, context, store):
    short = Prompt(system="", before="")
    assert len(Assembler(context.model).prefix(short)) < WORTH
    prefixes = start(short)
    prefixes.of(short, 0)
    assert not prefixes.unsettled


def test_a_model_that_changed_on_the_disk_has_no_identity(runtime, proven, tmp_path):
    model = tmp_path / "copy.gguf"
    shutil.copyfile(STARTER, model)
    assert runtime._loaded.model.identity
    copy = type(runtime._loaded.model)(model, repack=proven.repack)
    assert copy.identity not in ("", runtime._loaded.model.identity)
    changed = type(runtime._loaded.model)(model, repack=proven.repack)
    os.utime(model, (1, 1))
    assert changed.identity == ""
    gone = type(runtime._loaded.model)(model, repack=proven.repack)
    model.unlink()
    assert gone.identity == ""
    for each in (copy, changed, gone):
        each.close()


class Counting(WatchedClient):
    """Counts the tokens that its engine decodes for a request."""

    decoded = 0

    def on_event(self, _, event):
        """Note what it tells."""
        if isinstance(event, Progress):
            self.decoded = event.tokens


@contextlib.contextmanager
def engine(cache, argv=None):
    client = Counting(
        argv or engine_command(),
        ladder=FakeLadder(),
        settings=FakeSettings(Settings(context=2048)),
    )
    client.use(STARTER)
    client.use_cache(cache)
    with contextlib.closing(client):
        yield client


def score(client, prompt=PROMPT):
    request = Score(prompt=prompt, texts=(TEXT,), questions=(QUESTION,))
    client.decoded = 0
    return client.score(request, CancelToken()).logprobs[0][0]


def settled(folder, files=1):
    """Wait until an engine has nothing more to do with the files in a folder."""
    end = time.monotonic() + 30
    while True:
        found = [each.suffix for each in folder.iterdir() if each.name != "key"]
        if found == [".prefix"] * files:
            return
        assert time.monotonic() < end, found
        time.sleep(0.02)


@pytest.mark.e2e
def test_an_engine_that_was_started_anew_does_not_decode_the_prefix_again(store):
    cache = store.cache(PROMPT)
    with engine(cache) as first:
        expected = score(first)
        cold = first.decoded
        settled(store._folder)
    with engine(cache) as second:
        again = score(second)
        warm = second.decoded
    assert warm < cold / 2
    assert again == pytest.approx(expected, abs=1e-3)


@pytest.mark.e2e
def test_prefixes_of_requests_without_a_pause_are_written_at_the_end(store):
    with engine(None) as client:
        for prompt in (PROMPT, OTHER):
            client.use_cache(store.cache(prompt))
            score(client, prompt)
        client.use_cache(None)
        score(client)
        settled(store._folder, 2)


@pytest.mark.e2e
def test_an_engine_whose_input_closes_finishes_what_it_writes(store, crashing):
    load = Load(
        model=str(STARTER),
        rung=Rung(variant="best"),
        context=640,
        threads=0,
        prove=False,
    )
    request = Score(prompt=PROMPT, texts=(TEXT,), questions=(QUESTION,))
    child = ChildProcess.start(crashing.argv(linger="20"))
    child.write_line(encode(load))
    child.write_line(encode(Ask(id=1, request=request, cache=store.cache(PROMPT))))
    while not isinstance(decode_event(child.read_line()), Done):
        pass
    child.close(grace=30.0)
    assert child.exit_status == "exit 0"
    assert len(files_in(store)) == 1


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_saved_prefix_with_which_the_engine_dies_is_not_tried_again(store, crashing):
    cache = store.cache(PROMPT)
    with engine(cache, crashing.argv()) as client:
        expected = score(client)
        settled(store._folder)
    with engine(cache, crashing.argv("best=later:SIGSEGV")) as client:
        with pytest.raises(EngineCrashed):
            score(client)
        assert files_in(store) == []
        assert score(client) == pytest.approx(expected, abs=1e-3)
        settled(store._folder)


TASK = Classify(instruction="Which queue?", labels=tuple(Label(name=n) for n in LABELS))
SHOWN = Classify(
    instruction="Which queue?",
    labels=TASK.labels,
    examples=(Example(text="My secret.", answer=LABELS[0]),),
)


@pytest.mark.e2e
def test_a_task_is_kept_unless_it_is_private_and_forgotten_with_the_history(tmp_path):
    paths = Paths.of(tmp_path / "data")
    vault = Vault(paths.keys, Trust(keyring=FakeKeyring()))

    def run(task, *, private):
        with open_services(paths, vault=vault) as services:
            services.run_task(task, TEXT, cancel=CancelToken(), private=private)
            if paths.prefixes.exists():
                settled(paths.prefixes)

    run(TASK, private=True)
    assert not paths.prefixes.exists()
    run(SHOWN, private=False)
    [shown] = paths.prefixes.glob("*.prefix")
    assert b"secret" not in shown.read_bytes()
    with open_services(paths, vault=vault) as services:
        services.forget(Which(all=True))
    assert not paths.prefixes.exists()
    run(TASK, private=False)
    assert len([*paths.prefixes.glob("*.prefix")]) == 1
    before = {each: each.stat().st_mtime_ns for each in paths.prefixes.iterdir()}
    run(TASK, private=True)
    assert {each: each.stat().st_mtime_ns for each in paths.prefixes.iterdir()} == before
    with open_services(paths) as services:
        settings = services.settings.load()
        services.settings.save(with_value(settings, "keep_history", "no"))
    assert not paths.prefixes.exists()
    run(TASK, private=False)
    assert not paths.prefixes.exists()

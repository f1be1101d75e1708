"""The engine's process dies, its parent dies, or its model file is no model."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fakes.requests import LONG, PROMPT, QUESTION, blank
from fakes.starter import STARTER, needs_starter, real_engine, usual_notes
from fakes.stores import FakeLadder, FakeSettings
from fakes.watched_client import WatchedClient
from onhand.bootstrap import engine_command
from onhand.child_process import ChildProcess
from onhand.domain.errors import AppError, EngineCrashed, ModelMissing, ModelUnusable
from onhand.domain.ladder import Rung
from onhand.domain.primitives import (
    Count,
    Embed,
    Fill,
    Prompt,
    Score,
    Write,
    WriteEach,
)
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.settings import Settings
from onhand.engine.protocol import (
    Ask,
    Done,
    Failed,
    Hello,
    Load,
    Progress,
    decode_event,
    encode,
)

pytestmark = [
    pytest.mark.e2e,
    *needs_starter,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

PARENT = Path(__file__).parents[1] / "fakes" / "engine_parent.py"
TEXT = LONG[:200]

_numbers = itertools.count()


class DoomedClient(WatchedClient):
    """Kills its engine at the first sign of work on a request, as often as told."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.doom = []

    def on_event(self, connection, event):
        """Meet what is told, where it is such a sign."""
        if self.doom and isinstance(event, Progress):
            os.kill(connection.pid, self.doom.pop(0))


@pytest.fixture(scope="module")
def engine():
    client = DoomedClient(
        engine_command(),
        ladder=FakeLadder(),
        settings=FakeSettings(Settings(context=1024)),
    )
    client.use(STARTER)
    with contextlib.closing(client):
        client.state()
        yield client


def ask_score(engine, prompt):
    request = Score(prompt=prompt, texts=(TEXT,), questions=(QUESTION,))
    return engine.score(request, CancelToken())


def ask_fill(engine, prompt):
    blanks = (blank("what"), blank("who", absent="none"))
    return engine.fill(Fill(prompt=prompt, text=TEXT, blanks=blanks), CancelToken())


def ask_write(engine, prompt):
    request = Write(prompt=prompt, text=TEXT, ask="\n\nAgain:", reply="", limit=12)
    return engine.write(request, CancelToken(), lambda _: None)


def ask_write_each(engine, prompt):
    request = WriteEach(
        prompt=prompt,
        texts=(TEXT, "Hi."),
        ask="\n\nAgain:",
        reply="",
        limits=(12, 12),
        draft=False,  # how long drafts are follows from measured times
    )
    written = {}
    engine.write_each(request, CancelToken(), written.__setitem__)
    return written


def ask_embed(engine, prompt):
    request = Embed(prompt=prompt, texts=(TEXT,), ask="\nCategory:", reply="")
    return engine.embed(request, CancelToken())


PRIMITIVES = {
    "score": ask_score,
    "fill": ask_fill,
    "write": ask_write,
    "write each": ask_write_each,
    "embed": ask_embed,
}
each_primitive = pytest.mark.parametrize("ask", PRIMITIVES.values(), ids=PRIMITIVES)


def new_prompt():
    """One that is not decoded yet: the first sign of life comes before the text is read."""
    return Prompt(system=PROMPT.system, before=f"Number {next(_numbers)}.\n\nText: ")


def is_usable(engine):
    return engine.count(Count(texts=("one two",)), CancelToken()).tokens[0] >= 2


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGABRT"])
@each_primitive
def test_a_request_in_which_the_engine_dies_is_repeated(engine, ask, name):
    prompt = new_prompt()
    engine.doom.append(getattr(signal, name))
    before = engine._running.connection.pid
    reply = ask(engine, prompt)
    assert engine._running.connection.pid != before
    assert engine.doom == []
    assert name != "SIGKILL" or reply == ask(engine, prompt)


def test_a_request_that_kills_the_engine_twice_fails_and_the_next_one_works(engine):
    engine.doom += [signal.SIGKILL, signal.SIGABRT]
    with pytest.raises(EngineCrashed, match="SIGABRT"):
        ask_score(engine, new_prompt())
    assert ask_score(engine, new_prompt())
    assert engine.state().notes == usual_notes()


def test_what_is_written_again_after_a_crash_is_not_shown_twice(engine):
    prompt, pieces = new_prompt(), []
    request = Write(prompt=prompt, text=TEXT, ask="\n\nAgain:", reply="", limit=12)
    engine.doom.append(signal.SIGKILL)
    written = engine.write(request, CancelToken(), pieces.append)
    assert written.text
    assert "".join(pieces) in ("", written.text)


def test_of_several_texts_each_is_told_once_though_the_engine_died(engine):
    told = []

    def listen(index, written):
        told.append(index)
        assert written.tokens
        if len(told) == 1:
            os.kill(engine._running.connection.pid, signal.SIGKILL)

    texts = ("Hi.", TEXT, TEXT[:40])
    request = WriteEach(
        prompt=new_prompt(), texts=texts, ask="\n\nAgain:", reply="", limits=(2, 30, 60)
    )
    engine.write_each(request, CancelToken(), listen)
    assert sorted(told) == [0, 1, 2]


def test_an_engine_that_died_while_nobody_asked_is_started_anew(engine):
    connection = engine._running.connection
    os.kill(connection.pid, signal.SIGKILL)
    wait_until(lambda: not connection.is_open)
    assert is_usable(engine)
    assert engine._running.connection.pid != connection.pid


def wait_until(is_so, seconds=20.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def is_alive(pid):
    """Running, neither gone nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
@pytest.mark.parametrize("what", [*PRIMITIVES, "idle", "prepared"])
def test_the_engine_ends_when_its_parent_is_killed(tmp_path, what):
    argv = [sys.executable, str(PARENT), what, str(STARTER), str(tmp_path / "engine.json")]
    with subprocess.Popen(
        [*argv, "--", *engine_command()], stdout=subprocess.PIPE, text=True
    ) as parent:
        try:
            pid = int(parent.stdout.readline())
            assert parent.stdout.readline() == "busy\n"
            assert is_alive(pid)
        finally:
            parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_alive(pid), seconds=3.0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A copy of the model, to be damaged."""
    return Path(shutil.copyfile(STARTER, tmp_path_factory.mktemp("model") / "copy.gguf"))


def rubbish(size):
    return random.Random(size).randbytes(size)  # noqa: S311 - nothing is secret here


def truncated(size):
    with STARTER.open("rb") as file:
        return file.read(size)


UNUSABLE = {
    "empty": lambda: b"",
    "one byte": lambda: b"G",
    "the magic alone": lambda: b"GGUF",
    "the magic and rubbish": lambda: b"GGUF" + rubbish(100_000),
    "the right version and rubbish": lambda: b"GGUF\x03\0\0\0" + rubbish(100_000),
    "random bytes": lambda: rubbish(100_000),
    "a text": lambda: b"This is not a model.\n" * 1000,
    "cut in the header": lambda: truncated(20),
    "cut in the vocabulary": lambda: truncated(100_000),
    "cut behind the vocabulary": lambda: truncated(1_800_000),
    "cut in the weights": lambda: truncated(20_000_000),
}


@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_is_no_model_is_refused_in_words(engine, tmp_path, content):
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(content())
    engine.use(damaged)
    with pytest.raises(ModelUnusable, match=r"damaged\.gguf") as caught:
        engine.state()
    assert len(str(caught.value).split()) > 5


def test_a_model_that_lacks_its_last_byte_is_refused(engine, whole):
    os.truncate(whole, STARTER.stat().st_size - 1)
    engine.use(whole)
    with pytest.raises(ModelUnusable):
        engine.state()


def test_a_model_that_is_not_there_or_a_folder_is_refused(engine, tmp_path):
    engine.use(tmp_path / "gone.gguf")
    with pytest.raises(ModelMissing, match=r"gone\.gguf"):
        engine.state()
    engine.use(tmp_path)
    with pytest.raises(ModelUnusable):
        engine.state()


def test_after_all_that_the_right_model_answers(engine):
    engine.use(STARTER)
    assert is_usable(engine)
    assert engine.state().notes == usual_notes()


@pytest.mark.parametrize("kind", ["-", " ", "\n", "a", "中"])
def test_a_long_run_ends_no_engine_whatever_cuts_a_text_into_words(tmp_path, kind):
    # One of the ways in which models do that goes deeper with each character of a run.
    key, own, other = b"tokenizer.ggml.pre", b"smollm", b"gpt-4o"
    content = STARTER.read_bytes()
    at = content.index(own, content.index(key))
    model = tmp_path / "phi.gguf"
    model.write_bytes(content[:at] + other + content[at + len(own) :])
    with real_engine(model=model) as engine:
        [tokens] = engine.count(Count(texts=(kind * 100_000,)), CancelToken()).tokens
    assert tokens > 0


@pytest.mark.parametrize("name", ["with blanks.gguf", "größe 😀.gguf", "-q.gguf"])
def test_a_model_may_have_any_name(tmp_path, name):
    (tmp_path / name).symlink_to(STARTER)
    with real_engine(model=tmp_path / name) as engine:
        assert Path(engine.state().model).name == name


def test_a_model_that_vanishes_while_it_is_loaded_answers_on(tmp_path):
    model = tmp_path / "copy.gguf"
    shutil.copyfile(STARTER, model)
    with real_engine(model=model) as engine:
        first = ask_score(engine, PROMPT)
        model.unlink()
        assert ask_score(engine, PROMPT) == first
        os.kill(engine._running.connection.pid, signal.SIGKILL)
        with pytest.raises(ModelMissing, match=r"copy\.gguf"):
            ask_score(engine, PROMPT)


def test_a_model_that_is_cut_off_while_it_is_loaded_fails_in_words(tmp_path):
    model = tmp_path / "copy.gguf"
    shutil.copyfile(STARTER, model)
    with real_engine(model=model) as engine:
        ask_score(engine, PROMPT)
        os.truncate(model, 10_000_000)
        with pytest.raises(AppError) as caught:
            ask_score(engine, new_prompt())
        assert isinstance(caught.value, ModelUnusable | EngineCrashed)
        engine.use(STARTER)
        assert ask_score(engine, PROMPT)


@contextlib.contextmanager
def bare_engine():
    """The process alone, with nobody's help; it has greeted."""
    child = ChildProcess.start(engine_command())
    with contextlib.closing(child):
        hello = decode_event(child.read_line())
        assert isinstance(hello, Hello)
        yield child


def load_message(model=STARTER, rung=None):
    return Load(model=str(model), rung=rung or Rung(), context=1024, threads=0, prove=False)


def test_an_engine_whose_input_closes_ends():
    with bare_engine() as child:
        child.close(grace=20.0)
        assert child.exit_status == "exit 0"


def test_an_engine_whose_input_is_empty_from_the_start_ends():
    done = subprocess.run(
        engine_command(), stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    [hello] = done.stdout.splitlines()
    assert isinstance(decode_event(hello), Hello)


def test_an_engine_whose_output_closes_ends():
    with subprocess.Popen(
        engine_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.close()
        assert child.wait(60) == 0


def test_an_engine_whose_input_closes_in_the_middle_of_a_batch_ends(proven):
    with bare_engine() as child:
        child.write_line(encode(load_message(rung=proven)))
        texts = (LONG,) * 20
        child.write_line(
            encode(
                Ask(id=1, request=Score(prompt=PROMPT, texts=texts, questions=(QUESTION,)))
            )
        )
        while not isinstance(decode_event(child.read_line()), Progress):
            pass
        child.close(grace=20.0)
        assert child.exit_status == "exit 0"


def test_lines_that_are_no_messages_are_passed_over(proven):
    with bare_engine() as child:
        for line in (b"", b"{}", b"hello", b"\xff\xfe", b'{"type":"ask","id":"x"}', b"[1]"):
            child.write_line(line)
        child.write_line(encode(load_message(rung=proven)))
        child.write_line(encode(Ask(id=1, request=Count(texts=("one",)))))
        kinds = []
        while not kinds or kinds[-1] is not Done:
            kinds.append(type(decode_event(child.read_line())))
        assert Failed not in kinds


def test_a_question_before_a_model_is_loaded_is_refused_in_words():
    with bare_engine() as child:
        child.write_line(encode(Ask(id=7, request=Count(texts=("one",)))))
        failed = decode_event(child.read_line())
        assert failed == Failed(id=7, code="engine_failed", detail="no model was loaded")


def test_stopping_and_asking_at_once_from_two_threads_leaves_the_engine_usable(engine):
    for _ in range(10):
        cancel = CancelToken()
        stopper = threading.Thread(target=cancel.cancel)
        stopper.start()
        with contextlib.suppress(Cancelled):
            engine.count(Count(texts=("one",)), cancel)
        stopper.join()
    assert is_usable(engine)

"""The crash ladder over real processes that die, hang or babble where they are told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fakes.requests import PROMPT, QUESTION
from fakes.starter import STARTER, needs_starter, real_engine
from fakes.stores import FakeLadder
from onhand.domain.errors import EngineCrashed, EngineFailed, ModelMissing, ModelUnusable
from onhand.domain.ladder import LadderRecord, Rung, Verdict
from onhand.domain.primitives import Score
from onhand.domain.progress import Cancelled, CancelToken
from onhand.engine.startup import Patience
from onhand.storage.ladder_file import LadderFile

pytestmark = [
    pytest.mark.e2e,
    *needs_starter,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

PARENT = Path(__file__).parents[1] / "fakes" / "engine_parent.py"
BEST, GOOD, LAST = (Rung(variant=name) for name in ("best", "good", "last"))


@pytest.fixture
def ladder(tmp_path):
    return LadderFile(tmp_path / "data" / "engine.json")


def answers(engine):
    """Whether a request is answered as it should be."""
    request = Score(prompt=PROMPT, texts=("charged twice",), questions=(QUESTION,))
    [[options]] = engine.score(request, CancelToken()).logprobs
    return len(options) == 2


@pytest.mark.parametrize("how", ["SIGILL", "SIGSEGV", "SIGABRT"])
def test_a_build_that_crashes_is_left_for_the_next_one(crashing, ladder, how):
    with real_engine(argv=crashing.argv(f"best={how}"), ladder=ladder) as engine:
        assert answers(engine)
        state = engine.state()
    assert state.variant == "good"
    assert state.notes == (f"cpu (best): the trial batch ended with {how}",)
    assert crashing.diary() == ["start", "trial best", f"{how} best", "start", "trial good"]


def test_what_was_tried_is_remembered(crashing, ladder):
    argv = crashing.argv("best=SIGILL")
    with real_engine(argv=argv, ladder=ladder) as engine:
        first = engine.state()
    assert first.read_speed > 0
    assert first.write_speed > 0
    crashing.diary()
    with real_engine(argv=argv, ladder=ladder) as engine:
        assert answers(engine)
        assert engine.state() == first
    assert crashing.diary() == ["start", "load good"]


def test_a_build_that_hangs_is_left_for_the_next_one(crashing, ladder):
    argv, patience = crashing.argv("best=stuck"), Patience(trial=8.0)
    with real_engine(argv=argv, ladder=ladder, patience=patience) as engine:
        assert answers(engine)
        assert engine.state().notes == (
            "cpu (best): the trial batch took longer than 8 seconds",
        )
    assert ladder.load().of(BEST).verdict is Verdict.HUNG
    assert crashing.diary() == ["start", "trial best", "stuck best", "start", "trial good"]


def test_the_ladder_goes_down_as_far_as_it_must(crashing, ladder):
    argv = crashing.argv("best=SIGILL", "good=SIGSEGV")
    with real_engine(argv=argv, ladder=ladder) as engine:
        assert answers(engine)
        assert engine.state().variant == "last"
        assert [note.split(":")[0] for note in engine.state().notes] == [
            "cpu (best)",
            "cpu (good)",
        ]


def test_an_instruction_that_is_missing_while_loading_is_the_fault_of_the_build(
    crashing, ladder
):
    argv = crashing.argv("best=load:SIGILL")
    with real_engine(argv=argv, ladder=ladder) as engine:
        assert answers(engine)
        assert engine.state().variant == "good"
    assert ladder.load().of(BEST).verdict is Verdict.CRASHED


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGABRT"])
def test_a_crash_while_loading_is_the_fault_of_the_file(crashing, ladder, how):
    argv = crashing.argv(f"best=load:{how}")
    with (
        real_engine(argv=argv, ladder=ladder) as engine,
        pytest.raises(ModelUnusable, match=how),
    ):
        engine.state()
    assert ladder.load().of(BEST).verdict is None
    assert ladder.load().of(BEST).unfinished == 0


def test_being_killed_while_loading_is_nobodys_fault(crashing, ladder):
    argv = crashing.argv("best=load:SIGKILL")
    with (
        real_engine(argv=argv, ladder=ladder) as engine,
        pytest.raises(EngineFailed, match="SIGKILL while it loaded"),
    ):
        engine.state()
    assert ladder.load().of(BEST).unfinished == 0


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_a_build_that_was_killed_from_outside_gets_a_second_trial(crashing, ladder, how):
    ladder.save(LadderRecord(fingerprint="this machine"))
    with real_engine(argv=crashing.argv(f"best={how}"), ladder=ladder) as engine:
        assert answers(engine)
    assert crashing.diary() == [
        *("start", "trial best", f"{how} best"),
        *("start", "trial best", f"{how} best"),
        *("start", "trial good"),
    ]
    assert ladder.load().of(BEST).verdict is None
    assert ladder.load().notes()


def test_when_nothing_runs_the_failure_names_everything_that_was_tried(crashing, ladder):
    bad = ("best=SIGILL", "good=SIGSEGV", "last=SIGABRT")
    with (
        real_engine(argv=crashing.argv(*bad), ladder=ladder) as engine,
        pytest.raises(EngineFailed) as caught,
    ):
        engine.state()
    for rung, how in (each.split("=") for each in bad):
        assert f"cpu ({rung}): the trial batch ended with {how}" in str(caught.value)
    assert crashing.diary().count("start") >= 3


def test_after_nothing_ran_the_next_start_gives_every_build_another_chance(
    crashing, ladder
):
    record = LadderRecord(fingerprint="this machine")
    for rung in (BEST, GOOD, LAST):
        record = record.ending(rung, Verdict.CRASHED, "the trial batch ended with SIGILL")
    ladder.save(record)
    with real_engine(argv=crashing.argv("best=SIGILL"), ladder=ladder) as engine:
        assert answers(engine)
        assert engine.state().variant == "good"


def test_another_processor_or_library_is_tried_afresh(crashing, ladder):
    record = LadderRecord(fingerprint="another machine")
    record = record.ending(BEST, Verdict.CRASHED, "it was").ending(GOOD, Verdict.GOOD)
    ladder.save(record.with_speeds(GOOD, str(STARTER), (1.0, 1.0)))
    with real_engine(argv=crashing.argv(), ladder=ladder) as engine:
        assert engine.state().variant == "best"
        assert engine.state().notes == ()
    assert crashing.diary() == ["start", "trial best"]
    assert ladder.load().fingerprint == "this machine"


def test_a_ladder_that_cannot_be_remembered_is_climbed_all_the_same(crashing):
    class Forgetful(FakeLadder):
        def save(self, record):
            """Keep nothing, as in a folder that cannot be written."""

    with real_engine(argv=crashing.argv("best=SIGILL"), ladder=Forgetful()) as engine:
        assert answers(engine)
        assert engine.state().variant == "good"


def test_stopping_the_start_is_not_held_against_the_build(crashing, ladder):
    cancel = CancelToken()
    with real_engine(argv=crashing.argv("best=hang"), ladder=ladder) as engine:
        stopper = threading.Thread(target=cancel_when_noted, args=(crashing, cancel))
        stopper.start()
        with pytest.raises(Cancelled):
            engine.score(
                Score(prompt=PROMPT, texts=("text",), questions=(QUESTION,)), cancel
            )
        stopper.join()
    crashing.diary()
    assert ladder.load().of(BEST).verdict is None
    assert ladder.load().of(BEST).unfinished == 0
    with real_engine(argv=crashing.argv(), ladder=ladder) as engine:
        assert engine.state().variant == "best"
    assert crashing.diary() == ["start", "trial best"]


def cancel_when_noted(crashing, cancel):
    wait_until(lambda: "hang best" in read(crashing.diary_file))
    cancel.cancel()


def read(path):
    return path.read_text() if path.exists() else ""


def wait_until(is_so, seconds=60.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_a_trial_that_takes_the_whole_program_down_counts_as_a_crash_the_second_time(
    crashing, ladder, tmp_path
):
    argv = crashing.argv("best=hang")
    for times in (1, 2):
        with subprocess.Popen(
            [
                *(sys.executable, str(PARENT), "start", str(STARTER)),
                *(str(tmp_path / "data" / "engine.json"), "--", *argv),
            ],
            stdout=subprocess.PIPE,
        ) as parent:
            wait_until(lambda: "hang best" in read(crashing.diary_file))
            parent.send_signal(signal.SIGKILL)
        assert crashing.diary() == ["start", "trial best", "hang best"]
        assert ladder.load().of(BEST).unfinished == times
        assert ladder.load().of(BEST).verdict is None
    with real_engine(argv=argv, ladder=ladder) as engine:
        assert answers(engine)
        assert engine.state().variant == "good"
        assert "cpu (best)" in engine.state().notes[0]
    assert crashing.diary() == ["start", "trial good"]


def test_a_damaged_record_is_no_record(crashing, ladder, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "engine.json").write_bytes(b'{"fingerprint": "this mach')
    with real_engine(argv=crashing.argv(), ladder=ladder) as engine:
        assert answers(engine)


def test_a_build_that_crashes_on_the_same_request_twice_is_left_too(crashing, ladder):
    with real_engine(argv=crashing.argv("best=later:SIGILL"), ladder=ladder) as engine:
        assert engine.state().variant == "best"
        with pytest.raises(EngineCrashed, match="SIGILL"):
            answers(engine)
        assert answers(engine)
        assert engine.state().variant == "good"
        assert engine.state().notes == ("cpu (best): requests ended with SIGILL",)
    assert crashing.diary().count("SIGILL best") == 2


def test_the_last_build_is_kept_whatever_it_does(crashing, ladder):
    argv = crashing.argv("best=later:SIGSEGV", rungs="best")
    with real_engine(argv=argv, ladder=ladder) as engine:
        for _ in range(2):
            with pytest.raises(EngineCrashed):
                answers(engine)
        assert engine.state().variant == "best"


def test_a_request_that_hangs_is_given_up(crashing, ladder):
    argv = crashing.argv("best=later:stuck", rungs="best")
    with real_engine(argv=argv, ladder=ladder) as engine:
        engine.state()
    patience = Patience(stall=1.0, stop=0.5)
    with (
        real_engine(argv=argv, ladder=ladder, patience=patience) as engine,
        pytest.raises(EngineCrashed, match="it hung"),
    ):
        answers(engine)


def test_a_stopped_request_that_hangs_takes_no_longer_than_it_may(crashing, ladder):
    argv = crashing.argv("best=later:stuck", rungs="best")
    cancel = CancelToken()
    with real_engine(argv=argv, ladder=ladder, patience=Patience(stop=0.5)) as engine:
        engine.state()
        threading.Timer(0.2, cancel.cancel).start()
        with pytest.raises(Cancelled):
            engine.score(
                Score(prompt=PROMPT, texts=("text",), questions=(QUESTION,)), cancel
            )
        assert engine.state().variant == "best"


def test_what_native_code_prints_never_reaches_the_protocol(crashing, ladder, tmp_path):
    log = tmp_path / "engine.log"
    with real_engine(argv=crashing.argv(babble=""), ladder=ladder, log=log) as engine:
        assert answers(engine)
        assert engine.state().notes == ()
    assert b"666" in log.read_bytes()
    assert b"babble" in log.read_bytes()


def test_an_engine_that_dies_before_it_greets_is_a_failure_in_words(crashing):
    with (
        real_engine(argv=crashing.argv(early="SIGSEGV")) as engine,
        pytest.raises(EngineFailed, match=r"did not start \(SIGSEGV\)"),
    ):
        engine.state()


def test_an_engine_that_never_greets_is_a_failure_in_words(crashing):
    argv, patience = crashing.argv(early="stuck"), Patience(greeting=2.0)
    with (
        real_engine(argv=argv, patience=patience) as engine,
        pytest.raises(EngineFailed, match=r"did not start \(no greeting\)"),
    ):
        engine.state()


def test_an_engine_of_another_version_is_a_failure_in_words(crashing):
    with (
        real_engine(argv=crashing.argv(version="99")) as engine,
        pytest.raises(EngineFailed, match="another version"),
    ):
        engine.state()


@pytest.mark.parametrize(
    "code",
    [
        "print('Hello, world', flush=True)",
        "print('{}', flush=True)",
        "import os; os.write(1, os.urandom(4096))",
        'print(\'{"type":"ready"}\', flush=True)',
        "raise SystemExit(3)",
    ],
)
def test_a_program_that_is_no_engine_is_a_failure_in_words(code):
    with (
        real_engine(argv=[sys.executable, "-c", code]) as engine,
        pytest.raises(EngineFailed, match=r"it (did not start|speaks)"),
    ):
        engine.state()


def test_a_program_that_is_not_there_is_a_failure_in_words(tmp_path):
    with (
        real_engine(argv=[str(tmp_path / "nothing")]) as engine,
        pytest.raises(EngineFailed, match="cannot be started"),
    ):
        engine.state()


def test_a_model_that_is_missing_is_not_held_against_the_build(crashing, ladder, tmp_path):
    argv, gone = crashing.argv(), tmp_path / "gone.gguf"
    with real_engine(argv=argv, ladder=ladder, model=gone) as engine:
        with pytest.raises(ModelMissing, match=r"gone\.gguf"):
            engine.state()
        engine.use(STARTER)
        assert engine.state().variant == "best"
        assert engine.state().notes == ()


def test_an_engine_prepared_and_killed_before_its_first_request_is_started_anew(crashing):
    with real_engine(argv=crashing.argv()) as engine:
        engine.prepare()
        os.kill(engine._prepared.pid, signal.SIGKILL)
        wait_until(lambda: not engine._prepared.is_open)
        assert answers(engine)
    assert crashing.diary()[-2:] == ["start", "trial best"]


def advertises_amx():
    try:
        return "amx_tile" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not advertises_amx(), reason="the processor has no AMX")
def test_a_processor_that_advertises_amx_gets_an_answer_all_the_same(ladder):
    with real_engine(ladder=ladder) as engine:
        assert answers(engine)
        state = engine.state()
    failed = [each for each in ladder.load().trials if each.verdict is not Verdict.GOOD]
    assert len(state.notes) == len(failed)
    with real_engine(ladder=ladder) as engine:
        assert answers(engine)
        assert engine.state() == state


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGABRT", "stuck"])
def test_a_model_that_nobody_vouches_for_burns_no_rung(crashing, ladder, how):
    argv, patience = crashing.argv(f"best={how}"), Patience(trial=8.0)
    with (
        real_engine(argv=argv, ladder=ladder, patience=patience, vouched=False) as engine,
        pytest.raises(ModelUnusable, match="nobody vouches for it"),
    ):
        engine.state()
    assert ladder.load().of(BEST).verdict is None
    assert ladder.load().of(BEST).unfinished == 0


def test_an_instruction_that_is_missing_is_no_fault_of_any_file(crashing, ladder):
    argv = crashing.argv("best=SIGILL")
    with real_engine(argv=argv, ladder=ladder, vouched=False) as engine:
        assert answers(engine)
        assert engine.state().variant == "good"
    assert ladder.load().of(BEST).verdict is Verdict.CRASHED


def test_requests_to_a_model_that_nobody_vouches_for_burn_no_rung(crashing, ladder):
    argv = crashing.argv("best=later:SIGSEGV")
    with (
        real_engine(argv=argv, ladder=ladder, vouched=False) as engine,
        pytest.raises(EngineCrashed),
    ):
        answers(engine)
    assert ladder.load().of(BEST).verdict is Verdict.GOOD

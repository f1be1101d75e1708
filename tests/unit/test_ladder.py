"""The crash ladder: what is tried next, and what is known of what was tried."""

from __future__ import annotations

import msgspec
import pytest

from onhand.domain.ladder import (
    MAX_UNFINISHED,
    LadderRecord,
    Rung,
    Trial,
    Verdict,
    next_rung,
)

BEST = Rung(variant="sapphirerapids")
NEXT = Rung(variant="zen4")
LAST = Rung(variant="x64", repack=False)
RUNGS = (BEST, NEXT, LAST)
NEW = LadderRecord(fingerprint="this machine")


def test_the_best_rung_is_tried_first():
    assert next_rung(RUNGS, NEW) == BEST
    assert next_rung((), NEW) is None


@pytest.mark.parametrize("verdict", [Verdict.CRASHED, Verdict.HUNG, Verdict.REFUSED])
def test_a_rung_that_failed_is_passed_over(verdict):
    record = NEW.beginning(BEST).ending(BEST, verdict, "it ended with SIGILL")
    assert next_rung(RUNGS, record) == NEXT
    assert not record.proven(BEST)


def test_a_rung_that_ran_is_kept():
    record = NEW.ending(BEST, Verdict.CRASHED).beginning(NEXT).ending(NEXT, Verdict.GOOD)
    assert next_rung(RUNGS, record) == NEXT
    assert record.proven(NEXT)
    assert not record.proven(LAST)


def test_when_all_have_failed_there_is_none():
    record = NEW
    for rung in RUNGS:
        record = record.ending(rung, Verdict.CRASHED, "it ended with SIGSEGV")
    assert next_rung(RUNGS, record) is None


def test_a_trial_that_never_ended_is_tried_again_before_it_counts_as_a_crash():
    record = NEW
    for _ in range(MAX_UNFINISHED):
        assert next_rung(RUNGS, record) == BEST
        record = record.beginning(BEST)
    assert next_rung(RUNGS, record) == NEXT


def test_a_trial_that_ended_forgets_the_unfinished_ones():
    record = NEW.beginning(BEST).ending(BEST, Verdict.GOOD).beginning(BEST)
    assert record.of(BEST).unfinished == 1
    assert next_rung(RUNGS, record) == BEST


def test_rungs_of_one_build_with_and_without_repacking_are_two():
    plain = Rung(variant="zen4", repack=False)
    record = NEW.ending(NEXT, Verdict.CRASHED)
    assert next_rung((NEXT, plain), record) == plain


def test_each_rung_has_one_trial_however_often_it_was_tried():
    record = NEW.beginning(BEST).beginning(NEXT).ending(BEST, Verdict.CRASHED)
    assert [trial.rung for trial in record.trials] == [NEXT, BEST]
    assert record.of(LAST) == Trial(rung=LAST)


def test_what_was_tried_and_why_not_is_told_in_words():
    record = (
        NEW.ending(BEST, Verdict.CRASHED, "the trial batch ended with SIGILL")
        .ending(LAST, Verdict.HUNG, "the trial batch took longer than 60 seconds")
        .ending(NEXT, Verdict.GOOD)
    )
    assert record.notes() == (
        "cpu (sapphirerapids): the trial batch ended with SIGILL",
        "cpu (x64), without repacking: the trial batch took longer than 60 seconds",
    )


def test_a_rung_given_up_for_unfinished_trials_is_told_as_well():
    record = NEW.beginning(BEST)
    assert record.notes() == ()
    assert record.beginning(BEST).notes() == (
        "cpu (sapphirerapids): no trial of it came to an end",
    )


@pytest.mark.parametrize(
    ("rung", "name"),
    [
        (Rung(), "cpu"),
        (Rung(repack=False), "cpu, without repacking"),
        (Rung(device="cuda", variant="12"), "cuda (12)"),
    ],
)
def test_a_rung_has_a_name_for_people(rung, name):
    assert rung.name == name


def test_speeds_belong_to_a_rung_and_a_model():
    record = NEW.with_speeds(NEXT, "small.gguf", (200.0, 20.0))
    record = record.with_speeds(NEXT, "large.gguf", (50.0, 5.0))
    assert record.speeds_of(NEXT, "small.gguf") == (200.0, 20.0)
    assert record.speeds_of(NEXT, "large.gguf") == (50.0, 5.0)
    assert record.speeds_of(BEST, "small.gguf") is None
    assert NEW.speeds == {}


def test_a_record_survives_being_written_down():
    record = NEW.beginning(BEST).ending(NEXT, Verdict.HUNG, "silence")
    record = record.with_speeds(LAST, "a model", (1.5, 0.5))
    assert msgspec.json.decode(msgspec.json.encode(record), type=LadderRecord) == record

"""Key combinations, the table of shortcuts, tasks on offer, and figures of a stopwatch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import FakeHistory
from fakes.tasks import PLAIN, QUEUE, RECEIPT, record
from onhand.domain.errors import SettingInvalid
from onhand.domain.holds import Hold, Holds
from onhand.domain.key_combinations import KEYS, Combination, Modifier, read_combination
from onhand.domain.settings import Settings, with_value
from onhand.domain.shortcuts import (
    DEFAULTS,
    Action,
    in_force,
    read_changes,
    written_changes,
)
from onhand.domain.tasks import identity
from onhand.services.quick_tasks import MOST, offered, used_tasks

HELD = st.frozensets(st.sampled_from(Modifier), min_size=1).filter(
    lambda held: held != {Modifier.SHIFT}
)


@given(HELD, st.sampled_from(KEYS))
def test_a_combination_is_read_as_it_is_written(modifiers, key):
    wanted = Combination(modifiers, key)
    assert read_combination(str(wanted)) == wanted
    assert read_combination(str(wanted).lower().replace("+", " + ")) == wanted


@given(st.text())
def test_any_text_is_a_combination_or_refused(text):
    try:
        found = read_combination(text)
    except SettingInvalid:
        return
    assert found is None or read_combination(str(found)) == found


@pytest.mark.parametrize("text", ["A", "Shift+A", "Ctrl+", "Ctrl+Å", "Hyper+A", "Ctrl+A+B"])
def test_keys_that_would_be_missed_when_typing_are_refused(text):
    with pytest.raises(SettingInvalid, match="expected keys like Ctrl"):
        with_value(Settings(), "quick_shortcut", text)


def test_no_keys_are_a_setting_too():
    assert with_value(Settings(), "quick_shortcut", "").quick_shortcut == ""


@given(
    st.dictionaries(
        st.sampled_from(Action), st.sampled_from(["", "F5", "Ctrl+=", "Alt+Shift+Q"])
    )
)
def test_changed_shortcuts_are_read_as_they_are_kept(changes):
    assert in_force(read_changes(written_changes(changes))) == in_force(changes)


@given(st.text())
def test_whatever_the_setting_holds_every_action_has_keys_or_none(text):
    assert set(in_force(read_changes(text))) == set(Action)


def test_no_two_shortcuts_share_their_keys():
    assert len(set(DEFAULTS.values())) == len(DEFAULTS)


def test_pinned_tasks_come_first_then_those_used_last():
    history = FakeHistory()
    for task in (QUEUE, RECEIPT, PLAIN, QUEUE):
        history.add(replace(record(task=task), task_id=identity(task)))
    history.pin(2, pinned=True)
    assert used_tasks(history) == [RECEIPT, QUEUE, PLAIN]


def test_a_named_task_is_offered_as_it_is_now_and_once():
    now = replace(QUEUE, instruction="Which team now?")
    named = [("Queue", now), ("Receipt", RECEIPT)]
    assert offered([replace(QUEUE, name=now.name)], named) == named


def test_nine_tasks_are_offered_at_most_and_all_have_names():
    many = [(f"Task {n}", replace(QUEUE, name=f"{n}", id=f"{n}")) for n in range(20)]
    found = offered([replace(PLAIN, name="", instruction="long " * 40)], many)
    assert len(found) == MOST
    assert found[0][0].startswith("long long")
    assert len(found[0][0]) == 60


def test_many_short_holds_hide_a_long_one_in_a_percentile_but_not_in_a_wait():
    holds = Holds(
        seconds=[0.001] * 1000 + [2.0], noticed=(Hold(2.0, "here:1 it"),), whole=10.0
    )
    assert holds.at(0.99) == 0.001
    assert holds.wait(0.99) > 1.5
    assert "max 2000.0 ms; 1 longer than 50 ms" in holds.in_words()
    assert "2000 ms, 0 ms of them at work  here:1 it" in holds.in_words()


def test_holds_that_waited_for_others_are_told_apart_from_work():
    seconds = [0.001] * 99 + [2.0]
    holds = Holds(
        seconds=seconds,
        noticed=(Hold(2.0, "here:1 it", 0.03),),
        whole=10.0,
        busy=[0.001] * 99 + [0.03],
    )
    assert "at work: p50 1.0 ms, p99 30.0 ms, max 30.0 ms; 0 longer" in holds.in_words()
    assert "2000 ms, 30 ms of them at work" in holds.in_words()


@given(st.lists(st.floats(0, 5), max_size=30))
def test_a_wait_is_never_longer_than_the_longest_hold(seconds):
    holds = Holds(seconds=seconds, noticed=(), whole=sum(seconds) + 1)
    assert 0 <= holds.wait(0.99) <= max(seconds, default=0.0)
    assert holds.at(0.5) <= holds.at(0.99) <= max(seconds, default=0.0)

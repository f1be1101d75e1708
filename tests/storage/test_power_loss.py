"""A few power cuts of those that `tests/benchmarks/power_loss.py` makes at length."""

from __future__ import annotations

import random
import shutil
import sys

import pytest

from benchmarks import power_loss
from benchmarks.power_loss import Disk, Step

strace = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("strace") is None, reason="strace is Linux's"
)


def left(*steps, seed=1):
    disk = Disk()
    for step in steps:
        disk.do(step)
    return disk.after_a_cut(random.Random(seed))  # noqa: S311 - moments


@strace
def test_a_power_cut_loses_nothing_that_was_told(tmp_path):
    assert power_loss.cut(tmp_path.resolve(), "FULL", 40, seed=1, rounds=8) == 0


@strace
def test_without_fsync_the_same_cuts_are_seen_to_lose(tmp_path):
    assert power_loss.cut(tmp_path.resolve(), "OFF", 30, seed=1, rounds=8) > 5


def test_what_is_synced_stays_and_the_rest_may_go():
    steps = (
        Step("create", "data/a"),
        Step("write", "data/a", 0, b"one"),
        Step("sync", "data/a"),
        Step("settle", "data"),
        Step("write", "data/a", 3, b"two"),
    )
    seen = {bytes(left(*steps, seed=seed)["data/a"]) for seed in range(40)}
    assert seen == {b"one", b"onetwo"}


def test_a_name_may_be_the_old_one_until_its_folder_is_settled():
    steps = (
        Step("create", "data/a"),
        Step("settle", "data"),
        Step("rename", "data/a", data=b"data/b"),
    )
    seen = {tuple(left(*steps, seed=seed)) for seed in range(40)}
    assert seen == {("data/a",), ("data/b",)}
    assert tuple(left(*steps, Step("settle", "data"))) == ("data/b",)


def test_a_long_write_may_be_torn():
    steps = (
        Step("create", "data/a"),
        Step("settle", "data"),
        Step("write", "data/a", 0, b"x" * 4096),
    )
    seen = {left(*steps, seed=seed)["data/a"].count(b"x") for seed in range(200)}
    assert {0, 4096} < seen
    assert all(count % 512 == 0 for count in seen)

"""A few rounds of what `tests/benchmarks/reliability.py` does at length."""

# ruff: noqa: S311 - moments and places, no secrets

from __future__ import annotations

import random
import sys

import pytest

from benchmarks import reliability

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def test_a_kill_while_writing_loses_nothing_that_was_told(tmp_path):
    assert reliability.kill_writers(tmp_path, 5, random.Random(1)) == 0


def test_flipped_bits_and_cut_files_are_noticed(tmp_path):
    assert reliability.damage(tmp_path, 12, 6, random.Random(2)) == 0


def test_a_torn_journal_leaves_a_history_that_opens(tmp_path):
    assert reliability.tear(tmp_path, 12, random.Random(3)) == 0

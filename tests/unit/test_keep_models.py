"""Keeping models: noticing damage, mending it with little, removing all of it."""

from __future__ import annotations

import os

import pytest

from fakes.net import Getting, spec_of
from onhand.domain.errors import ModelMissing
from onhand.domain.model_errors import (
    ModelUnknown,
    NetworkFailed,
    NotOurs,
    WrongChecksum,
)
from onhand.domain.progress import CancelToken
from onhand.domain.receipts import CHUNK_BYTES
from onhand.domain.settings import Settings
from onhand.services.keep_models import Condition

DATA = b"GGUF" + bytes(range(256)) * 8000
NAME = "tiny-1m.gguf"


@pytest.fixture
def getting(tmp_path):
    getting = Getting(tmp_path, spec_of(DATA), data=DATA)
    getting.downloads("tiny-1m", CancelToken())
    getting.fetcher.asked.clear()
    return getting


def damage(getting, *places):
    """Turn bits over; size and time stay, as they do when a disk forgets."""
    path = getting.shelf.path(NAME)
    before = path.stat()
    content = bytearray(path.read_bytes())
    for place in places:
        content[place] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def verify(getting, wanted="tiny"):
    return getting.keep.verify(wanted, CancelToken())


def condition(getting):
    return getting.keep.condition(getting.models.find("tiny"))


def test_a_sound_model_is_found_to_be_so(getting):
    verified = verify(getting)
    assert (verified.ok, verified.known, verified.damaged) == (True, True, 0)
    assert verified.chunks == 4
    assert condition(getting) is Condition.SOUND
    getting.keep.admit(getting.models.find("tiny"))


def test_damage_is_found_counted_and_remembered(getting):
    damage(getting, 5, CHUNK_BYTES + 1, CHUNK_BYTES + 2)
    assert condition(getting) is Condition.SOUND  # nothing was read yet
    verified = verify(getting)
    assert (verified.ok, verified.damaged) == (False, 2)
    assert condition(getting) is Condition.DAMAGED
    with pytest.raises(WrongChecksum):
        getting.keep.admit(getting.models.find("tiny"))


def test_only_damaged_chunks_are_fetched(getting):
    damage(getting, CHUNK_BYTES + 1)
    repaired = getting.keep.repair("tiny", CancelToken())
    assert (repaired.ok, repaired.damaged) == (True, 1)
    [(_, ranges)] = getting.fetcher.asked
    assert ranges == [(CHUNK_BYTES, 2 * CHUNK_BYTES)]
    assert getting.shelf.path(NAME).read_bytes() == DATA
    assert condition(getting) is Condition.SOUND
    assert sorted(each.name for each in getting.folder.iterdir()) == ["receipts", NAME]


def test_a_repair_that_breaks_off_is_an_unfinished_download(getting):
    damage(getting, 5, CHUNK_BYTES + 1)
    getting.fetcher.failing = NetworkFailed("the cable")
    with pytest.raises(NetworkFailed):
        getting.keep.repair("tiny", CancelToken())
    assert getting.models.installed() == []
    [paused] = getting.downloads.unfinished()
    assert paused.done == len(DATA) - CHUNK_BYTES
    getting.downloads("tiny", CancelToken())
    assert getting.shelf.path(NAME).read_bytes() == DATA


def test_a_sound_model_is_not_repaired(getting):
    assert getting.keep.repair("tiny", CancelToken()).ok
    assert getting.fetcher.asked == []


def test_a_model_that_was_replaced_is_read_before_it_is_loaded(getting):
    path = getting.shelf.path(NAME)
    path.write_bytes(DATA[:-1] + b"x")
    assert condition(getting) is Condition.CHANGED
    with pytest.raises(WrongChecksum):
        getting.keep.admit(getting.models.find("tiny"))
    assert condition(getting) is Condition.DAMAGED


def test_a_model_that_was_only_touched_is_admitted_and_not_read_again(getting):
    os.utime(getting.shelf.path(NAME), ns=(1, 1))
    assert condition(getting) is Condition.CHANGED
    getting.keep.admit(getting.models.find("tiny"))
    assert condition(getting) is Condition.SOUND


def test_a_right_copy_that_came_by_hand_gets_a_receipt(tmp_path):
    getting = Getting(tmp_path, spec_of(DATA), data=DATA)
    getting.folder.mkdir()
    getting.shelf.path(NAME).write_bytes(DATA)
    assert condition(getting) is Condition.UNKNOWN
    getting.keep.admit(getting.models.find("tiny"))
    assert condition(getting) is Condition.SOUND
    assert getting.shelf.receipt(NAME).verified


def test_a_wrong_copy_that_came_by_hand_is_not_loaded_and_is_fetched_whole(tmp_path):
    getting = Getting(tmp_path, spec_of(DATA), data=DATA)
    getting.folder.mkdir()
    getting.shelf.path(NAME).write_bytes(DATA[:-1] + b"x")
    with pytest.raises(WrongChecksum):
        getting.keep.admit(getting.models.find("tiny"))
    assert verify(getting).damaged == 0
    assert getting.keep.repair("tiny", CancelToken()).ok
    assert getting.fetcher.asked[0][1] == [(0, len(DATA))]
    assert getting.shelf.path(NAME).read_bytes() == DATA


def test_nothing_is_known_about_a_file_of_the_user(getting):
    mine = getting.folder / "mine.gguf"
    mine.write_bytes(b"GGUF")
    verified = getting.keep.verify("mine", CancelToken())
    assert (verified.ok, verified.known) == (True, False)
    getting.keep.admit(getting.models.find("mine"))
    with pytest.raises(ModelUnknown):
        getting.keep.repair("mine", CancelToken())


def test_a_model_in_another_folder_is_compared_and_left_alone(getting, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copy = elsewhere / NAME
    copy.write_bytes(DATA)
    assert getting.keep.verify(str(copy), CancelToken()).ok
    copy.write_bytes(DATA + b"x")
    assert not getting.keep.verify(str(copy), CancelToken()).ok
    for change in (
        lambda: getting.keep.repair(str(copy), CancelToken()),
        lambda: getting.keep.remove(str(copy)),
    ):
        with pytest.raises(NotOurs):
            change()
    assert [each.name for each in elsewhere.iterdir()] == [NAME]


def test_a_removed_model_is_gone_and_the_starter_answers(getting):
    getting.settings.save(Settings(model="tiny-1m"))
    assert getting.keep.remove("tiny") == len(DATA)
    assert getting.settings.load().model == ""
    assert getting.models.installed() == []
    with pytest.raises(ModelMissing):
        getting.keep.remove("tiny")


def test_removing_another_model_changes_no_setting(getting):
    getting.settings.save(Settings(model="other"))
    getting.keep.remove("tiny")
    assert getting.settings.load().model == "other"

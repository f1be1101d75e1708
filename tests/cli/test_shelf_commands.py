"""`models download`, `verify` and `remove` on the command line."""

from __future__ import annotations

import os

import pytest

from fakes.command_line import MODEL
from onhand.domain.fetching import FetchState
from onhand.domain.model_errors import NetworkFailed
from onhand.domain.progress import Cancelled
from onhand.domain.receipts import CHUNK_BYTES

DAMAGED, METERED, NETWORK, STOPPED = 4, 2, 12, 130


@pytest.fixture
def getting(desk):
    """Downloads over a real folder; what is there is what the desk's models are."""
    desk.models = desk.getting.models
    return desk.getting


def damage(getting):
    path = getting.shelf.path("big-3b.gguf")
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[CHUNK_BYTES + 1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_model_is_downloaded_and_its_place_is_printed(desk, getting):
    said = desk.run("models download big")
    path = getting.shelf.path("big-3b.gguf")
    assert (said.code, said.out) == (0, f"{path}\n")
    assert path.read_bytes() == MODEL
    lines = said.err.splitlines()
    assert lines[0] == "big-3b: waiting, 0 MB of 2 MB"
    assert lines[-2] == "big-3b: done, 2 MB of 2 MB"
    assert any("MB/s" in line and "left" in line for line in lines)
    assert "onhand models use big-3b" in lines[-1]


def test_programs_get_an_object_for_each_step(desk, getting):
    objects = desk.run("models download big-3b --json").objects
    assert objects[0]["state"] == "waiting"
    assert objects[-1] == {
        "model": "big-3b",
        "state": "done",
        "done": len(MODEL),
        "total": len(MODEL),
        "speed": 0,
        "seconds_left": None,
        "reason": None,
    }


def test_a_terminal_gets_a_bar(desk, getting):
    getting.fetcher.states = [FetchState(done=1000, pause=3.0, reason="no cable")]
    said = desk.run("models download big", terminal=True)
    assert said.code == 0
    assert "no cable; again in 3 s" in said.err
    assert "MB/s" in said.err


def test_a_download_that_was_stopped_says_that_it_can_go_on_and_does(desk, getting):
    getting.fetcher.failing = Cancelled()
    said = desk.run("models download big")
    assert said.code == STOPPED
    assert "'onhand models download big-3b' goes on where it was" in said.err
    listed = desk.run("models list")
    assert "big-3b: paused, 1 MB of 2 MB; 'onhand models download big-3b'" in listed.err
    [begun] = desk.run("models list --json").objects
    assert (begun["state"], begun["done"]) == ("paused", CHUNK_BYTES)
    assert desk.run("models download").code == 0
    assert getting.fetcher.asked[-1][1][0][0] == CHUNK_BYTES


def test_ctrl_c_says_so_as_well(desk, getting):
    getting.fetcher.failing = KeyboardInterrupt()
    said = desk.run("models download big")
    assert said.code == STOPPED
    assert "goes on where it was" in said.err


def test_without_a_name_there_must_be_something_begun(desk, getting):
    said = desk.run("models download")
    assert said.code == 2
    assert "no download was begun" in said.err


def test_a_failure_has_its_exit_code_and_the_way_out(desk, getting):
    getting.fetcher.failing = NetworkFailed("the cable")
    said = desk.run("models download big")
    assert said.code == NETWORK
    assert "the cable" in said.err
    assert "run it again to go on" in said.err


def test_what_was_begun_can_be_given_up(desk, getting):
    getting.fetcher.failing = Cancelled()
    desk.run("models download big")
    said = desk.run("models download --discard --json")
    assert said.objects == [{"model": "big-3b", "discarded": True, "freed": CHUNK_BYTES}]
    assert "given up" in said.err
    assert desk.run("models download --discard big").code == 0
    assert getting.downloads.unfinished() == []


@pytest.mark.parametrize("wanted", ["nothing", ""])
def test_a_model_that_is_not_in_the_catalogue_is_missing(desk, getting, wanted):
    said = desk.run(["models", "download", wanted or "x"])
    assert said.code == 3


def test_where_bytes_cost_money_the_user_has_to_agree(desk, getting):
    getting.metering.metered = True
    said = desk.run("models download big")
    assert said.code == METERED
    assert "--metered" in said.err
    assert getting.fetcher.asked == []
    assert desk.run("models download big --metered").code == 0


def test_a_sound_model_is_said_to_be_so(desk, getting):
    desk.run("models download big")
    assert desk.run("models verify").out == "big-3b\tsound\n"
    assert desk.run("models verify big --json").objects[-1] == {
        "model": "big-3b",
        "ok": True,
        "known": True,
        "damaged": 0,
        "chunks": 4,
    }


def test_damage_is_told_marked_and_mended(desk, getting):
    desk.run("models download big")
    damage(getting)
    said = desk.run("models verify")
    assert said.code == DAMAGED
    assert said.out == "big-3b\tdamaged, 1 of 4 chunks\n"
    assert "'onhand models verify big-3b --repair' mends it." in said.err
    assert "\tdamaged\t" in desk.run("models list").out
    assert desk.run("models list --json").objects[0]["condition"] == "damaged"
    getting.fetcher.asked.clear()
    said = desk.run("models verify --repair")
    assert (said.code, said.out) == (0, "big-3b\tsound\n")
    assert getting.fetcher.asked[0][1] == [(CHUNK_BYTES, 2 * CHUNK_BYTES)]


def test_a_file_of_the_user_has_nothing_to_be_compared_with(desk, getting):
    getting.folder.mkdir()
    (getting.folder / "mine.gguf").write_bytes(b"GGUF")
    said = desk.run("models verify mine")
    assert (said.code, said.out) == (
        0,
        "mine.gguf\tnothing is known to compare it with\n",
    )


def test_what_is_left_over_is_named(desk, getting):
    getting.fetcher.flips, getting.fetcher.always_wrong = [5], True
    assert desk.run("models download big").code == DAMAGED
    assert "left over, and used by nothing: " in desk.run("models verify").err
    assert desk.run("models verify").err.count(".bad") == 1


def test_a_model_is_removed_and_the_space_told(desk, getting):
    desk.run("models download big")
    said = desk.run("models remove big --json")
    assert said.objects == [{"model": "big-3b", "removed": True, "freed": len(MODEL)}]
    assert "2 MB are free again" in said.err
    assert desk.run("models remove big").code == 3

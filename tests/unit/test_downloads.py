"""Getting a model: gone on with, compared, put right, told."""

from __future__ import annotations

import dataclasses
import hashlib

import msgspec
import pytest

from fakes.net import Getting, spec_of
from onhand.domain.errors import DiskFull, Locked
from onhand.domain.fetching import HUB_HOSTS, FetchState
from onhand.domain.model_errors import (
    ModelUnknown,
    NetworkFailed,
    NothingToFetch,
    WrongChecksum,
)
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.receipts import CHUNK_BYTES
from onhand.domain.settings import Settings
from onhand.domain.transfers import Speedometer, Transfer, TransferState
from onhand.services.downloads import route_of

DATA = b"GGUF" + bytes(range(256)) * 8000
LAST = len(DATA) - 1
TINY = spec_of(DATA)


@pytest.fixture
def getting(tmp_path):
    by_hand = spec_of(DATA, "by-hand", repo=None, revision=None)
    return Getting(tmp_path, TINY, spec_of(DATA, "tiny-2m"), by_hand, data=DATA)


def run(getting, wanted="tiny-1m", cancel=None):
    told = []
    model = getting.downloads(wanted, cancel or CancelToken(), told.append)
    return model, told


def lying(getting):
    return sorted(each.name for each in getting.folder.iterdir() if each.is_file())


def test_a_model_is_fetched_and_can_be_used(getting):
    model, told = run(getting)
    assert (model.id, model.bytes) == ("tiny-1m", len(DATA))
    assert model.path.read_bytes() == DATA
    assert lying(getting) == ["tiny-1m.gguf"]
    states = [each.state for each in told]
    assert states[0] is TransferState.WAITING
    assert states[-2:] == [TransferState.CHECKING, TransferState.DONE]
    running = [each for each in told if each.state is TransferState.RUNNING]
    assert running[-1].speed > 0
    assert running[-1].seconds_left == 0
    receipt = getting.shelf.receipt("tiny-1m.gguf")
    assert receipt.source == f"hub org/tiny@{'a' * 40}"
    assert receipt.verified


def test_a_model_that_is_here_is_not_fetched_again(getting):
    run(getting)
    _, told = run(getting)
    assert len(getting.fetcher.asked) == 1
    assert [each.state for each in told] == [TransferState.DONE]


def test_a_start_of_an_id_will_do_if_it_fits_one(getting):
    assert run(getting, "TINY-2")[0].id == "tiny-2m"
    for wanted in ("tiny", "nothing", ""):
        with pytest.raises(ModelUnknown):
            run(getting, wanted)
    with pytest.raises(NothingToFetch):
        run(getting, "by-hand")


def test_a_pause_keeps_what_has_arrived_and_the_next_run_goes_on(getting):
    getting.fetcher.failing = Cancelled()
    told = []
    with pytest.raises(Cancelled):
        getting.downloads("tiny-1m", CancelToken(), told.append)
    assert told[-1].state is TransferState.PAUSED
    [paused] = getting.downloads.unfinished()
    assert (paused.model, paused.state) == ("tiny-1m", TransferState.PAUSED)
    assert (paused.done, paused.total) == (CHUNK_BYTES, len(DATA))
    run(getting)
    assert getting.fetcher.asked[1][1] == [(CHUNK_BYTES, len(DATA))]
    assert getting.downloads.unfinished() == []


def test_what_is_given_up_leaves_nothing(getting):
    getting.fetcher.failing = Cancelled()
    with pytest.raises(Cancelled):
        run(getting)
    assert getting.downloads.discard("tiny-1m") == CHUNK_BYTES
    assert lying(getting) == []
    assert getting.downloads.unfinished() == []


def test_a_failure_is_told_with_its_reason_and_keeps_what_has_arrived(getting):
    getting.fetcher.failing = NetworkFailed("the cable")
    told = []
    with pytest.raises(NetworkFailed):
        getting.downloads("tiny-1m", CancelToken(), told.append)
    assert (told[-1].state, told[-1].done) == (TransferState.FAILED, CHUNK_BYTES)
    assert "the cable" in told[-1].reason
    assert len(getting.downloads.unfinished()) == 1


def test_a_wait_is_told_with_its_reason(getting):
    getting.fetcher.states = [FetchState(done=7, pause=4.0, reason="nothing came")]
    _, told = run(getting)
    [waiting] = [each for each in told if each.reason]
    assert (waiting.state, waiting.done) == (TransferState.WAITING, 7)
    assert waiting.reason == "nothing came; again in 4 s"
    assert waiting.seconds_left is None


def test_a_file_that_is_wrong_is_fetched_once_more_and_no_more(getting):
    getting.fetcher.flips = [LAST]
    assert run(getting)[0].path.read_bytes() == DATA
    assert [ranges for _, ranges in getting.fetcher.asked] == [[(0, len(DATA))]] * 2


def test_a_file_that_is_always_wrong_is_set_aside_and_never_listed(getting):
    getting.fetcher.flips, getting.fetcher.always_wrong = [5], True
    with pytest.raises(WrongChecksum):
        run(getting)
    assert len(getting.fetcher.asked) == 2
    assert lying(getting) == ["tiny-1m.gguf.bad"]
    assert getting.models.installed() == []
    getting.fetcher.flips = []
    run(getting)
    assert lying(getting) == ["tiny-1m.gguf"]


def test_with_a_receipt_of_the_same_file_damage_costs_a_chunk(getting):
    run(getting)
    getting.shelf.path("tiny-1m.gguf").unlink()
    getting.fetcher.asked.clear()
    getting.fetcher.flips = [CHUNK_BYTES + 9]
    run(getting)
    assert [ranges for _, ranges in getting.fetcher.asked] == [
        [(0, len(DATA))],
        [(CHUNK_BYTES, 2 * CHUNK_BYTES)],
    ]


def test_with_a_list_in_the_catalogue_damage_costs_a_chunk(tmp_path):
    length = 300_000
    chunks = tuple(
        hashlib.sha256(DATA[start : start + length]).hexdigest()
        for start in range(0, len(DATA), length)
    )
    listed = spec_of(DATA, chunk_bytes=length, chunks=chunks)
    getting = Getting(tmp_path, listed, data=DATA)
    getting.fetcher.flips = [length + 9]
    run(getting)
    assert getting.fetcher.asked[1][1] == [(length, 2 * length)]
    short = msgspec.structs.replace(listed, chunks=chunks[1:])
    fresh = Getting(tmp_path / "fresh", short)
    assert fresh.downloads.expected(short).chunks == ()


def test_two_at_one_place_do_not_disturb_each_other(getting):
    expected = getting.downloads.expected(TINY)
    with getting.shelf.claim(expected), pytest.raises(Locked):
        run(getting)


def test_a_disk_without_room_is_told_before_anything_is_asked(tmp_path, getting):
    getting.shelf._reserve = 1 << 60
    with pytest.raises(DiskFull):
        run(getting)
    assert getting.fetcher.asked == []


def test_what_was_stopped_before_it_began_is_not_asked_for(getting):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        run(getting, cancel=cancel)
    assert getting.fetcher.asked == []


@pytest.mark.parametrize(
    ("metered", "wants", "asks"),
    [(True, True, True), (True, False, False), (False, True, False), (None, True, False)],
)
def test_the_user_is_asked_only_where_it_is_known_that_bytes_cost_money(
    getting, metered, wants, asks
):
    getting.metering.metered = metered
    settings = dataclasses.replace(getting.settings.load(), ask_when_metered=wants)
    getting.settings.save(settings)
    assert getting.downloads.must_ask() is asks


def test_mirror_hosts_and_proxy_come_from_the_settings(getting):
    settings = Settings(
        hub_endpoint=" https://mirror.test ",
        hub_hosts="cdn.mirror.test, other.test,",
        proxy="http://p:1",
    )
    route = route_of(settings)
    assert route.endpoint == "https://mirror.test"
    assert route.hosts == (*HUB_HOSTS, "cdn.mirror.test", "other.test")
    assert route.proxy == "http://p:1"
    getting.settings.save(settings)
    run(getting)
    assert getting.fetcher.asked[0][0].route == route


def test_speed_is_that_of_the_last_seconds():
    speed = Speedometer()
    assert speed(0.0, 0) == 0
    assert speed(0.1, 1000) == 0
    assert speed(1.0, 5000) == 5000
    for second in range(2, 30):
        last = speed(float(second), 5000 + 100 * (second - 1))
    assert last == pytest.approx(100)
    assert speed(31.0, 0) == 0


def test_nobody_knows_how_long_a_transfer_takes_that_does_not_move():
    running = Transfer(
        model="x", state=TransferState.RUNNING, done=10, total=110, speed=50.0
    )
    assert running.seconds_left == 2
    assert dataclasses.replace(running, speed=0.0).seconds_left is None
    assert dataclasses.replace(running, state=TransferState.PAUSED).seconds_left is None

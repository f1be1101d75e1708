"""What every fetcher and every ledger does."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from fakes.hub import FILE, REPO, REVISION, FakeHub, model_bytes
from fakes.net import NET, FakeFetcher, FakeLedger
from fakes.stores import FakeClock
from onhand.domain.fetching import Attempt, Fetch, Outcome, Route
from onhand.domain.part_notes import read_notes
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.receipts import CHUNK_BYTES, ExpectedFile
from onhand.net.client import NetClient
from onhand.storage.ledger_file import LedgerFile

DATA = model_bytes(3 * CHUNK_BYTES + 7)


@pytest.fixture
def hub():
    with FakeHub(DATA) as hub:
        yield hub


@pytest.fixture(params=["fake", "net"])
def fetcher(request):
    if request.param == "fake":
        return FakeFetcher(DATA)
    return NetClient(NET, ledger=FakeLedger(), clock=FakeClock())


@pytest.fixture
def wanted(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    return Fetch(
        repo=REPO,
        revision=REVISION,
        file=FILE,
        expected=ExpectedFile(name=FILE, bytes=len(DATA), sha256=hub.sha256),
        part=str(tmp_path / "part"),
        notes=str(tmp_path / "notes"),
        reserve=0,
        route=Route(endpoint=hub.endpoint, hosts=("localhost",)),
    )


def test_a_file_is_fetched_and_each_chunk_noted_with_its_hash(fetcher, wanted, tmp_path):
    states = []
    fetcher.fetch(wanted, CancelToken(), states.append)
    assert (tmp_path / "part").read_bytes() == DATA
    notes = read_notes((tmp_path / "notes").read_bytes())
    assert notes.missing() == []
    assert notes.chunks[3] == hashlib.sha256(DATA[3 * CHUNK_BYTES :]).hexdigest()
    assert states
    assert all(0 <= state.done <= len(DATA) for state in states)


def test_only_what_is_missing_is_fetched(fetcher, wanted, tmp_path):
    fetcher.fetch(wanted, CancelToken(), lambda _: None)
    notes = read_notes((tmp_path / "notes").read_bytes())
    content = bytearray(DATA)
    content[CHUNK_BYTES : 2 * CHUNK_BYTES] = bytes(CHUNK_BYTES)
    (tmp_path / "part").write_bytes(content)
    kept = (tmp_path / "notes").read_bytes().splitlines(keepends=True)
    gone = notes.chunks[1].encode()
    (tmp_path / "notes").write_bytes(b"".join(each for each in kept if gone not in each))
    fetcher.fetch(wanted, CancelToken(), lambda _: None)
    assert (tmp_path / "part").read_bytes() == DATA


def test_what_was_stopped_before_it_began_leaves_nothing(fetcher, wanted, tmp_path):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        fetcher.fetch(wanted, cancel, lambda _: None)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=["fake", "file"])
def ledger(request, tmp_path):
    return FakeLedger() if request.param == "fake" else LedgerFile(tmp_path / "ledger")


def test_a_ledger_has_each_attempt_once_as_it_is_now(ledger):
    first = Attempt(
        id="a", at="2026-03-05T12:00:00+00:00", host="h:1", reason="why", allowed=True
    )
    second = msgspec.structs.replace(first, id="b", allowed=False, outcome=Outcome.REFUSED)
    assert ledger.attempts() == []
    ledger.write(first)
    ledger.write(second)
    ended = msgspec.structs.replace(first, outcome=Outcome.DONE, bytes=7)
    ledger.write(ended)
    assert ledger.attempts() == [ended, second]

"""The net helper as a process: killed, stopped, and never connected without a line."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
import time

import msgspec
import psutil
import pytest

from fakes.hub import FILE, REPO, REVISION, FakeHub, model_bytes
from fakes.net import NET, FakeLedger
from fakes.stores import FakeClock
from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.fetching import Fetch, Outcome, Patience, Route
from onhand.domain.model_errors import NetworkFailed
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.receipts import CHUNK_BYTES, ExpectedFile
from onhand.net.client import NetClient
from onhand.net.protocol import Begin, Noted, encode

pytestmark = pytest.mark.e2e

KILLS = 10
DATA = model_bytes(3 * KILLS * CHUNK_BYTES + 99_999)
MEGABYTE = 1_000_000


@pytest.fixture
def hub():
    with FakeHub(DATA) as hub:
        yield hub


@pytest.fixture
def ledger():
    return FakeLedger()


@pytest.fixture
def client(ledger, tmp_path):
    return NetClient(NET, ledger=ledger, clock=FakeClock(), log=tmp_path / "net.log")


@pytest.fixture
def wanted(hub, tmp_path):
    return Fetch(
        repo=REPO,
        revision=REVISION,
        file=FILE,
        expected=ExpectedFile(name=FILE, bytes=len(DATA), sha256=hub.sha256),
        part=str(tmp_path / f"{FILE}.part"),
        notes=str(tmp_path / f"{FILE}.part.jsonl"),
        reserve=0,
        route=Route(endpoint=hub.endpoint, hosts=("localhost",)),
        patience=Patience(read=5.0, first_tries=3, tries=3, first_pause=0.05),
    )


def helpers():
    """The net helpers that this process has started and that still run."""
    return [child for child in psutil.Process().children() if child.status() != "zombie"]


def size(path):
    return path.stat().st_size if path.exists() else 0


def test_a_download_that_is_killed_ten_times_loses_less_than_a_megabyte_each_time(
    hub, client, wanted, tmp_path
):
    hub.faults.pace = 0.02
    part = tmp_path / f"{FILE}.part"
    sizes = []
    for _ in range(KILLS):
        enough = size(part) + CHUNK_BYTES

        def kill(state, enough=enough) -> None:
            if size(part) >= enough:
                helpers()[0].kill()

        with pytest.raises(NetworkFailed, match="SIGKILL"):
            client.fetch(wanted, CancelToken(), kill)
        sizes.append(size(part))
    hub.faults.pace = 0.0
    client.fetch(wanted, CancelToken(), lambda _: None)
    assert part.read_bytes() == DATA
    again = [here - start for here, start in zip(sizes, hub.starts[1:], strict=True)]
    assert max(again) <= MEGABYTE
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "net.log",
        f"{FILE}.part",
        f"{FILE}.part.jsonl",
    ]


def test_stopping_ends_the_transfer_at_once_and_keeps_the_part(
    hub, client, wanted, tmp_path, ledger
):
    hub.faults.pace = 0.02
    cancel = CancelToken()
    asked: list[float] = []

    def stop(state) -> None:
        if state.done > 3 * CHUNK_BYTES and not asked:
            asked.append(time.monotonic())
            cancel.cancel()
            asked.append(time.monotonic())
            assert helpers() == []

    with pytest.raises(Cancelled):
        client.fetch(wanted, cancel, stop)
    assert size(tmp_path / f"{FILE}.part") >= 3 * CHUNK_BYTES
    assert ledger.attempts()[-1].outcome is Outcome.STOPPED
    assert ledger.attempts()[-1].bytes > 3 * CHUNK_BYTES
    hub.faults.pace = 0.0
    client.fetch(wanted, CancelToken(), lambda _: None)
    assert hub.starts[1] >= 3 * CHUNK_BYTES


def test_stopping_from_another_thread_ends_a_server_that_says_nothing(hub, client, wanted):
    hub.faults.stalls = [60.0]
    cancel = CancelToken()
    hand = threading.Timer(2.0, cancel.cancel)
    hand.start()
    with pytest.raises(Cancelled):
        client.fetch(wanted, cancel, lambda _: None)
    hand.join()


def test_what_was_stopped_before_it_began_starts_nothing(client, wanted, ledger):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        client.fetch(wanted, cancel, lambda _: None)
    assert ledger.lines == []


def test_every_connection_stands_in_the_ledger_before_it_is_opened(
    hub, client, wanted, ledger
):
    client.fetch(wanted, CancelToken(), lambda _: None)
    at_hub, at_cdn = ledger.attempts()
    assert [at_hub.outcome, at_cdn.outcome] == [Outcome.SENT_ON, Outcome.DONE]
    assert (at_cdn.bytes, at_cdn.allowed) == (len(DATA), True)
    assert at_cdn.host == hub.cdn.partition("://")[2]
    assert at_cdn.reason == f"download {FILE}"
    assert [each.outcome for each in ledger.lines][:2] == [Outcome.OPEN, Outcome.SENT_ON]


def test_without_a_place_in_the_ledger_there_is_no_connection(hub, client, wanted, ledger):
    ledger.failing = DataFolderUnwritable("ledger")
    with pytest.raises(DataFolderUnwritable):
        client.fetch(wanted, CancelToken(), lambda _: None)
    assert hub.asked == []


def test_a_refused_host_stands_in_the_ledger(hub, client, wanted, ledger):
    hub.faults.location = "http://elsewhere.test/x"
    with pytest.raises(NetworkFailed, match=r"elsewhere\.test, which is not on the list"):
        client.fetch(wanted, CancelToken(), lambda _: None)
    assert [(each.host, each.allowed) for each in ledger.attempts()][1:] == [
        ("elsewhere.test:80", False)
    ]
    assert ledger.attempts()[-1].outcome is Outcome.REFUSED


def test_the_mirror_of_the_environment_is_asked(hub, client, wanted, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    plain = dataclasses.replace(wanted, route=Route(hosts=("localhost",)))
    client.fetch(plain, CancelToken(), lambda _: None)
    assert (tmp_path / f"{FILE}.part").read_bytes() == DATA
    assert not any("authorization" in each.headers for each in hub.asked)
    assert not (tmp_path / "home").exists()


def test_a_user_who_wants_no_connection_gets_none(hub, client, wanted, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(NetworkFailed, match="HF_HUB_OFFLINE"):
        client.fetch(wanted, CancelToken(), lambda _: None)
    assert hub.asked == []


def test_a_helper_that_cannot_be_started_is_told(wanted, ledger, tmp_path):
    client = NetClient([str(tmp_path / "none")], ledger=ledger, clock=FakeClock())
    with pytest.raises(NetworkFailed, match="cannot be started"):
        client.fetch(wanted, CancelToken(), lambda _: None)


@pytest.mark.parametrize("said", ["nonsense", '{"type":"hello"}', ""])
def test_a_helper_that_speaks_something_else_is_ended(wanted, ledger, said):
    argv = [sys.executable, "-c", f"print({said!r}, flush=True)"]
    client = NetClient(argv, ledger=ledger, clock=FakeClock())
    with pytest.raises(NetworkFailed, match="the net helper ended"):
        client.fetch(wanted, CancelToken(), lambda _: None)


def test_a_helper_ends_when_its_parent_is_killed(hub, wanted, tmp_path):
    """The parent's end of the pipe closes; nothing else tells the helper."""
    hub.faults.pace = 0.05
    with subprocess.Popen(NET, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdin.write(encode(Begin(fetch=wanted)) + b"\n")
        for number in (1, 2):
            child.stdin.write(encode(Noted(number=number)) + b"\n")
        child.stdin.flush()
        done = 0
        while done <= CHUNK_BYTES:
            done = msgspec.json.decode(child.stdout.readline()).get("done", 0)
        child.stdin.close()
        assert child.wait(5) == 0
    assert 0 < size(tmp_path / f"{FILE}.part") < len(DATA)


def test_answering_a_text_loads_no_network_library():
    code = (
        "import sys; import onhand.bootstrap, onhand.cli.main; "
        "print([name for name in ('huggingface_hub', 'httpx2', 'truststore', 'ssl', "
        "'hf_xet', 'http.client') if name in sys.modules])"
    )
    argv = [sys.executable, "-P", "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"

"""One download against a Hub that misbehaves, in this process."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import resource
import ssl
import threading
import time
from typing import TYPE_CHECKING

import pytest
import trustme

from fakes.hub import BLOCK, FILE, REPO, REVISION, FakeHub, model_bytes
from fakes.net import Getting, spec_of
from onhand.domain.errors import DiskFull
from onhand.domain.fetching import Fetch, Outcome, Patience, Route
from onhand.domain.model_errors import NetworkFailed, WrongChecksum
from onhand.domain.part_notes import read_notes
from onhand.domain.progress import CancelToken
from onhand.domain.receipts import CHUNK_BYTES, ExpectedFile
from onhand.domain.settings import Settings
from onhand.net.fetching import Fetching, pause_before
from onhand.net.hub import HubSession

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("loopback")

QUICK = Patience(
    connect=2.0, read=0.4, first_tries=4, tries=4, first_pause=0.01, longest_pause=0.03
)
DATA = model_bytes()
CHUNKS = tuple(
    hashlib.sha256(DATA[start : start + CHUNK_BYTES]).hexdigest()
    for start in range(0, len(DATA), CHUNK_BYTES)
)


class Listener:
    """Remembers what a helper would tell."""

    def __init__(self) -> None:
        self.places: list[tuple[str, bool]] = []
        self.ends: list[tuple[int, Outcome]] = []
        self.pauses: list[tuple[float, str]] = []
        self.done: list[int] = []

    def opening(self, host: str, *, allowed: bool) -> None:
        self.places.append((host, allowed))

    def closed(self, received: int, outcome: Outcome) -> None:
        self.ends.append((received, outcome))

    def arrived(self, done: int, received: int) -> None:
        self.done.append(done)

    def pausing(self, done: int, pause: float, reason: str) -> None:
        self.pauses.append((pause, reason))


@pytest.fixture
def hub():
    with FakeHub(DATA) as hub:
        yield hub


def asked(hub, folder, *, route=None, patience=QUICK, chunks=(), reserve=0):
    return Fetch(
        repo=REPO,
        revision=REVISION,
        file=FILE,
        expected=ExpectedFile(
            name=FILE,
            bytes=len(DATA),
            sha256=hashlib.sha256(DATA).hexdigest(),
            chunks=chunks,
        ),
        part=str(folder / f"{FILE}.part"),
        notes=str(folder / f"{FILE}.part.jsonl"),
        reserve=reserve,
        route=route or Route(endpoint=hub.endpoint, hosts=("localhost",)),
        patience=patience,
    )


def run(wanted):
    listener = Listener()
    Fetching(wanted, HubSession(wanted, listener), listener).run()
    return listener


def part(folder):
    return (folder / f"{FILE}.part").read_bytes()


def test_a_file_comes_in_one_request_over_the_way_that_the_hub_names(hub, tmp_path):
    listener = run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert hub.starts == [0]
    [at_hub, at_cdn] = hub.asked
    for each in (at_hub, at_cdn):
        assert each.headers["accept-encoding"] == "identity"
        assert each.headers["user-agent"] == "onhand"
        assert not {"authorization", "cookie", "x-amzn-trace-id"} & set(each.headers)
    places = [hub.endpoint, hub.cdn]
    assert listener.places == [(each.partition("://")[2], True) for each in places]
    assert listener.ends == [(0, Outcome.SENT_ON), (len(DATA), Outcome.DONE)]
    assert listener.done[-1] == len(DATA)


def test_what_is_here_already_opens_no_connection(hub, tmp_path):
    run(asked(hub, tmp_path))
    hub.asked.clear()
    run(asked(hub, tmp_path))
    assert hub.asked == []


def test_a_connection_that_breaks_is_gone_on_with_where_it_was(hub, tmp_path):
    hub.faults.cuts = [2 * CHUNK_BYTES + 1000, CHUNK_BYTES, 5]
    listener = run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert hub.sent == len(DATA)
    assert len(listener.pauses) == 3
    etag = f'"{hub.sha256}"'
    again = [each for each in hub.asked if each.role == "cdn"][1:]
    assert [each.headers["if-range"] for each in again] == [etag] * 3
    # Signed addresses expire: the Hub is asked anew each time.
    assert [each.role for each in hub.asked] == ["hub", "cdn"] * 4


def test_each_progress_gives_new_patience(hub, tmp_path):
    hub.faults.cuts = [CHUNK_BYTES // 2] * 9
    run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA


def test_a_server_that_never_gets_further_is_given_up(hub, tmp_path):
    hub.faults.no_range = True
    hub.faults.cuts = [CHUNK_BYTES] * 50
    with pytest.raises(NetworkFailed, match=r"broke off|ended early"):
        run(asked(hub, tmp_path))
    assert len(hub.starts) <= 6


def test_a_server_without_ranges_gives_all_of_it_again(hub, tmp_path):
    hub.faults.cuts = [3 * CHUNK_BYTES]
    hub.faults.no_range = True
    run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert hub.starts == [0, 0]


def test_a_file_that_has_changed_meanwhile_is_begun_anew(hub, tmp_path):
    hub.faults.cuts = [3 * CHUNK_BYTES]
    wanted = dataclasses.replace(QUICK, first_tries=1, tries=1)
    with pytest.raises(NetworkFailed):
        run(asked(hub, tmp_path, patience=wanted))
    hub.faults.etag = "another"
    run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert hub.starts == [0, 0]
    notes = read_notes((tmp_path / f"{FILE}.part.jsonl").read_bytes())
    assert notes.etag == '"another"'


def test_a_server_without_marks_is_gone_on_with_all_the_same(hub, tmp_path):
    hub.faults.etag = ""
    hub.faults.cuts = [3 * CHUNK_BYTES]
    run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert hub.starts == [0, 3 * CHUNK_BYTES]


def test_a_part_that_is_too_long_or_is_something_else_is_not_believed(hub, tmp_path):
    hub.faults.cuts = [3 * CHUNK_BYTES]
    quick = dataclasses.replace(QUICK, first_tries=1, tries=1)
    with pytest.raises(NetworkFailed):
        run(asked(hub, tmp_path, patience=quick))
    file = tmp_path / f"{FILE}.part"
    content = bytearray(file.read_bytes())
    content[CHUNK_BYTES + 3] ^= 1
    file.write_bytes(content + b"x" * len(DATA))
    run(asked(hub, tmp_path))
    assert part(tmp_path)[: len(DATA)] == DATA
    assert hub.starts == [0, CHUNK_BYTES, 3 * CHUNK_BYTES]


@pytest.mark.parametrize("offered", [len(DATA) - 1, len(DATA) + 1, 17])
@pytest.mark.parametrize("where", ["size", "linked_size"])
def test_a_file_of_another_length_is_refused_before_a_byte_is_written(
    hub, tmp_path, offered, where
):
    setattr(hub.faults, where, offered)
    with pytest.raises(WrongChecksum, match=str(offered)):
        run(asked(hub, tmp_path))
    assert part(tmp_path) == b""
    assert len(hub.starts) <= 1


def test_bytes_without_a_length_are_taken_up_to_the_right_one(hub, tmp_path):
    hub.faults.without_length = True
    run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA


def test_a_range_that_was_not_asked_for_is_not_written(hub, tmp_path):
    hub.faults.cuts = [CHUNK_BYTES]
    hub.faults.wrong_range = True
    with pytest.raises(NetworkFailed, match="another range"):
        run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA[:CHUNK_BYTES]


def test_compressed_bytes_are_not_written(hub, tmp_path):
    hub.faults.compressed = True
    with pytest.raises(NetworkFailed, match="other bytes"):
        run(asked(hub, tmp_path))
    assert part(tmp_path) == b""


@pytest.mark.parametrize("place", [5, CHUNK_BYTES, len(DATA) - 1])
def test_a_bit_that_turns_over_costs_one_more_chunk_where_hashes_are_known(
    hub, tmp_path, place
):
    hub.faults.flips = {place: 1}
    run(asked(hub, tmp_path, chunks=CHUNKS))
    assert part(tmp_path) == DATA
    assert hub.sent <= len(DATA) + CHUNK_BYTES


def test_a_chunk_that_always_arrives_damaged_is_given_up(hub, tmp_path):
    hub.faults.flips = {CHUNK_BYTES + 7: 0}
    hub.faults.flips[CHUNK_BYTES + 7] = 99
    with pytest.raises(WrongChecksum, match="chunk 1"):
        run(asked(hub, tmp_path, chunks=CHUNKS))
    assert len(hub.starts) == 3


class InThisProcess:
    """Fetches without a process of its own."""

    def fetch(self, wanted, cancel, on_state) -> None:
        listener = Listener()
        # Nothing stalls here: on a busy machine a silence must not count as a break.
        patient = dataclasses.replace(QUICK, read=60.0)
        here = dataclasses.replace(wanted, file=FILE, patience=patient)
        Fetching(here, HubSession(here, listener), listener).run()


@pytest.mark.parametrize("place", [number * len(DATA) // 10 for number in range(10)])
def test_of_a_file_that_nobody_knows_in_chunks_a_flipped_bit_never_becomes_a_model(
    hub, tmp_path, place
):
    getting = Getting(tmp_path, spec_of(DATA, repo=REPO), data=b"")
    getting.settings.save(Settings(hub_endpoint=hub.endpoint, hub_hosts="localhost"))
    getting.downloads._fetcher = InThisProcess()
    hub.faults.flips = {place: 2}
    with pytest.raises(WrongChecksum):
        getting.downloads("tiny", CancelToken())
    assert hub.starts == [0, 0]
    assert getting.models.installed() == []
    assert [each.name for each in getting.folder.iterdir()] == ["tiny-1m.gguf.bad"]
    getting.downloads("tiny", CancelToken())
    assert getting.models.installed()[0].path.read_bytes() == DATA


def test_damage_and_breaks_together_are_put_right(hub, tmp_path):
    hub.faults.flips = {CHUNK_BYTES + 7: 1}
    hub.faults.cuts = [3 * CHUNK_BYTES + BLOCK]
    run(asked(hub, tmp_path, chunks=CHUNKS))
    assert part(tmp_path) == DATA


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451, 418, 204])
def test_a_refusal_is_not_asked_about_again(hub, tmp_path, status):
    hub.faults.statuses = [(status, {})] * 5
    with pytest.raises(NetworkFailed, match=str(status)):
        run(asked(hub, tmp_path))
    assert len(hub.starts) == 1


def test_a_refusal_of_the_hub_itself_is_told_with_its_name(hub, tmp_path):
    hub.faults.hub_statuses = [(401, {"WWW-Authenticate": "Bearer"})]
    with pytest.raises(NetworkFailed, match=r"127\.0\.0\.1 wants to know who is asking"):
        run(asked(hub, tmp_path))


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_trouble_that_passes_is_waited_for(hub, tmp_path, status):
    hub.faults.statuses = [(status, {})] * 3
    listener = run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert len(listener.pauses) == 3
    assert all(pause <= QUICK.longest_pause for pause, _ in listener.pauses)


def test_a_server_that_wants_to_be_left_alone_is(hub, tmp_path):
    hub.faults.statuses = [(429, {"Retry-After": "1"})]
    listener = run(asked(hub, tmp_path))
    assert [pause for pause, _ in listener.pauses] == [1.0]


def test_a_server_that_wants_to_be_left_alone_for_hours_is_given_up(hub, tmp_path):
    hub.faults.statuses = [(503, {"Retry-After": "7200"})]
    with pytest.raises(NetworkFailed, match="120 minutes"):
        run(asked(hub, tmp_path))


def test_a_stall_is_noticed_and_gone_on_after(hub, tmp_path):
    hub.faults.stalls = [3.0]
    listener = run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert listener.pauses[0][1] == "nothing came for a while"


def test_a_cable_that_is_pulled_and_plugged_in_again_costs_a_pause(hub, tmp_path):
    hub.faults.pace = 0.01
    patient = dataclasses.replace(QUICK, tries=200, first_tries=200)

    def pull() -> None:
        while not hub.asked or hub.asked[0].role != "hub":
            time.sleep(0.01)
        time.sleep(0.2)
        hub.faults.gone = True
        time.sleep(0.3)
        hub.faults.gone = False

    hand = threading.Thread(target=pull)
    hand.start()
    listener = run(asked(hub, tmp_path, patience=patient))
    hand.join()
    assert part(tmp_path) == DATA
    assert listener.pauses


def test_a_hub_that_is_not_there_is_given_up_soon(tmp_path):
    with FakeHub(DATA) as hub:
        wanted = asked(hub, tmp_path)
    with pytest.raises(NetworkFailed, match="cannot be reached"):
        run(wanted)


@pytest.mark.parametrize("endpoint", ["nonsense", "ftp://x/", "http://", "http://[::1"])
def test_an_address_that_is_none_is_told(hub, tmp_path, endpoint):
    route = Route(endpoint=endpoint, hosts=())
    with pytest.raises(NetworkFailed):
        run(asked(hub, tmp_path, route=route))
    assert hub.asked == []


def test_no_name_and_no_token_follow_to_another_host(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    endpoint = hub.endpoint.replace("http://", "http://user:secret@")
    listener = run(
        asked(hub, tmp_path, route=Route(endpoint=endpoint, hosts=("localhost",)))
    )
    at_hub, at_cdn = hub.asked
    basic = base64.b64encode(b"user:secret").decode()
    assert at_hub.headers["authorization"] == f"Basic {basic}"
    assert "secret" not in str(at_cdn.headers)
    assert "secret" not in str(listener.places)


def test_a_host_that_is_not_on_the_list_is_not_asked(hub, tmp_path):
    route = Route(endpoint=hub.endpoint, hosts=("huggingface.co",))
    wanted = asked(hub, tmp_path, route=route)
    listener = Listener()
    with pytest.raises(NetworkFailed, match="localhost, which is not on the list"):
        Fetching(wanted, HubSession(wanted, listener), listener).run()
    assert [each.role for each in hub.asked] == ["hub"]
    assert listener.places[-1] == (hub.cdn.partition("://")[2], False)


@pytest.mark.parametrize(
    "location",
    ["http://evil.localhost.test/", "file:///etc/passwd", "//other.test/", "http:"],
)
def test_a_way_that_leads_somewhere_else_is_not_gone(hub, tmp_path, location):
    hub.faults.location = location
    with pytest.raises(NetworkFailed):
        run(asked(hub, tmp_path))
    assert part(tmp_path) == b""


def test_a_hub_that_sends_in_circles_is_given_up(hub, tmp_path):
    hub.faults.location = f"/{REPO}/resolve/{REVISION}/{FILE}"
    with pytest.raises(NetworkFailed, match="on and on"):
        run(asked(hub, tmp_path))


class Authority:
    """A certification authority of its own, and servers with its certificates."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def context(self, host: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(host).configure_cert(made)
        return made

    def write(self, path: Path) -> Path:
        self._ca.cert_pem.write_to_path(str(path))
        return path


@pytest.fixture(scope="module")
def authority():
    return Authority()


def test_a_certificate_of_an_unknown_authority_is_refused_at_once(tmp_path, authority):
    with FakeHub(DATA, authority.context) as hub:
        with pytest.raises(NetworkFailed, match="certificate is not trusted"):
            run(asked(hub, tmp_path))
        assert hub.asked == []


def test_an_authority_that_the_system_knows_is_trusted(tmp_path, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "ca.pem")))
    with FakeHub(DATA, authority.context) as hub:
        run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA


def test_from_an_encrypted_connection_there_is_no_way_to_a_plain_one(
    tmp_path, authority, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "ca.pem")))
    with FakeHub(DATA, authority.context) as hub, FakeHub(DATA) as plain:
        hub.faults.location = f"{plain.cdn}/cdn/x"
        with pytest.raises(NetworkFailed, match="read along"):
            run(asked(hub, tmp_path))
        assert plain.asked == []


def proxied(hub, name="me:secret"):
    hub.faults.proxy_password = "Basic " + base64.b64encode(b"me:secret").decode()
    return hub.endpoint.replace("https", "http").replace("http://", f"http://{name}@")


def test_a_proxy_with_a_password_is_gone_through(hub, tmp_path):
    with FakeHub(DATA) as proxy:
        route = Route(
            endpoint="http://127.0.0.1:9", hosts=("localhost",), proxy=proxied(proxy)
        )
        proxy.faults.location = "http://localhost:9/cdn/x"
        run(asked(hub, tmp_path, route=route))
    assert part(tmp_path) == DATA
    assert hub.asked == []


def test_the_proxy_of_the_system_is_gone_through(hub, tmp_path, monkeypatch):
    with FakeHub(DATA) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxied(proxy))
        monkeypatch.setenv("http_proxy", proxied(proxy))
        proxy.faults.location = "http://localhost:9/cdn/x"
        route = Route(endpoint="http://127.0.0.1:9", hosts=("localhost",))
        run(asked(hub, tmp_path, route=route))
    assert part(tmp_path) == DATA


def test_a_wrong_password_for_the_proxy_is_told_at_once(hub, tmp_path):
    with FakeHub(DATA) as proxy:
        route = Route(
            endpoint="http://127.0.0.1:9", hosts=(), proxy=proxied(proxy, name="me:wrong")
        )
        with pytest.raises(
            NetworkFailed, match="proxy that wants another name or password"
        ):
            run(asked(hub, tmp_path, route=route))


def test_a_proxy_that_looks_into_what_is_encrypted_works_with_its_authority(
    hub, tmp_path, authority, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "ca.pem")))
    with FakeHub(DATA) as proxy:
        proxy.tls = authority.context
        proxy.faults.location = "https://cdn.hub.test/cdn/x"
        route = Route(
            endpoint="https://hub.test", hosts=("cdn.hub.test",), proxy=proxied(proxy)
        )
        run(asked(hub, tmp_path, route=route))
        assert part(tmp_path) == DATA
        wrong = dataclasses.replace(route, proxy=proxied(proxy, name="me:wrong"))
        (tmp_path / f"{FILE}.part").unlink()
        with pytest.raises(NetworkFailed, match="proxy wants another name or password"):
            run(asked(hub, tmp_path, route=wrong))


@pytest.mark.parametrize("proxy", ["nonsense://x", "socks5://127.0.0.1:1", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_told(hub, tmp_path, proxy):
    route = Route(endpoint=hub.endpoint, hosts=("localhost",), proxy=proxy)
    with pytest.raises(NetworkFailed, match="proxy"):
        run(asked(hub, tmp_path, route=route))


def test_a_file_size_limit_is_told_as_a_full_disk_and_gone_on_after(hub, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * CHUNK_BYTES - 1000, before[1]))
    try:
        with pytest.raises(DiskFull):
            run(asked(hub, tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    run(asked(hub, tmp_path))
    assert part(tmp_path) == DATA
    assert hub.starts == [0, 2 * CHUNK_BYTES]


def test_a_disk_that_has_less_than_the_reserve_is_told(tmp_path, monkeypatch):
    data = model_bytes(70 * CHUNK_BYTES)
    with FakeHub(data) as hub:
        wanted = asked(hub, tmp_path, reserve=1 << 60)
        expected = dataclasses.replace(wanted.expected, bytes=len(data), sha256=hub.sha256)
        with pytest.raises(DiskFull, match="are free"):
            run(dataclasses.replace(wanted, expected=expected))
        assert len(part(tmp_path)) < len(data)


@pytest.mark.parametrize("rename", [True, False])
def test_a_part_that_vanishes_while_it_is_written_is_begun_anew(hub, tmp_path, rename):
    hub.faults.pace = 0.01
    file = tmp_path / f"{FILE}.part"

    def meddle() -> None:
        while not file.exists() or file.stat().st_size < CHUNK_BYTES:
            time.sleep(0.005)
        file.rename(tmp_path / "mine") if rename else file.unlink()

    hand = threading.Thread(target=meddle)
    hand.start()
    run(asked(hub, tmp_path))
    hand.join()
    assert part(tmp_path) == DATA


def test_a_link_in_the_place_of_the_part_is_not_followed(hub, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for ending in ("part", "part.jsonl"):
        (tmp_path / f"{FILE}.{ending}").symlink_to(victim)
    run(asked(hub, tmp_path))
    assert victim.read_text() == "mine"
    assert part(tmp_path) == DATA


def test_pauses_grow_to_a_limit_and_are_never_the_same():
    patience = Patience(first_pause=1.0, longest_pause=60.0)
    for failures, longest in ((1, 1.0), (2, 2.0), (5, 16.0), (9, 60.0), (10**6, 60.0)):
        pauses = {pause_before(failures, patience) for _ in range(20)}
        assert len(pauses) > 1
        assert all(longest / 2 <= pause <= longest for pause in pauses)

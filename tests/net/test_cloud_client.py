"""Requests to cloud models, by a net helper as a process, to a provider on this machine."""

from __future__ import annotations

import os
import threading
import time
from decimal import Decimal

import psutil
import pytest

from fakes.net import NET, FakeLedger
from fakes.providers import KEY, FakeProvider
from fakes.stores import FakeClock
from onhand.domain.cloud import Api, Approved, Payload, PostPatience, Price
from onhand.domain.cloud_errors import (
    CloudBrokeOff,
    CloudBusy,
    CloudRefused,
    CloudTimedOut,
    CloudUnpaid,
    CloudUnreachable,
    HostForbidden,
    ReplyUnusable,
)
from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.fetching import Outcome
from onhand.domain.progress import Cancelled, CancelToken
from onhand.net.cloud_client import CloudClient
from onhand.services.cloud_ports import CloudWay

pytestmark = [pytest.mark.e2e, pytest.mark.net]

BODY = '{"a text": "Grüße, 🎉"}'
QUICK = PostPatience(connect=2.0, read=1.5, total=6.0, pause=0.02)
WAY = CloudWay(key=KEY, hosts=("127.0.0.1",))


@pytest.fixture(params=list(Api))
def provider(request):
    with FakeProvider(api=request.param) as provider:
        yield provider


@pytest.fixture
def openai():
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def ledger():
    return FakeLedger()


@pytest.fixture
def client(ledger, tmp_path):
    return CloudClient(
        NET, ledger=ledger, clock=FakeClock(), log=tmp_path / "net.log", patience=QUICK
    )


def approved(provider, body=BODY):
    payload = Payload(provider=provider.provider(), body=body.encode(), most=10)
    return Approved.seen(payload, payload.shown)


def send(client, provider, way=WAY, cancel=None, on_state=lambda _: None):
    return client.send(approved(provider), way, cancel or CancelToken(), on_state)


def test_what_was_approved_is_sent_to_the_last_byte_and_the_reply_comes_back(
    provider, client, ledger
):
    reply = send(client, provider)
    assert reply.text == provider.says
    assert (reply.read, reply.written, reply.finished) == (50, 7, True)
    [posted] = provider.posted
    assert posted.body == BODY.encode()
    anthropic = provider.api is Api.ANTHROPIC
    assert posted.path == ("/v1/messages" if anthropic else "/v1/chat/completions")
    key = posted.headers["x-api-key" if anthropic else "Authorization"]
    assert key == (KEY if anthropic else f"Bearer {KEY}")
    assert posted.headers["User-Agent"] == "onhand"
    [attempt] = ledger.attempts()
    assert (attempt.sent, attempt.outcome) == (len(BODY.encode()), Outcome.DONE)
    assert attempt.bytes == reply.bytes > 0
    assert (attempt.allowed, attempt.reason) == (True, "cloud model fake")
    opened = ledger.lines[0]
    assert (opened.outcome, opened.sent) == (Outcome.OPEN, attempt.sent)


def test_a_reply_that_comes_as_one_object_will_do(provider, client):
    provider.trouble.whole = True
    reply = send(client, provider)
    assert (reply.text, reply.read, reply.written) == (provider.says, 50, 7)


@pytest.mark.parametrize(
    ("status", "said", "failure", "tries"),
    [
        (402, b"", CloudUnpaid, 1),
        (307, b"", CloudRefused, 1),
        (529, b'{"error": {"type": "overloaded_error"}}', CloudBusy, 3),
    ],
)
def test_a_refusal_is_named_and_tried_again_only_where_it_passes(
    openai, client, ledger, status, said, failure, tries
):
    headers = {"Location": "http://127.0.0.1:1/v1"} if status == 307 else {}
    openai.trouble.statuses = [(status, headers, said)] * 5
    with pytest.raises(failure) as raised:
        send(client, openai)
    assert raised.value.free
    assert len(openai.posted) == tries
    assert [each.sent for each in ledger.attempts()] == [len(BODY.encode())] * tries


def test_a_server_that_wants_peace_for_a_moment_gets_it(openai, client):
    openai.trouble.statuses = [(429, {"Retry-After": "1"}, b"")]
    states = []
    began = time.monotonic()
    assert send(client, openai, on_state=states.append).text == openai.says
    assert time.monotonic() - began >= 1.0
    assert [each.reason for each in states if each.pause] == ["status 429"]


def test_one_that_wants_it_for_long_is_given_up_at_once(openai, client):
    openai.trouble.statuses = [(429, {"Retry-After": "31"}, b"")]
    with pytest.raises(CloudBusy):
        send(client, openai)
    assert len(openai.posted) == 1


@pytest.mark.parametrize("count", [0, 2])
def test_half_a_stream_is_no_answer_and_is_not_asked_for_again(provider, client, count):
    provider.trouble.cut = count
    with pytest.raises(CloudBrokeOff) as raised:
        send(client, provider)
    assert not raised.value.free
    assert len(provider.posted) == 1


def test_garbage_is_no_answer(openai, client):
    openai.trouble.garbage = b"data: {not json\n\n"
    with pytest.raises(ReplyUnusable):
        send(client, openai)
    assert len(openai.posted) == 1


def test_a_provider_that_hangs_is_given_up(openai, client, ledger):
    openai.trouble.hang = 30
    with pytest.raises(CloudTimedOut) as raised:
        send(client, openai)
    assert not raised.value.free
    assert ledger.attempts()[-1].outcome is Outcome.FAILED


def test_what_came_of_a_reply_that_broke_off_stands_in_the_ledger(openai, client, ledger):
    openai.trouble.cut = 2
    with pytest.raises(CloudBrokeOff):
        send(client, openai)
    [attempt] = ledger.attempts()
    assert attempt.outcome is Outcome.FAILED
    assert attempt.bytes > 0


def test_one_that_never_comes_to_an_end_is_given_up_as_well(openai, ledger, tmp_path):
    openai.trouble.pace = 0.3
    openai.says = "x" * 400
    hasty = PostPatience(total=1.5)
    client = CloudClient(NET, ledger=ledger, clock=FakeClock(), patience=hasty)
    with pytest.raises(CloudTimedOut, match="too long"):
        send(client, openai)
    assert ledger.attempts()[-1].outcome is Outcome.STOPPED


def test_stopping_ends_the_process_at_once(openai, client, ledger):
    openai.trouble.hang = 30
    cancel = CancelToken()
    took = []

    def stop() -> None:
        while not openai.posted:
            time.sleep(0.01)
        began = time.monotonic()
        cancel.cancel()
        took.append(time.monotonic() - began)

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        send(client, openai, cancel=cancel)
    stopper.join()
    assert took[0] < 5.0
    attempt = ledger.attempts()[-1]
    assert (attempt.outcome, attempt.sent) == (Outcome.STOPPED, len(BODY.encode()))


def test_nothing_is_sent_to_a_host_that_is_not_on_the_list(openai, client, ledger):
    with pytest.raises(HostForbidden):
        send(client, openai, way=CloudWay(key=KEY, hosts=("api.example",)))
    assert openai.posted == []
    [attempt] = ledger.attempts()
    assert (attempt.allowed, attempt.outcome, attempt.sent) == (False, Outcome.REFUSED, 0)


def test_nothing_is_sent_that_cannot_be_written_down_first(openai, client, ledger):
    ledger.failing = DataFolderUnwritable("full")
    with pytest.raises(DataFolderUnwritable):
        send(client, openai)
    assert openai.posted == []


def test_where_nobody_listens_nothing_is_sent_and_it_is_tried_three_times(client, ledger):
    with FakeProvider() as gone:
        nowhere = approved(gone)
    with pytest.raises(CloudUnreachable) as raised:
        client.send(nowhere, WAY, CancelToken(), lambda _: None)
    assert raised.value.free
    assert [each.sent for each in ledger.attempts()] == [0, 0, 0]


def test_the_key_stands_in_no_argument_no_environment_and_no_log(
    openai, client, ledger, tmp_path
):
    openai.trouble.pace = 0.05
    seen = []

    def look(_) -> None:
        for child in psutil.Process().children(recursive=True):
            seen.append(repr(child.cmdline()) + repr(child.environ()))

    send(client, openai, on_state=look)
    look(None)
    assert seen or os.name == "nt"
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for each in (*seen, repr(ledger.lines), repr(WAY), repr(approved(openai))):
        assert KEY not in each
    assert all(KEY.encode() not in each for each in written)


def test_a_price_is_counted_in_millionths_and_rounded_up():
    price = Price(read=Decimal("0.40"), written=Decimal("1.60"))
    assert price.cost(1_000_000, 1_000_000) == 2_000_000
    assert price.cost(1, 0) == 1
    assert price.cost(0, 0) == 0

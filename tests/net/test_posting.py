"""Which refusals are tried again, what they mean, and what a reply is; no network."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.providers import FakeProvider
from onhand.domain.cloud import Api, CloudReply, Posting, PostPatience
from onhand.domain.cloud_errors import (
    CloudBrokeOff,
    CloudBusy,
    CloudFailure,
    CloudRefused,
    CloudUnpaid,
    CloudUnreachable,
    HostForbidden,
    KeyRefused,
    ReplyUnusable,
)
from onhand.net.answers import Unreachable
from onhand.net.posting import LONGEST_PAUSE, Refusal, pause_before, post
from onhand.net.replies import MOST_BYTES, ReplyReader

SAYS = '{"text": "Grüße 🎉 [PERSON_1]"}'
QUOTA = b'{"error": {"code": "insufficient_quota"}}'
CREDIT = b'{"error": {"message": "Your credit balance is too low"}}'


class Session:
    """Fails as told, then answers."""

    def __init__(self, *failures: Exception, host: str = "api.test") -> None:
        self.failures = list(failures)
        self.host = host
        self.posted = 0
        self.forbidden = 0

    def forbid(self) -> None:
        self.forbidden += 1

    def post(self, on_bytes) -> CloudReply:
        self.posted += 1
        on_bytes(1)
        if self.failures:
            raise self.failures.pop(0)
        return CloudReply(text="ok")


class Listener:
    def __init__(self) -> None:
        self.pauses: list[float] = []

    def replying(self, received: int) -> None:
        """Bytes came."""

    def waiting(self, pause: float, reason: str) -> None:
        self.pauses.append(pause)


def posting(**changes):
    given_ = {
        "api": Api.OPENAI, "url": "https://api.test/v1", "body": b"{}", "hosts": ("test",),
        "patience": PostPatience(pause=0.0),
    }  # fmt: skip
    return Posting(**given_ | changes)


@pytest.mark.parametrize(
    ("status", "said", "failure", "tries"),
    [
        (401, b"", KeyRefused, 1), (403, b"", KeyRefused, 1), (407, b"", KeyRefused, 1),
        (402, b"", CloudUnpaid, 1), (429, QUOTA, CloudUnpaid, 1),
        (400, CREDIT, CloudUnpaid, 1), (403, CREDIT, CloudUnpaid, 1),
        (404, b"", CloudRefused, 1), (400, b"", CloudRefused, 1),
        (413, b"", CloudRefused, 1), (422, b"", CloudRefused, 1),
        (301, b"", CloudRefused, 1), (308, b"", CloudRefused, 1),
        (199, b"", CloudRefused, 1), (408, b"", CloudBusy, 3), (409, b"", CloudBusy, 3),
        (429, b"", CloudBusy, 3), (500, b"<html>", CloudBusy, 3), (503, b"", CloudBusy, 3),
        (529, b"", CloudBusy, 3), (500, QUOTA, CloudBusy, 1),
    ],
)  # fmt: skip
def test_a_refusal_is_named_and_tried_again_only_where_it_passes(
    status, said, failure, tries
):
    session = Session(*[Refusal(status, {}, said) for _ in range(9)])
    with pytest.raises(failure) as raised:
        post(posting(), session, Listener())
    assert raised.value.free
    assert session.posted == tries


def test_what_passes_is_answered_in_the_end():
    session = Session(Refusal(529, {}, b""), Unreachable("no connection"))
    listener = Listener()
    assert post(posting(), session, listener).text == "ok"
    assert (session.posted, len(listener.pauses)) == (3, 2)


def test_a_wish_for_peace_is_kept_to_or_given_up():
    patience = PostPatience(pause=0.0, longest_wish=0.2)
    listener = Listener()
    for wish, pauses in (("0", [0.0]), ("31", [])):
        session = Session(Refusal(429, {"retry-after": wish}, b""))
        if pauses:
            post(posting(patience=patience), session, listener)
        else:
            listener.pauses.clear()
            with pytest.raises(CloudBusy):
                post(posting(patience=patience), session, listener)
        assert listener.pauses == pauses


@pytest.mark.parametrize("failure", [CloudBrokeOff(), ReplyUnusable(), CloudBusy()])
def test_what_may_have_cost_something_is_not_tried_again(failure):
    session = Session(failure)
    with pytest.raises(type(failure)):
        post(posting(), session, Listener())
    assert session.posted == 1


def test_a_certificate_that_is_not_trusted_is_not_tried_again():
    session = Session(Unreachable("not trusted", passing=False))
    with pytest.raises(CloudUnreachable, match="not trusted"):
        post(posting(), session, Listener())
    assert session.posted == 1


def test_a_host_that_is_not_on_the_list_gets_nothing():
    for host in ("api.test.evil", "evil", "atest", ""):
        session = Session(host=host)
        with pytest.raises(HostForbidden):
            post(posting(), session, Listener())
        assert (session.posted, session.forbidden) == (0, 1)
    assert post(posting(), Session(host="API.Test"), Listener()).text == "ok"


def test_pauses_are_anything_up_to_a_limit_that_doubles():
    random.seed(1)
    patience = PostPatience(pause=1.0)
    for tries, limit in ((1, 1.0), (2, 2.0), (9, LONGEST_PAUSE)):
        pauses = [pause_before(tries, patience) for _ in range(300)]
        assert 0 <= min(pauses) < 0.1 * limit
        assert 0.9 * limit < max(pauses) <= limit


def stream_of(api: Api) -> bytes:
    events = FakeProvider(SAYS, api).events(SAYS)
    lines = [each if isinstance(each, str) else json.dumps(each) for each in events]
    return "".join(f"event: x\r\ndata: {line}\r\n\r\n" for line in lines).encode()


@given(st.sampled_from(Api), st.lists(st.integers(1, 90), max_size=30))
def test_a_stream_is_read_however_it_is_cut_into_blocks(api, sizes):
    data, reader = stream_of(api), ReplyReader(api, streamed=True)
    for size in sizes:
        reader.feed(data[:size])
        data = data[size:]
    reader.feed(data)
    reply = reader.reply()
    assert (reply.text, reply.read, reply.written) == (SAYS, 50, 7)


@given(st.sampled_from(Api), st.binary(max_size=200), st.booleans())
def test_no_reply_does_worse_than_being_a_known_failure(api, data, streamed):
    reader = ReplyReader(api, streamed=streamed)
    try:
        reader.feed(b"data: " + data + b"\n\n" if streamed else data)
        reader.reply()
    except CloudFailure:
        pass


@given(
    st.sampled_from(Api),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda each: (
            st.lists(each, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "choices",
                        "delta",
                        "content",
                        "usage",
                        "type",
                        "error",
                        "message",
                        "text",
                    ]
                ),
                each,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
    st.booleans(),
)
def test_nor_does_json_of_any_shape(api, value, streamed):
    test_no_reply_does_worse_than_being_a_known_failure.hypothesis.inner_test(
        api, json.dumps(value).encode(), streamed
    )


def test_a_reply_that_does_not_end_and_one_nested_too_deep_are_none():
    reader = ReplyReader(Api.OPENAI, streamed=True)
    for _ in range(MOST_BYTES // 1000):
        reader.feed(b"x" * 1000)
    with pytest.raises(ReplyUnusable):
        reader.feed(b"x")
    with pytest.raises(ReplyUnusable):
        ReplyReader(Api.OPENAI, streamed=True).feed(b"data: " + b"[" * 100_000 + b"\n")


def test_an_error_in_the_middle_of_a_stream_is_told():
    for kind, failure in (("overloaded_error", CloudBusy), ("other", CloudRefused)):
        said = json.dumps({"type": "error", "error": {"type": kind}}).encode()
        with pytest.raises(failure):
            ReplyReader(Api.ANTHROPIC, streamed=True).feed(b"data: " + said + b"\n")


def test_one_that_was_cut_off_by_the_limit_says_so():
    reader = ReplyReader(Api.OPENAI, streamed=True)
    reader.feed(
        b'data: {"choices": [{"delta": {"content": "a"}, "finish_reason": "length"}]}\n'
    )
    assert not reader.reply().finished


@pytest.mark.parametrize(
    ("status", "said", "failure", "tries"),
    [
        # A form that repeats the request, in which a label is called so.
        (400, b'{"detail": [{"input": {"enum": ["billing"]}}]}', CloudRefused, 1),
        # More haste would cost more, but waiting is free.
        (
            429,
            b'{"error": {"message": "Add a payment", "code": "rate_limit_exceeded"}}',
            CloudBusy,
            3,
        ),
        (400, b'{"error": {"message": "Go to Plans & Billing"}}', CloudRefused, 1),
        (429, b'{"error": {"message": "Payment is needed"}}', CloudUnpaid, 1),
    ],
)
def test_a_word_of_money_is_no_wish_for_money(status, said, failure, tries):
    session = Session(*[Refusal(status, {}, said) for _ in range(9)])
    with pytest.raises(failure):
        post(posting(body=b'{"enum": ["billing"]}'), session, Listener())
    assert session.posted == tries


def test_what_gave_up_after_it_had_begun_to_write_may_cost_something():
    for api, stream in ((each, stream_of(each)) for each in Api):
        reader = ReplyReader(api, streamed=True)
        reader.feed(stream[: stream.index(b"RSON_1")].rpartition(b"\n")[0] + b"\n")
        with pytest.raises(CloudBrokeOff) as raised:
            reader.feed(b'data: {"error": {"type": "overloaded_error"}}\n')
        assert not raised.value.free


def test_an_error_that_is_null_is_none():
    reader = ReplyReader(Api.OPENAI, streamed=False)
    said = {
        "error": None,
        "choices": [{"message": {"content": "a"}, "finish_reason": "stop"}],
    }
    reader.feed(json.dumps(said).encode())
    assert reader.reply().text == "a"
    reader = ReplyReader(Api.OPENAI, streamed=True)
    reader.feed(
        b'data: {"error": null, "choices": [{"delta": {"content": "a"}}]}\ndata: [DONE]\n'
    )
    assert reader.reply().text == "a"


@pytest.mark.parametrize("begin", [b"", b": keep alive\n\n", b"\r\n"])
def test_a_stream_is_known_by_how_it_begins(begin):
    for api in Api:
        reader = ReplyReader(api, streamed=False)
        for byte in begin + stream_of(api):
            reader.feed(bytes([byte]))
        assert reader.reply().text == SAYS


def test_what_was_sent_once_is_not_said_to_be_unsent():
    gone = Unreachable("no connection")
    session = Session(Refusal(503, {}, b""), gone, gone)
    with pytest.raises(CloudBusy, match="no connection"):
        post(posting(), session, Listener())
    assert session.posted == 3
    with pytest.raises(CloudUnreachable):
        post(posting(), Session(gone, gone, gone), Listener())

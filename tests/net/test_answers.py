"""What a server says, and what it means; and what the system says of the connection."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.net.answers import Head, Unreachable, is_allowed, retry_after
from onhand.net.metering import SystemMetering

DATE = "Thu, 05 Mar 2026 12:00:00 GMT"
HEADERS = st.dictionaries(
    st.sampled_from(("content-range", "content-length", "etag", "retry-after", "date")),
    st.text() | st.from_regex(r"bytes \d+-\d+/(\d+|\*)") | st.from_regex(r"\d+"),
)


@given(st.integers(100, 599), HEADERS)
def test_any_headers_can_be_read(status, headers):
    head = Head(host="hub.test", status=status, headers=headers)
    assert head.etag == "" or head.etag.startswith('"')
    for number in (head.length, head.size()):
        assert number is None or number >= 0
    assert isinstance(head.is_compressed, bool)
    if status in (200, 206, 416):
        head.raise_if_refused()
    else:
        with pytest.raises(Unreachable) as refused:
            head.raise_if_refused()
        assert refused.value.wish >= 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Thu, 05 Mar 2026 12:01:00 GMT", 60),
        ("Thu, 05 Mar 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_a_server_tells_when_to_come_back(text, seconds):
    assert retry_after(text, DATE) == seconds


@given(st.text(), st.text())
def test_any_text_can_stand_for_a_time(text, date):
    assert retry_after(text, date) >= 0


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("hf.co", True),
        ("cdn-lfs.hf.co", True),
        ("CDN.HF.CO.", True),
        ("evilhf.co", False),
        ("hf.co.evil.test", False),
        ("", False),
    ],
)
def test_a_host_is_allowed_by_its_end(host, allowed):
    assert is_allowed(host, ("hf.co", "")) is allowed


@pytest.mark.parametrize(
    ("said", "metered"),
    [
        *(("u 1", True), ("u 3", True), ("u 2", False), ("u 4", False)),
        *(("u 0", None), ("", None), ("nonsense", None)),
    ],
)
def test_the_system_tells_whether_bytes_are_counted_or_does_not(said, metered):
    argv = [sys.executable, "-c", f"print({said!r})"]
    assert SystemMetering(argv).is_metered() is metered


def test_without_the_program_that_knows_nothing_is_known():
    assert SystemMetering(["no-such-program-here"]).is_metered() is None

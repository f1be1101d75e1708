"""What the two ends of the net helper say to each other survives the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.fetching import Fetch, Outcome
from onhand.domain.receipts import ExpectedFile
from onhand.net.protocol import (
    Begin,
    Closed,
    Failed,
    Fetched,
    Garbled,
    Noted,
    Opening,
    Progress,
    decode_event,
    decode_message,
    encode,
)

FETCH = Fetch(
    repo="org/tiny",
    revision="a" * 40,
    file="tiny.gguf",
    expected=ExpectedFile(name="tiny.gguf", bytes=7, sha256="b" * 64, chunks=("c", "d")),
    part="/models/tiny.gguf.part",
    notes="/models/tiny.gguf.part.jsonl",
    reserve=9,
)


@pytest.mark.parametrize("message", [Begin(fetch=FETCH), Noted(number=3)])
def test_a_message_survives(message):
    line = encode(message)
    assert b"\n" not in line
    assert decode_message(line) == message


@pytest.mark.parametrize(
    "event",
    [
        Opening(number=1, host="hub.test:443", allowed=False),
        Closed(number=1, bytes=7, outcome=Outcome.SENT_ON),
        Progress(done=7, received=3, pause=1.5, reason="über\nzwei"),
        Fetched(),
        Failed(code="network", detail="why"),
    ],
)
def test_an_event_survives(event):
    line = encode(event)
    assert b"\n" not in line
    assert decode_event(line) == event


@given(st.binary())
def test_any_other_bytes_are_noticed(line):
    for decode in (decode_event, decode_message):
        with pytest.raises(Garbled):
            decode(line)

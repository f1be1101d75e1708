"""Lines between processes: every message survives, any other bytes are noticed."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.confinement import ENFORCED
from onhand.domain.messages import Garbled, decoded, encode
from onhand.engine import protocol as engine
from onhand.net import protocol as net
from onhand.worker import protocol as worker

DECODERS = {
    "to the engine": engine.decode_message,
    "of the engine": engine.decode_event,
    "to the net helper": net.decode_message,
    "of the net helper": net.decode_event,
    "to the worker": worker.decode_order,
    "of the worker": worker.decode_reply,
}

HALF_A_CHARACTER = b'{"type": "failed", "id": 1, "code": "\xff", "detail": ""}'
TOO_DEEP = b'{"type": "ask", "id": 1, "x": ' + b"[" * 100_000
BAD = (HALF_A_CHARACTER, TOO_DEEP, b"[" * 100_000, b"", b"null", b'{"type": "nothing"}')


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS)
@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_what_no_parser_takes_is_noticed(decode, line):
    with pytest.raises(Garbled):
        decode(line)


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS)
@given(line=st.binary() | st.recursive(st.text(), st.lists).map(msgspec.json.encode))
def test_any_bytes_are_a_message_or_garbled(decode, line):
    try:
        message = decode(line)
    except Garbled:
        return
    assert decode(encode(message)) == message


texts = st.text(st.characters(exclude_categories=("Cs",)))


@given(number=st.integers(0, 2**53), code=texts, detail=texts)
@example(number=0, code="a\nb", detail="\0\u2028\x85")
def test_an_event_of_the_engine_survives_whatever_it_says(number, code, detail):
    event = engine.Failed(id=number, code=code, detail=detail)
    line = encode(event)
    assert b"\n" not in line
    assert engine.decode_event(line) == event


@given(text=texts, note=texts, reason=texts)
def test_a_reply_of_the_worker_survives_whatever_it_says(text, note, reason):
    reply = worker.Reply(text=text, note=note, reason=reason, confinement=ENFORCED)
    assert worker.decode_reply(encode(reply)) == reply


@given(seconds=st.integers(0, 10**6), own=st.booleans(), confined=st.booleans())
def test_an_order_survives(seconds, own, confined):
    order = worker.Order(parent=7, seconds=seconds, own_words=own, confined=confined)
    assert worker.decode_order(encode(order)) == order


def test_the_three_protocols_share_one_codec():
    assert engine.Garbled is net.Garbled is worker.Garbled is Garbled
    assert engine.encode is net.encode is worker.encode is encode
    with pytest.raises(Garbled):
        decoded(b"{", msgspec.json.Decoder(worker.Order))

"""What is read out while it is written: whole sentences, none twice, none left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.speaking import Speaker


@given(st.lists(st.text() | st.sampled_from(["One. ", "Two", "!", " ", "\n"]), max_size=20))
def test_what_is_read_out_joins_to_what_was_written(pieces):
    speaker = Speaker()
    said = []
    for piece in pieces:
        speaker.add(piece)
        said.append(speaker.take())
    said.append(speaker.take_rest())
    assert "".join(said) == "".join(pieces)


def test_a_sentence_is_read_out_when_the_next_one_has_begun():
    speaker = Speaker()
    speaker.add("It is ")
    assert speaker.take() == ""
    assert not speaker.has_spoken
    speaker.add("here. And")
    assert speaker.take() == "It is here. "
    assert speaker.has_spoken
    assert speaker.take_rest() == "And"

"""Any of the changes taken or left: the text is just what is shown, and undo goes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.answers import Check
from onhand.domain.checks import checks_of
from onhand.domain.edits import apply_edits, edits_between
from onhand.domain.reviewing import Review, Verdict, checks_now
from onhand.domain.tasks import Keep
from onhand.ui.word_changes import Change, reviewed_pieces

WORDS = st.lists(
    st.sampled_from(["one", "two", " ", "\n", "\r\n", "é", "😀", ".", "not", "27.10"]),
    max_size=20,
).map("".join)
STEPS = st.lists(
    st.tuples(st.sampled_from([*Verdict, None]), st.integers(0, 30)), max_size=25
)


def shown(review):
    return "".join(
        piece.text
        for piece in reviewed_pieces(review)
        if piece.change is not Change.DELETED
    )


@given(WORDS, WORDS, st.data())
def test_any_subset_of_the_changes_gives_the_text_that_is_shown(before, after, data):
    review = Review(before, edits_between(before, after))
    numbers = range(len(review.edits))
    left = data.draw(st.sets(st.sampled_from(numbers))) if numbers else set()
    review.decide(Verdict.LEFT, *left)
    review.decide(Verdict.TAKEN, *(set(numbers) - left))
    wanted = [edit for number, edit in enumerate(review.edits) if number not in left]
    assert review.text() == shown(review) == apply_edits(before, wanted)


@given(WORDS, WORDS)
def test_all_left_is_the_old_text_and_all_taken_the_new_one(before, after):
    review = Review(before, edits_between(before, after))
    everything = range(len(review.edits))
    review.decide(Verdict.LEFT, *everything)
    assert review.text() == before
    review.decide(Verdict.TAKEN, *everything)
    assert review.text() == after


@given(WORDS, WORDS, STEPS)
def test_undo_restores_every_step_in_turn(before, after, steps):
    review = Review(before, edits_between(before, after))
    seen = [(review.verdicts, review.text())]
    for verdict, number in steps:
        if not review.edits:
            break
        if verdict is None:
            review.undo()
            seen = seen[:-1] or seen
        else:
            review.decide(verdict, number % len(review.edits))
            if review.verdicts != seen[-1][0]:
                seen.append((review.verdicts, review.text()))
        assert (review.verdicts, review.text()) == seen[-1]
        assert review.text() == shown(review)
    while review.can_be_undone:
        review.undo()
        seen.pop()
        assert (review.verdicts, review.text()) == seen[-1]
    assert review.text() == after


def test_the_checks_follow_what_was_left_out():
    before, after = "It does not work.", "It does work."
    written = (
        Check(name="negation", ok=False, detail="lost: not"),
        Check(name="ending", ok=True),
    )
    review = Review(before, edits_between(before, after))
    assert checks_now(review, written) == written
    review.decide(Verdict.LEFT, *range(len(review.edits)))
    assert checks_now(review, written) == (Check(name="negation", ok=True), written[1])


def test_the_checks_that_follow_read_the_same_language():
    before, after = (
        "Bonjour a tous. Nous n'acceptons plus.",
        "Bonjour à tous. Nous acceptons.",
    )
    written = checks_of(before, after, [Keep.NEGATION], "fr")
    review = Review(before, edits_between(before, after), "fr")
    review.decide(Verdict.LEFT, 0)
    assert "acceptons." in review.text()
    assert checks_now(review, written) == written
    assert not written[1].ok


def test_the_next_open_change_is_found_around_the_end():
    review = Review("a b c", edits_between("a b c", "x y z"))
    review.decide(Verdict.TAKEN, 2)
    assert review.next_open(1) == 0
    review.decide(Verdict.LEFT, 0, 1)
    assert review.next_open(0) == -1

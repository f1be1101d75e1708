"""Teaching a task that writes, by texts as they should be written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.desk import answering_on, models_on
from fakes.engine import FakeEngine, words_of
from fakes.school import TINY, Classroom
from onhand.domain.errors import EngineFailed, TextTooLong, UsageError
from onhand.domain.history_errors import HistoryKeyless, HistoryLocked
from onhand.domain.primitives import Write
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.shown_examples import LONGEST, MOST, mark_of
from onhand.domain.styles import Style, rewrite_in
from onhand.domain.tasks import Example, Rewrite, Summarise, identity, version
from onhand.domain.teaching import Verdict
from onhand.services.learn import Learn
from onhand.services.rewriting import GROWTH
from onhand.services.writing import Watch
from onhand.services.written_lessons import TRIED

STATUS = Rewrite(instruction="As a status line.")
SHORT = Summarise(instruction="As a status line.")
NEW = "The tap drips; Rosa comes on 9 May."


def right(text):
    """What people want: the two halves of a note, marked."""
    return text.replace("; ", ". Next: ")


def labelled(count=20):
    return [
        Example(
            text=(text := f"Door {at} sticks; Kim oils it at {at}."), answer=right(text)
        )
        for at in range(1, count + 1)
    ]


def imitating(turns, text):
    """What a model writes that was shown how: as before, where nobody was."""
    marked = all("Next: " in reply for _, reply in turns)
    return right(text) if marked else f"Note: {text}"


@pytest.fixture
def school():
    engine = FakeEngine(writes=lambda text: f"Note: {text}")
    engine.imitates = imitating
    return Classroom(engine)


def shown(school):
    """The turns in front of what was written last."""
    asked = [each for each in school.engine.asked if isinstance(each, Write)]
    return asked[-1].prompt.turns


def written(school, task=STATUS):
    return school.answer(task, NEW).answer.text


@pytest.mark.parametrize("task", [STATUS, SHORT])
def test_what_people_wrote_is_imitated_afterwards(school, task):
    assert written(school, task) == f"Note: {NEW}"
    lesson = school.learn(task, labelled()).lesson
    assert lesson.verdict is Verdict.ADOPTED
    assert (lesson.examples, lesson.before, lesson.after) == (20, 0, 20)
    assert lesson.edits[0] > 0.1 > lesson.edits[1] == 0
    assert lesson.probability < 0.001
    assert written(school, task) == right(NEW)
    assert school.answer(task, NEW).taught == 20
    assert len(shown(school)) == MOST
    [reply] = {reply for user, reply in shown(school) if "Door 20 " in user}
    assert reply == "Door 20 sticks. Next: Kim oils it at 20."


def test_what_is_tried_is_shown_nowhere(school):
    school.learn(STATUS, labelled())
    tried = [each for each in school.engine.asked if isinstance(each, Write)]
    assert len(tried) == 40
    for each in tried:
        assert all(each.text not in user for user, _ in each.prompt.turns)


def test_of_many_some_are_tried_from_the_first_to_the_last(school):
    far = []
    teaching = school.learn(STATUS, labelled(90), on_progress=far.append)
    assert teaching.lesson.examples == TRIED
    assert [(each.done, each.total) for each in far][-1] == (TRIED, TRIED)
    tried = {each.text for each in school.engine.asked if isinstance(each, Write)}
    numbers = sorted(int(each.split()[1]) for each in tried)
    assert numbers[0] == 1
    assert numbers[-1] > 80
    assert school.answer(STATUS, NEW).taught == 90


def test_what_is_learned_holds_no_text(school):
    school.learn(STATUS, labelled())
    taught = school.heads.load(STATUS, "tiny")
    assert set(taught.learned.shown) <= {mark_of(each) for each in labelled()}
    assert "Kim" not in repr(taught)


def test_undone_it_writes_as_before(school):
    school.learn(STATUS, labelled())
    assert school.teach.standing(STATUS).texts == 20
    assert school.teach.undo(STATUS) is True
    assert written(school) == f"Note: {NEW}"
    assert shown(school) == ()
    assert school.teach.standing(STATUS).taught is None


def test_examples_that_are_removed_are_shown_no_more(school):
    school.learn(STATUS, labelled())
    known = school.history.corrections(identity(STATUS))
    gone = [each for each in known if each.text.startswith(("Door 20 ", "Door 7 "))]
    school.history.unteach(identity(STATUS), [each.id for each in gone])
    assert written(school) == right(NEW)
    assert len(shown(school)) == MOST - len(gone) + ("Door 7 " not in repr(known))
    assert all("Door 20 " not in user for user, _ in shown(school))
    school.history.unteach(identity(STATUS), [each.id for each in known])
    assert written(school) == f"Note: {NEW}"
    assert school.answer(STATUS, NEW).taught == 0


def test_a_batch_that_began_before_goes_on_as_it_began(school):
    begun = school.answering.learn(STATUS, [], CancelToken())
    school.learn(STATUS, labelled())
    now = school.answering.learn(STATUS, [], CancelToken())
    [before] = school.answering.answer_many(STATUS, [NEW], CancelToken(), begun)
    [after] = school.answering.answer_many(STATUS, [NEW], CancelToken(), now)
    assert (before.answer.text, before.taught) == (f"Note: {NEW}", 0)
    assert (after.answer.text, after.taught) == (right(NEW), 20)


def test_what_a_far_worker_is_told_has_the_examples_themselves(school):
    school.learn(STATUS, labelled())
    learned = school.answering.learn(STATUS, [], CancelToken())
    told = school.answering.asked(STATUS, learned)
    assert len(told.examples) == MOST
    assert school.answering.asked(STATUS, None) is STATUS


def test_a_history_that_cannot_be_read_stops_no_answer(school):
    school.learn(STATUS, labelled())
    school.history.failing = HistoryLocked()
    assert written(school) == f"Note: {NEW}"


def test_examples_that_leave_no_room_are_not_shown(school):
    school.learn(STATUS, labelled())
    small = FakeEngine(writes="Note: {}".format, context=300)
    small.imitates = imitating
    models = models_on(small, TINY, settings=school.settings)
    models.select()
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    answering = answering_on(small, models, heads=school.heads, history=school.history)
    outcome = answering.answer(STATUS, NEW, watch)
    assert (outcome.answer.text, outcome.taught) == (f"Note: {NEW}", 0)


def test_a_long_text_is_cut_so_that_it_fits_behind_what_is_shown(school):
    school.learn(STATUS, labelled())
    small = FakeEngine(writes="Note: {}".format, context=1000)
    small.imitates = imitating
    models = models_on(small, TINY, settings=school.settings)
    models.select()
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    answering = answering_on(small, models, heads=school.heads, history=school.history)
    text = " ".join(f"Door {at} sticks and Kim oils it." for at in range(100))
    outcome = answering.answer(STATUS, text, watch)
    assert outcome.taught == 20
    asked = [each for each in small.asked if isinstance(each, Write)]
    assert len(asked) > 1
    assert all(len(each.prompt.turns) == MOST for each in asked)
    assert "".join(each.text for each in asked).replace(" ", "") == text.replace(" ", "")
    for each in asked:
        around = (
            each.prompt.system,
            each.prompt.before,
            each.ask,
            *sum(each.prompt.turns, ()),
        )
        reads = sum(len(words_of(said)) for said in (*around, each.text))
        assert reads + len(words_of(each.text)) * GROWTH < 1000


def test_examples_are_asked_for_in_the_language_of_the_text(school):
    school.learn(STATUS, labelled())
    german = "Die Tür im Flur ist nicht zu, und Kim sieht am Freitag nach der Tür."
    school.answer(STATUS, german)
    assert all(user.endswith("Rewritten text in German:") for user, _ in shown(school))


def test_corrections_are_shown_whatever_spaces_stand_around_them(school):
    rows = [replace(each, answer=f" {each.answer}\n") for each in labelled()]
    assert school.learn(STATUS, rows).lesson.verdict is Verdict.ADOPTED
    assert written(school) == right(NEW)
    assert len(shown(school)) == MOST


def test_without_a_place_for_texts_nothing_is_taught_and_that_is_said_first(school):
    school.history.failing = HistoryKeyless()
    with pytest.raises(HistoryKeyless):
        school.learn(STATUS, labelled())
    assert school.engine.asked == []
    assert school.learn(STATUS, labelled(), keep=False).lesson.verdict is Verdict.ADOPTED
    assert written(school) == f"Note: {NEW}"


def test_a_trial_keeps_nothing(school):
    assert not school.learn(STATUS, labelled(), keep=False).examples_kept
    assert written(school) == f"Note: {NEW}"
    assert school.teach.standing(STATUS).texts == 0


def test_what_is_written_so_anyway_teaches_nothing(school):
    rows = [replace(each, answer=f"Note: {each.text}") for each in labelled()]
    lesson = school.learn(STATUS, rows).lesson
    assert lesson.verdict is Verdict.NO_GAIN
    assert written(school) == f"Note: {NEW}"
    assert shown(school) == ()


def test_a_few_texts_are_too_few(school):
    assert school.learn(STATUS, labelled(9)).lesson.verdict is Verdict.TOO_FEW


def test_texts_that_are_too_long_to_be_shown_are_told(school):
    rows = [Example(text=f"{at} " + "long " * LONGEST, answer="short") for at in range(12)]
    lesson = school.learn(STATUS, rows).lesson
    assert (lesson.verdict, lesson.examples) == (Verdict.TOO_LONG, 12)
    assert school.engine.asked == []


def test_the_last_that_was_said_of_a_text_counts(school):
    wrong = [replace(each, answer="x") for each in labelled()]
    assert school.learn(STATUS, [*wrong, *labelled()]).lesson.examples == 20
    assert written(school) == right(NEW)


def test_answers_that_are_no_texts_do_not_count(school):
    rows = [*labelled(12), *(Example(text=f"{at}", answer=["a"]) for at in range(9))]
    assert school.learn(STATUS, rows).lesson.examples == 12


def test_corrections_teach_in_the_background(school):
    learn = Learn(school.teach, school.settings)
    school.history.teach(identity(STATUS), labelled(), school.clock.now())
    assert learn(STATUS, CancelToken()).lesson.verdict is Verdict.ADOPTED
    assert learn(STATUS, CancelToken()) is None
    assert written(school) == right(NEW)


def test_what_came_to_nothing_is_not_tried_again_from_the_same_texts(school):
    rows = [replace(each, answer=f"Note: {each.text}") for each in labelled(17)]
    known = 0
    for count, due in ((12, True), (12, False), (16, False), (17, True), (17, False)):
        school.history.teach(identity(STATUS), rows[known:count], school.clock.now())
        known = count
        # As after a start of the program.
        tried = Learn(school.teach, school.settings)(STATUS, CancelToken())
        assert (tried is not None) is due
    assert school.learn(STATUS, []).lesson.verdict is Verdict.NO_GAIN  # on request it is


def test_the_task_has_examples_of_its_own_that_are_always_shown(school):
    own = replace(STATUS, examples=tuple(labelled(3)))
    assert version(own) != version(STATUS)
    assert written(school, own) == right(NEW)
    assert len(shown(school)) == 3
    assert school.answer(own, NEW).taught == 0
    lesson = school.learn(own, labelled(14)).lesson
    assert (lesson.verdict, lesson.examples) == (Verdict.NO_GAIN, 11)


def test_a_text_of_which_nothing_can_be_written_is_counted(school):
    rows = [*labelled(12), Example(text="word " * 150, answer="word")]

    def failing(turns, text):
        if text.startswith("word"):
            raise EngineFailed("no")
        return imitating(turns, text)

    school.engine.imitates = failing
    lesson = school.learn(STATUS, rows).lesson
    assert (lesson.examples, lesson.skipped) == (12, 1)


def test_where_nothing_can_be_written_that_is_an_error(school):
    def failing(_):
        raise TextTooLong("no")

    school.engine.writes = failing
    with pytest.raises(EngineFailed, match="nothing could be written"):
        school.learn(STATUS, labelled())


def test_no_curve_is_drawn(school):
    with pytest.raises(UsageError, match="have a curve"):
        school.teach.curve(rewrite_in(Style.FIX), labelled(), cancel=CancelToken())


def test_a_lesson_that_was_undone_does_not_come_back_by_itself(school):
    learn = Learn(school.teach, school.settings)
    school.history.teach(identity(STATUS), labelled(), school.clock.now())
    learn(STATUS, CancelToken())
    school.teach.undo(STATUS)
    again = Learn(school.teach, school.settings)
    assert again(STATUS, CancelToken()) is None

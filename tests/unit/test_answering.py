"""Tasks on an engine that answers by rules: parts, merging, grounding, checks, errors."""

from __future__ import annotations

import dataclasses
import re

import msgspec
import pytest

from fakes.desk import answering_on, models_on
from fakes.engine import WIDTH, FakeEngine
from fakes.heads import FakeHeads
from fakes.stores import (
    NOON,
    FakePrefixes,
    FakePriors,
)
from onhand.domain.answers import (
    Classification,
    Extraction,
    Lane,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.calibration import temperature_of
from onhand.domain.errors import (
    DataFolderUnwritable,
    EmptyText,
    EngineCrashed,
    EngineFailed,
    TextTooLong,
)
from onhand.domain.heads import TEMPERATURE, Head, Learned
from onhand.domain.neutral import NEUTRAL
from onhand.domain.primitives import Fill, Score, Write
from onhand.domain.progress import Cancelled, CancelToken, ignore_progress, ignore_text
from onhand.domain.prompting import prompt_of
from onhand.domain.styles import Style, rewrite_in
from onhand.domain.tasks import (
    NOTHING,
    Classify,
    Example,
    Extract,
    Field,
    FieldType,
    Keep,
    Label,
    Rewrite,
    Summarise,
)
from onhand.domain.teaching import Lesson, Taught, Verdict
from onhand.domain.train_request import Train
from onhand.services.writing import Watch

QUEUE = Classify(
    instruction="Which team?",
    labels=(Label(name="billing", meaning="charges"), Label(name="technical")),
)
ORDER = Extract(
    instruction="Read the order.",
    fields=(Field(name="order"), Field(name="total", type=FieldType.AMOUNT)),
)
TAGS = Classify(
    instruction="What about?",
    labels=(Label(name="price"), Label(name="taste")),
    multiple=True,
)
PLAIN = Rewrite(instruction="Rewrite.", keep=(Keep.NUMBERS,))


def answering(engine, **ports):
    models = models_on(engine)
    models.select()
    return answering_on(engine, models, **ports)


def answer(
    engine, task, text, *, cancel=None, on_text=ignore_text, on_progress=ignore_progress
):
    watch = Watch(cancel or CancelToken(), on_text, on_progress)
    return answering(engine).answer(task, text, watch)


LOADING = {
    "a label": lambda answering, watch: answering.answer(QUEUE, "text", watch),
    "fields": lambda answering, watch: answering.answer(ORDER, "text", watch),
    "a text": lambda answering, watch: answering.answer(PLAIN, "text", watch),
    "rows": lambda answering, watch: answering.answer_many(QUEUE, ["text"], watch.cancel),
    "rows of fields": lambda answering, watch: answering.answer_many(
        ORDER, ["text"], watch.cancel
    ),
    "a sample": lambda answering, watch: answering.learn(QUEUE, [["text"]], watch.cancel),
    "a lesson": lambda answering, watch: answering.try_lesson(
        QUEUE, [("text", (0,))], watch.cancel
    ),
    "a curve": lambda answering, watch: answering.lesson_curve(
        QUEUE, [("text", (0,))], watch.cancel
    ),
    "parts": lambda answering, watch: answering.reader.parts(
        "text", prompt_of(QUEUE), (), watch.cancel
    ),
}


@pytest.mark.parametrize("work", LOADING.values(), ids=LOADING)
def test_a_stop_while_the_model_is_loaded_ends_the_loading(work):
    engine, cancel = FakeEngine(), CancelToken()
    engine.loading = cancel.cancel
    with pytest.raises(Cancelled):
        work(answering(engine), Watch(cancel, ignore_text, ignore_progress))
    assert engine.loaded is None
    assert engine.asked == []


def test_a_classification_names_the_best_label_and_where_it_was_made():
    engine = FakeEngine(keywords={"billing": "charged", "technical": "crash"})
    outcome = answer(engine, QUEUE, "I was charged twice")
    assert isinstance(outcome.answer, Classification)
    assert outcome.answer.label == "billing"
    assert sum(outcome.answer.scores.values()) == pytest.approx(1)
    assert (outcome.model, outcome.device, outcome.lane) == ("fake", "cpu", Lane.CHECK)
    assert outcome.read == 1.0


def test_any_number_of_tags_stands_out_and_none_is_an_answer():
    task = Classify(
        instruction="Tags?",
        labels=(Label(name="billing"), Label(name="technical")),
        multiple=True,
        none="neither",
    )
    engine = FakeEngine(keywords={"billing": "charged", "technical": "crash"})
    both = answer(engine, task, "charged charged charged crash crash crash").answer
    assert both.labels == ("billing", "technical")
    nothing = answer(engine, task, "hello").answer
    assert isinstance(nothing, Tagging)
    assert nothing.labels == ("neither",)
    [question] = engine.asked[-1].questions
    assert question.options == (" billing", " technical", " neither")


def test_a_tag_that_a_model_gives_to_any_text_has_to_be_better_than_usual():
    engine = FakeEngine(keywords={"price": r"^|^|^|cheap", "taste": "good"})
    assert answer(engine, TAGS, "it is good").answer.labels == ("taste",)
    assert answer(engine, TAGS, "it is blue").answer.labels == ()
    assert answer(engine, TAGS, "good and cheap").answer.labels == ("price", "taste")


def test_a_tag_of_one_part_is_a_tag_of_the_text():
    engine = FakeEngine(keywords={"price": "cheap", "taste": "good"}, context=400)
    text = "Nothing to see here. " * 200 + "It was cheap, cheap, cheap."
    assert answer(engine, TAGS, text).answer.labels == ("price",)


def test_a_long_text_is_read_in_parts_and_progress_is_told():
    engine = FakeEngine(keywords={"billing": "charged"}, context=400)
    seen = []
    text = "Nothing to see here. " * 200 + "I was charged twice."
    outcome = answer(engine, QUEUE, text, on_progress=seen.append)
    *scored, neutral, names = [each for each in engine.asked if isinstance(each, Score)]
    assert len(scored) > 2
    assert "charged" in scored[-1].texts[-1]
    assert neutral.texts == NEUTRAL[:8]
    assert names.texts == ("billing: charges", "technical")
    assert seen[-1].done == seen[-1].total == len(scored)
    assert outcome.read == 1.0


def test_a_task_that_fills_the_context_is_refused():
    labels = tuple(
        Label(name=f"label {n}", meaning="some words about it") for n in range(150)
    )
    engine = FakeEngine(context=600)
    with pytest.raises(TextTooLong):
        answer(engine, Classify(instruction="Which?", labels=labels), "text " * 400)


def test_values_stand_in_the_text_and_absent_fields_stay_empty():
    engine = FakeEngine(patterns={"order": r"4711"})
    text = "\U0001f600 Order 4711, nothing paid"
    outcome = answer(engine, ORDER, text)
    assert isinstance(outcome.answer, Extraction)
    (value,) = outcome.answer.fields["order"]
    assert text[value.start : value.end] == value.text == "4711"
    assert outcome.answer.fields["total"] == ()


def test_offsets_of_later_parts_count_from_the_beginning_of_the_text():
    engine = FakeEngine(patterns={"order": r"4711"}, context=400)
    text = "Nothing to see here. " * 200 + "The order is 4711."
    (value,) = answer(engine, ORDER, text).answer.fields["order"]
    assert text[value.start : value.end] == "4711"


def test_a_day_in_words_is_whole_though_another_part_has_a_day_in_figures():
    task = Extract(instruction="Read.", fields=(Field(name="day", type=FieldType.DATE),))
    engine = FakeEngine(patterns={"day": "Saturday"}, context=400)
    text = "Sent 2026-05-12. " + "Nothing to see here. " * 200 + "We meet this Saturday."
    (value,) = answer(engine, task, text).answer.fields["day"]
    assert text[value.start : value.end] == value.text == "this Saturday"


@pytest.mark.parametrize("task", [QUEUE, ORDER, PLAIN, Summarise(instruction="Shorten.")])
def test_a_run_of_characters_that_take_a_token_each_is_read_in_parts(task):
    text = "\U0001f600" * 1000
    outcome = answer(FakeEngine(context=300), task, text)
    if task is PLAIN:
        assert outcome.answer.text == text


@pytest.mark.parametrize("many", [True, False])
def test_the_same_value_in_several_parts_is_one_and_as_sure_as_in_one(many):
    mail = Field(name="mail", type=FieldType.EMAIL, many=many)
    task = Extract(instruction="Read.", fields=(mail,))
    text = ("Write to ann@example.com. " + "Nothing to see here. " * 60) * 3
    outcomes = [
        answer(FakeEngine(patterns={"mail": r"ann@\S+\w"}, context=context), task, text)
        for context in (10_000, 400)
    ]
    whole, in_parts = (outcome.answer for outcome in outcomes)
    assert in_parts.fields == whole.fields
    (value,) = in_parts.fields["mail"]
    assert value.start == text.index("ann@")


MARKS = " ".join(f"mark{number}" for number in range(25))


def marked(text, **more):
    """The outcome for a field that takes the marks of a text."""
    field = Field(name="mark", **{"many": True, **more})
    engine = FakeEngine(patterns={"mark": r"mark\d+"})
    return answer(engine, Extract(instruction="Read.", fields=(field,)), text)


def test_of_many_values_none_is_left_out_because_others_stand_in_other_sentences():
    text = "".join(
        f"In the morning of that day they found mark{number} below a stone. "
        for number in range(50)
    )
    outcome = marked(text)
    values = outcome.answer.fields["mark"]
    assert [each.text for each in values] == [f"mark{number}" for number in range(50)]
    assert all(text[each.start : each.end] == each.text for each in values)
    assert outcome.notes == ()


@pytest.mark.parametrize("multiline", [True, False])
def test_that_a_piece_of_the_text_has_more_values_than_are_told_is_said(multiline):
    outcome = marked(MARKS, multiline=multiline, required=True)
    assert len(outcome.answer.fields["mark"]) == 20
    assert outcome.notes == ("mark: there may be more values than are told.",)


class Doubtful(FakeEngine):
    """Finds what it finds, and holds it likelier that there is nothing to find."""

    def fill(self, request, cancel):
        found = super().fill(request, cancel)
        return msgspec.structs.replace(found, absent=(0.0,) * len(found.absent))


@pytest.mark.parametrize(("required", "given"), [(True, ["mark1"]), (False, [])])
def test_only_one_sentence_has_to_give_a_value_that_is_required(required, given):
    text = "In the morning of that day they found mark1 below one of these stones. " * 6
    field = Field(name="mark", many=True, required=required)
    engine = Doubtful(patterns={"mark": r"mark\d+"})
    values = answer(engine, Extract(instruction="Read.", fields=(field,)), text).answer
    assert [each.text for each in values.fields["mark"]] == given


@pytest.mark.parametrize("many", [True, False])
def test_all_mail_addresses_are_told_where_the_model_rather_says_that_there_are_none(many):
    text = "Write to ann@example.com or to bob@example.com."
    task = Extract(
        instruction="Read.", fields=(Field(name="mail", type=FieldType.EMAIL, many=many),)
    )
    found = answer(Doubtful(patterns={"mail": r"\S+@\S+\w"}), task, text).answer
    told = [each.text for each in found.fields["mail"]]
    assert told == (["ann@example.com", "bob@example.com"] if many else [])


def test_one_value_and_several_are_asked_for_at_once_where_the_text_is_short():
    fields = (Field(name="mark", many=True), Field(name="total"))
    task = Extract(instruction="Read.", fields=fields)
    engine = FakeEngine(patterns={"mark": r"mark\d+", "total": r"\d+ EUR"})
    found = answer(engine, task, "The mark1 and the mark2 cost 5 EUR.").answer.fields
    assert [each.text for each in found["mark"]] == ["mark1", "mark2"]
    assert [each.text for each in found["total"]] == ["5 EUR"]
    assert sum(isinstance(each, Fill) for each in engine.asked) == 1


def test_that_a_field_is_empty_is_unsure_where_figures_may_be_its_value():
    field = Field(name="total", type=FieldType.AMOUNT)
    task = Extract(instruction="Read.", fields=(field,))
    for text, sure in (("It costs $1.25M.", 0.5), ("It costs nothing.", 1.0)):
        found = answer(FakeEngine(), task, text).answer
        assert found.fields == {"total": ()}
        assert found.sure == {"total": sure}


def test_a_rewrite_is_streamed_checked_and_told_as_edits():
    pieces = []
    engine = FakeEngine(writes=lambda text: text.replace("27", "30"))
    outcome = answer(engine, PLAIN, "Pay 27 now.", on_text=pieces.append)
    assert isinstance(outcome.answer, Rewriting)
    assert outcome.answer.text == "Pay 30 now." == "".join(pieces)
    checks = {check.name: check.ok for check in outcome.answer.checks}
    assert checks == {"text": True, "numbers": False, "length": True, "ending": True}
    assert outcome.answer.edits


def test_a_long_rewrite_keeps_what_stands_between_its_parts():
    engine = FakeEngine(context=300)
    text = "\n\n  " + "A sentence of some words. " * 150 + "\n"
    assert answer(engine, PLAIN, text).answer.text == text


PARAGRAPHS = [f"{name}. " + "It goes on with some words. " * 30 for name in "ABC"]
SMALL = 350
"""A context in which they take several parts."""


def failed(told):
    return {check.name: check.detail for check in told.checks if not check.ok}


@pytest.mark.parametrize("blank", ["", " \n"])
def test_a_part_for_which_nothing_is_written_stays_and_that_is_told(blank):
    pieces, text = [], "\n\n".join(PARAGRAPHS)
    engine = FakeEngine(writes=lambda part: blank if "B." in part else part, context=SMALL)
    told = answer(engine, PLAIN, text, on_text=pieces.append).answer
    assert told.text == text
    assert "".join(pieces).split() == text.split()
    assert failed(told) == {
        "text": "nothing usable was written for a part, which stays as it was"
    }


def test_nothing_at_all_is_no_rewrite():
    told = answer(FakeEngine(writes=lambda _: ""), PLAIN, "Some words.").answer
    assert told.text == ""
    assert failed(told) == {"text": "nothing was written"}


def test_a_part_of_which_much_is_gone_is_told_though_it_is_little_of_the_whole():
    engine = FakeEngine(
        writes=lambda part: "Little." if "B." in part else part, context=SMALL
    )
    told = answer(engine, PLAIN, "\n\n".join(PARAGRAPHS)).answer
    assert re.match(r"one of \d+ parts: much of the text is gone", failed(told)["length"])
    short = answer(FakeEngine(writes=lambda _: "Little."), PLAIN, PARAGRAPHS[1]).answer
    assert failed(short)["length"].startswith("much of the text is gone")


def test_a_summary_of_a_long_text_is_a_summary_of_summaries():
    engine = FakeEngine(writes=lambda text: text[:20], context=400)
    outcome = answer(
        engine, Summarise(instruction="Shorten."), "Some words to shorten. " * 300
    )
    assert isinstance(outcome.answer, Summary)
    assert 0 < len(outcome.answer.text) <= 200


def test_of_nothing_no_summary_is_written():
    engine = FakeEngine(writes=lambda _: "", context=400)
    text = "Some words to shorten. " * 300
    outcome = answer(engine, Summarise(instruction="Shorten."), text)
    assert outcome.answer.text == ""
    assert all(each.text for each in engine.asked if isinstance(each, Write))


@pytest.mark.parametrize("task", [QUEUE, ORDER, PLAIN, Summarise(instruction="Shorten.")])
def test_an_empty_text_has_no_answer(task):
    with pytest.raises(EmptyText):
        answer(FakeEngine(), task, " \n\t ")


@pytest.mark.parametrize("task", [QUEUE, ORDER, PLAIN])
def test_many_texts_keep_their_order_and_only_bad_ones_fail(task):
    engine = FakeEngine(keywords={"billing": "charged", "technical": "crash"})
    texts = ["charged 1", "", "crash 2", "charged 3"]
    results = answering(engine).answer_many(task, texts, CancelToken())
    assert isinstance(results[1], EmptyText)
    assert all(not isinstance(results[index], EmptyText) for index in (0, 2, 3))


def test_a_dead_engine_fails_all_texts_alike():
    engine = FakeEngine()
    engine.failing = EngineCrashed("SIGSEGV")
    with pytest.raises(EngineCrashed):
        answering(engine).answer_many(ORDER, ["one", "two"], CancelToken())


def test_a_stopped_answer_is_no_answer():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        answer(FakeEngine(), QUEUE, "text", cancel=cancel)


def test_what_a_model_says_of_any_text_is_taken_out_of_its_answers():
    # One word for "technical", and "billing" whatever the text is.
    engine = FakeEngine(keywords={"billing": r"^", "technical": "broken"})
    outcome = answer(engine, QUEUE, "It is broken")
    assert outcome.answer.label == "technical"
    assert outcome.confidence > 0.55
    tagged = dataclasses.replace(QUEUE, multiple=True)
    assert answer(engine, tagged, "It is broken").answer.labels == ("technical",)


def test_a_prior_is_found_out_once_and_learns_only_where_something_may_be_kept():
    engine, priors = FakeEngine(keywords={"billing": "charged"}), FakePriors()
    answers = answering(engine, priors=priors)
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    answers.answer(QUEUE, "charged", watch)
    assert priors.known == {}
    answers.answer(QUEUE, "charged twice", watch, keep=True)
    [prior] = priors.known.values()
    assert prior.texts == 1
    assert prior.seen[0] > prior.neutral[0]
    asked = [each for each in engine.asked if isinstance(each, Score)]
    assert len(asked) == 4  # two texts, the neutral ones together, and the labels
    answers.answer(QUEUE, "charged twice", watch, keep=True)  # run again
    assert [each.texts for each in priors.known.values()] == [1]
    again = answering(engine, priors=priors)
    again.answer(QUEUE, "charged three times", watch, keep=True)
    # Nobody kept how the model sees the labels.
    assert len([each for each in engine.asked if isinstance(each, Score)]) == 7
    assert [each.texts for each in priors.known.values()] == [2]


def test_priors_that_cannot_be_kept_stop_no_answer():
    engine, priors = FakeEngine(), FakePriors()
    priors.failing = DataFolderUnwritable("/data")
    answers = answering(engine, priors=priors)
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    assert answers.answer(QUEUE, "billing", watch, keep=True).answer.label == "billing"


def test_a_batch_gets_its_prior_from_its_own_texts():
    engine = FakeEngine(keywords={"billing": r"^|charged", "technical": "broken"})
    engine.pace = 0.01
    answers = answering(engine)
    groups = [["charged", "charged and broken"], ["broken"] * 3]
    learned = answers.learn(QUEUE, groups, CancelToken())
    assert learned.prior.keys() == {"billing", "technical"}
    assert learned.head is None  # from five texts
    asked = len(engine.asked)
    found = answers.answer_many(QUEUE, groups[0], CancelToken(), learned)
    assert len(engine.asked) == asked  # the sample was just read
    assert [each.answer.label for each in found] == ["billing", "billing"]
    assert found[1].seconds > found[0].seconds > 0.001  # though they were remembered
    assert list(answers.learn(TAGS, groups, CancelToken()).prior) == [
        *("price", "taste"),
        NOTHING,
    ]
    assert answers.learn(ORDER, groups, CancelToken()) == Learned(prior={})
    assert answers.learn(rewrite_in(Style.FIX), groups, CancelToken()) == Learned(prior={})


def test_a_batch_learns_a_head_from_enough_texts_and_answers_with_it():
    engine = FakeEngine(keywords={"billing": "aaa", "technical": "bbb"})
    answers = answering(engine)
    sure = ["aaa", "bbb"] * 30
    told = []
    learned = answers.learn(QUEUE, [sure[:30], sure[30:]], CancelToken(), told.append)
    # Names of labels are read as well.
    assert [(each.done, each.total) for each in told] == [(30, 62), (60, 62), (62, 62)]
    assert learned.head is not None
    [request] = [each for each in engine.asked if isinstance(each, Train)]
    assert len(request.names) == len(QUEUE.labels)
    # No keyword helps here, but letters do, and they are what a state is made of.
    texts = ["aa", "bb"]
    without = answers.answer_many(
        QUEUE, texts, CancelToken(), dataclasses.replace(learned, head=None)
    )
    found = answers.answer_many(QUEUE, texts, CancelToken(), learned)
    assert [each.answer.label for each in found] == ["billing", "technical"]
    assert found[1].answer.scores["technical"] > without[1].answer.scores["technical"]
    # A head has a temperature; that of the model is taken back.
    assert learned.head.temperature * temperature_of("fake") == pytest.approx(TEMPERATURE)


def head_of(width):
    """A head that says "technical" whatever the text is."""
    weights = ((0.0,) * width, (0.0,) * width)
    return Learned(
        {"billing": -0.5, "technical": -0.5},
        Head(weights=weights, bias=(0.0, 50.0)),
        taught=30,
    )


@pytest.mark.parametrize(
    ("width", "counts"),
    [(WIDTH, True), (WIDTH // 2, True), (WIDTH - 1, False), (2 * WIDTH, False), (1, False)],
)
def test_a_head_that_was_fitted_to_another_model_is_not_used(width, counts):
    engine = FakeEngine(keywords={"billing": "charged", "technical": "broken"})
    heads = FakeHeads()
    lesson = Lesson(verdict=Verdict.ADOPTED, examples=30)
    heads.save(QUEUE, "fake", Taught(learned=head_of(width), lesson=lesson, at=NOON))
    answers = answering(engine, heads=heads)
    [one] = answers.answer_many(QUEUE, ["charged"], CancelToken(), head_of(width))
    other = answers.answer(
        QUEUE, "charged", Watch(CancelToken(), ignore_text, ignore_progress)
    )
    due = ("technical", 30) if counts else ("billing", 0)
    assert [(each.answer.label, each.taught) for each in (one, other)] == [due, due]


@pytest.mark.parametrize("task", [TAGS, dataclasses.replace(QUEUE, none="neither")])
def test_no_head_is_learned_where_no_label_may_be_right(task):
    answers = answering(FakeEngine())
    learned = answers.learn(task, [["one", "two"] * 100], CancelToken())
    assert learned.head is None


def test_an_engine_that_fails_on_a_group_leaves_the_others():
    engine = FakeEngine()
    answers = answering(engine)
    answers.learn(QUEUE, [["first"]], CancelToken())  # with the neutral texts
    engine.failing = EngineFailed("decode")
    learned = answers.learn(QUEUE, [["broken"], ["charged"] * 60], CancelToken())
    assert learned.head is not None


TASKS = (QUEUE, ORDER, TAGS, PLAIN, Summarise(instruction="Sum up."))


def with_example(task):
    return dataclasses.replace(task, examples=(Example(text="mine", answer="billing"),))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
def test_the_prompt_of_a_task_may_be_kept_where_the_answer_is(task):
    engine = FakeEngine()
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    one = answering(engine)
    one.answer(task, "I was charged 12.50 twice.", watch, keep=True)
    assert engine.lasting
    kept = {request.prompt for request in engine.lasting}
    assert kept == {prompt_of(task)}
    engine.lasting.clear()
    one.answer(task, "I was charged 12.50 twice.", watch)
    assert engine.lasting == []
    one.answer(with_example(task), "I was charged 12.50 twice.", watch, keep=True)
    assert {each.prompt for each in engine.lasting} == {prompt_of(with_example(task))}


def test_a_batch_keeps_no_prompt_even_of_a_task_that_was_kept_before():
    engine = FakeEngine()
    one = answering(engine)
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    one.answer(QUEUE, "first", watch, keep=True)
    engine.lasting.clear()
    one.learn(QUEUE, [["one", "two"]], CancelToken())
    one.answer_many(QUEUE, ["three"], CancelToken())
    one.answer_many(PLAIN, ["four"], CancelToken())
    assert engine.lasting == []


def test_no_place_is_made_before_something_may_be_kept():
    prefixes = FakePrefixes()
    one = answering(FakeEngine(), prefixes=prefixes)
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    one.answer(QUEUE, "a text", watch)
    assert not prefixes.made
    one.answer(QUEUE, "a text", watch, keep=True)
    assert prefixes.made


def test_an_answer_does_not_need_a_place_for_prefixes():
    prefixes = FakePrefixes()
    prefixes.failing = True
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    one = answering(FakeEngine(), prefixes=prefixes)
    assert one.answer(QUEUE, "a billing matter", watch, keep=True).answer.label == "billing"

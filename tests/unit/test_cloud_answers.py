"""What a cloud model wrote, read and checked as an answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.answers import Classification, Extraction, Rewriting, Summary, Tagging
from onhand.domain.cloud import Api, Approved, Provider, Shape, dollars
from onhand.domain.cloud_answers import Sent, read_reply
from onhand.domain.cloud_errors import PayloadUnseen, ProviderInvalid, ReplyUnusable
from onhand.domain.cloud_requests import payload_of, trial_of
from onhand.domain.escalation import Draft
from onhand.domain.masking import MaskKind, mask, words_in
from onhand.domain.tasks import (
    Classify,
    Example,
    Extract,
    Field,
    Keep,
    Label,
    Rewrite,
    Summarise,
)

SORT = Classify(
    instruction="Which?", labels=(Label(name="billing"), Label(name="other")), none="none"
)
TAG = Classify(
    instruction="Which?", labels=(Label(name="a"), Label(name="b")), multiple=True
)
READ = Extract(
    instruction="Read.",
    fields=(Field(name="who"), Field(name="dates", many=True), Field(name="gone")),
)
WRITE = Rewrite(instruction="Plain.", keep=(Keep.NUMBERS, Keep.NAMES, Keep.NEGATION))
SHORTEN = Summarise(instruction="Shorten.")
TASKS = (SORT, TAG, READ, WRITE, SHORTEN)
TEXT = "Ada Lovelace met Bo Li on 2 May.\nShe did not meet Ada  Lovelace on 3 May."


def provider(**changes):
    given = {"name": "p", "api": Api.OPENAI, "url": "https://x.example/v1", "model": "m"}
    return Provider(**given | changes)


def sent(task, text=TEXT, people=()):
    masked = mask(text, words_in(text, people, MaskKind.PERSON))
    return Sent(task=task, text=text, masked=masked, spoken="en")


def read(task, reply, *, people=(), finished=True):
    said = reply if isinstance(reply, str) else json.dumps(reply)
    return read_reply(sent(task, people=people), said, finished=finished)


def test_a_label_of_the_task_is_an_answer():
    assert read(SORT, {"label": "billing"}).answer == Classification(
        label="billing", scores={}
    )
    assert read(SORT, {"label": "none"}).answer.label == "none"
    assert read(TAG, {"labels": ["b", "a"]}).answer == Tagging(labels=("a", "b"), scores={})
    assert read(TAG, {"labels": []}).answer.labels == ()


@pytest.mark.parametrize(
    ("task", "reply"),
    [
        (SORT, {"label": "Billing"}), (SORT, {"label": None}), (SORT, {"label": ["a"]}),
        (SORT, "billing"), (SORT, "[]"), (SORT, ""), (TAG, {"labels": ["a", "c"]}),
        (TAG, {"labels": "a"}), (READ, {"fields": ["who"]}), (WRITE, {"text": " "}),
        (WRITE, {"text": 3}), (SHORTEN, "{"), (SORT, "{" * 100_000),
        (READ, "I'm sorry, I cannot help with that."), (READ, {"error": "x"}), (READ, {}),
        (READ, {"answer": {"who": "Bo Li"}}), (READ, {"fields": {"Who": "Bo Li"}}),
    ],
)  # fmt: skip
def test_anything_else_is_none(task, reply):
    with pytest.raises(ReplyUnusable):
        read(task, reply)


@given(st.text(max_size=60), st.sampled_from(TASKS), st.booleans())
def test_no_reply_does_worse_than_being_unusable(reply, task, finished):
    try:
        found = read_reply(sent(task), reply, finished=finished)
    except ReplyUnusable:
        return
    assert found.answer is not None


def test_a_value_is_found_where_it_stands_and_left_out_where_it_does_not():
    found = read(
        READ, {"fields": {"who": ["Bo Li", "Ada Lovelace"], "dates": ["2 May", "4 May"]}}
    )
    fields = found.answer.fields
    assert [(each.text, each.start, each.end) for each in fields["who"]] == [
        ("Bo Li", 17, 22)
    ]
    assert [each.text for each in fields["dates"]] == ["2 May"]
    assert fields["gone"] == ()
    assert found.notes == (
        "1 value of the cloud model was left out: it does not stand in the text.",
    )


def test_a_value_under_a_mask_is_put_back_and_found_at_each_of_its_places():
    reply = {"fields": {"who": ["[PERSON_1]"], "dates": ["Ada Lovelace", "Ada Lovelace"]}}
    fields = read(READ, reply, people=["Ada Lovelace"]).answer.fields
    assert fields["who"][0].text == "Ada Lovelace"
    # The second one is written with two blanks: the place counts, not the spelling.
    assert [(each.start, each.text) for each in fields["dates"]] == [
        (0, "Ada Lovelace"),
        (50, "Ada  Lovelace"),
    ]


@given(st.lists(st.text(max_size=12), max_size=5))
def test_every_value_stands_in_the_text_to_the_letter(values):
    found = read(READ, {"fields": {"dates": values}})
    for each in found.answer.fields["dates"]:
        assert TEXT[each.start : each.end] == each.text


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("Item A 15.00\nVAT 2.85", "5.00", []), ("Annual fee", "Ann", []),
        ("12 March 2012, 12.50, 3,12: 12.", "12", [0, 28]), ("No. A12", "12", []),
        ("Total: €27.10", "27.10", [8]), ("Total: €27.10", "€27.10", [7]),
        ("wir trafen Ada,", "Ada", [11]), ("昨日田中さんに会った", "田中", [2]),
    ],
)  # fmt: skip
def test_a_value_is_no_piece_of_a_longer_word_or_number(text, value, places):
    reply = json.dumps({"fields": {"dates": [value] * 2}})
    found = read_reply(sent(READ, text), reply, finished=True)
    assert [each.start for each in found.answer.fields["dates"]] == places
    assert bool(found.notes) == (len(places) < 2)


def test_a_number_is_read_as_it_is_written():
    for number in ("27.10", "[27.10]"):
        reply = f'{{"fields": {{"dates": {number}}}}}'
        found = read_reply(sent(READ, "Total 27.10"), reply, finished=True)
        assert [each.text for each in found.answer.fields["dates"]] == ["27.10"]
        assert not found.notes


def test_what_is_no_value_at_all_is_left_out_and_told():
    found = read(READ, {"fields": {"who": {"name": "Bo Li"}, "dates": [True, "", None]}})
    assert not any(found.answer.fields.values())
    assert found.notes == (
        "2 values of the cloud model were left out: they do not stand in the text.",
    )


def test_no_label_is_the_answer_for_none_and_stands_beside_no_other():
    task = Classify(instruction="Which?", labels=TAG.labels, multiple=True, none="nothing")
    assert read(task, {"labels": ["nothing", "a"]}).answer.labels == ("a",)
    assert read(task, {"labels": []}).answer.labels == ("nothing",)


def test_a_rewrite_gets_its_words_back_and_passes_the_checks():
    reply = {"text": "[PERSON_1] met Bo Li on 2 May. She did not meet [PERSON_2] on 3 May."}
    found = read(WRITE, reply, people=["Ada Lovelace", "Ada  Lovelace"])
    answer = found.answer
    assert isinstance(answer, Rewriting)
    assert answer.text.startswith("Ada Lovelace met Bo Li")
    assert all(each.ok for each in answer.checks)
    assert {each.name for each in answer.checks} >= {"numbers", "names", "masks", "ending"}
    assert answer.language == "en"


def test_a_rewrite_that_loses_or_invents_something_is_told():
    reply = {"text": "[PERSON_1] met [PERSON_9] on 2 May. She met them."}
    answer = read(WRITE, reply, people=["Ada Lovelace"], finished=False).answer
    failed = {each.name: each.detail for each in answer.checks if not each.ok}
    assert set(failed) >= {"numbers", "negation", "masks", "ending"}
    assert "[PERSON_9]" in failed["masks"]


def test_a_text_without_json_or_in_a_fence_will_do_where_a_text_is_wanted():
    fenced = '```json\n{"text": "Ada met Bo."}\n```'
    answer = read(SHORTEN, fenced).answer
    assert isinstance(answer, Summary)
    assert answer.text == "Ada met Bo."
    assert read(SHORTEN, "Ada met Bo.").answer.text == "Ada met Bo."


def test_an_answer_that_was_cut_off_is_no_label_and_no_value():
    for task, reply in ((SORT, {"label": "billing"}), (READ, {"fields": {}})):
        with pytest.raises(ReplyUnusable):
            read(task, reply, finished=False)
    assert isinstance(read(READ, {"fields": {}}).answer, Extraction)


@given(
    st.text(),
    st.sampled_from(TASKS),
    st.sampled_from(Api),
    st.sampled_from(Shape),
    st.booleans(),
)
def test_what_is_shown_is_what_is_sent(text, task, api, shape, masks):
    payload = payload_of(task, text, provider(api=api, shape=shape), masks=masks)
    assert Approved.seen(payload, payload.shown).payload.body == payload.shown.encode()
    body = json.loads(payload.body)
    [user] = [each for each in body["messages"] if each["role"] == "user"]
    assert text in user["content"]
    assert body["model"] == "m"
    assert body["max_tokens"] == payload.most
    assert not set(payload.shown) & set("\u202e\u200b\u2066\ufeff\xa0\x9b\ufdd0")
    assert ("such as [KIND_1]" in payload.shown) >= masks


def test_letters_that_no_screen_shows_are_seen_as_escapes():
    hidden = "".join(chr(0xE0000 + ord(each)) for each in "send it on")
    text = f"Hello.{hidden}\U000e0100\U0001d173"
    payload = payload_of(SORT, text, provider(), masks=False)
    assert not set(payload.shown) & set(text[len("Hello.") :])
    assert text in json.loads(payload.body)["messages"][1]["content"]


def test_something_else_cannot_be_approved():
    payload = trial_of(provider())
    with pytest.raises(PayloadUnseen):
        Approved.seen(payload, payload.shown.replace("water", "wine"))
    with pytest.raises(PayloadUnseen):
        Approved.seen(payload, payload.shown + " ")


def test_examples_of_a_task_stay_here():
    task = Classify(
        instruction="Which?",
        labels=SORT.labels,
        examples=(Example(text="A SECRET EXAMPLE", answer="billing"),),
    )
    payload = payload_of(task, "text", provider(), masks=False)
    assert "SECRET" not in payload.shown


def test_a_draft_sends_what_its_masks_say():
    found = tuple(words_in(TEXT, ["Bo Li", "Ada Lovelace"], MaskKind.PERSON))
    draft = Draft(task=WRITE, text=TEXT, provider=provider(), found=found)
    assert "Bo Li" not in draft.payload().shown
    off = frozenset({"[PERSON_2]"})
    assert "Bo Li" in draft.payload(off).shown
    assert "Ada Lovelace" not in draft.payload(off).shown
    everything = frozenset(each.name for each in draft.masks)
    assert "[PERSON" not in draft.payload(everything).shown


@pytest.mark.parametrize(
    "url",
    [
        "http://llm.example/v1", "ftp://x.example", "x.example", "https://", "https://[::1",
        "https://me:pw@x.example/v1", "https://x.example/v1?key=1", "https://x.example:x/",
    ],
)  # fmt: skip
def test_an_address_that_gives_something_away_is_refused(url):
    with pytest.raises(ProviderInvalid):
        provider(url=url)


@pytest.mark.parametrize(
    ("api", "url", "address"),
    [
        (Api.OPENAI, "https://x.example/v1/chat/completions", "/v1/chat/completions"),
        (Api.ANTHROPIC, "https://x.example", "/v1/messages"),
        (Api.ANTHROPIC, "https://x.example/v1/", "/v1/messages"),
        (Api.ANTHROPIC, "https://x.example/v1/messages", "/v1/messages"),
    ],
)
def test_an_address_may_be_given_as_far_as_one_likes(api, url, address):
    assert provider(api=api, url=url).address == f"https://x.example{address}"


def test_this_machine_may_be_reached_in_the_clear():
    assert provider(url="http://127.0.0.1:8000/v1").host == "127.0.0.1"
    assert provider(url="https://X.example/v1/").address == (
        "https://X.example/v1/chat/completions"
    )


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (0, "$0.00"), (50, "less than $0.0001"), (1234, "$0.0012"), (12_345_678, "$12.35"),
        (-50, "$0.00"), (-1234, "-$0.0012"),
    ],
)  # fmt: skip
def test_money_is_told_in_dollars(cost, said):
    assert dollars(cost) == said

"""Task files: what can be said in them, and that every mistake is named with its place."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakes.names import NAMES
from onhand.cli.wording import one_line
from onhand.domain.errors import TaskInvalid
from onhand.domain.labelled import labels_in
from onhand.domain.result_columns import cell_of
from onhand.domain.task_file import read_task
from onhand.domain.tasks import (
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

QUEUE = """\
kind = "classify"
name = "Ticket queue"
id = "queue-1"
instruction = "Which team should handle this message?"
none = "something else"

[labels]
billing = "charges, refunds, invoices"
technical = ""

[costs]
"technical>billing" = 3

[[examples]]
text = "It broke"
answer = "technical"
"""
RECEIPT = """\
kind = "extract"
instruction = "Read the receipt."
[fields.company]
description = "name of the shop"
multiline = true
required = true
[fields.way]
type = "choice"
choices = ["cash", "card"]
many = true
[[examples]]
text = "Inn, cash"
answer = {company = ["Inn"], way = ["cash"]}
"""
SORT = 'kind = "classify"\ninstruction = "Which?"\n'
TAGS = "multiple = true\n[labels]\na = ''\n[[examples]]\ntext = 'x'\nanswer = 'a'"
PLACED = re.compile(r"line (\d+)(, key '.*')?: .", re.DOTALL)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="["))
FIND = 'kind = "extract"\ninstruction = "Find."\n'


def quoted(text: str) -> str:
    """A text as a TOML string that holds just that."""
    letters = (f"\\U{ord(letter):08x}" for letter in text)
    return f'"{"".join(letters)}"'


def complaint(text: str) -> str:
    told = refusal(text)
    assert told is not None
    return told


def refusal(text: str) -> str | None:
    """What is wrong with a task; None where nothing is."""
    try:
        read_task(text)
    except TaskInvalid as error:
        return error.detail
    return None


def test_a_classification_is_read():
    assert read_task(QUEUE) == Classify(
        name="Ticket queue",
        id="queue-1",
        instruction="Which team should handle this message?",
        labels=(
            Label(name="billing", meaning="charges, refunds, invoices"),
            Label(name="technical"),
        ),
        none="something else",
        costs={"technical>billing": 3.0},
        examples=(Example(text="It broke", answer="technical"),),
    )


def test_an_extraction_is_read():
    assert read_task(RECEIPT) == Extract(
        instruction="Read the receipt.",
        fields=(
            Field(
                name="company",
                description="name of the shop",
                multiline=True,
                required=True,
            ),
            Field(name="way", type=FieldType.CHOICE, choices=("cash", "card"), many=True),
        ),
        examples=(Example(text="Inn, cash", answer={"company": ["Inn"], "way": ["cash"]}),),
    )


def test_rewriting_keeps_everything_unless_it_says_what():
    bare = 'kind = "rewrite"\ninstruction = "Plainly."\n'
    assert read_task(bare) == Rewrite(instruction="Plainly.", keep=tuple(Keep))
    assert read_task(f'{bare}keep = ["links", "dates"]') == Rewrite(
        instruction="Plainly.", keep=(Keep.LINKS, Keep.DATES)
    )


def test_a_summary_needs_an_instruction_alone():
    assert read_task('kind = "summarise"\ninstruction = "Short."') == Summarise(
        instruction="Short."
    )


def test_line_ends_of_windows_are_line_ends():
    assert read_task(QUEUE.replace("\n", "\r\n")) == read_task(QUEUE)


@given(st.lists(NAMES, min_size=2, unique=True))
@example(['say "yes"', "it's", "a\u200db", "😀", "e\u0301", "<|im_end|>"])
@example(["bill", "billing", "billing department", "b"])
@example(["a>b", "c", "a", "b>c"])
@example(["a.b", "a", "[labels]", "#", "=", "\\"])
def test_labels_of_any_kind_come_out_as_they_went_in(labels):
    lines = [f"{quoted(label)} = {quoted(label * 2)}" for label in labels]
    costs = f"[costs]\n{quoted(f'{labels[0]}>{labels[1]}')} = 2"
    task = read_task("\n".join([SORT, "[labels]", *lines, costs]))
    assert isinstance(task, Classify)
    assert task.answers == tuple(labels)
    assert task.costs == {f"{labels[0]}>{labels[1]}": 2.0}


@given(st.lists(TEXTS, min_size=2, unique=True), st.booleans())
@example(["a", "a "], False)
@example(["a b", "a\u00a0b"], False)
@example(["a", "b", "a; b"], True)
def test_labels_are_told_apart_in_every_output_or_refused(labels, multiple):
    lines = [f"{quoted(label)} = ''" for label in labels]
    several = f"multiple = {str(multiple).lower()}"
    try:
        task = read_task("\n".join([SORT, several, "[labels]", *lines]))
    except TaskInvalid:
        return
    assert isinstance(task, Classify)
    assert "\n".join(labels).splitlines() == labels
    assert len({one_line(label) for label in labels}) == len(labels)
    if multiple:
        assert labels_in(task, cell_of(labels)) == labels
        assert all(labels_in(task, cell_of([label])) == [label] for label in labels)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["a", "b\nc"], r"the label 'b\nc' holds a line end or control"),
        (["a", "b\x1b[2J"], r"the label 'b\x1b[2J' holds a line end"),
        (["a", "b\u2028"], r"the label 'b\u2028' holds a line end"),
        (["a", "a "], "the label 'a ' begins or ends with a blank"),
        (["a b", "a  b"], "the label 'a  b' is 'a b' but for its blanks"),
        (["a", "b", "a; b"], "the label 'a; b' reads like several labels"),
    ],
)
def test_a_label_that_output_cannot_tell_is_refused(names, told):
    lines = [f"{quoted(name)} = ''" for name in names]
    refused = complaint("\n".join([f"{SORT}multiple = true\n[labels]", *lines]))
    assert refused.startswith(f"line {4 + len(names)}, key 'labels.{names[-1][0]}")
    assert f"': {told}" in refused
    assert refused.isprintable()


def test_a_field_that_output_cannot_tell_is_refused():
    told = complaint(f"{FIND}[fields.a]\n[fields.'b ']")
    assert told == "line 4, key 'fields.b ': the field 'b ' begins or ends with a blank"


def test_150_labels_are_not_too_many():
    lines = [f'"label {number}" = "meaning {number}"' for number in range(150)]
    task = read_task("\n".join([SORT, "[labels]", *lines]))
    assert isinstance(task, Classify)
    assert len(task.labels) == 150


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("", "line 1", "'kind' is missing; expected one of classify, extract"),
        ('instruction = "x"', "line 1", "'kind' is missing"),
        ('\nkind = "clasify"', "line 2, key 'kind'", "expected one of classify, extract"),
        ("kind = 3", "line 1, key 'kind'", "expected a text, got a whole number"),
        ('kind = "summarise"', "line 1", "there must be a key 'instruction'"),
        ('kind = "classify"\ninstruction = "x"', "line 1", "there must be a key 'labels'"),
        (f"{SORT}lables = 1\n[labels]\na=''\nb=''", "line 3, key 'lables'", "no key"),
        (f"{SORT}labels = 'a, b'", "line 3, key 'labels'", "expected a table, got a text"),
        (f"{SORT}[labels]", "line 3, key 'labels'", "at least 2 label(s), this has 0"),
        (f"{SORT}[labels]\na = ''", "line 3, key 'labels'", "at least 2 label(s)"),
        (f"{SORT}[labels]\na = ''\nb = 2", "line 5, key 'labels.b'", "expected a text"),
        (f"{SORT}[labels]\na = ''\n'' = ''", "line 5, key 'labels.'", "empty name"),
        (f"{SORT}[labels]\na = ''\nb = ''\na = ''", "line 6, key 'labels.a'", "before"),
        (f"{SORT}[labels]\na = ''\na = ''\nb = ''", "line 5, key 'labels.a'", "before"),
        (
            f"{SORT}none = 'a'\n[labels]\na = ''\nb = ''",
            "line 3, key 'none'",
            "'a' is given twice",
        ),
        (f"{SORT}none = ' '\n[labels]\na = ''", "line 3, key 'none'", "empty name"),
        (
            f"{SORT}multiple = 'yes'\n[labels]\na = ''",
            "line 3, key 'multiple'",
            "expected true or false, got a text",
        ),
        (
            f"{SORT}[labels]\na = ''\nb = ''\n[costs]\n'a>c' = 1",
            "line 7, key 'costs.a>c'",
            "expected 'label>label'",
        ),
        (
            f"{SORT}[labels]\na = ''\nb = ''\n[costs]\n'a>a' = 1",
            "line 7, key 'costs.a>a'",
            "expected 0, or two labels",
        ),
        (
            f"{SORT}none = 'c '\n[labels]\na = ''",
            "line 3, key 'none'",
            "'c ' begins or ends with a blank",
        ),
        (
            f"{SORT}[labels]\na = ''\nb = ''\n[costs]\n'a>b' = 'dear'",
            "line 7, key 'costs.a>b'",
            "expected a number, got a text",
        ),
        (
            f"{SORT}[labels]\na = ''\nb = ''\n[costs]\n'b>a' = 1\n'a>b' = nan",
            "line 8, key 'costs.a>b'",
            "expected a number from 0 on",
        ),
        (
            f"{SORT}promised_error = 51\n[labels]\na = ''\nb = ''",
            "line 3, key 'promised_error'",
            "expected a whole number from 1 to 50",
        ),
        (
            f"{SORT}promised_error = 5.5\n[labels]\na = ''\nb = ''",
            "line 3, key 'promised_error'",
            "expected a whole number",
        ),
        (f"{FIND}[fields]", "line 3, key 'fields'", "at least 1 field"),
        (f"{FIND}[fields]\na = 'x'", "line 4, key 'fields.a'", "expected a table"),
        (
            f"{FIND}[fields.b]\n[fields.a]\ntype = 'day'",
            "line 5, key 'fields.a.type'",
            "expected one of text, date, amount, number, email, phone, url, choice",
        ),
        (
            f"{FIND}[fields.b]\n[fields.a]\ntype = 'choice'",
            "line 4, key 'fields.a'",
            "go together",
        ),
        (
            f"{FIND}[fields.a]\ntype = 'choice'\nchoices = ['x', 'x']",
            "line 3, key 'fields.a'",
            "given twice",
        ),
        (
            f"{FIND}[fields.a]\n[fields.b]\nmany = 'no'",
            "line 5, key 'fields.b.many'",
            "expected true or false",
        ),
        (
            f"{FIND}[fields.a]\nwidth = 3",
            "line 4, key 'fields.a.width'",
            "there is no key 'width' here",
        ),
        (
            'kind = "rewrite"\ninstruction = "x"\nkeep = [\n"dates",\n"tone"]',
            "line 3, key 'keep.1'",
            "expected one of numbers, dates, names, links, negation",
        ),
        (
            f"{QUEUE}[[examples]]\ntext = 'x'\nanswer = 3",
            "line 19, key 'examples.1.answer'",
            "expected a text or",
        ),
        (
            f"{QUEUE}[[examples]]\ntext = 'x'\nanswer = 'other'",
            "line 19, key 'examples.1.answer'",
            "expected one of this task's labels",
        ),
        (
            SORT + TAGS,
            "line 8, key 'examples.0.answer'",
            "expected a list of this task's labels",
        ),
        (
            f"{FIND}[fields.a]\n[[examples]]\ntext = 'x'\nanswer = {{ b = [] }}",
            "line 6, key 'examples.0.answer'",
            "for fields of this task",
        ),
        (
            f"{FIND}[fields.a]\n[[examples]]\ntext = 'x'\nanswer = {{ a = '6' }}",
            "line 6, key 'examples.0.answer.a'",
            "expected a list, got a text",
        ),
        (
            f"{RECEIPT}[[examples]]\ntext = 'x'\nanswer = {{ company = [], way = [1] }}",
            "line 16, key 'examples.1.answer.way.0'",
            "expected a text, got a whole number",
        ),
        (
            f"examples = [3]\n{FIND}fields.a = {{}}",
            "line 1, key 'examples.0'",
            "expected a table, got a whole number",
        ),
        (
            "kind = 'rewrite'\ninstruction = 'x'\n[[examples]]\ntext = 'x'\nanswer = ['y']",
            "line 5, key 'examples.0.answer'",
            "expected a text",
        ),
        (
            f"{QUEUE}[[examples]]\nanswer = 'billing'",
            "line 17, key 'examples.1'",
            "there must be a key 'text'",
        ),
        ('kind = "summarise', "line 1, key 'kind'", "not valid TOML"),
        ('kind = "summarise"\nwhat is this', "line 2", "not valid TOML"),
        (f"kind = {'[' * 9999}", "line 1", "nested too deeply"),
        (f"kind = {'9' * 9999}", "line 1", "too many digits"),
    ],
)
def test_a_mistake_is_named_with_line_key_and_what_was_expected(text, place, expected):
    told = complaint(text)
    assert told.startswith(f"{place}: ")
    assert expected in told


def test_text_that_looks_like_keys_is_not_taken_for_them():
    text = 'kind = "classify"\ninstruction = """\nlabels = 1\n[labels]\n"""\nlabels = 1'
    assert complaint(text).startswith("line 6, key 'labels'")


def test_characters_that_end_lines_elsewhere_do_not_count_as_lines():
    text = 'kind = "summarise"\ninstruction = "a\u2028b\u0085c"\nname = 3'
    assert complaint(text).startswith("line 3, key 'name'")


def test_a_key_may_hold_an_equals_sign():
    told = complaint(f"{SORT}[labels]\n'a=b' = 1\nc = ''")
    assert told.startswith("line 4, key 'labels.a=b'")


@given(st.text())
@example("[" * 5000)
@example("kind = " + "{a = " * 5000)
@example("a." * 5000 + "a = 1")
@example("\ufeff" + QUEUE)
def test_any_text_is_a_task_or_refused_with_a_line(text):
    told = refusal(text)
    assert told is None or PLACED.match(told)


@given(st.binary())
def test_any_bytes_that_are_text_are_a_task_or_refused(data):
    told = refusal(data.decode(errors="replace"))
    assert told is None or PLACED.match(told)


@given(
    st.sampled_from([QUEUE, RECEIPT]),
    st.integers(0, len(RECEIPT)),
    st.integers(0, 12),
    st.text(max_size=6)
    | st.sampled_from(["\n", '"', "[", "]", "=", "[[a]]\n", "1", "'''"]),
)
def test_a_damaged_task_file_is_a_task_or_refused_with_a_line(text, at, cut, put):
    damaged = text[:at] + put + text[at + cut :]
    told = refusal(damaged)
    if told is not None:
        place = PLACED.match(told)
        assert place is not None
        assert 1 <= int(place[1]) <= damaged.count("\n") + 1


values = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=3).map(quoted),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3).map(quoted), inner, max_size=3)
    ),
    max_leaves=5,
)
keys = ["name", "id", "none", "multiple", "keep", "labels", "fields", "costs", "examples"]


def toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return (
                f"{{{', '.join(f'{key} = {toml(each)}' for key, each in value.items())}}}"
            )
        case _:
            return str(value)


@given(
    st.sampled_from(["classify", "extract", "rewrite", "summarise"]),
    st.dictionaries(st.sampled_from(keys), values),
)
def test_values_of_the_wrong_form_are_refused_in_words_for_people(kind, wrong):
    lines = [f"{key} = {toml(value)}" for key, value in wrong.items()]
    text = "\n".join([f'kind = "{kind}"', 'instruction = "x"', *lines])
    tomllib.loads(text)
    told = refusal(text)
    assert told is None or (PLACED.match(told) and "`" not in told)

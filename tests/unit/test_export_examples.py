"""Labelled texts as conversations for who trains a model elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.conversations import parse_conversations
from fakes.engine import FakeEngine
from fakes.languages import FakeLanguages
from fakes.stores import NOON, FakeHistory
from fakes.tasks import DEAR, EVERY_TASK, PLAIN, QUEUE, RECEIPT, SHORT, TAGS, record
from onhand.domain.chat_examples import conversations, is_held_out
from onhand.domain.errors import OutputUnwritable, UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.primitives import Fill, Score, Write
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.tasks import Example, identity
from onhand.domain.teaching import UnknownLabels
from onhand.services.classifying import Classifier
from onhand.services.export_examples import ExportExamples
from onhand.services.extracting import Extractor
from onhand.services.reading_parts import Reader
from onhand.services.rewriting import Rewriter
from onhand.services.summarising import Summariser
from onhand.services.writing import Watch, Writer
from onhand.storage.report_file import save_private
from onhand.storage.safe_files import is_file

ANSWERS = {
    QUEUE.name: "billing",
    DEAR.name: "billing",
    TAGS.name: ["price", "taste"],
    RECEIPT.name: {"company": ["Inn"], "way": ["cash", "card"]},
    PLAIN.name: "Words anyone knows.",
    SHORT.name: "Shorter.",
}
GERMAN = "Das ist ein Brief von uns, und er ist nicht für die Leute im Haus."


def loaded():
    engine = FakeEngine()
    engine.use(Path("tiny.gguf"))
    return engine


def rows(count=40):
    return [Example(text=f"text {number}", answer="billing") for number in range(count)]


@pytest.fixture
def history():
    return FakeHistory()


@pytest.fixture
def export(history):
    return ExportExamples(
        history=history, languages=FakeLanguages(), write=save_private, is_there=is_file
    )


def test_two_files_that_a_trainer_reads_share_the_texts(export, tmp_path):
    path = tmp_path / "out.jsonl"
    found = export(QUEUE, rows(), path)
    assert found.apart == tmp_path / "out.held-out.jsonl"
    taught, apart = (parse_conversations(each.read_bytes()) for each in (path, found.apart))
    assert (len(taught), len(apart), found.texts) == (found.taught, found.held_out, 40)
    assert len(taught) + len(apart) == 40
    assert 1 <= len(apart) < len(taught)
    users = {each["user"] for each in [*taught, *apart]}
    assert len(users) == 40
    assert {each["assistant"] for each in taught} == {"Category: billing"}
    assert path.stat().st_mode & 0o077 == 0


def test_the_turns_of_a_label_are_what_the_engine_is_asked():
    engine = loaded()
    classifier = Classifier(engine, Reader(engine))
    classifier.evidence(QUEUE, ["It broke again"], CancelToken(), ignore_progress)
    [asked] = [each for each in engine.asked if isinstance(each, Score)]
    [question] = asked.questions
    [made] = conversations(QUEUE, Example(text="It broke again", answer="technical"))
    assert made.system == asked.prompt.system
    assert made.user == asked.prompt.before + asked.texts[0] + question.ask
    answers = [question.reply + option for option in question.options]
    assert made.assistant in answers


def test_the_turns_of_a_field_are_what_the_engine_is_asked():
    engine = loaded()
    text = "Lunch at the Inn, cash"
    Extractor(engine, Reader(engine))(RECEIPT, text, CancelToken(), ignore_progress)
    [asked] = [each for each in engine.asked if isinstance(each, Fill)]
    made = conversations(RECEIPT, Example(text=text, answer={}))
    assert len(made) == len(asked.blanks) == 2
    for blank, each in zip(asked.blanks, made, strict=True):
        assert each.system == asked.prompt.system
        assert each.user == asked.prompt.before + asked.text + blank.ask
        assert each.assistant.startswith(blank.reply)
        assert [*json.loads(each.assistant).values()] == [blank.absent]


@pytest.mark.parametrize(
    ("task", "use"), [(PLAIN, Rewriter), (SHORT, Summariser)], ids=["rewrite", "summary"]
)
@pytest.mark.parametrize("text", ["I has two question.", f"  {GERMAN}\n"])
def test_the_turns_of_a_text_are_what_the_engine_is_asked(
    export, tmp_path, task, use, text
):
    engine = loaded()
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    use(Writer(engine, FakeLanguages()), Reader(engine))(task, text, watch)
    asked = next(each for each in engine.asked if isinstance(each, Write))
    others = [Example(text=f"another {number}", answer="one") for number in range(40)]
    found = export(task, [Example(text=text, answer="Two."), *others], tmp_path / "a.jsonl")
    lines = (tmp_path / "a.jsonl").read_bytes() + found.apart.read_bytes()
    [made] = [each for each in parse_conversations(lines) if each["assistant"] == "Two."]
    assert made["system"] == asked.prompt.system
    assert made["user"] == asked.prompt.before + asked.text + asked.ask


@pytest.mark.parametrize(
    ("task", "use"), [(PLAIN, Rewriter), (SHORT, Summariser)], ids=["rewrite", "summary"]
)
def test_turns_in_front_are_those_of_the_engine_too(task, use):
    shown = tuple(Example(text=f"Text {each}", answer=f"So {each}") for each in range(3))
    task = replace(task, examples=shown)
    engine = loaded()
    watch = Watch(CancelToken(), ignore_text, ignore_progress)
    use(Writer(engine, FakeLanguages()), Reader(engine))(task, GERMAN, watch)
    asked = next(each for each in engine.asked if isinstance(each, Write))
    example = Example(text=GERMAN, answer="Zwei.")
    [made] = conversations(task, example, language="German")
    assert made.shown == asked.prompt.turns
    assert len(made.shown) == len(shown)
    messages = json.loads(made.line)["messages"]
    said = [each["content"] for each in messages]
    assert said == [
        *(asked.prompt.system, *(turn for pair in asked.prompt.turns for turn in pair)),
        *(asked.prompt.before + asked.text + asked.ask, "Zwei."),
    ]
    [parsed] = parse_conversations(made.line.encode())
    assert parsed["assistant"] == "Zwei."


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda each: each.name)
def test_corrections_of_every_kind_of_task_are_written(export, history, tmp_path, task):
    for number in range(20):
        entry = history.add(record(f"text {number}", task))
        history.correct(entry, ANSWERS[task.name], NOON)
    found = export(replace(task, examples=()), [], tmp_path / "out.jsonl")
    assert found.texts == 20
    several = {TAGS.name: 2, RECEIPT.name: 3}.get(task.name, 1)
    assert found.taught + found.held_out == 20 * several


@pytest.mark.parametrize(
    ("none", "said"), [("neither", "neither"), (None, "none of these")]
)
def test_a_text_without_any_label_has_the_answer_for_none(export, tmp_path, none, said):
    task = replace(TAGS, none=none, examples=())
    given = [replace(each, answer=[]) for each in rows(20)]
    given += [replace(each, answer=["taste"]) for each in rows(40)[20:]]
    found = export(task, given, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_bytes() + found.apart.read_bytes()
    answers = [each["assistant"] for each in parse_conversations(lines)]
    assert sorted(answers) == [f"Category: {said}"] * 20 + ["Category: taste"] * 20
    with pytest.raises(UnknownLabels, match="smell"):
        export(task, [Example(text="x", answer=["smell"])], tmp_path / "b.jsonl")


def test_texts_count_once_as_they_were_answered_last(export, history, tmp_path):
    history.teach(
        identity(QUEUE), [replace(each, answer="technical") for each in rows()], NOON
    )
    found = export(QUEUE, rows(), tmp_path / "out.jsonl")
    lines = parse_conversations((tmp_path / "out.jsonl").read_bytes())
    assert found.texts == 40
    assert {each["assistant"] for each in lines} == {"Category: billing"}


def test_what_stands_in_the_prompt_is_no_conversation(export, tmp_path):
    [shown] = QUEUE.examples
    assert export(QUEUE, [shown, *rows()], tmp_path / "out.jsonl").texts == 40


def test_of_many_examples_a_text_is_shown_with_those_that_it_would_be(export, tmp_path):
    task = replace(QUEUE, examples=tuple(rows(30)))
    found = export(task, [], tmp_path / "out.jsonl")
    assert found.texts == 30
    lines = parse_conversations((tmp_path / "out.jsonl").read_bytes())
    assert all(each["user"].count("Category: billing") == 4 for each in lines)


def test_nothing_is_written_where_something_is_in_the_way(export, tmp_path):
    (tmp_path / "b.held-out.jsonl").write_text("mine")
    with pytest.raises(OutputUnwritable, match=r"held-out\.jsonl is there already"):
        export(QUEUE, rows(), tmp_path / "b.jsonl")
    with pytest.raises(UsageError, match=r"a file \.jsonl"):
        export(QUEUE, rows(), tmp_path / "c.csv")
    with pytest.raises(UsageError, match="more labelled texts"):
        export(QUEUE, rows(1), tmp_path / "c.jsonl")
    with pytest.raises(UnknownLabels, match="weather"):
        export(QUEUE, [Example(text="x", answer="weather")], tmp_path / "c.jsonl")
    assert [each.name for each in tmp_path.iterdir()] == ["b.held-out.jsonl"]


def test_values_of_fields_are_written_from_a_file_as_well(export, tmp_path):
    shown = [Example(text=f"note {at}", answer={"total": [str(at)]}) for at in range(20)]
    found = export(RECEIPT, shown, tmp_path / "fields.jsonl")
    assert found.texts == 20 + len(RECEIPT.examples)
    assert found.taught + found.held_out >= 20 * len(RECEIPT.fields)


def test_without_a_key_the_rows_that_are_given_are_written(export, history, tmp_path):
    history.failing = HistoryKeyless()
    assert export(QUEUE, rows(), tmp_path / "out.jsonl").texts == 40


@given(st.text())
def test_a_text_is_held_out_or_not_whatever_stands_around_it(text):
    assert is_held_out(text) == is_held_out(f" {text}\n") == is_held_out(text)


@given(st.text(), st.text(min_size=1))
def test_any_text_makes_a_line_that_is_read_back(text, said):
    [made] = conversations(PLAIN, Example(text=text, answer=f"x{said}"))
    content = made.line.encode(errors="replace")
    [read] = parse_conversations(content)
    clean = text.strip().encode(errors="replace").decode()
    assert clean in read["user"]
    assert made.line.count("\n") == 1


@pytest.mark.parametrize(
    "line",
    [
        '{"messages": []}\n',
        '{"messages": [{"role": "user", "content": "a"}]}\n',
        '{"text": "a"}\n',
        '{"messages": [{"role": "system", "content": "a"}]}\n',
        "{",
    ],
)
def test_the_parser_of_the_tests_refuses_what_trainers_would(line):
    with pytest.raises(ValueError, match=r"line|Expecting"):
        parse_conversations(line.encode())

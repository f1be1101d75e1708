"""`teach` on the command line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.stores import FakeRows, FakeTasks
from fakes.tasks import RECEIPT, TAGS
from fakes.teaching import ADOPTED
from onhand.domain.tasks import Example, Rewrite
from onhand.domain.teaching import Lesson, Verdict

STATUS = Rewrite(name="Status", id="status", instruction="As a status line.")
BARE = replace(TAGS, none=None, examples=())
ROWS = (
    '{"text": "I was charged twice", "label": "billing"}\n'
    '{"text": "It crashes", "label": "technical"}\n'
)


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS)
    return path


def test_examples_are_listed_and_removed_one_by_one(desk):
    assert "has no examples" in desk.run("teach 'Ticket queue' --list").err
    desk.run("classify 'I was charged twice' --task 'Ticket queue'")
    desk.run("history correct r1 technical")
    task_id = desk.history.stored[0].task_id
    taught = [Example(text="A bill too many", answer="billing")]
    desk.history.teach(task_id, taught, desk.clock.now())
    rows = [
        row.split("\t") for row in desk.run("teach 'Ticket queue' --list").out.splitlines()
    ]
    assert sorted(row[2:] for row in rows) == [
        ["", "billing", "A bill too many"],
        ["r1", "technical", "I was charged twice"],
    ]
    shown = desk.run("teach 'Ticket queue' --list --json").objects
    [number] = [each["number"] for each in shown if each["entry"] == "r1"]
    desk.prefixes.made = True
    said = desk.run(["teach", "Ticket queue", "--forget", str(number), "--list"])
    assert "1 removed." in said.err
    assert not desk.prefixes.made  # it may have stood in one
    assert "A bill too many" in said.out
    assert "charged twice" not in said.out
    assert desk.history.get(1).correction is None
    assert desk.run(["teach", "Ticket queue", "--forget", "9" * 30]).code == 2
    assert desk.teach.taught == []


def test_teaching_tells_what_was_won(desk, rows):
    said = desk.run(["teach", "Ticket queue", str(rows)])
    assert said.code == 0
    assert said.out == (
        "Of 40 examples 20 were answered rightly before, and 34 with what the others teach"
        " (p = 0.00066).\n"
        "'Ticket queue' answers with what it learned from now on, with smollm2-135m."
        " 'onhand teach TASK --undo' takes it back.\n"
    )
    [(task, examples, keep)] = desk.teach.taught
    assert task.name == "Ticket queue"
    assert keep
    assert examples == [
        Example(text="I was charged twice", answer="billing"),
        Example(text="It crashes", answer="technical"),
    ]


def test_several_labels_are_taught_and_told(desk, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,label\none,price; taste\ntwo,\nthree,smell; taste\n")
    desk.tasks = FakeTasks(BARE)
    desk.teach.lesson = replace(ADOPTED, f1=(0.52, 0.81), chance=0.0004)
    said = desk.run(["teach", "Tags", str(path), "--skip-unknown"])
    assert said.out.startswith(
        "Of 40 examples 20 had all labels right before, and 34 have with what the others"
        " teach. F1 over all labels was 0.52 and is 0.81 (p = 0.0004).\n"
    )
    assert "1 rows name no label; they teach when none applies." in said.err
    [(_, examples, _)] = desk.teach.taught
    assert [each.answer for each in examples] == [["price", "taste"], []]
    [told] = desk.run(["teach", "Tags", str(path), "--json"]).objects
    assert (told["f1_before"], told["f1_after"], told["p"]) == (0.52, 0.81, 0.0004)


def test_a_curve_of_several_labels_says_so(desk, tmp_path):
    rows, drawn = tmp_path / "rows.jsonl", tmp_path / "curve.svg"
    rows.write_text('{"text": "a", "label": ["price"]}\n')
    said = desk.run(["teach", "Tags", str(rows), "--curve", str(drawn)])
    assert said.code == 0
    assert "all labels right" in drawn.read_text()


def test_a_curve_of_fields_is_about_their_values(desk, tmp_path):
    rows, drawn = tmp_path / "rows.jsonl", tmp_path / "curve.svg"
    rows.write_text('{"text": "Inn", "fields": {"company": ["Inn"]}}\n')
    said = desk.run(["teach", "Receipt", str(rows), "--curve", str(drawn)], terminal=True)
    assert said.code == 0
    assert "F1 of the values" in said.out
    assert "F1 of the values" in drawn.read_text()


def test_teaching_is_told_as_one_object(desk, rows):
    [told] = desk.run(["teach", "Ticket queue", str(rows), "--json"]).objects
    assert told["verdict"] == "adopted"
    assert (told["examples"], told["before"], told["after"]) == (40, 20, 34)
    assert told["p"] == pytest.approx(ADOPTED.probability)


@pytest.mark.parametrize(
    ("lesson", "words"),
    [
        (Lesson(verdict=Verdict.TOO_FEW, examples=3), "3 of the 10 examples that it takes"),
        (Lesson(verdict=Verdict.ONE_LABEL, examples=30), "the same label"),
        (replace(ADOPTED, verdict=Verdict.NO_GAIN, only=(4, 5)), "That could be chance"),
    ],
    ids=lambda each: each.verdict if isinstance(each, Lesson) else "",
)
def test_what_does_not_help_is_not_used_and_that_is_said(desk, rows, lesson, words):
    desk.teach.lesson = lesson
    said = desk.run(["teach", "Ticket queue", str(rows)])
    assert said.code == 0
    assert words in said.out


def test_a_private_lesson_is_only_tried(desk, rows):
    said = desk.run(["teach", "Ticket queue", str(rows), "--private"])
    assert "all stays as it was" in said.out
    assert [keep for _, _, keep in desk.teach.taught] == [False]


@pytest.mark.parametrize("more", [[], ["--teacher", "large"]])
@pytest.mark.parametrize(
    ("verdict", "private", "kept"),
    [
        (Verdict.ADOPTED, [], True),
        (Verdict.ADOPTED, ["--private"], False),
        (Verdict.NO_GAIN, [], False),
    ],
)
def test_a_program_can_tell_what_is_kept(desk, rows, more, verdict, private, kept):
    desk.teach.lesson = desk.distil.lesson = replace(ADOPTED, verdict=verdict)
    line = ["teach", "Ticket queue", str(rows), *more, "--json", *private]
    [told] = desk.run(line).objects
    assert (told["verdict"], told["kept"]) == (verdict, kept)


def test_where_there_is_no_key_it_is_said_that_examples_are_not_kept(desk, rows):
    desk.teach.examples_kept = False
    line = ["teach", "Ticket queue", str(rows)]
    assert "the examples are not kept. What was learned from them is" in desk.run(line).err
    desk.teach.lesson = Lesson(verdict=Verdict.TOO_FEW, examples=2)
    assert desk.run(line).err.endswith("the examples are not kept.\n")


def test_texts_with_several_labels_are_counted(desk, rows):
    desk.teach.relabelled = 2
    said = desk.run(["teach", "Ticket queue", str(rows)])
    assert "2 texts came with different labels; the last row counts." in said.err


def test_the_first_rows_and_other_columns_can_be_chosen(desk, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("body,team\none,billing\ntwo,billing\n")
    chosen = ["--limit", "1", "--column", "body", "--label-column", "team"]
    desk.run(["teach", "Ticket queue", str(path), *chosen])
    [(_, examples, _)] = desk.teach.taught
    assert examples == [Example(text="one", answer="billing")]


def test_rows_with_unknown_labels_can_be_left_out(desk, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,label\none,billing\ntwo,weather\n")
    desk.run(["teach", "Ticket queue", str(path), "--skip-unknown"])
    [(_, examples, _)] = desk.teach.taught
    assert examples == [Example(text="one", answer="billing")]


def test_a_row_without_a_label_is_named(desk, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "billing"}\n{"text": "b"}\n')
    said = desk.run(["teach", "Ticket queue", str(path)])
    assert said.code == 14
    assert "row 2 has no 'label'" in said.err


def test_without_a_file_it_learns_from_corrections(desk):
    desk.run(["teach", "Ticket queue"])
    assert [examples for _, examples, _ in desk.teach.taught] == [[]]


def test_a_lesson_is_undone(desk, rows):
    desk.run(["teach", "Ticket queue", str(rows)])
    assert "as before" in desk.run(["teach", "Ticket queue", "--undo"]).out
    assert "taught nothing" in desk.run(["teach", "Ticket queue", "--undo"]).out
    [told] = desk.run(["teach", "Ticket queue", "--undo", "--json"]).objects
    assert told["undone"] is False
    assert desk.run(["teach", "Ticket queue", str(rows), "--undo"]).code == 2


def test_a_curve_is_drawn_and_nothing_is_taught(desk, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("text,label\n" + "x,billing\n" * 40)
    path = tmp_path / "curve.svg"
    line = ["teach", "Ticket queue", str(rows), "--curve"]
    said = desk.run([*line, str(path)])
    assert said.code == 0
    assert "85.0 %" in said.out
    assert "Nothing was taught." in said.err
    assert "Ticket queue: learning curve" in path.read_text(encoding="utf-8")
    assert desk.teach.taught == []
    assert "is there already" in desk.run([*line, str(path)]).err
    assert desk.run([*line, "curve.png"]).code == 2
    [told] = desk.run([*line, str(tmp_path / "b.svg"), "--json"]).objects
    assert told["before"] == 0.5
    assert told["curve"][1] == {"texts": 40, "right": 0.85}


def test_examples_are_exported_and_nothing_is_taught(desk, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("text,label\n" + "".join(f"text {n},billing\n" for n in range(40)))
    path = tmp_path / "out.jsonl"
    said = desk.run(["teach", "Ticket queue", str(rows), "--export", str(path)])
    assert said.code == 0
    assert "conversations are in" in said.err
    assert "not encrypted" in said.err
    assert len(path.read_text().splitlines()) > 20
    assert desk.teach.taught == []
    again = desk.run(["teach", "Ticket queue", str(rows), "--export", str(path)])
    assert "is there already" in again.err
    other = ["--export", str(tmp_path / "b.jsonl"), "--json"]
    [told] = desk.run(["teach", "Ticket queue", str(rows), *other]).objects
    assert told["written"] + told["held_out"] == told["texts"] == 40


@pytest.fixture
def texts(desk):
    desk.rows = FakeRows("one", None, "two", "three")
    return ["texts.jsonl", "--teacher", "large"]


def test_a_larger_model_teaches_on_rows_without_labels(desk, texts, tmp_path):
    review = tmp_path / "labels.csv"
    said = desk.run(["teach", "Ticket queue", *texts, "--review", str(review)])
    assert said.code == 0
    assert said.out == (
        "large labelled 3 texts; the 1 that it was least sure of taught nothing.\n"
        "1 texts it could not answer.\n"
        "smollm2-135m gives 20 of 40 the same answer by itself, and 34 with what the others"
        " teach (p = 0.00066): 85.0 % of the teacher's answers in 40.0 % of its time.\n"
        "'Ticket queue' answers with what it learned from now on, with smollm2-135m."
        " 'onhand teach TASK --undo' takes it back.\n"
    )
    assert desk.distil.asked == [(["one", "two", "three"], "large", True)]
    assert desk.distil.saved == [review]
    assert desk.teach.taught == []


def test_a_larger_model_teaches_several_labels(desk, texts):
    desk.tasks = FakeTasks(BARE)
    desk.distil.lesson = replace(ADOPTED, f1=(0.52, 0.81), chance=0.0004)
    said = desk.run(["teach", "Tags", *texts])
    assert "in 40.0 % of its time. F1 over all labels was 0.52 and is 0.81.\n" in said.out
    [told] = desk.run(["teach", "Tags", *texts, "--json"]).objects
    assert (told["f1_before"], told["f1_after"], told["p"]) == (0.52, 0.81, 0.0004)


def test_a_larger_model_is_told_as_one_object(desk, texts):
    [told] = desk.run(["teach", "Ticket queue", *texts, "--json", "--limit", "3"]).objects
    assert (told["teacher"], told["labelled"], told["left_out"]) == ("large", 2, 1)
    assert (told["same"], told["teacher_seconds"], told["seconds"]) == (0.85, 0.5, 0.2)


def test_what_a_larger_model_teaches_is_only_tried_or_not_used(desk, texts):
    said = desk.run(["teach", "Ticket queue", *texts, "--private"])
    assert "all stays as it was" in said.out
    assert [keep for _, _, keep in desk.distil.asked] == [False]
    desk.distil.lesson = replace(ADOPTED, verdict=Verdict.NO_GAIN)
    assert "answers as before" in desk.run(["teach", "Ticket queue", *texts]).out
    desk.distil.lesson = Lesson(verdict=Verdict.ONE_LABEL, examples=18)
    said = desk.run(["teach", "Ticket queue", *texts])
    assert said.out.endswith("was not taught: all examples have the same label.\n")
    assert "the same answer" not in said.out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--teacher", "large"], "takes rows with texts"),
        (["rows.csv", "--teacher", "large", "--curve", "a.svg"], "does not go with"),
        (["rows.csv", "--teacher", "large", "--export", "a.jsonl"], "does not go with"),
        (["rows.csv", "--teacher", "large", "--review", "a.txt"], "written into .csv"),
        (["rows.csv", "--review", "a.csv"], "--review goes with --teacher"),
    ],
)
def test_what_a_teacher_cannot_do_is_said(desk, words, why):
    said = desk.run(["teach", "Ticket queue", *words])
    assert said.code == 2
    assert why in said.err
    assert desk.distil.asked == []


WRITTEN = replace(ADOPTED, edits=(0.564, 0.248), chance=0.0002)


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ("text,rewritten\nA note,A line\n", []),
        ("text,text_2\nA note,A line\n", []),
        ("text,a,mine\nA note,b,A line\n", ["--label-column", "mine"]),
        ("text,summary,label\nA note,x,A line\n", []),
    ],
)
def test_texts_as_they_should_be_written_teach_a_task_that_writes(
    desk, tmp_path, rows, more
):
    path = tmp_path / "rows.csv"
    path.write_text(rows)
    desk.tasks = FakeTasks(STATUS)
    desk.teach.lesson = WRITTEN
    said = desk.run(["teach", "Status", str(path), *more])
    assert said.code == 0
    assert said.out.startswith(
        "40 examples were written anew, without what the others show and with it: of 100"
        " words 56 had to be changed before, and 25 have (p = 0.0002).\n"
    )
    [(task, [example], _)] = desk.teach.taught
    assert (task, example.answer) == (STATUS, "A line")
    [found] = desk.run(["--json", "teach", "Status", str(path), *more]).objects
    assert (found["edit_rate_before"], found["edit_rate_after"]) == (0.564, 0.248)
    assert "f1_before" not in found


def test_a_table_without_such_a_text_is_told(desk, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,other\nA note,A line\n")
    desk.tasks = FakeTasks(STATUS)
    said = desk.run(["teach", "Status", str(path)])
    assert said.code == 2
    assert "there is no column 'label'" in said.err


def test_examples_that_are_too_long_to_be_shown_are_told(desk):
    desk.tasks = FakeTasks(STATUS)
    desk.teach.lesson = Lesson(verdict=Verdict.TOO_LONG, examples=12)
    said = desk.run("teach Status")
    assert "each example is longer than the 1000 letters that a model is shown" in said.out


def test_values_of_fields_teach_a_task_that_finds_them(desk, tmp_path):
    path = tmp_path / "values.jsonl"
    path.write_text('{"text": "Inn, cash", "fields": {"company": "Inn", "way": "cash"}}\n')
    desk.tasks = FakeTasks(RECEIPT)
    desk.teach.lesson = replace(ADOPTED, f1=(0.52, 0.81), fields=True)
    said = desk.run(["teach", "Receipt", str(path)])
    assert said.code == 0
    assert "20 had all values right before, and 34 have" in said.out
    assert "F1 over all values was 0.52 and is 0.81" in said.out
    [(task, [example], _)] = desk.teach.taught
    assert task == RECEIPT
    assert example.answer == {"company": ["Inn"], "way": ["cash"]}

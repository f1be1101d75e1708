"""`classify`, `extract`, `rewrite`, `summarise`, as somebody types them."""

from __future__ import annotations

import errno

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.command_line import BrokenStream, Stream
from onhand.domain.answers import Check, Extraction, Lane, Rewriting, Summary, Value
from onhand.domain.errors import (
    DataDamaged,
    DataFolderUnwritable,
    DiskFull,
    EngineCrashed,
    ModelMissing,
    ModelUnusable,
)
from onhand.domain.progress import Cancelled
from onhand.domain.tasks import Classify, Extract, Field, Label, Rewrite, Summarise

CLASSIFY = (
    'classify "I was charged twice" --label billing="charges, refunds" --label technical'
)


def test_a_text_is_classified_by_the_labels_that_were_given(desk):
    said = desk.run(CLASSIFY)
    assert (said.code, said.out) == (0, "technical\n")
    task, text = desk.answering.asked[0]
    assert text == "I was charged twice"
    assert isinstance(task, Classify)
    assert task.labels == (
        Label(name="billing", meaning="charges, refunds"),
        Label(name="technical"),
    )


def test_beside_the_answer_stands_where_it_was_made_and_that_it_was_kept(desk):
    said = desk.run(CLASSIFY)
    assert "starter-135m on cpu" in said.err
    assert "kept as r1" in said.err
    assert "not enough corrections" in said.err
    assert "(0 of 30)" in said.err


def test_quiet_leaves_the_remarks_out(desk):
    said = desk.run(CLASSIFY + " --quiet")
    assert (said.out, said.err) == ("technical\n", "")


def test_private_keeps_nothing(desk):
    said = desk.run(CLASSIFY + " --private")
    assert desk.history.stored == []
    assert "not kept" in said.err


def test_common_options_may_stand_in_front_of_the_command_as_well(desk):
    said = desk.run("--quiet --private --json " + CLASSIFY)
    assert said.err == ""
    assert said.objects[0]["id"] is None


def test_json_is_the_object_of_the_contract_and_nothing_else(desk):
    said = desk.run(CLASSIFY + " --json")
    assert said.objects == [
        {
            "schema": 1,
            "id": "r1",
            "kind": "classify",
            "answer": {
                "label": "technical",
                "scores": pytest.approx({"billing": 0.286, "technical": 0.714}, abs=1e-3),
            },
            "confidence": pytest.approx(0.714, abs=1e-3),
            "lane": "check",
            "route": "local",
            "model": "starter-135m",
            "device": "cpu",
            "seconds": 0.25,
            "read": 1.0,
            "error": None,
        }
    ]


def test_a_terminal_shows_a_bar_for_each_label(desk):
    said = desk.run(CLASSIFY, terminal=True)
    assert "billing" in said.out
    assert "█" in said.out
    assert "71%" in said.out


def test_many_labels_do_not_fill_the_screen(desk):
    labels = " ".join(f"--label l{number}" for number in range(150))
    said = desk.run(f"classify text {labels}", terminal=True)
    assert len(said.out.splitlines()) == 11
    assert "and 140 more labels" in said.out


def test_none_multiple_and_an_instruction_can_be_given(desk):
    desk.run("classify text --label a --none b --multiple --instruction 'Is it an a?'")
    task = desk.answering.asked[0][0]
    assert isinstance(task, Classify)
    assert (task.none, task.multiple, task.instruction) == ("b", True, "Is it an a?")


def test_several_labels_are_told_a_line_each(desk):
    said = desk.run("classify 'b and c' --label bread --label cake --label fish --multiple")
    assert said.out == "bread\ncake\n"


def test_an_instruction_of_ours_stands_in_for_one_that_was_not_given(desk):
    desk.run("classify text --label a --label b")
    desk.run("extract text --field a")
    desk.run("summarise text")
    assert all(task.instruction for task, _ in desk.answering.asked)


def test_fields_are_told_with_a_tabulator_between_name_and_value(desk):
    said = desk.run('extract "Inn 27.10" --field company="name of the shop" --field total')
    assert said.out == "company\tInn\ntotal\tInn\n"
    task = desk.answering.asked[0][0]
    assert isinstance(task, Extract)
    assert task.fields == (
        Field(name="company", description="name of the shop"),
        Field(name="total"),
    )


def test_a_field_that_is_not_in_the_text_stays_empty(desk):
    value = Value(text="two\nlines", start=0, end=9, confidence=0.9, value="two lines")
    desk.answering.changes["answer"] = Extraction(fields={"a": (value,), "b": ()})
    assert desk.run("extract text --field a --field b").out == "a\ttwo lines\nb\t\n"
    shown = desk.run("extract text --field a --field b", terminal=True).out
    assert "found, 90%" in shown
    assert "not in the text" in shown


def test_fields_to_look_at_are_named_once_enough_was_judged(desk):
    value = Value(text="Inn", start=0, end=3, confidence=0.9, value="Inn")
    answer = Extraction(fields={"a": (value,), "b": ()}, sure={"a": 0.9, "b": 0.9})
    desk.answering.changes["answer"] = answer
    desk.run("settings set promised_error 20")
    for _ in range(60):
        desk.run("extract Inn --field a --field b")
        desk.run(f"history correct r{len(desk.history.stored)} a=Inn b=x")
    said = desk.run("extract Inn --field a --field b --json")
    assert said.objects[0]["lanes"] == {"a": "sure", "b": "hard"}
    assert "look at: b" in said.err


def test_a_style_has_an_instruction_of_its_own(desk):
    assert desk.run("rewrite 'i has' --style formal").out == "I HAS\n"
    task = desk.answering.asked[0][0]
    assert isinstance(task, Rewrite)
    assert "formal" in task.instruction


def test_a_rewrite_takes_an_instruction_in_own_words(desk):
    desk.run("rewrite text --instruction 'As a poem.'")
    assert desk.answering.asked[0][0] == Rewrite(instruction="As a poem.")


def test_what_a_rewrite_lost_is_told_even_to_the_quiet(desk):
    checks = (
        Check(name="numbers", ok=True),
        Check(name="negation", ok=False, detail="not"),
    )
    desk.answering.changes["answer"] = Rewriting(text="yes", checks=checks, edits=())
    assert desk.run("rewrite text --style fix --quiet").err == "negation NOT kept (not)\n"
    assert "numbers kept" in desk.run("rewrite text --style fix").err


def test_what_is_wrong_with_the_whole_is_said_as_it_is(desk):
    detail = "it became too long and was cut off"
    checks = (Check(name="ending", ok=False, detail=detail),)
    desk.answering.changes["answer"] = Rewriting(text="yes", checks=checks, edits=())
    assert desk.run("rewrite text --style fix --quiet").err == f"ending: {detail}\n"


def test_what_is_wrong_with_a_summary_is_told_even_to_the_quiet(desk):
    checks = (
        Check(name="length", ok=True),
        Check(name="language", ok=False, detail="the text is German, the answer English"),
    )
    desk.answering.changes["answer"] = Summary(text="yes", parts=(), checks=checks)
    said = desk.run("summarise text --quiet")
    wrong = "language NOT kept (the text is German, the answer English)\n"
    assert (said.out, said.err) == ("yes\n", wrong)
    assert "length" not in desk.run("summarise text").err
    [told] = desk.run("summarise text --json").objects
    assert [each["ok"] for each in told["answer"]["checks"]] == [True, False]


def test_a_note_is_told_even_to_the_quiet(desk):
    note = "The model starter-135m was not made for Finnish."
    desk.answering.changes["notes"] = (note,)
    assert desk.run(CLASSIFY + " --quiet").err == f"{note}\n"
    [told] = desk.run(CLASSIFY + " --json").objects
    assert told["notes"] == [note]


def test_a_summary_is_told(desk):
    assert desk.run("summarise 'A long text about rent.'").out == "A long te\n"
    assert isinstance(desk.answering.asked[0][0], Summarise)


def test_on_a_terminal_a_text_is_shown_while_it_is_written_and_only_once(desk):
    desk.answering.pieces = ["I ", "HAS"]
    assert desk.run("rewrite 'i has' --style fix", terminal=True).out == "I HAS\n"


def test_a_text_that_ended_up_different_is_shown_again_whole(desk):
    desk.answering.pieces = ["I HAD"]
    assert desk.run("rewrite 'i has' --style fix", terminal=True).out == "I HAD\n\nI HAS\n"


def test_into_a_pipe_goes_only_the_finished_text(desk):
    desk.answering.pieces = ["I HAD"]
    assert desk.run("rewrite 'i has' --style fix").out == "I HAS\n"


def test_a_text_cannot_command_the_terminal(desk):
    desk.answering.changes["answer"] = Rewriting(text="a\x1b]0;x\x07b", checks=(), edits=())
    assert "\x1b" not in desk.run("rewrite text --style fix", terminal=True).out
    assert desk.run("rewrite text --style fix").out == "a\x1b]0;x\x07b\n"


def test_a_task_can_be_named(desk):
    desk.run('classify text --task "ticket queue"')
    assert desk.answering.asked[0][0].name == "Ticket queue"


def test_a_task_of_another_kind_is_refused_with_the_right_command(desk):
    said = desk.run("classify text --task Receipt")
    assert said.code == 2
    assert "onhand extract" in said.err


@pytest.mark.parametrize("stdin", ["Käse, 3 €".encode(), "Käse, 3 €".encode("utf-16")])
@pytest.mark.parametrize("dash", ["-", ""])
def test_standard_input_is_read_whatever_its_encoding(desk, stdin, dash):
    desk.run(f"summarise {dash}", stdin=stdin)
    assert desk.answering.asked[0][1] == "Käse, 3 €"


def test_how_a_text_was_read_is_told_where_it_is_not_obvious(desk):
    said = desk.run("summarise -", stdin="Grüße aus Köln, schöne Grüße".encode("latin-1"))
    assert "Read as Latin-1" in said.err
    assert desk.answering.asked[0][1] == "Grüße aus Köln, schöne Grüße"


def test_line_ends_and_spaces_reach_the_task_as_they_are(desk):
    desk.run("summarise -", stdin=b"  a\r\nb\n\n")
    assert desk.answering.asked[0][1] == "  a\r\nb\n\n"


def test_an_argument_in_another_encoding_is_read(desk):
    text = "Grüße aus Köln, schöne Grüße".encode("latin-1").decode(errors="surrogateescape")
    desk.run(["summarise", text])
    assert desk.answering.asked[0][1] == "Grüße aus Köln, schöne Grüße"


@pytest.mark.parametrize(
    ("stdin", "code", "cause"),
    [
        (None, 2, "standard input is closed"),
        (Stream(terminal=True), 2, "There is no text"),
        (b"%PDF-1.7", 14, "PDF"),
        (b"\0\1\2\3", 14, "zero bytes"),
    ],
)
def test_input_that_is_no_text_is_refused_with_its_cause(desk, stdin, code, cause):
    said = desk.run("summarise", stdin=stdin)
    assert (said.code, said.out) == (code, "")
    assert cause in said.err


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("classify text", "--label"),
        ("classify text --label a", "at least 2"),
        ("classify text --label a --label a", "given twice"),
        ("classify text --label a --label ''", "empty name"),
        ("classify text --label a --label =meaning", "empty name"),
        ("classify text --label a --label b --none a", "given twice"),
        ("extract text", "--field"),
        ("extract text --field a --field a", "given twice"),
        ("rewrite text", "--style"),
        ("rewrite text --style fix --instruction x", "--style"),
        ("rewrite text --style loud", "expected one of fix, plain"),
        ("rewrite text --task Plain --style fix", "--task says it all"),
        ("classify text --task nothing", "no such task"),
        ("classify one two --label a --label b", "unrecognized"),
        ("classify text --label", "expected one argument"),
        ("frobnicate", "invalid choice"),
        ("history", "COMMAND"),
        ("batch Short", "INPUT"),
    ],
)
def test_what_cannot_be_run_ends_with_2_its_cause_and_a_way_out(desk, line, cause):
    said = desk.run(line)
    assert said.code == 2
    assert cause in said.err
    assert said.err.startswith("onhand: ")
    assert len(said.err.splitlines()) == 2
    assert desk.answering.asked == []


@pytest.mark.parametrize(
    "name",
    ['say "hi"', "💸 money", "billing", "billing late", "-x", "a,b", " "],
)
def test_labels_may_be_any_words(desk, name):
    said = desk.run(["classify", "text", "--label=other", f"--label={name}=what it means"])
    if not name.strip():
        assert said.code == 2
        return
    assert said.code == 0
    task = desk.answering.asked[0][0]
    assert isinstance(task, Classify)
    assert task.labels[1] == Label(name=name, meaning="what it means")


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        (ModelMissing("big"), 3),
        (ModelUnusable("truncated"), 10),
        (EngineCrashed("SIGSEGV"), 11),
        (DataDamaged("models.json"), 6),
    ],
)
def test_a_failure_has_its_exit_code_cause_and_way_out(desk, failing, code):
    desk.answering.failing = failing
    said = desk.run(CLASSIFY)
    assert (said.code, said.out) == (code, "")
    assert said.err == f"onhand: {failing}\n  {failing.hint}\n"


def test_a_failure_is_an_object_as_well_where_json_is_wanted(desk):
    desk.answering.failing = ModelMissing("big")
    said = desk.run(CLASSIFY + " --json")
    assert said.code == 3
    assert said.objects[0]["answer"] is None
    assert said.objects[0]["error"] == {
        "code": "model_missing",
        "title": "The model is not on this machine: big",
        "hint": ModelMissing.hint,
    }
    assert desk.run("classify --json").objects[0]["error"]["code"] == "usage"


def test_the_object_of_a_failure_has_the_keys_of_an_answer(desk):
    right = desk.run(CLASSIFY + " --json").objects[0]
    desk.answering.failing = ModelMissing("big")
    wrong = desk.run(CLASSIFY + " --json").objects[0]
    assert list(right) == list(wrong)


@pytest.mark.parametrize("stop", [Cancelled(), KeyboardInterrupt()])
def test_stopping_ends_with_130_and_no_failure(desk, stop):
    desk.answering.failing = stop
    said = desk.run(CLASSIFY)
    assert said.code == 130
    assert "Stopped." in said.err
    assert desk.history.stored == []


@pytest.mark.parametrize(
    ("failing", "code"), [(DataFolderUnwritable("/data"), 0), (DiskFull("/data"), 8)]
)
def test_an_answer_that_could_not_be_kept_is_given_all_the_same(desk, failing, code):
    desk.history.failing = failing
    said = desk.run(CLASSIFY + " --quiet")
    assert (said.code, said.out) == (code, "technical\n")
    assert "not kept in the history" in said.err
    assert failing.title in said.err
    assert failing.hint in said.err


def test_that_not_all_was_read_is_told_even_to_the_quiet(desk):
    desk.answering.changes["read"] = 0.25
    said = desk.run(CLASSIFY + " --quiet")
    assert said.err.startswith("Only 25.0% of the text was read")


def test_a_hard_text_is_called_hard(desk):
    for _ in range(30):
        desk.run(CLASSIFY)
        desk.run(f"history correct r{len(desk.history.stored)} billing")
    said = desk.run(CLASSIFY + " --json")
    assert said.objects[0]["lane"] == Lane.HARD
    assert "too hard" in said.err
    assert "in 100 were wrong, n = 30" in said.err


def test_an_answer_like_those_that_were_right_is_to_be_relied_on(desk):
    desk.run("settings set promised_error 20")
    for _ in range(30):
        desk.run(CLASSIFY)
        desk.run(f"history correct r{len(desk.history.stored)} technical")
    assert "(29 of 30)" in desk.run("history show r30").err
    said = desk.run(CLASSIFY + " --json")
    assert said.objects[0]["lane"] == Lane.SURE
    assert "an answer to rely on" in said.err
    assert "of those called so at most 20 in 100 are, with 90 % certainty" in said.err


def test_how_many_judged_answers_are_missing_for_a_strict_promise_is_told(desk):
    desk.run("settings set promised_error 1")
    for _ in range(30):
        desk.run(CLASSIFY)
        desk.run(f"history correct r{len(desk.history.stored)} technical")
    said = desk.run(CLASSIFY + " --json")
    assert said.objects[0]["lane"] == Lane.CHECK
    assert "131 more before any can be called sure" in said.err


def test_a_request_that_small_models_fail_at_is_told_and_answered(desk):
    said = desk.run(["rewrite", "5 and 7", "--instruction", "Calculate the sum."])
    assert "Small models often fail at this: it asks to count or to calculate." in said.err
    assert said.code == 0
    assert "Small models" not in desk.run(CLASSIFY).err


def test_what_a_long_text_will_take_is_told_first(desk):
    said = desk.run("summarise -", stdin=b"many words " * 1000)
    assert said.err.startswith("The text has 9000 tokens and is read in 3 parts")
    assert "about 2 min" in said.err


def test_a_reader_that_goes_away_is_no_failure(desk):
    said = desk.run(CLASSIFY, stdout=BrokenStream(BrokenPipeError(errno.EPIPE, "gone")))
    assert said.code == 0
    assert "Traceback" not in said.err
    assert len(desk.history.stored) == 1


def test_an_answer_that_does_not_fit_on_the_disk_ends_with_8(desk):
    said = desk.run(CLASSIFY, stdout=BrokenStream(OSError(errno.ENOSPC, "no room")))
    assert said.code == 8
    assert "disk is full" in said.err


def test_without_standard_output_nothing_is_begun(desk):
    closed = Stream()
    closed.close()
    said = desk.run(CLASSIFY, stdout=closed)
    assert said.code == 2
    assert "standard output is closed" in said.err
    assert desk.answering.asked == []


def test_the_engine_is_started_for_those_who_need_it_alone(desk):
    desk.run(CLASSIFY)
    desk.run("history search")
    assert desk.engine_soon == [True, False]


@given(argv=st.lists(st.text(st.characters(exclude_characters="\0")), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_command_line_whatsoever_ends_in_a_traceback(desk, argv):
    said = desk.run(["classify", *argv])
    assert said.code in {0, 2, 14}


LABELS = "--label a --label b"


def test_a_text_is_read_from_a_file_of_any_kind(desk, tmp_path):
    (tmp_path / "a.txt").write_bytes("Grüße".encode("cp1252"))
    said = desk.run(f"classify --file {tmp_path / 'a.txt'} {LABELS}")
    assert said.code == 0
    assert "Read as" in said.err
    said = desk.run(f"classify --file {tmp_path / 'mail.eml'} {LABELS}")
    assert "A note." in said.err
    said = desk.run(f"classify --file {tmp_path / 'mail.eml'} --own-words {LABELS}")
    assert said.code == 0
    texts = [each.text for each in desk.history.search("", kind=None, limit=9, before=None)]
    assert texts == ["the own words of mail.eml", "the text of mail.eml", "Grüße"]


def test_what_is_no_text_ends_with_a_sentence_and_14(desk, tmp_path):
    with (tmp_path / "large.log").open("wb") as file:
        file.truncate(200_000_000)
    for name, why in (
        ("large.log", "larger than 20 MB; give the part that matters"),
        ("gone.txt", "No such file"),
        ("", "Is a directory"),
    ):
        said = desk.run(f"classify --file {tmp_path / name} {LABELS}")
        assert said.code == 14
        assert why in said.err


@pytest.mark.parametrize("options", ["text --file a.txt", "text --own-words"])
def test_options_that_contradict_each_other_are_told(desk, options):
    assert desk.run(f"classify {options} {LABELS}").code == 2


@pytest.mark.parametrize(
    "options",
    [
        ["classify", "x", "--label", "a", "--label", "b\nc"],
        ["classify", "x", "--label", "a b", "--label", "a  b"],
        ["classify", "x", "--label", "a", "--label", "b", "--none", "c "],
        ["extract", "x", "--field", "a\tb"],
    ],
)
def test_a_name_that_output_cannot_tell_is_refused(desk, options):
    said = desk.run(options)
    assert (said.code, said.out) == (2, "")
    assert "The task cannot be used: the " in said.err


def test_blanks_around_a_label_do_not_count(desk):
    options = ["--label", " billing = charges", "--label", "technical "]
    said = desk.run(["classify", "I was charged", *options, "--json"])
    assert list(said.objects[0]["answer"]["scores"]) == ["billing", "technical"]


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
def test_a_file_without_text_is_unreadable_as_a_document_without_is(
    desk, tmp_path, content
):
    (tmp_path / "e.txt").write_bytes(content)
    said = desk.run(f"classify --file {tmp_path / 'e.txt'} {LABELS}")
    assert (said.code, said.out) == (14, "")
    assert "e.txt: there is no text in it" in said.err

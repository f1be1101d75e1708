"""`evaluate` on the command line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.history_errors import HistoryKeyless


def answers(right, wrong):
    return (
        *[Answered(right="billing", given="billing", confidence=0.9, seconds=0.5)] * right,
        *[Answered(right="technical", given="billing", confidence=0.6, seconds=2.0)]
        * wrong,
    )


@pytest.fixture
def rows(desk, tmp_path):
    for name, size, right in (("tiny", 5, 6), ("large", 50, 10)):
        desk.evaluate.found[name] = Evaluation(
            model=name,
            title=name.title(),
            bytes=size,
            memory=123_000_000,
            answers=answers(right, 10 - right),
        )
    path = tmp_path / "rows.csv"
    path.write_text("text,label\n" + "x,billing\n" * 10)
    return path


def test_models_stand_side_by_side(desk, rows):
    said = desk.run(["evaluate", "Ticket queue", str(rows), "--models", "tiny, large"])
    assert said.code == 0
    assert desk.evaluate.asked == [(["tiny", "large"], 10)]
    assert "60.0 %" in said.out
    assert "123 MB" in said.out
    assert "4 x 'technical' was taken for 'billing'" in said.out
    assert "Tiny and Large: a difference like this comes about by chance with p = 0.12" in (
        said.out
    )
    assert "The smallest model that clears your bar of 90.0 % is Large." in said.out


def test_the_bar_is_a_choice(desk, rows):
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large", "--bar"]
    assert "bar of 50.0 % is Tiny." in desk.run([*line, "0.5"]).out
    assert "could be luck" in desk.run([*line, "0.5"]).out
    assert desk.run([*line, "1.5"]).code == 2
    assert desk.run([*line, "most"]).code == 2
    line[4] = "tiny"
    assert "None of them clears your bar of 100.0 %." in desk.run([*line, "1"]).out


def test_objects_hold_all_figures(desk, rows):
    line = ["evaluate", "Ticket queue", str(rows), "--model", "tiny", "--json"]
    [told] = desk.run(line).objects
    assert (told["task"], told["model"], told["texts"]) == ("Ticket queue", "tiny", 10)
    assert told["accuracy"] == pytest.approx(0.6)
    assert told["macro_f1"] == pytest.approx(0.375)
    assert told["ece"] == pytest.approx(0.6 * 0.1 + 0.4 * 0.6)
    assert told["seconds_p95"] == 2.0
    assert {"right": "technical", "given": "billing", "texts": 4} in told["confusion"]


def test_what_flatters_a_model_is_said(desk, rows):
    desk.evaluate.found["tiny"] = Evaluation(
        model="tiny",
        title="Tiny",
        bytes=5,
        memory=9,
        answers=(*answers(3, 0), Answered(right="billing", given=None, error="too long")),
        taught=40,
        seen=3,
    )
    said = desk.run(["evaluate", "Ticket queue", str(rows), "--models", "tiny"])
    assert "3 of these texts taught Tiny" in said.out
    assert "Tiny has no answer for 1 texts." in said.out


def test_a_report_is_written_and_seen_to_be_possible_before(desk, rows, tmp_path):
    path = tmp_path / "report.html"
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large", "--report"]
    said = desk.run([*line, str(path)])
    assert f"The report is in {path}." in said.err
    assert "clears your bar of 90.0 % is Large." in path.read_text(encoding="utf-8")
    asked = len(desk.evaluate.asked)
    assert "is there already" in desk.run([*line, str(path)]).err
    assert desk.run([*line, "report.docx"]).code == 2
    assert len(desk.evaluate.asked) == asked


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("name", "beginning"), [("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("a.xlsx", b"PK")]
)
def test_a_report_has_the_form_of_its_ending(desk, rows, tmp_path, name, beginning):
    path = tmp_path / name
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large"]
    assert desk.run([*line, "--report", str(path)]).code == 0
    assert path.read_bytes().startswith(beginning)


def test_a_cascade_tells_what_a_smaller_model_first_would_bring(desk, rows):
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large", "--cascade"]
    said = desk.run(line)
    assert "With Tiny before Large:" in said.out
    assert "It takes 60 texts to say whether that pays." in said.out
    *_, told = desk.run([*line, "--json"]).objects
    assert (told["cascade"], told["worth"]) == (["tiny", "large"], "too_few")
    line[4] = "tiny"
    assert desk.run(line).code == 2


def test_what_a_cascade_saves_is_told_in_figures(desk, rows):
    sure = Answered(right="a", given="a", confidence=0.99, seconds=0.5)
    slow = Answered(right="a", given="a", confidence=0.99, seconds=2.0)
    for name, each in (("tiny", sure), ("large", slow)):
        found = desk.evaluate.found[name]
        desk.evaluate.found[name] = replace(found, answers=(each,) * 200)
    rows.write_text("text,label\n" + "x,billing\n" * 200)
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large", "--cascade"]
    said = desk.run(line).out
    assert "Tiny answers 100.0 % of these texts, 100.0 % of those as Large would." in said
    assert "a text takes 0.50 s instead of 2.00 s.\nThat pays." in said


def test_what_was_measured_is_kept_and_shown(desk, rows):
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large"]
    assert "was not measured yet" in desk.run("evaluate 'Ticket queue' --history").err
    desk.run([*line, "--private"])
    assert desk.measurements.known == {}
    desk.run(line)
    [(_, kept)] = desk.measurements.known.items()
    assert [(each.model, each.right, each.texts) for each in kept] == [
        ("tiny", 6, 10),
        ("large", 10, 10),
    ]
    shown = desk.run("evaluate 'Ticket queue' --history")
    assert shown.code == 0
    assert "60.0 %\t31.3 % to 83.2 %" in shown.out
    assert shown.out.count(kept[0].sample) == 2
    first, _ = desk.run("evaluate 'Ticket queue' --history --json").objects
    assert (first["model"], first["texts"], first["right"]) == ("tiny", 10, 6)
    assert desk.run("evaluate 'Ticket queue'").code == 2


def test_two_measurements_are_compared_and_one_is_removed(desk, rows):
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large"]
    desk.run(line)
    earlier = ["evaluate", "Ticket queue"]
    shown = desk.run([*earlier, "--history", "--bar", "0.7"]).out
    assert [row.split("\t")[5] for row in shown.splitlines()] == ["no", "yes"]
    said = desk.run([*earlier, "--compare", "2,1"])
    assert "accuracy\t60.0 %\t100.0 %" in said.out
    assert "changed by +40.0 points; so much comes about by chance with p = 0.025" in (
        said.out
    )
    assert "Texts and labels are the same.\nAnother model answered." in said.out
    [change] = desk.run([*earlier, "--compare", "1,2", "--json"]).objects
    assert change["same_texts"] is True
    assert change["before"]["model"] == "tiny"
    for wrong in ("1,1", "1,9", "1", "x,2"):
        assert desk.run([*earlier, "--compare", wrong]).code == 2
    assert "is removed" in desk.run([*earlier, "--remove", "1"]).err
    assert desk.run([*earlier, "--remove", "1"]).code == 2
    assert desk.run([*earlier, "--remove", "9" * 30]).code == 2
    [left] = desk.run([*earlier, "--history", "--json"]).objects
    assert (left["id"], left["model"]) == (2, "large")


def test_where_only_figures_of_answers_are_kept_measurements_are_not(desk, rows):
    desk.run("settings set metrics_only yes")
    desk.run(["evaluate", "Ticket queue", str(rows), "--models", "tiny"])
    assert desk.measurements.known == {}


def test_where_nothing_is_kept_measurements_are_not_either(desk, rows):
    desk.run("settings set keep_history no")
    desk.run(["evaluate", "Ticket queue", str(rows), "--models", "tiny"])
    desk.run("settings set keep_history yes")
    desk.measurements.failing = HistoryKeyless()
    said = desk.run(["evaluate", "Ticket queue", str(rows), "--models", "tiny"])
    assert said.code == 0
    assert desk.measurements.known == {}

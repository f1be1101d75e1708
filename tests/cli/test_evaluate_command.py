"""`evaluate` on the command line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.teaching import finding, note_rows, receipt_rows, tagged_rows, tagging, writing
from onhand.domain.errors import DiskFull
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


@pytest.fixture
def tagged(desk, tmp_path):
    for name, size, wrong in (("tiny", 5, 30), ("large", 50, 5)):
        desk.evaluate.found[name] = tagging(name, name.title(), size, wrong, times=20)
    path = tmp_path / "tagged.csv"
    path.write_text(tagged_rows(20))
    columns = ["--column", "message", "--label-column", "tags"]
    return ["evaluate", "Tags", str(path), *columns, "--models", "tiny,large"]


def test_any_number_of_labels_is_measured_as_a_whole_and_label_by_label(desk, tagged):
    said = desk.run([*tagged, "--bar", "0.95"])
    assert said.code == 0
    tiny = desk.evaluate.found["tiny"]
    low, high = tiny.micro_interval
    micro = f"{tiny.micro_f1:.3f}\t{low:.3f} to {high:.3f}\t{tiny.macro_f1:.3f}"
    assert f"Tiny\t70.0 %\t60.4 % to 78.1 %\t{micro}" in said.out
    price, _ = tiny.labels
    assert f"{price.f1:.3f}\t60\t{price.wrong}\t{price.missed}" in said.out
    assert "was taken for" not in said.out
    assert "has all labels of its text, and no others. 20 of these texts have none." in (
        said.out
    )
    assert "could be luck: its share of right answers may be as low as 88.8 %." in said.out
    rows = desk.evaluate.asked[-1]
    assert rows == (["tiny", "large"], 100)


@pytest.fixture
def receipts(desk, tmp_path):
    for name, size, wrong in (("tiny", 5, 30), ("large", 50, 5)):
        desk.evaluate.found[name] = finding(name, name.title(), size, wrong, times=20)
    path = tmp_path / "receipts.csv"
    path.write_text(receipt_rows(20))
    line = ["evaluate", "Receipt", str(path), "--column", "message"]
    return [*line, "--models", "tiny,large"]


def test_fields_are_measured_by_f1_and_field_by_field(desk, receipts):
    said = desk.run([*receipts, "--bar", "0.8"])
    assert said.code == 0
    assert desk.evaluate.asked == [(["tiny", "large"], 100)]
    tiny = desk.evaluate.found["tiny"]
    low, high = (f"{100 * each:.1f} %" for each in tiny.score_interval)
    f1 = f"{100 * tiny.micro_f1:.1f} %"
    assert f"Tiny\t{f1}\t{low} to {high}\t70.0 %\t60.4 % to 78.1 %\t" in said.out
    company, way = tiny.labels
    assert f"company\t{100 * company.precision:.1f} %\t" in said.out
    assert f"way\t100.0 %\t100.0 %\t1.000\t{way.texts}\t0\t0" in said.out
    assert "calls none of these fields sure" in said.out
    assert "20 of these texts have none." in said.out
    assert "The smallest model that clears your bar of 80.0 % is Tiny." in said.out
    assert f"could be luck: its F1 may be as low as {low}." in said.out
    assert "was taken for" not in said.out


def test_objects_of_fields_have_fields_in_the_place_of_labels(desk, receipts):
    tiny, _, verdict = desk.run([*receipts, "--json", "--bar", "0.8"]).objects
    found = desk.evaluate.found["tiny"]
    assert (tiny["accuracy"], tiny["micro_f1"]) == (0.7, pytest.approx(found.micro_f1))
    assert tiny["multiple"] is False
    assert not {"labels", "confusion"} & {*tiny}
    company, _ = tiny["fields"]
    assert company["field"] == "company"
    assert company["found"] + company["missed"] == company["values"] == 80
    assert sum(each["answers"] for each in tiny["reliability"]) == 200
    assert verdict["smallest"] == "tiny"


def test_measurements_of_fields_are_compared_over_time(desk, receipts):
    desk.run(receipts)
    small, large = (desk.evaluate.found[each] for each in ("tiny", "large"))
    before, after = (f"{100 * each.micro_f1:.1f} %" for each in (small, large))
    first = desk.run("evaluate Receipt --history").out.splitlines()[0].split("\t")
    assert (first[3], first[5], first[6]) == (before, "no", "70.0 %")
    said = desk.run("evaluate Receipt --compare 1,2").out
    assert f"F1\t{before}\t{after}" in said
    assert "all values right\t70.0 %\t95.0 %" in said
    assert "The F1 changed by +" in said
    [told] = desk.run("evaluate Receipt --compare 1,2 --json").objects
    assert told["f1"] == pytest.approx(large.micro_f1 - small.micro_f1)
    assert "accuracy" not in told


@pytest.fixture
def notes(desk, tmp_path):
    for name, size, poor in (("tiny", 5, 30), ("large", 50, 5)):
        desk.evaluate.found[name] = writing(name, name.title(), size, poor, times=50)
    path = tmp_path / "notes.csv"
    path.write_text(note_rows(50))
    line = ["evaluate", "Plain", str(path), "--column", "message"]
    return [*line, "--models", "tiny,large"]


def test_written_texts_are_measured_by_the_words_that_can_stay(desk, notes):
    said = desk.run([*notes, "--bar", "0.8"])
    assert said.code == 0
    assert desk.evaluate.asked == [(["tiny", "large"], 100)]
    tiny = desk.evaluate.found["tiny"]
    low, high = (f"{100 * each:.1f} %" for each in tiny.score_interval)
    assert f"Tiny\t85.0 %\t{low} to {high}\t70.0 %\t60.4 % to 78.1 %\t0." in said.out
    assert "Words can stay that need not be taken out" in said.out
    assert "The smallest model that clears your bar of 80.0 % is Tiny." in said.out
    for told in ("precision", "macro-F1", "was taken for", "Next:"):
        assert told not in said.out


def test_objects_of_written_texts_have_no_labels(desk, notes):
    tiny, _, verdict = desk.run([*notes, "--json", "--bar", "0.9"]).objects
    assert (tiny["words_kept"], tiny["accuracy"]) == (pytest.approx(0.85), 0.7)
    assert tiny["words_kept_interval"][0] < 0.85 < tiny["words_kept_interval"][1]
    assert not {"labels", "fields", "confusion", "macro_f1", "micro_f1"} & {*tiny}
    assert verdict["smallest"] == "large"
    assert verdict["comparisons"][0]["p"] < 0.01


def test_measurements_of_written_texts_are_compared_over_time(desk, notes):
    desk.run(notes)
    first = desk.run("evaluate Plain --history").out.splitlines()[0].split("\t")
    assert (first[3], first[5], first[6], first[7]) == ("85.0 %", "no", "70.0 %", "-")
    said = desk.run("evaluate Plain --compare 1,2").out
    assert "words that stay\t85.0 %\t97.5 %" in said
    assert "nothing to change\t70.0 %\t95.0 %" in said
    assert "The words that stay changed by +12.5 points" in said
    [told] = desk.run("evaluate Plain --compare 1,2 --json").objects
    assert told["words_kept"] == pytest.approx(0.125)


def test_rows_with_unknown_labels_can_be_left_out(desk, tagged, rows):
    path = rows.with_name("tagged.csv")
    path.write_text(path.read_text() + "Slow but good,taste; service\n")
    desk.run(tagged)
    desk.run([*tagged, "--skip-unknown"])
    rows.write_text(rows.read_text() + "sun,weather\n")
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny"]
    desk.run(line)
    assert (
        "the task does not have their labels: 1." in desk.run([*line, "--skip-unknown"]).err
    )
    assert [count for _, count in desk.evaluate.asked] == [101, 100, 11, 10]


def test_objects_of_several_labels_have_counts_in_the_place_of_confusions(desk, tagged):
    tiny, _, _ = desk.run([*tagged, "--json"]).objects
    found = desk.evaluate.found["tiny"]
    assert tiny["multiple"] is True
    assert (tiny["accuracy"], tiny["micro_f1"]) == (0.7, pytest.approx(found.micro_f1))
    low, high = tiny["micro_f1_interval"]
    assert low < tiny["micro_f1"] < high
    assert tiny["text_f1"] == pytest.approx(found.text_f1)
    assert "confusion" not in tiny
    price, _ = tiny["labels"]
    assert price["found"] + price["missed"] == price["texts"] == 60


def test_no_cascade_is_measured_where_a_batch_would_make_none(desk, tagged):
    said = desk.run([*tagged, "--cascade"])
    assert said.code == 2
    assert "only where a task chooses one label" in said.err


def test_measurements_of_several_labels_are_compared_over_time(desk, tagged):
    desk.run(tagged)
    shown = desk.run("evaluate Tags --history")
    first = shown.out.splitlines()[0].split("\t")
    micro = f"{desk.evaluate.found['tiny'].micro_f1:.3f}"
    assert (first[3], first[5], first[6]) == ("70.0 %", "no", micro)
    said = desk.run("evaluate Tags --compare 1,2").out
    assert "all labels right\t70.0 %\t95.0 %" in said
    assert f"micro-F1\t{micro}\t" in said
    assert "The share of texts with all labels right changed by +25.0 points" in said
    one, _ = desk.run("evaluate Tags --history --json").objects
    assert one["micro_f1"] == pytest.approx(desk.evaluate.found["tiny"].micro_f1)


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
    told, _ = desk.run(line).objects
    assert (told["task"], told["model"], told["texts"]) == ("Ticket queue", "tiny", 10)
    assert told["accuracy"] == pytest.approx(0.6)
    assert told["macro_f1"] == pytest.approx(0.375)
    assert told["ece"] == pytest.approx(0.6 * 0.1 + 0.4 * 0.6)
    assert told["seconds_p95"] == 2.0
    assert {"right": "technical", "given": "billing", "texts": 4} in told["confusion"]


@pytest.mark.parametrize(
    ("bar", "smallest", "luck"),
    [(0.9, "large", True), (0.5, "tiny", True), (0.3, "tiny", False)],
)
def test_the_last_object_says_what_it_comes_to(desk, rows, bar, smallest, luck):
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large", "--json"]
    *models, last = desk.run([*line, "--bar", str(bar)]).objects
    assert [each["model"] for each in models] == ["tiny", "large"]
    assert not any("kind" in each for each in models)
    assert (last["task"], last["kind"]) == ("Ticket queue", "verdict")
    assert (last["bar"], last["smallest"]) == (bar, smallest)
    [compared] = last["comparisons"]
    assert compared == {"models": ["tiny", "large"], "p": pytest.approx(0.125)}
    assert any("could be luck" in each for each in last["caveats"]) is luck


def test_the_last_object_says_where_no_model_clears_the_bar(desk, rows):
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny", "--json"]
    *_, last = desk.run([*line, "--bar", "1"]).objects
    assert (last["smallest"], last["comparisons"], last["caveats"]) == (None, [], [])


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
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny", "--json"]
    *_, last = desk.run(line).objects
    assert "Tiny has no answer for 1 texts." in last["caveats"]


def test_a_report_is_written_and_seen_to_be_possible_before(desk, rows, tmp_path):
    path = tmp_path / "report.html"
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny,large", "--report"]
    said = desk.run([*line, str(path)])
    assert f"The report is in {path}." in said.err
    assert "clears your bar of 90.0 % is Large." in path.read_text(encoding="utf-8")
    asked = len(desk.evaluate.asked)
    assert "is there already" in desk.run([*line, str(path)]).err
    assert desk.run([*line, "report.docx"]).code == 2
    assert "No such file" in desk.run([*line, str(tmp_path / "no" / "a.html")]).err
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
    *_, told, _ = desk.run([*line, "--json"]).objects
    assert (told["cascade"], told["worth"]) == (["tiny", "large"], "too_few")
    line[4] = "large,tiny"
    *_, told, _ = desk.run([*line, "--json"]).objects
    assert told["cascade"] == ["tiny", "large"]
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


def test_what_was_found_is_told_although_it_cannot_be_kept(desk, rows):
    desk.measurements.failing = DiskFull("history.db")
    line = ["evaluate", "Ticket queue", str(rows), "--models", "tiny"]
    said = desk.run(line)
    assert said.code == 8
    assert "60.0 %" in said.out
    first, *_ = desk.run([*line, "--json"]).objects
    assert first["accuracy"] == pytest.approx(0.6)

"""Where only figures may stay, neither texts nor answers do."""

from __future__ import annotations

import dataclasses

import pytest

from fakes.command_line import Desk
from fakes.policies import READERS
from fakes.tasks import EVERY_TASK, record
from onhand.domain.policies import read_policies
from onhand.domain.settings import Settings
from onhand.services.measuring import bare
from onhand.storage.settings_file import SettingsFile

CANARY = "xylophone"


@pytest.fixture
def desk(monkeypatch, tmp_path):
    desk = Desk(monkeypatch, tmp_path)
    desk.settings.save(Settings(metrics_only=True))
    return desk


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_what_is_left_says_nothing_of_what_was_written(task):
    given = record(CANARY, task, name=CANARY, error_detail=CANARY, correction=[CANARY])
    noted = dataclasses.replace(given.outcome, notes=(CANARY,))
    left = bare(dataclasses.replace(given, outcome=noted))
    assert CANARY not in repr(left)
    assert left.at == given.at
    assert left.outcome.seconds == given.outcome.seconds
    assert bare(left) == left


def test_a_failure_keeps_its_code():
    left = bare(record(CANARY, error="too_long", error_detail=CANARY))
    assert (left.error, left.outcome, left.bare) == ("too_long", None, False)


def test_the_command_line_answers_in_full_and_keeps_figures(desk):
    said = desk.run(f"classify 'I was {CANARY}' --label a --label b")
    assert said.code == 0
    assert said.out.strip() in {"a", "b"}
    [kept] = desk.history.stored
    assert kept.bare
    assert CANARY not in repr(kept)
    assert "Only its figures were kept." in desk.run("history show r1").out
    assert CANARY not in desk.run("history export").out


def test_an_entry_of_figures_is_neither_corrected_nor_compared(desk):
    desk.run("classify text --label a --label b")
    for how in ("a", "--right"):
        said = desk.run(f"history correct r1 {how}")
        assert said.code == 2
        assert "only figures were kept" in said.err
    desk.run("history pin r1")
    assert "r1" not in desk.run("models compare tiny-1m large-1b --json").out


def test_a_batch_leaves_its_output_and_figures(desk):
    desk.rows.texts = [CANARY]
    said = desk.run("batch 'Ticket queue' in.jsonl --out out.jsonl")
    assert said.code == 0
    [job] = desk.jobs.all()
    assert job.finished
    for each in desk.jobs.records(job.id):
        assert each.bare
        assert each.outcome.seconds > 0


def test_an_organisation_can_have_it_so(tmp_path, monkeypatch):
    held = read_policies(READERS["linux"](tmp_path, {"MetricsOnly": True}).read())
    desk = Desk(monkeypatch, tmp_path)
    desk.settings = SettingsFile(tmp_path / "settings.json", held)
    desk.run(f"classify {CANARY} --label a --label b")
    assert [each.text for each in desk.history.stored] == [""]
    assert desk.run("settings set metrics_only no").code == 7


def test_nothing_at_all_is_kept_where_that_is_wanted(desk):
    desk.settings.save(Settings(metrics_only=True, keep_history=False))
    desk.run("classify text --label a --label b")
    assert desk.history.stored == []


def test_a_batch_that_was_given_up_leaves_figures_too(desk):
    desk.rows.texts = [f"{CANARY} {number}" for number in range(300)]
    desk.jobs.fail_at = 2
    batch = "batch 'Ticket queue' in.jsonl --out out.jsonl"
    assert desk.run(batch).code == 130
    desk.rows.texts = [CANARY]
    assert desk.run(f"{batch} --replace").code == 0
    given_up, finished = sorted(desk.jobs.all(), key=lambda job: job.id)
    assert (given_up.finished, finished.finished) == (False, True)
    for job in (given_up, finished):
        kept = list(desk.jobs.records(job.id))
        assert kept
        assert all(each.bare for each in kept)

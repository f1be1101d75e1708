"""`batch`, `tasks`, `models`, `settings` and `doctor`, as somebody types them."""

from __future__ import annotations

import json

import pytest

from fakes.command_line import LARGE, SMALL
from fakes.fit import GB
from fakes.policies import linux
from fakes.stores import FakeModels, FakeRows, FakeSettings
from fakes.two_models import TwoModels, numbers
from onhand.cli.arguments import read_arguments
from onhand.domain.errors import DataDamaged, EngineFailed, ModelMissing
from onhand.domain.fit import Memory
from onhand.domain.policies import read_policies
from onhand.domain.settings import Appearance
from onhand.domain.task_file import read_task

TASK_FILE = """
kind = "classify"
name = "Mood"
instruction = "How does the writer feel?"
[labels]
good = "pleased"
bad = ""
"""
EXAMPLE = """
[[examples]]
text = "Oh no."
answer = "bad"
"""


def test_a_batch_answers_every_row(desk):
    said = desk.run("batch Short in.jsonl --out out.jsonl")
    assert said.code == 0
    assert desk.sink.written is not None
    assert [each.text for each in desk.sink.written] == ["one", "three", "five"]
    assert "3 rows are in" in said.err


def test_a_batch_with_failed_rows_ends_with_9(desk):
    desk.rows = FakeRows("one", None, "endless")
    said = desk.run("batch Short in.jsonl --out out.jsonl")
    assert said.code == 9
    assert "2 of them could not be answered" in said.err


def test_a_batch_takes_a_part_and_can_be_summed_up_as_json(desk):
    said = desk.run("batch Short in.jsonl --out out.jsonl --limit 2 --json --private")
    assert said.objects[0]["done"] == 2
    assert said.objects[0]["output"] == "/out.jsonl"


def test_a_batch_does_not_overwrite_a_file_unless_told(desk):
    desk.sink.there_before = True
    said = desk.run("batch Short in.jsonl --out out.jsonl")
    assert said.code == 2
    assert "--replace" in said.err
    assert desk.run("batch Short in.jsonl --out out.jsonl --replace").code == 0


def test_a_batch_that_is_stopped_can_go_on(desk):
    desk.jobs.fail_at = 2
    said = desk.run("batch Short in.jsonl --out out.jsonl")
    assert said.code == 130
    assert "Run it again to go on; where no history is kept" in said.err
    assert desk.run("batch Short in.jsonl --out out.jsonl").code == 0
    assert len(desk.sink.written) == 3


@pytest.mark.parametrize("what", ["--trial", "--out out.jsonl --private"])
def test_of_what_keeps_nothing_nothing_can_go_on(desk, what):
    def stop(*_):
        raise KeyboardInterrupt

    desk.runner.answer_many = stop
    said = desk.run(f"batch Short in.jsonl {what}")
    assert said.code == 130
    assert "Stopped." in said.err
    assert "again" not in said.err


def test_a_batch_of_another_format_is_refused(desk):
    said = desk.run("batch Short in.pdf --out out.jsonl")
    assert said.code == 2
    assert "in.pdf" in said.err


def test_batches_are_listed(desk):
    assert "no batch yet" in desk.run("batch status").err
    desk.run("batch Short in.jsonl --out out.jsonl")
    assert desk.run("batch status").out.startswith("1\t2026-03-01")
    assert desk.run("batch status --json").objects[0]["finished"] is True


def test_a_batch_that_was_given_up_is_listed_as_that(desk):
    desk.jobs.fail_at = 2
    desk.run("batch Short in.jsonl --out out.jsonl")
    assert "\tunfinished\t" in desk.run("batch status").out
    desk.run("batch 'Ticket queue' in.jsonl --out out.jsonl --replace")
    new, old = desk.run("batch status").out.splitlines()
    assert "\tfinished\t" in new
    assert "\tgiven up\t1\t" in old
    told = [
        (each["finished"], each["given_up"])
        for each in desk.run("batch status --json").objects
    ]
    assert told == [(True, False), (False, True)]


def test_how_the_input_is_read_is_told(desk):
    assert "Read from memory." in desk.run("batch Short in.jsonl --out out.jsonl").err


def test_a_trial_answers_some_rows_tells_the_time_and_keeps_nothing(desk):
    said = desk.run("batch Short in.jsonl --trial")
    assert said.code == 0
    assert said.out.splitlines()[0].startswith("n0\t")
    assert "All 3 rows will take about" in said.err
    assert desk.sink.written is None
    assert "no batch yet" in desk.run("batch status").err
    assert desk.run("batch Short in.jsonl --trial --json").objects[2]["id"] == "n2"
    assert "give a task and an input" in desk.run("batch Short --trial").err


def test_a_trial_of_a_part_is_of_its_rows_and_says_so(desk):
    desk.rows.texts = tuple(f"text {number}" for number in range(16))
    said = desk.run("batch Short in.jsonl --trial --part 3/8")
    assert said.code == 0
    assert [line.split("\t")[0] for line in said.out.splitlines()] == ["n2", "n10"]
    assert "All 2 rows of part 3/8 will take about" in said.err
    said = desk.run("batch Short in.jsonl --trial --part 9/8")
    assert said.code == 2
    assert "'9/8' is no part" in said.err


def test_a_trial_with_failed_rows_says_which(desk):
    desk.rows.texts = ("one", None)
    said = desk.run("batch Short in.jsonl --trial")
    assert said.code == 9
    assert "line is broken" in said.out


def test_an_update_says_what_it_will_do(desk):
    desk.run("batch Short in.jsonl --out out.jsonl")
    said = desk.run("batch Short in.jsonl --out out.jsonl --update", terminal=True)
    assert "keep their answers of batch 1" in said.err


def test_parts_are_merged(desk):
    said = desk.run("batch merge out.csv 1.csv 2.csv")
    assert (said.code, said.err) == (0, "20 rows are in out.csv.\n")
    assert desk.run("batch merge out.csv 1.csv --json").objects == [
        {"output": "out.csv", "rows": 10}
    ]
    assert desk.run("batch merge there.csv 1.csv").code == 2
    assert desk.run("batch merge there.csv 1.csv --replace").code == 0


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("batch merge out.csv", "give the outputs of all parts"),
        ("batch Short a.csv b.csv --out o.csv", "one input at a time"),
        ("batch Short a.jsonl --out o.csv --part 9/8", "'9/8' is no part"),
        ("batch Short a.jsonl --out o.csv --part 1/8 --limit 3", "do not go together"),
    ],
)
def test_what_a_batch_cannot_do_is_told(desk, command, told):
    said = desk.run(command)
    assert said.code == 2
    assert told in said.err


def test_a_part_answers_only_its_rows(desk):
    assert desk.run("batch Short in.jsonl --out out.jsonl --part 2/2").code == 0
    assert [each.row for each in desk.sink.written] == [1]


def test_a_batch_draws_a_bar_on_a_terminal_alone(desk):
    said = desk.run("batch Short in.jsonl --out out.jsonl", terminal=True)
    assert "3/3" in said.err
    assert said.out == ""


def test_tasks_are_listed_and_shown(desk):
    listed = desk.run("tasks list").out
    assert "Ticket queue\tclassify\tWhich team?\n" in listed
    assert len(listed.splitlines()) == len(desk.run("tasks list --json").objects)
    shown = desk.run("tasks show 'ticket queue'").out
    assert "billing: charges" in shown
    assert "Examples: 1" in shown
    assert "one of cash, card" in desk.run("tasks show Receipt").out
    assert "numbers" in desk.run("tasks show Plain").out
    assert "Shorten." in desk.run("tasks show Short").out
    assert desk.run("tasks show Short --json").objects[0]["id"] == "short-1"


def test_a_task_file_is_imported_with_an_identity_and_shown(desk, tmp_path):
    file = tmp_path / "mood.toml"
    file.write_text(TASK_FILE, encoding="utf-8")
    said = desk.run(["tasks", "import", str(file)])
    assert said.code == 0
    assert "How does the writer feel?" in said.out
    assert "--task 'Mood'" in said.err
    assert read_task(desk.shelf.kept["Mood"]).id == "task-new"


def test_examples_that_could_not_be_kept_are_told(desk, tmp_path):
    file = tmp_path / "mood.toml"
    file.write_text(TASK_FILE + EXAMPLE, encoding="utf-8")
    assert "not kept" not in desk.run(["tasks", "import", str(file)]).err
    desk.shelf.keeps_examples = False
    assert (
        "The examples of 'Mood' were not kept"
        in desk.run(["tasks", "import", str(file)]).err
    )


def test_an_imported_identity_is_kept(desk, tmp_path):
    file = tmp_path / "mood.toml"
    file.write_bytes(b"\xef\xbb\xbf" + ('id = "mine"\r\n' + TASK_FILE).encode())
    desk.run(["tasks", "import", str(file)])
    assert read_task(desk.shelf.kept["Mood"]).id == "mine"


@pytest.mark.parametrize(
    ("content", "code", "cause"),
    [
        (b'kind = "classify"\n', 2, "line 1"),
        (b"kind = ", 2, "not valid TOML"),
        (TASK_FILE.replace('name = "Mood"\n', "").encode(), 2, "name"),
        (b"\x89PNG\r\n\x1a\n", 14, "PNG"),
        (None, 14, "mood.toml"),
    ],
)
def test_a_broken_task_file_is_not_imported(desk, tmp_path, content, code, cause):
    file = tmp_path / "mood.toml"
    if content is not None:
        file.write_bytes(content)
    said = desk.run(["tasks", "import", str(file)])
    assert said.code == code
    assert cause in said.err
    assert desk.shelf.kept == {}


def test_models_are_listed_with_the_one_in_use(desk):
    assert desk.run("models list").out.splitlines() == [
        "tiny-1m\tyes\ttiny\t1 MB\tfits\t\t\tverified\t/models/tiny.gguf",
        "large-1b\t\t\t2.0 GB\tfits\t\t\tverified\t/models/large.gguf",
    ]
    used = [each["used"] for each in desk.run("models list --model large --json").objects]
    assert used == [False, True]


def test_models_of_the_catalogue_that_are_not_here_are_listed_as_well(desk):
    listed = desk.run("models list --all").out.splitlines()
    assert listed[2] == "away-4b\t\tlarge\t2.5 GB\tfits\t\tApache-2.0\t\tnot here"
    desk.fit.machine.had = Memory(free=GB, swap=0, most=2 * GB)
    told = desk.run("models list --all --json").objects
    assert [each["fit"] for each in told] == ["fits", "cannot run", "cannot run"]
    assert "2.0 GB" in told[1]["reasons"][0]


def test_a_model_is_tried_and_its_page_is_told_from_then_on(desk):
    desk.workshop.speeds = {"tiny": (100.0, 10.0)}
    said = desk.run("models try")
    assert said.code == 0
    assert "tiny-1m: a page takes about 10.7 s here." in said.out
    assert "reads 100 and writes 10.0 tokens a second on cpu" in said.out
    assert "\tfits\t10.7 s\t" in desk.run("models list").out
    told = desk.run("models try tiny --json").objects[0]
    assert (told["fit"], told["page_seconds"], told["rung"]) == ("fits", 10.67, "cpu")
    assert desk.run("models try huge").code == 3


def test_a_machine_without_a_model_is_told_so(desk):
    desk.models = FakeModels()
    said = desk.run("models list")
    assert said.code == 3
    assert "no model" in said.err


def test_a_model_is_chosen_for_the_future(desk):
    assert desk.run("models use large").code == 0
    assert desk.run("models list --json").objects[1]["used"] is True
    assert desk.run("models use huge").code == 3
    assert desk.run("models use tiny --json").objects[0]["model"] == "tiny-1m"


def test_a_model_is_tuned_and_taken_back(desk):
    said = desk.run("models tune")
    assert said.code == 0
    assert "layout q4_0" in said.out
    assert "reads 3.00 and writes 1.50 times as fast" in said.out
    assert "--undo" in said.out
    assert desk.tunings.known
    listed = desk.run("models list --json").objects
    assert [each["model"] for each in listed] == ["tiny-1m", "large-1b"]
    assert [(each["used"], each["layout"]) for each in listed] == [
        (True, "q4_0"),
        (False, None),
    ]
    assert "tiny-1m\tyes q4_0\t" in desk.run("models list").out
    said = desk.run("models tune tiny --json")
    assert said.objects[0]["layout"] == "q4_0"
    assert (said.objects[0]["reads"], said.objects[0]["reason"]) == (3.0, None)
    said = desk.run("models tune --undo")
    assert "as it came" in said.err
    assert desk.tunings.known == {}


def test_a_model_that_cannot_be_made_faster_stays(desk):
    desk.workshop.speeds = {}
    said = desk.run("models tune tiny")
    assert "stays as it came: no layout is clearly faster here." in said.out
    assert desk.run("models tune --json").objects[0]["layout"] is None
    assert desk.run("models tune huge").code == 3


def test_a_tuned_model_is_told_by_its_corrections(desk):
    desk.run("classify text --label billing --label technical")
    desk.run("history correct r1 technical")
    assert (
        "Of 1 answers that you corrected, 0 are right, 0 before."
        in desk.run("models tune").out
    )


def test_a_model_for_one_run_changes_no_setting(desk):
    desk.run("classify text --label a --label b --model large")
    assert desk.settings.load().model == ""


def test_settings_are_shown_changed_and_reset(desk):
    assert "context\t4096\tdefault\t4096\t" in desk.run("settings get").out
    assert desk.run("settings set context 8192").out.startswith("context\t8192\tyou\t4096")
    assert desk.run("settings get context --json").objects == [
        {
            "setting": "context",
            "value": 8192,
            "default": 4096,
            "from": "you",
            "help": "Tokens that the model sees at once (512 to 131072).",
        }
    ]
    desk.run("settings set keep_history no")
    desk.run("settings set appearance dark")
    assert desk.settings.load().appearance is Appearance.DARK
    assert desk.run("settings get keep_history").out.startswith(
        "keep_history\tno\tyou\tyes"
    )
    desk.run("settings reset context keep_history appearance")
    assert all(
        each["from"] == "default" for each in desk.run("settings get --json").objects
    )


@pytest.mark.parametrize(
    "line",
    [
        "settings get colour",
        "settings set colour red",
        "settings set context 3",
        "settings set context many",
        "settings set keep_history perhaps",
        "settings reset colour",
        "settings reset",
    ],
)
def test_a_setting_that_cannot_be_so_is_refused(desk, line):
    said = desk.run(line)
    assert said.code == 2
    assert len(said.err.splitlines()) == 2


def test_a_history_that_is_not_wanted_is_not_kept(desk):
    desk.run("settings set keep_history no")
    said = desk.run("classify text --label a --label b")
    assert said.code == 0
    assert desk.history.stored == []


def test_the_doctor_tells_what_works_and_what_was_tried(desk):
    said = desk.run("doctor")
    assert said.code == 0
    assert "ok  data folder: /data can be written" in said.out
    assert "ok  history: empty" in said.out
    assert "runs tiny-1m on cpu (zen4)" in said.out
    assert "the trial batch ended with SIGILL" in said.out


def test_the_doctor_goes_on_after_a_failure_and_ends_with_its_code(desk):
    desk.folder_failing = True
    desk.engine.failing = EngineFailed("all died")
    said = desk.run("doctor")
    assert said.code == 6
    assert "no  data folder" in said.out
    assert "no  engine: The engine failed repeatedly: all died" in said.out
    assert EngineFailed.hint in said.out
    by_name = {each["name"]: each for each in desk.run("doctor --json").objects}
    assert by_name["engine"]["code"] == "engine_failed"
    assert by_name["history"]["ok"] is True


def test_the_doctor_says_what_a_machine_without_a_model_lacks(desk):
    desk.models = FakeModels()
    said = desk.run("doctor")
    assert said.code == ModelMissing.exit_code
    assert "ok  models: none" in said.out


@pytest.mark.parametrize(
    "line",
    ["--help", "classify --help", "batch --help", "history correct --help", "--version"],
)
def test_help_and_version_go_to_standard_output(desk, line):
    said = desk.run(line)
    assert said.code == 0
    assert said.out.startswith(("usage: onhand", "onhand 0."))


def test_no_command_is_the_window(desk):
    assert read_arguments(["--model", "large"]).command == ""


def test_output_is_utf8_and_every_line_is_json(desk):
    said = desk.run(["classify", "text", "--label", "käse 🧀", "--label", "b", "--json"])
    assert "käse" in said.out
    assert json.loads(said.out)["answer"]["scores"].keys() == {"käse 🧀", "b"}


def test_both_models_are_what_the_tests_take_them_for():
    assert SMALL.bytes < LARGE.bytes


def test_a_data_folder_on_a_sync_drive_is_told_once_and_by_doctor(desk):
    desk.shared = "Dropbox"
    said = desk.run("history search")
    assert "shared with other computers: Dropbox" in said.err
    assert "--data-dir" in said.err
    assert said.code == 0
    assert desk.run("history search").err.count("Dropbox") == 0
    said = desk.run("doctor")
    assert "!!  place: " in said.out
    assert "Dropbox" in said.out
    assert said.code == 0


def test_a_private_run_leaves_no_note_of_the_place(desk):
    desk.shared = "Dropbox"
    assert "Dropbox" not in desk.run("history search --private").err
    assert "Dropbox" in desk.run("history search").err


def test_doctor_offers_the_newest_good_backup_of_a_damaged_history(desk):
    desk.backups.damage = DataDamaged("onhand.db: quick_check")
    said = desk.run("doctor")
    assert said.code == 6
    assert "there is no good backup" in said.out
    desk.backups.make()
    said = desk.run("doctor")
    assert "the newest good backup is onhand-0.db" in said.out
    assert "history restore" in said.out


@pytest.fixture
def two(desk):
    """Two models, told apart by what the engine uses."""
    desk.runner = TwoModels(SMALL, LARGE)
    desk.runner.path = lambda: desk.engine.used
    desk.rows = FakeRows(*numbers(500))
    return desk


CASCADE = "batch 'Ticket queue' in.jsonl --out out.jsonl --model large --first tiny"


def test_a_smaller_model_answers_first_what_it_is_sure_of(two):
    said = two.run(CASCADE)
    assert said.code == 0
    models = [each.outcome.model for each in two.sink.written]
    assert (models.count(SMALL.id), models.count(LARGE.id)) == (300, 200)
    assert (
        "tiny-1m answered 300 of these rows first, which saved about 1 min; on a sample"
        " 100.0 % of such answers were those of large-1b." in said.err
    )
    told = two.run("batch status --json").objects[0]["first"]
    assert (told["model"], told["worth"], told["answered"]) == (SMALL.id, "pays", 300)
    assert (told["agreement"], told["seconds_saved"]) == (1.0, 77.0)
    assert 0.55 < told["threshold"] < told["share"] + 0.4


def test_where_that_does_not_pay_it_is_said(two):
    two.runner.quick = 1.0
    said = two.run(f"{CASCADE} --json")
    assert said.objects[0]["first"]["worth"] == "no_time"
    assert said.objects[0]["first"]["threshold"] is None
    note = "tiny-1m was not asked first: hardly any time would be saved."
    assert note in two.run(f"{CASCADE} --replace").err
    assert {each.outcome.model for each in two.sink.written} == {LARGE.id}


def test_where_the_model_is_fixed_no_other_one_answers(two, tmp_path):
    held = read_policies(linux(tmp_path, {"Model": "large"}).read())
    two.settings = FakeSettings(policies=held)
    said = two.run("batch 'Ticket queue' in.jsonl --out out.jsonl --first tiny")
    assert said.code == 7
    assert two.sink.written is None


def test_without_a_smaller_model_nothing_is_said_of_one(desk):
    said = desk.run("batch Short in.jsonl --out out.jsonl --json")
    assert said.objects[0]["first"] is None
    assert "first" not in said.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--first tiny --cluster local:2", "--first goes with neither"),
        ("--first tiny --trial", "--first goes with neither"),
        ("--first tiny", "tiny-1m is no smaller than tiny-1m"),
        ("--first unheard-of", "unheard-of"),
    ],
)
def test_what_cannot_be_asked_first_is_told(desk, line, said):
    told = desk.run(f"batch 'Ticket queue' in.jsonl --out out.jsonl {line}")
    assert told.code in {2, 3}
    assert said in told.err or told.code == 3


def test_a_batch_goes_to_a_cluster_only_where_that_is_allowed(desk):
    line = "batch Short in.jsonl --out out.jsonl --cluster node7:8786"
    said = desk.run(line)
    assert said.code == 7
    assert "allow_cluster yes" in said.err
    assert desk.clusters == []
    desk.run("settings set allow_cluster yes")
    said = desk.run(line)
    assert said.code == 0
    assert "a scheduler at tls://" in said.err
    assert desk.clusters == [("tcp://node7:8786", 0)]
    said = desk.run("batch Short in.jsonl --out out.jsonl --replace --cluster local:2")
    assert "tls://" not in said.err
    assert desk.run("batch Short in.jsonl --out o.jsonl --cluster nowhere").code == 2

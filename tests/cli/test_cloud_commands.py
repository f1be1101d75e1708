"""`cloud` and `usage`: nothing is sent that nobody has seen, whatever the options are."""

from __future__ import annotations

import msgspec
import pytest

from fakes.cloud import PROVIDER
from fakes.command_line import Stream
from fakes.providers import KEY
from fakes.tasks import EVERY_TASK
from onhand.domain.cloud_errors import CloudBusy, CloudUnpaid
from onhand.domain.errors import ModelMissing
from onhand.domain.fetching import Attempt, Outcome
from onhand.domain.settings import Settings
from onhand.domain.tasks import Summarise
from onhand.domain.usage import Counted

TEXT = "Ada Lovelace, ada@mail.example.org, was charged twice."


@pytest.fixture
def on(desk):
    desk.settings.save(Settings(cloud=True))
    desk.cloud.masks.people = ["Ada Lovelace"]
    desk.run(["classify", TEXT, "--label", "billing", "--label", "technical"])
    return desk


def typed(desk, line, *answers):
    """Run a command at a terminal at which these lines are typed."""
    said = "".join(f"{each}\n" for each in answers).encode()
    return desk.run(line, stdin=Stream(said, terminal=True), terminal=True)


def test_what_was_shown_is_sent_and_the_answer_is_kept(on):
    said = typed(on, "cloud send --entry r1", "send")
    assert said.code == 0
    [approved] = on.cloud.cloud.sent
    shown = approved.payload.shown
    assert shown in said.err
    assert "[PERSON_1], [EMAIL_1], was charged twice." in said.err
    assert f"{len(approved.payload.body)} bytes" in said.err
    assert "https://api.example.org/v1/chat/completions" in said.err
    assert "model fake-1" in said.err
    assert "[PERSON_1] masked: Ada Lovelace (person)" in said.err
    assert "billing" in said.out
    record = on.history.get(2)
    assert (record.outcome.route, record.text) == ("cloud", TEXT)
    assert record.outcome.receipt.digest == approved.payload.digest


def test_the_sheet_tells_how_often_the_model_was_right(on):
    for number in range(2, 7):
        typed(on, "cloud send --entry r1", "send")
        label = "technical" if number == 2 else "billing"
        on.history.correct(number, label, on.history.get(number).at)
    said = typed(on, "cloud send --entry r1", "")
    assert "4 of its 5 answers to this task that you judged were right" in said.err


@pytest.mark.parametrize("answers", [(), ("",), ("no",), ("yes", ""), ("y", "")])
def test_anything_but_send_stays_local(on, answers):
    said = typed(on, "cloud send --entry r1", *answers)
    assert said.code == 0
    assert "Nothing was sent." in said.err
    assert on.cloud.cloud.sent == []


def test_a_mask_is_switched_by_its_name_and_shown_again(on):
    said = typed(on, "cloud send --entry r1", "person_1", "[EMAIL_1]", "email_1", "send")
    [approved] = on.cloud.cloud.sent
    assert "Ada Lovelace, [EMAIL_1]" in approved.payload.shown
    assert said.err.count("bytes, as they stand above") == 4
    assert "[PERSON_1] shown: Ada Lovelace" in said.err


def test_masks_can_be_taken_off_beforehand(on):
    typed(on, "cloud send --entry r1 --unmask PERSON_1", "send")
    assert "Ada Lovelace, [EMAIL_1]" in on.cloud.cloud.sent[0].payload.shown
    assert typed(on, "cloud send --entry r1 --unmask PERSON_9").code == 2


@pytest.mark.parametrize("option", ["", "--yes", "--quiet", "--json", "--private"])
def test_without_a_terminal_nothing_is_sent_whatever_the_options(on, option):
    said = on.run(f"cloud send --entry r1 {option}", stdin=b"send\n")
    assert said.code == 2
    assert on.cloud.cloud.sent == []


def test_quiet_leaves_nothing_of_the_sheet_out(on):
    said = typed(on, "cloud send --entry r1 --quiet", "send")
    assert on.cloud.cloud.sent[0].payload.shown in said.err
    assert "price" in said.err


def test_json_is_the_answer_with_its_receipt(on):
    said = typed(on, "cloud send --entry r1 --json", "send")
    [told] = said.objects
    assert told["route"] == "cloud"
    assert told["answer"] == {"label": "billing", "scores": {}}
    assert told["receipt"]["host"] == "api.example.org"
    assert told["receipt"]["masks"] == 2


def test_a_text_with_a_task_will_do_and_in_private_nothing_is_kept(on):
    task = next(each for each in EVERY_TASK if isinstance(each, Summarise))
    on.cloud.cloud.says = '{"text": "[PERSON_1] was charged twice."}'
    line = ["cloud", "send", TEXT, "--task", task.name, "--private"]
    said = typed(on, line, "send")
    assert said.code == 0
    assert "Ada Lovelace was charged twice." in said.out
    assert len(on.history.search("", kind=None, limit=9, before=None)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "cloud send", "cloud send text", "cloud send --entry r1 text",
        "cloud send - --task x", "cloud send --entry r1 --task x",
    ],
)  # fmt: skip
def test_half_a_request_is_refused(on, line):
    assert typed(on, line, "send").code == 2
    assert on.cloud.cloud.sent == []


def test_off_means_off(desk):
    desk.run(["classify", TEXT, "--label", "billing", "--label", "technical"])
    said = typed(desk, "cloud send --entry r1", "send")
    assert said.code == 7
    assert "turned off" in said.err
    assert desk.cloud.cloud.sent == []
    said = desk.run("cloud test")
    assert (said.code, "Sending" in said.err) == (7, False)


def test_a_trial_that_may_not_cost_anything_is_not_said_to_be_sent(on):
    on.cloud.providers.add(msgspec.structs.replace(PROVIDER, price=None))
    said = on.run("cloud test")
    assert (said.code, "Sending" in said.err) == (7, False)
    assert on.cloud.cloud.sent == []


def test_where_nobody_can_look_for_names_that_is_said_loudly(on):
    on.cloud.masks.failing = ModelMissing("none here")
    said = typed(on, "cloud send --entry r1", "")
    assert "NOBODY HAS LOOKED FOR NAMES" in said.err


@pytest.mark.parametrize(("failure", "code"), [(CloudBusy(), 12), (CloudUnpaid(), 7)])
def test_a_failure_of_the_provider_is_told_and_keeps_nothing(on, failure, code):
    on.cloud.cloud.failing = failure
    assert typed(on, "cloud send --entry r1", "send").code == code
    assert len(on.history.search("", kind=None, limit=9, before=None)) == 1


def test_a_cloud_model_is_added_with_its_key_from_a_file_and_removed(desk, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    line = (
        "cloud add work --api openai --url https://llm.test/v1 --cloud-model big-1"
        f" --price 0.4/1.6 --shape object --key-file {tmp_path / 'key'}"
    )
    said = desk.run(line)
    assert said.code == 0
    assert KEY not in said.out + said.err
    assert desk.cloud.keyring.kept["cloud model work"] == KEY
    added = desk.cloud.providers.kept["work"]
    assert (added.host, added.model, str(added.price.written)) == (
        "llm.test",
        "big-1",
        "1.6",
    )
    assert "cloud yes" in said.err
    listed = desk.run("cloud list")
    assert "work\tyes\tllm.test\tbig-1\t0.4/1.6" in listed.out
    assert "known\tno\tknown.example\tknown-1\tunknown" in listed.out
    assert [each["added"] for each in desk.run("cloud list --json").objects] == [
        True,
        True,
        False,
    ]
    assert desk.run("cloud remove work").code == 0
    assert "cloud model work" not in desk.cloud.keyring.kept
    assert desk.run("cloud remove work").code == 2


def test_a_known_one_needs_its_name_and_key_alone(desk, tmp_path):
    (tmp_path / "key").write_text(KEY)
    assert desk.run(f"cloud add known --key-file {tmp_path / 'key'}").code == 0
    assert desk.cloud.providers.kept["known"].model == "known-1"


def test_of_one_that_was_added_only_what_is_given_changes(desk, tmp_path):
    (tmp_path / "key").write_text(KEY)
    line = "cloud add own --api openai --url https://llm.test/v1 --cloud-model big-1"
    assert desk.run(f"{line} --key-file {tmp_path / 'key'}").code == 0
    assert desk.run("cloud add own --price 1/2").code == 0
    own = desk.cloud.providers.kept["own"]
    assert (own.model, own.host, str(own.price.written)) == ("big-1", "llm.test", "2")
    assert desk.cloud.keyring.kept["cloud model own"] == KEY
    assert desk.run("cloud add own --no-key").code == 0
    assert not desk.cloud.providers.kept["own"].keyed
    assert desk.run(f"cloud add own --key-file {tmp_path / 'key'}").code == 0
    assert desk.cloud.providers.kept["own"].keyed
    assert (
        desk.run(f"cloud add known --cloud-model x --key-file {tmp_path / 'key'}").code == 0
    )
    assert desk.run("cloud add known --price 1/2").code == 0
    assert desk.cloud.providers.kept["known"].model == "x"


def test_a_server_of_ones_own_may_want_no_key(desk):
    line = (
        "cloud add own --api openai --url http://127.0.0.1:8000/v1 --cloud-model x --no-key"
    )
    assert desk.run(line).code == 0
    assert not desk.cloud.providers.kept["own"].keyed


@pytest.mark.parametrize(
    "line",
    [
        "cloud add x --no-key", "cloud add x --api openai --url https://x.test --no-key",
        "cloud add x --api openai --url http://x.test --cloud-model m --no-key",
        "cloud add known --price free", "cloud add known --price 1/-1", "cloud add known",
        "cloud add known --key-file /nowhere", "cloud add x --api soap",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_not_added(desk, line):
    assert desk.run(line).code == 2
    assert list(desk.cloud.providers.kept) == ["fake"]


def test_without_a_keyring_the_key_is_given_each_time(on, tmp_path):
    on.cloud.keyring.failing = "there is none"
    (tmp_path / "key").write_text(KEY)
    assert typed(on, "cloud send --entry r1", "send").code == 2
    said = typed(on, f"cloud send --entry r1 --key-file {tmp_path / 'key'}", "send")
    assert said.code == 0
    assert on.cloud.cloud.ways[0].key == KEY
    assert "no keyring here" in on.run(f"cloud add known --key-file {tmp_path / 'key'}").err


def test_a_trial_says_what_it_sends(on):
    said = on.run("cloud test fake")
    assert said.code == 0
    assert "without any text of yours" in said.err
    assert on.run("cloud test --json").objects[0]["ok"]
    on.cloud.cloud.says = "Yes."
    assert on.run("cloud test").code == 12


def test_usage_tells_what_was_done_here_and_what_was_spent(on):
    typed(on, "cloud send --entry r1", "send")
    task_id = on.history.get(1).task_id
    month = f"{on.cloud.spending.all()[0].at:%Y-%m}"
    counted = {"month": month, "task_id": task_id, "seconds": 2.0, "characters": 400}
    on.cloud.counts = [
        Counted(route="local", requests=3, **counted),
        Counted(route="cloud", requests=1, **counted),
    ]
    [row] = on.run("usage --json").objects
    assert (row["month"], row["requests"], row["local"]) == (month, 4, 3)
    assert row["share_local"] == 0.75
    assert row["cost"] == 85
    assert row["cost_of_all"] == 2600
    assert row["cost_dollars"] == 0.000085
    assert row["cost_of_all_dollars"] == 0.0026
    assert row["saved_dollars"] == 0.002515
    shown = on.run("usage").out.splitlines()[-1].split("\t")
    assert shown[2:4] == ["4", "75%"]
    assert shown[-2:] == ["<$0.0001", "$0.0025"]


def test_the_month_of_usage_is_whole_on_a_narrow_terminal(on):
    on.cloud.providers.add(PROVIDER)
    typed(on, "cloud send --entry r1", "send")
    task_id = on.history.get(1).task_id
    on.cloud.counts = [
        Counted(
            month="2026-11", task_id=task_id, route="local", requests=12_345,
            seconds=54_321.0, characters=39_000_000,
        )
    ]  # fmt: skip
    lines = on.run("usage", terminal=True).out.splitlines()
    for column in ("month", "requests", "local", "seconds", "tokens", "cost", "saved"):
        assert column in lines[0]
    [row] = [line for line in lines if line.startswith("2026-11 ")]
    assert row.split()[-4:] == ["54321.0", "9750000", "$0.00", "$17.16"]
    assert max(map(len, lines[1:])) <= 80


def test_usage_counts_what_left_no_answer_and_says_where_no_price_is_known(on):
    on.settings.save(Settings(cloud=True, cloud_message_cents=0, cloud_month_cents=0))
    on.cloud.providers.add(msgspec.structs.replace(PROVIDER, price=None))
    typed(on, "cloud send --entry r1 --private", "send")
    [row] = on.run("usage --json").objects
    assert (row["task"], row["requests"]) == ("in private, or a trial", 1)
    assert (row["unpriced"], row["cost_of_all"]) == (1, None)
    assert (row["cost_dollars"], row["saved_dollars"]) == (None, None)
    assert "unknown" in on.run("usage").out


def test_nothing_done_is_said(desk):
    assert "Nothing was done yet." in desk.run("usage").err


def test_the_ledger_tells_what_was_sent(desk):
    sent = Attempt(
        id="a", at="2026-11-02T10:00:00", host="x.test:443", reason="cloud model fake",
        allowed=True, outcome=Outcome.DONE, bytes=90, sent=1234,
    )  # fmt: skip
    desk.attempts.append(sent)
    assert desk.run("ledger --json").objects[0]["sent"] == 1234
    assert desk.run("ledger").out.rstrip().endswith("\t90\t1234")

"""`history unlock` and `history lock`."""

from __future__ import annotations

import pytest

from fakes.keys import FakeKeys
from onhand.services.key_ports import KeyState


@pytest.fixture
def passphrase(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text("correct horse\n")
    return path


def test_a_passphrase_from_a_file_is_set_and_opens_the_history(desk, passphrase):
    desk.keys = FakeKeys(keyring=False, exists=False)
    said = desk.run(f"history unlock --passphrase-file {passphrase}")
    assert said.code == 0
    assert "from now on" in said.err
    assert "no keyring" in said.err
    assert desk.keys.words == ["correct horse"]
    said = desk.run(f"history unlock --passphrase-file {passphrase} --json")
    assert said.objects == [{"state": "open", "recovery_code": None}]


def test_nobody_to_ask_is_told(desk):
    desk.keys = FakeKeys(keyring=False, exists=False)
    said = desk.run("history unlock")
    assert said.code == 2
    assert "--passphrase-file" in said.err


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 5000, b"\xff\xfe\x00"])
def test_a_file_without_a_passphrase_is_told(desk, tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    said = desk.run(f"history unlock --passphrase-file {tmp_path / 'file'}")
    assert said.code == 2
    assert desk.run("history unlock --passphrase-file nowhere").code == 2


def test_a_wrong_passphrase_ends_with_13(desk, passphrase):
    desk.keys.words = ["another one"]
    assert desk.run(f"history unlock --passphrase-file {passphrase}").code == 13


def test_the_passphrase_is_changed(desk, tmp_path):
    for words in ("correct horse battery", "another passphrase"):
        (tmp_path / "new.txt").write_text(words)
        said = desk.run(
            ["history", "unlock", "--new-passphrase-file", str(tmp_path / "new.txt")]
        )
        assert said.code == 0
        assert "The new passphrase opens" in said.err
        assert desk.keys.words == [words]


def test_a_recovery_code_is_printed_once_and_alone(desk):
    said = desk.run("history unlock --recovery")
    assert said.out.strip() == desk.keys.words[0]
    assert "told once" in said.err


def test_an_organisation_can_open_it_too(desk, tmp_path):
    key = tmp_path / "key.pem"
    key.write_bytes(b"of an organisation")
    assert desk.run(f"history unlock --organisation {key}").code == 0
    desk.keys.words.append("correct horse")
    desk.keys.lock()
    assert desk.keys.state() is KeyState.LOCKED
    assert desk.run(f"history unlock --organisation-key {key}").code == 0
    assert desk.keys.state() is KeyState.OPEN
    assert desk.run("history unlock --organisation nowhere.pem").code == 2


def test_locking_needs_another_way_to_open_it(desk):
    said = desk.run("history lock")
    assert said.code == 2
    assert "passphrase first" in said.err
    desk.keys.words.append("correct horse")
    assert desk.run("history lock --json").objects == [{"state": "locked"}]


def test_a_batch_that_cannot_be_kept_says_so(desk):
    desk.keys = FakeKeys(keyring=False, exists=False)
    said = desk.run("batch 'Ticket queue' in.jsonl --out out.jsonl")
    assert said.code in (0, 9)
    assert "nothing of this batch is kept" in said.err
    quiet = desk.run("batch 'Ticket queue' in.jsonl --out out.jsonl --private --replace")
    assert "keyring" not in quiet.err


def test_the_key_is_changed_and_the_new_code_is_told_alone(desk):
    said = desk.run("history rekey")
    assert said.code == 0
    assert said.out == ""
    assert "new key" in said.err
    desk.rekey.recovery = True
    said = desk.run("history rekey --quiet")
    assert len(said.out.strip()) == 34
    assert "of no use" in said.err
    [told] = desk.run("history rekey --json").objects
    assert told["files"] == 1
    assert len(told["recovery_code"]) == 34


def test_where_a_passphrase_opens_it_the_change_wants_it(desk, passphrase):
    desk.rekey.passphrase = passphrase.read_text().strip()
    said = desk.run("history rekey")
    assert said.code == 2
    assert "--passphrase-file" in said.err
    assert desk.run(f"history rekey --passphrase-file {passphrase}").code == 0
    desk.rekey.passphrase += ", another one"
    assert desk.run(f"history rekey --passphrase-file {passphrase}").code == 13
    assert desk.rekey.changes == 1


def test_copies_that_no_key_would_open_any_more_are_named(desk):
    desk.rekey.unreadable = ("/backups/onhand-1.db",)
    said = desk.run("history rekey")
    assert said.code == 6
    assert "onhand-1.db" in said.err
    assert "--delete-unreadable" in said.err
    said = desk.run("history rekey --delete-unreadable")
    assert said.code == 0
    assert "onhand-1.db could not be read, and is deleted" in said.err

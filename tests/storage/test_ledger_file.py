"""The ledger: what was attempted, whatever happened to the file."""

from __future__ import annotations

import msgspec
import pytest

from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.fetching import Attempt, Outcome
from onhand.storage.ledger_file import LedgerFile


def attempt(number=1, **changes):
    first = Attempt(
        id=f"a{number}",
        at="2026-03-05T12:00:00+00:00",
        host="hub.test:443",
        reason="download tiny.gguf",
        allowed=True,
    )
    return msgspec.structs.replace(first, **changes)


def test_an_attempt_is_there_before_it_ends_and_once_after(tmp_path):
    ledger = LedgerFile(tmp_path / "data" / "ledger.jsonl")
    assert ledger.attempts() == []
    ledger.write(attempt())
    ledger.write(attempt(2, allowed=False, outcome=Outcome.REFUSED))
    assert [each.outcome for each in ledger.attempts()] == [Outcome.OPEN, Outcome.REFUSED]
    ledger.write(attempt(bytes=7, outcome=Outcome.DONE))
    again = LedgerFile(tmp_path / "data" / "ledger.jsonl").attempts()
    assert [(each.id, each.bytes) for each in again] == [("a1", 7), ("a2", 0)]


def test_a_torn_line_costs_itself_alone(tmp_path):
    path = tmp_path / "ledger.jsonl"
    ledger = LedgerFile(path)
    ledger.write(attempt(1))
    with path.open("ab") as file:
        file.write(b'{"id": "torn", "at": \xff\n[[[\n{"id":')
    ledger.write(attempt(2))
    assert [each.id for each in ledger.attempts()] == ["a1", "a2"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderUnwritable):
        LedgerFile(tmp_path / "file" / "ledger.jsonl").write(attempt())
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataFolderUnwritable):
        LedgerFile(tmp_path / "folder").attempts()

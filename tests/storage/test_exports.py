"""Files that entries were written into are known as long as they lie there."""

from __future__ import annotations

import os
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.histories import open_database
from fakes.keeping import Files
from fakes.stores import NOON, FakeClock
from fakes.tasks import QUEUE, record
from onhand.domain.errors import DiskFull, OutputExists, OutputUnwritable
from onhand.domain.export_form import Format
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.tasks import Kind
from onhand.services.exporting import ExportHistory, Sought
from onhand.services.keeping_ports import Which
from onhand.storage.export_file import write_export
from onhand.storage.exports import SqliteExports
from onhand.storage.forgetting import forget_in
from onhand.storage.history import SqliteHistory


@pytest.fixture
def database(tmp_path):
    database = open_database(tmp_path / "history.db")
    yield database
    database.close()


@pytest.fixture
def export(database):
    history = SqliteHistory(database)
    for text in ("one", "two", "=three"):
        history.add(record(text, QUEUE))
    return ExportHistory(
        history=history, known=SqliteExports(database), files=Files(), clock=FakeClock()
    )


def test_what_is_sought_is_written_and_the_file_is_known(export, tmp_path):
    out = tmp_path / "Ausgänge \udce4.csv"
    export(Sought(words="two"), Format.CSV, out)
    assert out.read_text(encoding="utf-8-sig").count("\n") == 2
    [known] = export.known()
    assert (known.path, known.at) == (out, NOON)


def test_a_file_is_replaced_only_where_that_is_said(export, tmp_path):
    out = tmp_path / "out.md"
    export(Sought(), Format.MARKDOWN, out)
    with pytest.raises(OutputExists):
        export(Sought(), Format.MARKDOWN, out)
    export(Sought(kind=Kind.EXTRACT), Format.MARKDOWN, out, replace=True)
    assert out.read_text() == "# History\n"
    [known] = export.known()
    assert known.at == NOON + timedelta(seconds=1)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, HistoryLocked, OSError(28, "full")])
def test_an_export_that_fails_leaves_the_earlier_one_as_it_was(tmp_path, failure):
    def pieces():
        yield "new\n" * 100_000
        raise failure

    out = tmp_path / "out.jsonl"
    out.write_text("earlier\n")
    with pytest.raises(DiskFull if isinstance(failure, OSError) else failure):
        write_export(out, Format.JSONL, pieces())
    assert out.read_text() == "earlier\n"
    assert [*tmp_path.iterdir()] == [out]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o666])
def test_a_replaced_file_keeps_who_may_read_it_and_a_link_to_it(tmp_path, mode):
    out, link = tmp_path / "out.csv", tmp_path / "link.csv"
    out.write_text("earlier\n")
    out.chmod(mode)
    link.symlink_to(out)
    write_export(link, Format.CSV, ["a\r\n", "ä\r\n"])
    assert link.is_symlink()
    assert out.read_bytes() == "\ufeffa\r\nä\r\n".encode()
    assert stat.S_IMODE(out.stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32", reason="it has no named pipes of this kind")
def test_a_pipe_gets_the_entries_as_they_come(export, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        export(Sought(words="two"), Format.MARKDOWN, pipe, replace=True)
        assert os.read(reader, 1000).startswith(b"# History\n")
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_file_that_is_gone_or_never_came_is_not_told_of(export, tmp_path):
    with pytest.raises(OutputUnwritable):
        export(Sought(), Format.JSONL, tmp_path / "nowhere" / "out.jsonl")
    out = tmp_path / "out.jsonl"
    export(Sought(), Format.JSONL, out)
    assert len(export.known()) == 1
    out.unlink()
    assert export.known() == []


def test_who_forgets_everything_forgets_where_it_was_written_to(export, database, tmp_path):
    export(Sought(), Format.JSONL, tmp_path / "out.jsonl")
    forget_in(database, Which(older=1), NOON)
    assert len(export.known()) == 1
    forget_in(database, Which(all=True), NOON)
    assert export.known() == []


def test_a_name_that_no_file_can_have_does_no_harm(database):
    exports = SqliteExports(database)
    exports.note(Path("/a" * 3000), NOON)
    exports.note(Path("/a\0b"), NOON)
    assert exports.all() == []

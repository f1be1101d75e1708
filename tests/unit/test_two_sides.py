"""The history as the window has it: open on two sides, locked and replaced under both."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from fakes.keyrings import FakeKeyring
from fakes.tasks import record
from onhand.bootstrap import open_archive, open_services
from onhand.domain.errors import DataDamaged
from onhand.domain.export_form import Format
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.settings import with_value
from onhand.host import Paths
from onhand.services.exporting import Sought
from onhand.services.keeping_ports import Which
from onhand.services.key_ports import KeyState
from onhand.storage.vault import Trust, Vault

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
ALL_OF = "SELECT * FROM "
CANARY = "xylophone quagmire"


class Sides:
    """The services and the archive over one key."""

    def __init__(self, paths, stack):
        self.paths = paths
        self.keyring = FakeKeyring()
        self.vault = Vault(paths.keys, Trust(keyring=self.keyring))
        self.services = stack.enter_context(open_services(paths, vault=self.vault))
        self.archive = stack.enter_context(open_archive(paths, self.vault))

    def found(self):
        return [each.text for each in find(self.archive)]


def find(side):
    return side.history.search("", kind=None, limit=99, before=None)


@pytest.fixture
def sides(tmp_path):
    with ExitStack() as stack:
        yield Sides(Paths.of(tmp_path / "data"), stack)


def test_locking_closes_it_on_both_sides_and_what_runs_may_end_first(sides):
    sides.services.history.add(record("first"))
    assert sides.found() == ["first"]
    sides.archive.let_go()
    sides.archive.keys.seal()
    with pytest.raises(HistoryLocked):
        sides.found()
    sides.services.history.add(record("of a batch that runs"))
    sides.services.let_go()
    with pytest.raises(HistoryLocked):
        sides.services.history.add(record("too late"))
    assert sides.vault._keys == ()
    assert sides.archive.keys.state() is KeyState.SEALED
    assert sides.archive.keys.retry() is KeyState.OPEN
    assert sides.found() == ["of a batch that runs", "first"]


def test_what_could_not_be_kept_is_kept_when_it_is_opened(sides):
    sides.services.history.add(record("first"))
    sides.services.let_go()
    sides.archive.keys.seal()
    ran = sides.services.run_task.keep(record("made meanwhile"))
    assert isinstance(ran.not_kept, HistoryLocked)
    assert ran.record.id == 0
    sides.archive.keys.retry()
    assert sides.services.run_task.keep(ran.record).record.id == 2
    assert sides.found() == ["made meanwhile", "first"]


def test_a_damaged_history_is_replaced_while_both_sides_have_it_open(sides):
    sides.services.history.add(record("first"))
    made = sides.services.backups.make()
    sides.services.history.add(record("since then"))
    assert len(sides.found()) == 2
    sides.archive.let_go()
    sides.services.let_go()
    content = bytearray(sides.paths.database.read_bytes())
    content[len(content) // 2] ^= 1
    for page in range(0, len(content), 4096):
        content[page + 100] ^= 1
    sides.paths.database.write_bytes(content)
    with pytest.raises(DataDamaged):
        sides.found()
    assert sides.archive.backups.newest_good() == made
    sides.archive.let_go()
    sides.services.let_go()
    restored = sides.services.backups.restore(made.name)
    sides.archive.let_go()
    assert sides.found() == ["first"]
    sides.services.history.add(record("after that"))
    assert sides.found() == ["after that", "first"]
    assert Path(restored.set_aside).read_bytes() == bytes(content)


def test_one_can_begin_empty_and_both_sides_see_it(sides):
    sides.services.history.add(record("first"))
    assert sides.found() == ["first"]
    sides.archive.let_go()
    sides.services.let_go()
    sides.services.backups.begin_anew()
    assert sides.found() == []
    sides.services.history.add(record("anew"))
    assert sides.found() == ["anew"]


def test_of_an_answer_only_figures_are_kept_where_that_is_wanted(sides):
    settings = with_value(sides.services.settings.load(), "metrics_only", "yes")
    sides.services.settings.save(settings)
    ran = sides.services.run_task.keep(record(CANARY, name=CANARY))
    assert ran.measured
    assert ran.record.text == CANARY, "who asked has the answer"
    [kept] = find(sides.archive)
    assert kept.bare
    with sides.services.history._database.reading() as connection:
        tables = [row["name"] for row in connection.execute(TABLES)]
        told = repr(
            [tuple(row) for each in tables for row in connection.execute(ALL_OF + each)]
        )
    assert "starter-135m" in told
    assert "xylophone" not in told
    assert "quagmire" not in told


def test_prefixes_go_where_only_figures_are_kept(tmp_path):
    paths = Paths.of(tmp_path / "data")
    with ExitStack() as stack:
        sides = Sides(paths, stack)
        settings = with_value(sides.services.settings.load(), "metrics_only", "yes")
        sides.services.settings.save(settings)
        paths.prefixes.mkdir(exist_ok=True)
        (paths.prefixes / "a.prefix").write_bytes(b"k")
    assert not paths.prefixes.exists()


def test_what_is_forgotten_on_one_side_is_gone_on_both_and_in_every_backup(sides):
    for text in ("first", CANARY):
        sides.services.history.add(record(text))
    sides.services.backups.make()
    assert len(sides.found()) == 2
    far = []
    gone = sides.archive.forget(Which(ids=(2,)), on_progress=far.append)
    assert (gone.entries, gone.backups, gone.unreadable) == (1, 1, ())
    assert [(each.done, each.total) for each in far] == [(0, 1)]
    assert [each.text for each in find(sides.services)] == ["first"]
    sides.archive.let_go()
    sides.services.let_go()
    sides.services.backups.restore(None)
    assert sides.found() == ["first"]


def test_a_file_that_was_exported_is_known_on_both_sides(sides, tmp_path):
    sides.services.history.add(record("first"))
    sides.archive.exports(Sought(), Format.CSV, tmp_path / "out.csv")
    [known] = sides.services.exports.known()
    assert known.path == tmp_path / "out.csv"

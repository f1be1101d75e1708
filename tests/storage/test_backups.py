"""Backups are checked when they are made, and one that is good comes back."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks import rekey_kills
from fakes.histories import KEY, OTHER_KEY, look_into, open_database
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import BackupUnknown, HistoryInUse
from onhand.storage.backups import Backups, Places
from onhand.storage.history import SqliteHistory

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from onhand.storage.backups import Backups, Places
root = Path(sys.argv[1])
places = Places(
    history=root / "data" / "onhand.db", slots=root / "data" / "onhand.keys",
    folder=root / "backups",
)
now = datetime(2026, 1, 2, tzinfo=UTC)
sys.stdout.write("go\\n"); sys.stdout.flush()
Backups(places, lambda: (bytes(range(32)),), lambda: now).make()
"""


class Times:
    """A clock that is set by hand."""

    def __init__(self):
        self.at = NOON

    def __call__(self):
        return self.at


@pytest.fixture
def times():
    return Times()


@pytest.fixture
def places(tmp_path):
    return Places(
        history=tmp_path / "data" / "onhand.db",
        slots=tmp_path / "data" / "onhand.keys",
        folder=tmp_path / "backups",
    )


@pytest.fixture
def backups(places, times):
    return Backups(places, lambda: (KEY,), times)


def write(places, *texts):
    database = open_database(places.history)
    history = SqliteHistory(database)
    for text in texts:
        history.add(record(text))
    database.close()


def texts(path):
    database = open_database(path)
    try:
        found = SqliteHistory(database).search("", kind=None, limit=9999, before=None)
        return [each.text for each in found]
    finally:
        database.close()


def spoil(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_backup_is_encrypted_whole_and_for_its_owner_alone(places, backups):
    write(places, "planted canary")
    places.slots.write_text("slots")
    made = backups.make()
    path = places.folder / made.name
    assert texts(path) == ["planted canary"]
    assert b"canary" not in path.read_bytes()
    assert (places.folder / "onhand.keys").read_text() == "slots"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(places.folder.stat().st_mode) == 0o700


def test_a_history_in_use_is_backed_up_with_what_is_in_its_journal(places, backups):
    database = open_database(places.history)
    SqliteHistory(database).add(record("in the journal"))
    assert texts(places.folder / backups.make().name) == ["in the journal"]
    database.close()


def test_one_is_made_when_half_an_hour_has_passed_or_the_clock_was_set_back(
    places, backups, times
):
    assert backups.make_if_due() is None
    write(places, "a")
    assert backups.make_if_due() is not None
    times.at += timedelta(minutes=29)
    assert backups.make_if_due() is None
    times.at += timedelta(minutes=1)
    assert backups.make_if_due() is not None
    times.at -= timedelta(days=400)
    assert backups.make_if_due() is not None


def test_after_a_clock_was_set_back_the_last_backup_is_still_the_newest(
    places, backups, times
):
    write(places, "first")
    backups.make()
    for days, text in ((-400, "second"), (-400, "third"), (5000, "fourth"), (-1, "fifth")):
        times.at = NOON + timedelta(days=days)
        write(places, text)
        made = backups.make()
        assert backups.all()[0] == made
    write(places, "lost")
    assert backups.restore(None).backup == made
    assert texts(places.history) == ["fifth", "fourth", "third", "second", "first"]


def test_backups_from_a_time_to_come_do_not_make_one_due_at_each_look(
    places, backups, times
):
    write(places, "first")
    times.at = datetime.now(UTC) + timedelta(days=5000)
    assert backups.make_if_due() is not None
    times.at = datetime.now(UTC)
    assert backups.make_if_due() is None


def test_older_ones_are_thinned(places, backups, times):
    write(places, "a")
    for _ in range(15):
        times.at += timedelta(minutes=30)
        backups.make()
    assert len(backups.all()) == 12
    assert backups.all()[0].at == times.at


def test_a_damaged_history_is_not_backed_up_and_costs_no_older_one(places, backups, times):
    write(places, *(f"text {number}" for number in range(50)))
    good = backups.make()
    spoil(places.history)
    times.at += timedelta(hours=1)
    with pytest.raises(DataDamaged):
        backups.make()
    assert backups.all() == [good]
    assert {each.name for each in places.folder.iterdir()} == {good.name}


def test_the_newest_good_one_comes_back_and_what_was_there_is_kept(places, backups, times):
    write(places, "first")
    first = backups.make()
    times.at += timedelta(hours=1)
    write(places, "second")
    second = backups.make()
    write(places, "third")
    spoil(places.folder / second.name)
    spoil(places.history)
    broken = places.history.read_bytes()
    restored = backups.restore(None)
    assert restored.backup == first
    assert texts(places.history) == ["first"]
    [aside] = backups.set_aside()
    assert restored.set_aside == aside
    with open(aside, "rb") as file:  # noqa: PTH123
        assert file.read() == broken


def test_one_can_be_named_and_a_history_that_is_gone_comes_back(places, backups, times):
    write(places, "first")
    first = backups.make()
    times.at += timedelta(hours=1)
    write(places, "second")
    backups.make()
    shutil.rmtree(places.history.parent)
    places.history.parent.mkdir()
    assert backups.restore(first.name).set_aside == ""
    assert texts(places.history) == ["first"]
    with pytest.raises(BackupUnknown):
        backups.restore("onhand-20200101T000000Z.db")


def test_without_a_good_one_nothing_is_touched(places, backups):
    write(places, "first")
    with pytest.raises(BackupUnknown):
        backups.restore(None)
    spoil(places.folder / backups.make().name)
    with pytest.raises(BackupUnknown):
        backups.restore(None)
    assert texts(places.history) == ["first"]


def test_lost_key_slots_come_back_and_without_a_copy_no_new_key_is_made(places, backups):
    backups.bring_back_slots()
    write(places, "first")
    with pytest.raises(DataDamaged):
        backups.bring_back_slots()
    places.slots.write_text("slots")
    backups.make()
    places.slots.unlink()
    backups.bring_back_slots()
    assert places.slots.read_text() == "slots"


def test_a_history_of_another_key_is_told(places, times):
    write(places, "first")
    with pytest.raises(DataDamaged):
        Backups(places, lambda: (OTHER_KEY,), times).make()


def test_an_older_schema_is_backed_up_before_it_is_changed(places, backups):
    write(places, "first")
    connection = look_into(places.history)
    connection.execute("DROP TABLE drafts")
    connection.execute("DROP TABLE grams")
    connection.execute(
        "DELETE FROM _sqlite_migrations WHERE name IN ('m007_drafts', 'm008_grams')"
    )
    connection.execute("PRAGMA user_version = 6")
    connection.close()
    from onhand.storage.cipher import encrypted  # noqa: PLC0415
    from onhand.storage.database import Database  # noqa: PLC0415

    driver = encrypted(lambda: (KEY,), migrating=lambda _: backups.make())
    database = Database(places.history, driver)
    assert SqliteHistory(database).search("fi", kind=None, limit=9, before=None)
    assert len(SqliteHistory(database).search("", kind=None, limit=9, before=None)) == 1
    database.close()
    [made] = backups.all()
    connection = look_into(places.folder / made.name)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 6
    connection.close()
    assert backups.restore(made.name).backup == made
    assert texts(places.history) == ["first"]


def test_a_history_that_another_process_has_open_is_not_exchanged(places, backups):
    write(places, "first")
    backups.make()
    write(places, "second")
    before = places.history.read_bytes()
    with rekey_kills.held_open(places.history.parent), pytest.raises(HistoryInUse):
        backups.restore(None)
    assert places.history.read_bytes() == before
    assert backups.set_aside() == []
    backups.restore(None)
    assert texts(places.history) == ["first"]


def test_who_has_it_open_in_the_same_process_goes_on_with_what_came_back(places, backups):
    write(places, "first")
    backups.make()
    database = open_database(places.history)
    history = SqliteHistory(database)
    history.add(record("lost"))
    backups.restore(None)
    history.add(record("second"))
    database.close()
    assert texts(places.history) == ["second", "first"]


def test_damage_is_found_by_looking_and_the_newest_good_backup_told(places, backups, times):
    backups.look_for_damage()
    write(places, *(f"text {number}" for number in range(50)))
    good = backups.make()
    times.at += timedelta(hours=1)
    bad = backups.make()
    spoil(places.folder / bad.name)
    backups.look_for_damage()
    spoil(places.history)
    backups.look_for_damage(largest=1000)
    with pytest.raises(DataDamaged):
        backups.look_for_damage()
    assert backups.newest_good() == good


def test_pages_that_a_power_cut_tore_are_whole_in_the_journal(places, backups, tmp_path):
    write(places, "first")
    database = open_database(places.history)
    SqliteHistory(database).add(record("second"))
    # As a cut during a checkpoint leaves it: torn in the file, whole in the journal.
    torn = Places(
        history=tmp_path / "torn" / "onhand.db", slots=places.slots, folder=places.folder
    )
    torn.history.parent.mkdir()
    for suffix in ("", "-wal"):
        name = f"onhand.db{suffix}"
        torn.history.with_name(name).write_bytes(
            places.history.with_name(name).read_bytes()
        )
    database.close()
    later = places.history.read_bytes()
    before = bytearray(torn.history.read_bytes())
    changed = [
        at
        for at in range(4096, min(len(later), len(before)), 4096)
        if before[at : at + 4096] != later[at : at + 4096]
    ]
    assert changed
    for at in changed:
        before[at : at + 512] = later[at : at + 512]
    torn.history.write_bytes(before)
    Backups(torn, lambda: (KEY,), lambda: NOON).look_for_damage()
    assert texts(torn.history) == ["second", "first"]


def test_a_thread_that_is_at_work_is_waited_for(places, backups):
    write(places, "first")
    backups.make()
    database = open_database(places.history)
    restored = threading.Event()

    def restore():
        backups.restore(None)
        restored.set()

    with database.writing() as connection:
        thread = threading.Thread(target=restore)
        thread.start()
        assert not restored.wait(0.2)
        connection.execute("DELETE FROM drafts")
    thread.join()
    database.close()
    assert texts(places.history) == ["first"]


def test_a_copy_that_nobody_finished_goes_with_the_next_one(places, backups, times):
    write(places, "first")
    backups.make()
    left = [
        places.folder / ".onhand-20260101T000000Z.db.copying",
        places.folder / "..onhand-20260101T000000Z.db.part.copying-journal",
        places.history.with_name(".restoring.db"),
        places.history.with_name(".onhand.db.part"),
        places.history.with_name("..onhand.db.part.copying"),
    ]
    for each in left:
        each.write_bytes(b"left by a kill")
    times.at += timedelta(hours=1)
    backups.make()
    assert not any(each.exists() for each in left)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("turn", range(int(os.environ.get("ONHAND_KILLS", "5"))))
def test_a_kill_during_a_backup_costs_nothing(tmp_path, places, backups, turn):
    write(places, *(f"text {number}" for number in range(200)))
    good = backups.make()
    argv = [sys.executable, "-c", CHILD, tmp_path]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        time.sleep(0.01 * turn)
        child.send_signal(signal.SIGKILL)
    assert good in backups.all()
    for each in backups.all():
        assert len(texts(places.folder / each.name)) == 200
    assert len(texts(places.history)) == 200
    backups.make()


def test_the_newest_that_is_good_is_found_and_nothing_is_changed(places, backups, times):
    assert backups.newest_good() is None
    write(places, "first")
    older = backups.make()
    times.at += timedelta(hours=1)
    newer = backups.make()
    assert backups.newest_good() == newer
    path = places.folder / newer.name
    path.write_bytes(path.read_bytes()[:-4096] + bytes(4096))
    assert backups.newest_good() == older
    assert len(backups.all()) == 2


def test_one_can_begin_anew_and_what_was_there_stays(places, backups):
    assert backups.begin_anew() == ""
    write(places, "first")
    content = places.history.read_bytes()
    aside = backups.begin_anew()
    assert not places.history.exists()
    assert Path(aside).read_bytes() == content

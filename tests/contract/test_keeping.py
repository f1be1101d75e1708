"""What all backups, all forgetting and every change of a key do."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from benchmarks.rekey_kills import WORDS, rekeying, vault_of
from fakes.histories import KEY, open_database
from fakes.keeping import FakeBackups, FakeForgetting
from fakes.keys import FakeRekeying
from fakes.stores import NOON, FakeHistory
from fakes.tasks import QUEUE, SHORT, record
from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import (
    BackupUnknown,
    CopiesUnreadable,
    PassphraseWanted,
    WrongPassphrase,
)
from onhand.domain.tasks import identity
from onhand.services.keeping_ports import Which
from onhand.storage.backups import Backups, Places
from onhand.storage.forgetting import StoredForgetting
from onhand.storage.history import SqliteHistory
from onhand.storage.prefix_folder import PrefixFolder


class Kept:
    """A history, its backups and what forgets; `damage` spoils the history."""

    def __init__(self, history, backups, forget, damage, spoil):
        self.history = history
        self.backups = backups
        self.forget = forget
        self.damage = damage
        self.spoil = spoil


def in_memory():
    history = FakeHistory()
    backups, forget = FakeBackups(), FakeForgetting(history)

    def damage():
        backups.damage = DataDamaged("spoilt")

    def spoil():
        forget.unreadable = ("/backups/onhand-0.db",)

    return Kept(history, backups, forget, damage, spoil)


def spoilt(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.fixture(params=["fake", "stored"])
def kept(request, tmp_path):
    if request.param == "fake":
        yield in_memory()
        return
    places = Places(
        history=tmp_path / "data" / "onhand.db",
        slots=tmp_path / "data" / "onhand.keys",
        folder=tmp_path / "backups",
    )
    hours = iter(range(99))
    backups = Backups(places, lambda: (KEY,), lambda: NOON + timedelta(hours=next(hours)))
    database = open_database(places.history)
    prefixes = PrefixFolder(tmp_path / "data" / "prefixes", lambda: KEY)
    yield Kept(
        SqliteHistory(database),
        backups,
        StoredForgetting(database, backups, prefixes, lambda: NOON),
        damage=lambda: (database.close(), spoilt(places.history)),
        spoil=lambda: spoilt(places.folder / backups.all()[-1].name),
    )
    database.close()


def texts(kept):
    found = kept.history.search("", kind=None, limit=99, before=None)
    return [each.text for each in found]


def test_backups_are_listed_newest_first(kept):
    kept.history.add(record("one"))
    assert kept.backups.all() == []
    assert kept.backups.newest_good() is None
    first, second = kept.backups.make(), kept.backups.make()
    assert kept.backups.all() == [second, first]
    assert second.at > first.at
    assert kept.backups.newest_good() == second


def test_the_first_backup_is_due_once_there_is_a_history(kept):
    kept.history.add(record("one"))
    assert kept.backups.make_if_due() is not None


def test_one_is_restored_by_its_name_or_as_the_newest(kept):
    kept.history.add(record("one"))
    first, second = kept.backups.make(), kept.backups.make()
    restored = kept.backups.restore(first.name)
    assert restored.backup == first
    assert restored.set_aside
    assert kept.backups.restore(None).backup == second


def test_what_is_no_backup_is_not_restored(kept):
    kept.history.add(record("one"))
    for name in (None, "onhand-7.db"):
        with pytest.raises(BackupUnknown):
            kept.backups.restore(name)
    assert texts(kept) == ["one"]


def test_damage_is_told_by_looking(kept):
    for number in range(60):
        kept.history.add(record(f"text {number}"))
    kept.backups.look_for_damage()
    kept.damage()
    with pytest.raises(DataDamaged):
        kept.backups.look_for_damage()


def filled(kept):
    kept.history.add(dataclasses.replace(record("old", QUEUE), at=NOON - timedelta(9)))
    kept.history.add(record("queue", QUEUE))
    return kept.history.add(record("short", SHORT))


@pytest.mark.parametrize(
    ("way", "left"),
    [
        ("one", ["queue", "old"]),
        ("all", []),
        ("older", ["short", "queue"]),
        ("task", ["short"]),
    ],
)
def test_what_is_counted_is_forgotten_and_nothing_else(kept, way, left):
    number = filled(kept)
    which = {
        "one": Which(ids=(number,)),
        "all": Which(all=True),
        "older": Which(older=5),
        "task": Which(task_id=identity(QUEUE)),
    }[way]
    count = kept.forget.count(which)
    assert count == 3 - len(left)
    assert kept.forget(which).entries == count
    assert texts(kept) == left
    assert kept.forget.count(which) == 0


def test_copies_that_cannot_be_rewritten_are_named_until_they_may_go(kept):
    number = filled(kept)
    kept.backups.make()
    kept.spoil()
    assert len(kept.forget(Which(ids=(number,))).unreadable) == 1
    gone = kept.forget(Which(all=True), delete_unreadable=True)
    assert gone.unreadable == ()
    assert texts(kept) == []


class Key:
    """A change of key; what sets a passphrase, asks for a code, spoils a copy."""

    def __init__(self, rekey, add_code, spoil):
        self.rekey = rekey
        self.add_code = add_code
        self.spoil = spoil


@pytest.fixture(params=["fake", "stored"])
def key_of(request, tmp_path):
    """Makes a history whose key is in a keyring, or under a passphrase."""
    opened = []

    def key_of(*, passphrase):
        if request.param == "fake":
            fake = FakeRekeying()
            fake.passphrase = WORDS if passphrase else None
            return Key(
                fake,
                add_code=lambda: setattr(fake, "recovery", True),
                spoil=lambda: setattr(fake, "unreadable", ("/backups/onhand-0.db",)),
            )
        vault = vault_of(tmp_path, keyring=not passphrase)
        database, rekey = rekeying(tmp_path, vault)
        opened.append(database)
        SqliteHistory(database).add(record("one"))
        copy = tmp_path / "data-backups" / "onhand-20200101T000000Z.db"

        def spoil():
            copy.parent.mkdir()
            copy.write_bytes(b"no database" * 500)

        return Key(rekey, vault.add_recovery_code, spoil)

    yield key_of
    for each in opened:
        each.close()


def test_a_key_in_the_keyring_is_changed_without_a_word(key_of):
    key = key_of(passphrase=False)
    told = []
    assert not key.rekey.needs_words()
    made = key.rekey(None, on_progress=told.append)
    assert (made.files, made.deleted, made.recovery_code) == (1, (), None)
    assert told[-1].done == told[-1].total > 0


def test_a_passphrase_must_be_the_right_one(key_of):
    key = key_of(passphrase=True)
    assert key.rekey.needs_words()
    with pytest.raises(PassphraseWanted):
        key.rekey(None)
    with pytest.raises(WrongPassphrase):
        key.rekey("another passphrase")
    assert key.rekey(WORDS).files == 1


def test_a_recovery_code_is_made_anew_where_there_was_one(key_of):
    key = key_of(passphrase=False)
    key.add_code()
    first, second = key.rekey(None), key.rekey(None)
    assert first.recovery_code
    assert second.recovery_code not in (None, first.recovery_code)


def test_what_cannot_be_read_stops_a_change_until_it_may_go(key_of):
    key = key_of(passphrase=False)
    key.spoil()
    with pytest.raises(CopiesUnreadable):
        key.rekey(None)
    assert len(key.rekey(None, delete_unreadable=True).deleted) == 1
    assert key.rekey(None).deleted == ()

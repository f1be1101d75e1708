"""Another key for the history: afterwards the old one opens nothing, meanwhile both do."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import timedelta

import pytest

from benchmarks import rekey_kills
from fakes.histories import look_into
from fakes.keyrings import FakeKeyring
from fakes.requests import PROMPT
from fakes.stores import NOON
from fakes.tasks import record
from onhand.domain.errors import DiskFull
from onhand.domain.history_errors import (
    CopiesUnreadable,
    HistoryInUse,
    HistoryLocked,
    PassphraseWanted,
    WrongPassphrase,
)
from onhand.host import Paths
from onhand.services.key_ports import KeyState
from onhand.storage.backups import Backups, Places
from onhand.storage.cipher import encrypted, errors
from onhand.storage.database import Database
from onhand.storage.forgetting import StoredForgetting
from onhand.storage.history import SqliteHistory
from onhand.storage.key_file import read_key_file
from onhand.storage.key_slots import Cost
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.rekeying import StoredRekeying
from onhand.storage.vault import Trust, Vault

CHEAP = Cost(n=16, r=1)
WORDS = "correct horse battery"


class Place:
    """A history with backups and key slots, opened as often as a test likes."""

    def __init__(self, root):
        self.paths = Paths(data=root / "data")
        self.keyring = FakeKeyring()
        self.at = NOON
        self._open = []

    def now(self):
        return self.at

    def vault(self, words=None):
        trust = Trust(keyring=self.keyring, ask=lambda _: words, cost=CHEAP)
        return Vault(self.paths.keys, trust)

    def open(self, vault=None):
        vault = vault or self.vault()
        paths = self.paths
        places = Places(history=paths.database, slots=paths.keys, folder=paths.backups)
        backups = Backups(places, vault.keys, self.now)
        database = Database(paths.database, encrypted(vault.keys))
        self._open.append(database)
        prefixes = PrefixFolder(paths.prefixes, lambda: b"k" * 32)
        rekey = StoredRekeying(database, backups, vault, prefixes)
        forget = StoredForgetting(database, backups, prefixes, self.now)
        return Opened(vault, database, backups, prefixes, rekey, forget)

    def fill(self, *texts):
        """Keep an entry for each text, and make a backup after each."""
        opened = self.open()
        for text in texts:
            SqliteHistory(opened.database).add(record(text))
            self.at += timedelta(hours=1)
            opened.backups.make()
        opened.database.close()
        return opened

    def files(self):
        return [self.paths.database, *self.paths.backups.glob("onhand-*.db")]

    def close(self):
        for each in self._open:
            each.close()


class Opened:
    """What a test works with."""

    def __init__(self, vault, database, backups, prefixes, rekey, forget):
        self.vault = vault
        self.database = database
        self.backups = backups
        self.prefixes = prefixes
        self.rekey = rekey
        self.forget = forget


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    place.close()


def texts(opened):
    found = SqliteHistory(opened.database).search("", kind=None, limit=99, before=None)
    return [each.text for each in found]


def opens(path, key):
    try:
        with closing(look_into(path, key)) as connection:
            connection.execute("SELECT count(*) FROM records").fetchone()
    except errors():
        return False
    return True


def spoil(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_everything_is_under_the_new_key_and_nothing_under_the_old_one(place):
    opened = place.fill("one", "two")
    [old] = opened.vault.keys()
    opened.prefixes.cache(PROMPT)
    told = []
    made = opened.rekey(None, on_progress=told.append)
    [new] = opened.vault.keys()
    assert new != old
    assert made.files == 3
    assert [opens(path, new) for path in place.files()] == [True] * 3
    assert not any(opens(path, old) for path in place.files())
    assert texts(opened) == ["two", "one"]
    assert texts(place.open()) == ["two", "one"]
    assert not place.paths.prefixes.exists()
    assert [each.done for each in told] == [0, 1, 3]
    assert {each.total for each in told} == {3}


def test_the_keyring_holds_the_new_key_alone(place):
    place.fill("one").rekey(None)
    [new] = place.vault().keys()
    assert list(place.keyring.kept.values()) == [new.hex()]


def test_the_passphrase_is_wanted_and_opens_the_new_key(place):
    place.keyring.failing = "locked"
    place.vault().unlock(WORDS)
    opened = place.open(place.vault(WORDS))
    SqliteHistory(opened.database).add(record("one"))
    assert opened.rekey.needs_words()
    with pytest.raises(PassphraseWanted):
        opened.rekey(None)
    with pytest.raises(WrongPassphrase):
        opened.rekey("another one")
    assert len(read_key_file(place.paths.keys).sets) == 1
    [old] = opened.vault.keys()
    opened.rekey(WORDS)
    vault = place.vault(WORDS)
    assert vault.state() is KeyState.LOCKED
    assert vault.keys() != (old,)
    assert texts(place.open(vault)) == ["one"]


def test_a_new_recovery_code_takes_the_place_of_the_old_one(place):
    opened = place.fill("one")
    code = opened.vault.add_recovery_code()
    made = opened.rekey(None)
    place.keyring.failing = "locked"
    with pytest.raises(WrongPassphrase):
        place.vault().unlock(code)
    vault = place.vault()
    vault.unlock(made.recovery_code)
    assert texts(place.open(vault)) == ["one"]


def test_an_organisation_keeps_its_slot(place):
    private, public = rekey_kills.pair()
    opened = place.fill("one")
    opened.vault.add_organisation(public)
    opened.rekey(None)
    place.keyring.failing = "locked"
    vault = place.vault()
    vault.unlock_as_organisation(private)
    assert texts(place.open(vault)) == ["one"]


def test_without_a_place_for_the_new_key_nothing_is_changed(place):
    opened = place.fill("one")
    place.keyring.failing = "locked"
    with pytest.raises(HistoryLocked):
        opened.rekey(None)
    place.keyring.failing = ""
    assert texts(place.open()) == ["one"]
    assert len(read_key_file(place.paths.keys).sets) == 1


def test_copies_that_cannot_be_read_stop_it_until_they_may_go(place):
    opened = place.fill("one", "two")
    oldest = min(place.paths.backups.glob("onhand-*.db"))
    spoil(oldest)
    with pytest.raises(CopiesUnreadable, match=oldest.name):
        opened.rekey(None)
    assert texts(place.open()) == ["two", "one"]
    made = place.open().rekey(None, delete_unreadable=True)
    assert made.deleted == (str(oldest),)
    assert not oldest.exists()
    [new] = place.vault().keys()
    assert all(opens(path, new) for path in place.files())
    assert texts(place.open()) == ["two", "one"]


def test_what_was_set_aside_comes_along(place):
    opened = place.fill("one", "two")
    oldest = min(each.name for each in opened.backups.all())
    opened.backups.restore(oldest)
    opened.rekey(None)
    [new] = opened.vault.keys()
    [aside] = opened.backups.set_aside()
    assert opens(place.paths.data / aside, new)
    assert texts(opened) == ["one"]


def test_a_history_that_another_one_has_open_is_left_alone(place):
    opened = place.fill("one")
    with rekey_kills.held_open(place.paths.data), pytest.raises(HistoryInUse):
        opened.rekey(None)
    assert texts(opened) == ["one"]
    assert len(read_key_file(place.paths.keys).sets) == 1
    opened.rekey(None)


def test_who_has_it_open_in_the_same_process_goes_on_with_the_new_file(place):
    opened = place.fill("one")
    other = place.open(opened.vault)
    assert texts(other) == ["one"]
    opened.rekey(None)
    SqliteHistory(other.database).add(record("two"))
    assert texts(opened) == ["two", "one"]


def test_a_vault_of_another_process_finds_the_new_key(place):
    opened = place.fill("one")
    other = place.vault()
    before = other.keys()
    opened.rekey(None)
    assert other.keys() == opened.vault.keys() != before
    assert texts(place.open(other)) == ["one"]


def begun(place):
    """A change that was interrupted right after its beginning, and its two keys."""
    opened = place.fill("one", "two")
    [old] = opened.vault.keys()
    opened.vault.change.begin(old, None)
    return place.open(), place.vault().keys()


def test_an_interrupted_change_is_gone_on_with_and_meanwhile_all_opens(place):
    opened, (old, new) = begun(place)
    assert texts(opened) == ["two", "one"]
    assert opened.vault.keys() == (old, new)
    opened.backups.copies.rewrite(
        min(place.paths.backups.glob("onhand-*.db")),
        lambda part: opened.rekey.put(part, new),
    )
    assert not opened.rekey.needs_words()
    opened.rekey(None)
    assert place.vault().keys() == (new,)
    assert all(opens(path, new) for path in place.files())


def test_one_slot_of_an_interrupted_change_opens_both_keys(place):
    _, keys = begun(place)
    for account in list(place.keyring.kept):
        kept = place.keyring.kept.pop(account)
        assert place.vault().keys() == keys
        place.keyring.kept[account] = kept


def test_what_is_added_during_an_interrupted_change_opens_both_keys(place):
    _, keys = begun(place)
    code = place.vault().add_recovery_code()
    place.vault().unlock(WORDS)
    place.keyring.failing = "locked"
    for words in (code, WORDS):
        vault = place.vault()
        vault.unlock(words)
        assert vault.keys() == keys
    place.keyring.failing = ""
    assert place.open().rekey(None).recovery_code is None
    place.keyring.failing = "locked"
    vault = place.vault()
    vault.unlock(code)
    assert texts(place.open(vault)) == ["two", "one"]


def test_lost_slots_come_back_from_the_backups_at_any_moment(place):
    opened = place.fill("one")
    opened.rekey(None)
    place.paths.keys.unlink()
    opened.backups.bring_back_slots()
    assert texts(place.open()) == ["one"]


def test_a_full_disk_in_the_middle_costs_nothing(place):
    opened = place.fill("one")

    def full(_):
        raise DiskFull("no room")

    with pytest.raises(DiskFull):
        opened.backups.copies.rewrite(place.paths.database, full)
    assert sorted(each.name for each in place.paths.data.glob(".*")) == []
    assert texts(place.open()) == ["one"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_kill_while_the_key_is_changed_costs_nothing(tmp_path):
    assert rekey_kills.kill(tmp_path, 2, seed=1) == 0

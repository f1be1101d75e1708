"""What the key of every history does: the one in slots, and the one in memory."""

from __future__ import annotations

import pytest

from benchmarks.rekey_kills import pair
from fakes.keyrings import FakeKeyring
from fakes.keys import FakeKeys
from onhand.domain.history_errors import (
    HistoryKeyless,
    HistoryLocked,
    KeyOfOneKind,
    PassphraseUnusable,
    WrongPassphrase,
)
from onhand.services.key_ports import KeyState, Way
from onhand.storage.key_slots import Cost
from onhand.storage.vault import Trust, Vault

WORDS = "correct horse battery"


@pytest.fixture(params=["fake", "vault"])
def keys_of(request, tmp_path):
    """Makes the key of a history that exists or not, with a keyring or without one."""

    def keys_of(*, keyring=True, exists=True):
        if request.param == "fake":
            return FakeKeys(keyring=keyring, exists=exists)
        store = FakeKeyring()

        def vault():
            trust = Trust(keyring=store, cost=Cost(n=16, r=1))
            return Vault(tmp_path / "onhand.keys", trust)

        if exists:
            vault().keys()
        store.failing = "" if keyring else "there is no session bus"
        return vault()

    return keys_of


@pytest.mark.parametrize(
    ("keyring", "exists", "state"),
    [
        (True, True, KeyState.OPEN),
        (True, False, KeyState.OPEN),
        (False, True, KeyState.LOCKED),
        (False, False, KeyState.KEYLESS),
    ],
)
def test_it_is_open_locked_or_there_is_none(keys_of, keyring, exists, state):
    assert keys_of(keyring=keyring, exists=exists).state() is state


def test_a_passphrase_is_set_where_there_is_no_history(keys_of):
    keys = keys_of(keyring=False, exists=False)
    with pytest.raises(PassphraseUnusable):
        keys.unlock("short")
    assert keys.state() is KeyState.KEYLESS
    made = keys.unlock(WORDS)
    assert (made.new, made.in_keyring) == (True, False)
    assert keys.state() is KeyState.OPEN
    assert not keys.unlock(WORDS).new
    with pytest.raises(WrongPassphrase):
        keys.unlock("another passphrase")


def test_a_passphrase_is_added_to_what_the_keyring_opens(keys_of):
    keys = keys_of()
    made = keys.unlock(WORDS)
    assert (made.new, made.in_keyring) == (True, True)
    assert not keys.unlock(WORDS).new


def test_a_recovery_code_opens_what_was_locked(keys_of):
    keys = keys_of()
    code = keys.add_recovery_code()
    keys.lock()
    assert keys.state() is KeyState.LOCKED
    assert not keys.unlock(code).new
    assert keys.state() is KeyState.OPEN


def test_nothing_is_added_to_what_is_locked(keys_of):
    keys = keys_of(keyring=False)
    with pytest.raises((HistoryLocked, HistoryKeyless)):
        keys.add_recovery_code()
    with pytest.raises((HistoryLocked, HistoryKeyless)):
        keys.set_passphrase(WORDS)


def test_every_way_that_was_added_is_told(keys_of):
    assert keys_of(exists=False).ways() == set()
    keys = keys_of()
    assert keys.ways() == {Way.KEYRING}
    keys.set_passphrase(WORDS)
    keys.add_recovery_code()
    assert keys.ways() == {Way.KEYRING, Way.PASSPHRASE, Way.RECOVERY}
    keys.add_organisation(pair()[1])
    keys.lock()
    assert keys.ways() == {Way.PASSPHRASE, Way.RECOVERY, Way.ORGANISATION}


def test_a_new_passphrase_takes_the_place_of_the_one_before(keys_of):
    keys = keys_of()
    keys.unlock(WORDS)
    code = keys.add_recovery_code()
    with pytest.raises(PassphraseUnusable):
        keys.set_passphrase("short")
    keys.set_passphrase("another passphrase")
    keys.lock()
    with pytest.raises(WrongPassphrase):
        keys.unlock(WORDS)
    assert not keys.unlock("another passphrase").new
    assert not keys.unlock(code).new


def test_a_new_recovery_code_takes_the_place_of_the_one_before(keys_of):
    keys = keys_of()
    before = keys.add_recovery_code()
    code = keys.add_recovery_code()
    keys.lock()
    with pytest.raises(WrongPassphrase):
        keys.unlock(before)
    assert not keys.unlock(code).new


def test_what_only_the_keyring_opens_is_not_locked(keys_of):
    keys = keys_of()
    with pytest.raises(KeyOfOneKind):
        keys.lock()
    assert keys.state() is KeyState.OPEN


def test_an_organisation_opens_it_with_its_own_key(keys_of):
    keys = keys_of()
    private, public = pair()
    stranger, _ = pair()
    keys.add_organisation(public)
    keys.unlock(WORDS)
    keys.lock()
    with pytest.raises(WrongPassphrase):
        keys.unlock_as_organisation(stranger)
    assert not keys.unlock_as_organisation(private).new
    assert keys.state() is KeyState.OPEN

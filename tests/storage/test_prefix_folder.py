"""The folder of decoded prefixes: for its owner alone, made late, removed whole."""

from __future__ import annotations

import stat
import sys

import pytest

from fakes.keyrings import FakeKeyring
from fakes.requests import PROMPT
from onhand.history_wiring import prefix_key
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.vault import Trust, Vault

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "prefixes"


def test_nothing_is_made_before_it_is_needed(folder):
    def refuse():
        raise AssertionError("the key is not needed yet")

    assert PrefixFolder(folder, refuse).cache(None) is None
    assert not folder.parent.exists()


@posix
def test_the_folder_is_for_its_owner_alone_and_holds_no_key(folder):
    PrefixFolder(folder, lambda: KEY).cache(PROMPT)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [*folder.iterdir()] == []
    assert KEY not in folder.with_name("prefixes.salt").read_bytes()


def test_after_forgetting_the_key_is_another_one_for_good(folder):
    store = PrefixFolder(folder, lambda: KEY)
    first = store.cache(PROMPT).key
    assert store.cache(PROMPT).key == PrefixFolder(folder, lambda: KEY).cache(PROMPT).key
    assert store.cache(PROMPT).key == first != KEY
    store.forget()
    assert store.cache(PROMPT).key != first


def test_a_salt_that_was_cut_is_made_anew(folder):
    store = PrefixFolder(folder, lambda: KEY)
    first = store.cache(PROMPT).key
    salt = folder.with_name("prefixes.salt")
    salt.write_bytes(b"")
    assert store.cache(PROMPT).key != first
    assert len(salt.read_bytes()) == 32


def test_the_key_is_not_shown(folder):
    made = PrefixFolder(folder, lambda: KEY).cache(PROMPT)
    assert repr(made) == f"PrefixCache(folder={str(folder)!r})"


def test_without_a_key_nothing_is_kept(folder):
    assert PrefixFolder(folder, lambda: None).cache(PROMPT) is None
    assert not folder.exists()


def test_the_key_is_another_one_than_that_of_the_history(tmp_path):
    vault = Vault(tmp_path / "onhand.keys", Trust(keyring=FakeKeyring()))
    key = prefix_key(vault)
    assert len(key) == 32
    assert (key,) != vault.keys()
    locked = FakeKeyring()
    locked.failing = "locked"
    other = Vault(tmp_path / "onhand.keys", Trust(keyring=locked))
    assert prefix_key(other) is None


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("")
    store = PrefixFolder(tmp_path / "file" / "prefixes", lambda: KEY)
    assert store.cache(PROMPT) is None
    store.forget()


def test_everything_goes(folder):
    store = PrefixFolder(folder, lambda: KEY)
    store.cache(PROMPT)
    (folder / "a.prefix").write_bytes(b"x")
    store.forget()
    assert not folder.exists()
    assert folder.parent.exists()

"""The folder of decoded prefixes: for its owner alone, made late, removed whole."""

from __future__ import annotations

import stat
import sys

import pytest

from fakes.requests import PROMPT
from onhand.storage.prefix_folder import KEY_BYTES, PrefixFolder

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "prefixes"


def test_nothing_is_made_before_it_is_needed(folder):
    assert PrefixFolder(folder).cache(None) is None
    assert not folder.parent.exists()


@posix
def test_folder_and_key_are_for_their_owner_alone(folder):
    PrefixFolder(folder).cache(PROMPT)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600


def test_the_key_is_random_and_stays(folder, tmp_path):
    key = PrefixFolder(folder).cache(PROMPT).key
    assert PrefixFolder(folder).cache(None).key == key
    assert PrefixFolder(tmp_path / "other").cache(PROMPT).key != key


@pytest.mark.parametrize("content", [b"", b"short", b"x" * (KEY_BYTES + 1)])
def test_what_is_no_key_is_replaced_when_something_is_to_be_kept(folder, content):
    store = PrefixFolder(folder)
    store.cache(PROMPT)
    (folder / "key").write_bytes(content)
    assert store.cache(None) is None
    assert len(store.cache(PROMPT).key) == KEY_BYTES


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("")
    store = PrefixFolder(tmp_path / "file" / "prefixes")
    assert store.cache(PROMPT) is None
    store.forget()


def test_everything_goes(folder):
    store = PrefixFolder(folder)
    store.cache(PROMPT)
    (folder / "a.prefix").write_bytes(b"x")
    store.forget()
    assert not folder.exists()
    assert folder.parent.exists()

"""What every place for decoded prefixes does."""

from __future__ import annotations

import pytest

from fakes.requests import PROMPT
from fakes.stores import FakePrefixes
from onhand.storage.prefix_folder import PrefixFolder


@pytest.fixture(params=["fake", "folder"])
def store(request, tmp_path):
    if request.param == "fake":
        return FakePrefixes()
    return PrefixFolder(tmp_path / "data" / "prefixes", lambda: b"k" * 32)


def test_there_is_no_place_before_something_is_to_be_kept(store):
    assert store.cache(None) is None
    assert store.cache(PROMPT) is not None
    assert store.cache(None) is not None


def test_it_names_the_prompt_that_may_be_kept(store):
    made = store.cache(PROMPT)
    assert made.lasting == PROMPT
    assert len(made.key) == 32
    read_only = store.cache(None)
    assert read_only.lasting is None
    assert (read_only.folder, read_only.key) == (made.folder, made.key)


def test_what_is_forgotten_is_not_there(store):
    store.forget()
    store.cache(PROMPT)
    store.forget()
    assert store.cache(None) is None
    assert store.cache(PROMPT) is not None

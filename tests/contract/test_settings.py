"""What every settings store does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import FakeSettings
from onhand.domain.settings import Appearance, Settings
from onhand.storage.settings_file import SettingsFile

SETTINGS = st.builds(
    Settings,
    model=st.text(st.characters(codec="utf-8")),
    context=st.integers(512, 131072),
    threads=st.integers(0, 512),
    keep_history=st.booleans(),
    appearance=st.sampled_from(Appearance),
)


@pytest.fixture(params=["fake", "file"])
def new_store(request, tmp_path):
    if request.param == "fake":
        return FakeSettings
    return lambda: SettingsFile(tmp_path / "data" / "settings.json")


def test_at_first_the_defaults_hold(new_store):
    assert new_store().load() == Settings()


@given(first=SETTINGS, second=SETTINGS)
def test_what_was_saved_last_holds(first, second, tmp_path_factory):
    folder = tmp_path_factory.mktemp("settings")
    for store in (FakeSettings(), SettingsFile(folder / "settings.json")):
        store.save(first)
        store.save(second)
        assert store.load() == second

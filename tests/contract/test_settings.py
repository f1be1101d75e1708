"""What every settings store does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import FakeSettings
from onhand.domain.policies import NO_POLICIES, Level, RawPolicies, read_policies
from onhand.domain.policy_errors import PolicyForbids
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
        return lambda policies=NO_POLICIES: FakeSettings(policies=policies)
    return lambda policies=NO_POLICIES: SettingsFile(
        tmp_path / "data" / "settings.json", policies
    )


def policies(level, **values):
    place = RawPolicies(level=level, place="here", values=values)
    return read_policies([place])


def test_what_is_fixed_holds_and_cannot_be_changed(new_store):
    store = new_store(policies(Level.MANAGED, Context=1024))
    assert store.load() == Settings(context=1024)
    assert store.policies.source(store.load(), "context") == "policy"
    with pytest.raises(PolicyForbids, match="context"):
        store.save(Settings(context=2048))
    store.save(Settings(context=1024, threads=2))
    assert store.load() == Settings(context=1024, threads=2)


def test_what_is_recommended_takes_the_place_of_the_default(new_store):
    store = new_store(policies(Level.RECOMMENDED, Context=1024, KeepHistory=False))
    assert store.load() == Settings(context=1024, keep_history=False)
    store.save(Settings(keep_history=False))
    assert store.load() == Settings(keep_history=False)


def test_at_first_the_defaults_hold(new_store):
    assert new_store().load() == Settings()


@given(first=SETTINGS, second=SETTINGS)
def test_what_was_saved_last_holds(first, second, tmp_path_factory):
    folder = tmp_path_factory.mktemp("settings")
    for store in (FakeSettings(), SettingsFile(folder / "settings.json")):
        store.save(first)
        store.save(second)
        assert store.load() == second

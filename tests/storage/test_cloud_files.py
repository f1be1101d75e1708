"""Files about cloud models: providers, keys, spending; damaged, full, killed."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.cloud import PROVIDER
from fakes.keyrings import FakeKeyring
from fakes.providers import KEY
from fakes.spending_child import WORST, spending
from fakes.stores import NOON
from onhand.domain.cloud_errors import (
    OverBudget,
    ProviderInvalid,
    ProviderKeyless,
    ProviderUnknown,
)
from onhand.domain.errors import DataDamaged, DataFolderUnwritable
from onhand.domain.history_errors import KeyringUnusable
from onhand.host import find_data
from onhand.storage.provider_keys import LONGEST, KeyringKeys
from onhand.storage.providers_file import ProviderFiles
from onhand.storage.spending import SpendingFile

CRASHES = int(os.environ.get("ONHAND_CRASHES", "6"))
"""200 in full, which takes some minutes."""

CHILD = Path(__file__).parents[1] / "fakes" / "spending_child.py"


@pytest.fixture
def files(tmp_path):
    return ProviderFiles(
        known=find_data() / "resources" / "providers.json", added=tmp_path / "cloud.json"
    )


def test_what_is_added_is_there_the_next_time_and_without_a_secret(files, tmp_path):
    assert files.added() == ()
    files.add(PROVIDER)
    assert files.added() == (PROVIDER,)
    written = (tmp_path / "cloud.json").read_text()
    assert KEY not in written
    assert '"name": "fake"' in written
    files.remove("fake")
    assert files.added() == ()
    with pytest.raises(ProviderUnknown):
        files.remove("fake")


def test_those_that_are_known_are_whole_and_their_prices_have_a_day_and_a_source(files):
    known = files.known()
    assert len({each.name for each in known}) == len(known) >= 4
    for each in known:
        assert each.url.startswith("https://")
        if each.price is not None:
            assert len(each.price.as_of) == len("2026-01-01")
            assert each.price.source


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"a": 1}', b"[1]", b'[{"name": "x"}]', b"\xff", b"[" * 100_000,
     b'[{"name": "x", "api": "openai", "url": "http://far.example", "model": "m"}]'],
)  # fmt: skip
def test_a_damaged_list_is_told_and_stays(files, tmp_path, content):
    (tmp_path / "cloud.json").write_bytes(content)
    with pytest.raises(DataDamaged):
        files.added()
    with pytest.raises(DataDamaged):
        files.add(PROVIDER)
    assert (tmp_path / "cloud.json").read_bytes() == content


def test_a_key_is_kept_in_the_keyring_and_nowhere_else():
    keyring = FakeKeyring()
    keys = KeyringKeys(keyring)
    assert keys.save("work", f"  {KEY}\n")
    assert KeyringKeys(keyring).load("work") == KEY
    assert KEY not in repr(keys)
    keys.delete("work")
    assert keyring.kept == {}
    with pytest.raises(ProviderKeyless):
        keys.load("work")


def test_without_a_keyring_it_lasts_as_long_as_the_program():
    keyring = FakeKeyring()
    keyring.failing = "there is none"
    keys = KeyringKeys(keyring)
    assert not keys.save("work", KEY)
    assert keys.load("work") == KEY
    with pytest.raises(ProviderKeyless):
        KeyringKeys(keyring).load("work")
    keys.delete("work")
    with pytest.raises(ProviderKeyless):
        keys.load("work")


def test_a_key_that_cannot_be_deleted_is_told():
    class Stubborn(FakeKeyring):
        def delete(self, account: str) -> None:
            raise KeyringUnusable("locked")

    keys = KeyringKeys(Stubborn())
    keys.save("work", KEY)
    with pytest.raises(KeyringUnusable):
        keys.delete("work")


@pytest.mark.parametrize(
    "key", ["", " ", "a b", "a\nb", "é", "x" * (LONGEST + 1), "a\x00b"]
)
def test_what_cannot_be_a_key_is_refused(key):
    keyring = FakeKeyring()
    with pytest.raises(ProviderInvalid):
        KeyringKeys(keyring).save("work", key)
    assert keyring.kept == {}


def test_the_file_of_spending_is_for_its_owner_and_holds_no_text(tmp_path):
    store = SpendingFile(tmp_path / "d" / "spending.db")
    store.reserve(spending("a"), None)
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "d" / "spending.db").stat().st_mode) == 0o600


def test_a_damaged_one_stops_every_request(tmp_path):
    path = tmp_path / "spending.db"
    path.write_bytes(b"no database at all, but long enough to be looked at " * 40)
    store = SpendingFile(path)
    for use in (lambda: store.reserve(spending("a"), 10), lambda: store.spent(NOON)):
        with pytest.raises(DataDamaged):
            use()
    folder = SpendingFile(tmp_path)
    with pytest.raises(DataFolderUnwritable):
        folder.reserve(spending("a"), None)


def test_two_processes_that_spend_at_once_keep_to_one_limit(tmp_path):
    path, limit = tmp_path / "spending.db", 40 * WORST
    children = [_child(path, limit, name) for name in ("a", "b")]
    costs = [
        int(each)
        for child in children
        for each in child.communicate()[0].split()
        if each != "full"
    ]
    assert sum(costs) <= limit
    assert SpendingFile(path).spent(NOON) == sum(costs)


def test_a_crash_at_any_moment_never_lets_more_be_spent(tmp_path):
    """All that may have been charged stands in the file, and no limit is passed."""
    path, limit = tmp_path / "spending.db", CRASHES * 12 * WORST
    store, charged = SpendingFile(path), 0
    for number in range(CRASHES):
        child = _child(path, limit, str(number))
        said = [child.stdout.readline() for _ in range(random.randint(0, 20))]  # noqa: S311
        child.kill()
        said += child.communicate()[0].splitlines(keepends=True)
        charged += sum(
            int(each) for each in said if each.endswith("\n") and each != "full\n"
        )
        rows = store.all()
        unsettled = [each for each in rows if not each.settled]
        assert len(unsettled) <= number + 1
        assert all(each.cost == each.reserved for each in unsettled)
        assert charged <= store.spent(NOON) <= limit
    left = limit - store.spent(NOON)
    with pytest.raises(OverBudget):
        store.reserve(spending("last", left + 1), limit)
    store.reserve(spending("last", left), limit)


def _child(path, limit, name):
    argv = [sys.executable, str(CHILD), str(path), str(limit), name]
    tests = str(CHILD.parents[1])
    environment = {**os.environ, "PYTHONPATH": tests}
    return subprocess.Popen(
        argv, stdout=subprocess.PIPE, text=True, env=environment, stderr=subprocess.DEVNULL
    )

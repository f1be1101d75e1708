"""What every keyring does: the one in memory, and the library's over a backend."""

from __future__ import annotations

import keyring as library
import pytest
from keyring.backends import fail, null

from fakes.keyrings import FakeKeyring, MemoryBackend
from onhand.domain.history_errors import KeyringUnusable
from onhand.storage.system_keyring import SystemKeyring


@pytest.fixture
def backend():
    """A backend that the library uses until the end of the test."""
    before = library.get_keyring()
    backend = MemoryBackend()
    library.set_keyring(backend)
    yield backend
    library.set_keyring(before)


@pytest.fixture(params=["fake", "library"])
def keyring(request):
    if request.param == "fake":
        return FakeKeyring()
    request.getfixturevalue("backend")
    return SystemKeyring()


def test_what_was_kept_comes_back_until_it_is_deleted(keyring):
    assert keyring.load("a") is None
    keyring.save("a", "one")
    keyring.save("b", "two")
    keyring.save("a", "three")
    assert (keyring.load("a"), keyring.load("b")) == ("three", "two")
    keyring.delete("a")
    keyring.delete("a")
    assert (keyring.load("a"), keyring.load("b")) == (None, "two")


@pytest.mark.parametrize("state", ["missing", "locked", "dismissed", "broken"])
@pytest.mark.parametrize("real", [False, True], ids=["fake", "library"])
def test_a_keyring_that_fails_is_told_for_each_use(request, state, real):
    if real:
        request.getfixturevalue("backend").state = state
        keyring = SystemKeyring()
    else:
        keyring = FakeKeyring()
        keyring.failing = state
    for use in (
        lambda: keyring.load("a"),
        lambda: keyring.save("a", "one"),
        lambda: keyring.delete("a"),
    ):
        with pytest.raises(KeyringUnusable):
            use()


def test_a_keyring_that_forgets_is_found_out(backend):
    backend.state = "null"
    with pytest.raises(KeyringUnusable, match="does not give back"):
        SystemKeyring().save("a", "one")


@pytest.mark.parametrize("useless", [null.Keyring, fail.Keyring])
def test_a_backend_that_keeps_nothing_is_refused(backend, useless):
    library.set_keyring(useless())
    for use in (
        lambda: SystemKeyring().load("a"),
        lambda: SystemKeyring().save("a", "one"),
    ):
        with pytest.raises(KeyringUnusable, match="keeps nothing"):
            use()


def test_no_secret_is_in_what_is_told(backend):
    backend.state = "broken"
    with pytest.raises(KeyringUnusable) as told:
        SystemKeyring().save("a", "the secret")
    assert "secret" not in str(told.value)


@pytest.mark.skipif("sys.platform != 'linux'")
def test_on_linux_no_session_bus_is_no_keyring(monkeypatch, tmp_path):
    for name in ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(KeyringUnusable, match="no session bus"):
        SystemKeyring().load("a")

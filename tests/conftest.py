"""What holds for every test: no network, no screen, no clock."""

from __future__ import annotations

import gc
import os
import socket
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test touches the keyring of who runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

try:
    import PySide6.QtWidgets  # noqa: F401 - pytest-qt would fail without a word about the cause
except ImportError as missing:
    pytest.exit(
        f"Qt cannot be loaded: {missing}. On Debian and Ubuntu this helps: apt-get install "
        "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0",
        returncode=pytest.ExitCode.USAGE_ERROR,
    )

# How long a test takes depends on the machine and proves nothing.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


NEED_LOOPBACK = {"loopback", "hub"}
"""Fixtures of tests that talk to a server of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what does not work without a network that leads to this machine at least."""
    for item in items:
        if NEED_LOOPBACK & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.net)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave what belongs to Qt to this thread, as the window does (`ui/collecting.py`)."""
    if "qapp" in getattr(item, "fixturenames", ()):
        gc.disable()


def pytest_runtest_logfinish() -> None:
    """Collect what a test with Qt left behind, now that pytest holds nothing of it."""
    if not gc.isenabled():
        gc.collect(1)
        gc.enable()


class NetworkTouched(AssertionError):
    """A test, or what it tests, tried to reach another machine."""


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection and look-up in this process; Unix sockets stay usable."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto", "sendmsg"):
            if hasattr(socket.socket, name):  # Windows lacks sendmsg
                patch.setattr(socket.socket, name, _unless_ip(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _unless_elsewhere(socket.getaddrinfo))
        yield


LOOPBACK = ("127.0.0.1", "::1", "localhost")

_open_to: set[str] = set()


@pytest.fixture
def loopback() -> Iterator[None]:
    """Let this test reach servers of its own on this machine, and nothing else."""
    _open_to.update(LOOPBACK)
    yield
    _open_to.clear()


def _unless_ip(method: Callable[..., object]) -> Callable[..., object]:
    def guarded(this: socket.socket, *arguments: object) -> object:
        if this.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_others(*arguments)
        return method(this, *arguments)

    return guarded


def _unless_elsewhere(look_up: Callable[..., object]) -> Callable[..., object]:
    def guarded(*arguments: object, **options: object) -> object:
        if arguments[0] not in _open_to:
            _refuse(*arguments)
        return look_up(*arguments, **options)

    return guarded


def _refuse_others(*arguments: object) -> None:
    """Refuse an address that is not open to the test that runs."""
    address = arguments[-1]
    if not isinstance(address, tuple) or address[0] not in _open_to:
        _refuse(*arguments)


def _refuse(*arguments: object, **_: object) -> NoReturn:
    raise NetworkTouched(f"refused: {arguments!r}")

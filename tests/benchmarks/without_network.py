"""Runs the tests where there is no network: not to other machines, not even to this one.

    python tests/benchmarks/without_network.py [PYTEST_OPTION …]

Everything but the tests marked `net` runs in a network namespace in which nothing is up;
those marked run in another one, in which the loopback is, and nothing else. Options are
passed on to both, paths among them; without any it is the whole suite. Ends with the status
of the first run that failed. Linux, where the user may make namespaces.
"""

from __future__ import annotations

import array
import fcntl
import shutil
import socket
import struct
import subprocess
import sys

UP = "--loopback-up"
NOTHING_TO_RUN = 5
"""What pytest ends with where no test was chosen."""

# From linux/sockios.h and linux/if.h.
GET_FLAGS, SET_FLAGS, IS_UP = 0x8913, 0x8914, 1


def bring_up_loopback() -> None:
    """As `ip link set lo up` does, which is not on every machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = array.array("B", struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(any_socket, GET_FLAGS, asked)
        flags = struct.unpack_from("16sh", asked)[1]
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | IS_UP))


def interfaces_up() -> list[str]:
    """The names of the interfaces that carry anything here."""
    with socket.socket(socket.AF_UNIX) as any_socket:
        found = []
        for _, name in socket.if_nameindex():
            asked = array.array("B", struct.pack("16sh14x", name.encode(), 0))
            fcntl.ioctl(any_socket, GET_FLAGS, asked)
            if struct.unpack_from("16sh", asked)[1] & IS_UP:
                found.append(name)
    return found


def inside(options: list[str]) -> int:
    """One run of pytest in the namespace that this process is in."""
    up = options[:1] == [UP]
    if up:
        bring_up_loopback()
        options = options[1:]
    assert interfaces_up() == (["lo"] if up else []), interfaces_up()
    chosen = "net" if up else "not net"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-m", chosen, *options], check=False
    ).returncode


def main() -> int:
    """Both runs, each in a namespace of its own."""
    options = sys.argv[1:]
    if options[:1] == ["--inside"]:
        return inside(options[1:])
    unshare = shutil.which("unshare")
    assert unshare is not None, "there is no unshare here"
    again = [unshare, "-rnm", sys.executable, __file__, "--inside"]
    failed = 0
    for more in ([], [UP]):
        done = subprocess.run([*again, *more, *options], check=False).returncode
        failed = failed or (0 if done == NOTHING_TO_RUN else done)
    return failed


if __name__ == "__main__":
    sys.exit(main())

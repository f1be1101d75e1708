"""A process as an engine is, that tries to get out: six ways to the network.

    attacker.py TCP_PORT UDP_PORT [--confined]

Prints one JSON object: by way, what became of it; "OUT" where it got out. With `--confined`
it gives up the network first, as the engine does, and prints what it said of that as well.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import platform
import socket
import struct
import subprocess
import sys
import threading

import msgspec

from onhand.sandbox import confine

HOST = "127.0.0.1"
OUT = "OUT"
IO_URING_SETUP = 425


def tcp(port: int) -> str:
    """The ordinary way."""
    socket.create_connection((HOST, port), 2).close()
    return OUT


def udp(port: int) -> str:
    """No connection, one packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", (HOST, port))
    return OUT


def qt(port: int) -> str:
    """Past Python, by Qt."""
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 - may be missing
    from PySide6.QtNetwork import QTcpSocket  # noqa: PLC0415 - may be missing

    application = QCoreApplication([])
    client = QTcpSocket(application)
    client.connectToHost(HOST, port)
    return OUT if client.waitForConnected(2000) else client.errorString()


def c_library(port: int) -> str:
    """Past Python, by the C library, on a thread of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    said = []

    def attack() -> None:
        handle = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
        where = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port)
        where += socket.inet_aton(HOST) + bytes(8)
        failed = handle < 0 or libc.connect(handle, where, len(where))
        said.append(os.strerror(ctypes.get_errno()) if failed else OUT)

    thread = threading.Thread(target=attack)
    thread.start()
    thread.join()
    return said[0]


def child(port: int) -> str:
    """By a new process, which a filter must cover as well."""
    code = f"import socket; socket.create_connection(('{HOST}', {port}), 2); print('OUT')"
    argv = [sys.executable, "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def io_uring(_: int) -> str:
    """By a queue in which the kernel itself opens sockets, past any filter."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.syscall(IO_URING_SETUP, 4, ctypes.create_string_buffer(120))
    return os.strerror(ctypes.get_errno()) if handle < 0 else OUT


WAYS = {
    "tcp": tcp,
    "udp": udp,
    "qt": qt,
    "c library": c_library,
    "child": child,
    "io_uring": io_uring,
}


def x32() -> str:
    """The call `socket` under its other number, which only x86_64 has."""
    if platform.machine() != "x86_64":
        return "Operation not permitted"
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.syscall(0x40000000 + 41, socket.AF_INET, socket.SOCK_STREAM, 0) < 0
    return os.strerror(ctypes.get_errno()) if failed else OUT


def borrowed() -> str:
    """A socket of the parent, taken by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    process = libc.syscall(434, os.getppid(), 0)
    failed = libc.syscall(438, process, 0, 0) < 0
    return os.strerror(ctypes.get_errno()) if failed else OUT


def local() -> str:
    """What an engine needs must go on working."""
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"works")
        assert there.recv(5) == b"works"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0onhand-attacker-" + str(os.getpid()))
    receiver, sender = multiprocessing.Pipe(duplex=False)
    sender.send("works")
    return str(receiver.recv())


def attempted(way, *arguments) -> str:
    """What became of an attempt."""
    try:
        return str(way(*arguments))
    except (OSError, ImportError) as error:
        return f"{type(error).__name__}: {error}"


def main() -> None:
    """Try everything."""
    tcp_port, udp_port, *options = sys.argv[1:]
    confinement = confine() if options else None
    said = {
        name: attempted(way, int(udp_port if name == "udp" else tcp_port))
        for name, way in WAYS.items()
    }
    more = {
        "x32": attempted(x32),
        "borrowed": attempted(borrowed),
        "local": attempted(local),
    }
    told = msgspec.to_builtins(confinement)
    json.dump({"ways": said, "more": more, "confinement": told}, sys.stdout)


if __name__ == "__main__":
    main()

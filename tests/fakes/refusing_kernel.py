"""Runs a command as if the kernel knew no seccomp: `refusing_kernel.py COMMAND …`.

A real filter makes the call fail with ENOSYS, as an emulator or an old kernel does.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

SECCOMP = {"x86_64": 317, "aarch64": 277}[platform.machine()]
NO_SUCH_CALL = 0x00050000 + 38


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def main() -> None:
    """Put up the filter, and become the command."""
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, SECCOMP), (6, 0, 0, NO_SUCH_CALL)]
    steps += [(6, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *s) for s in steps))
    program = Program(len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - what a test gives


if __name__ == "__main__":
    main()

"""What a process gives up for good: the network, core dumps, outliving its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.confinement import Confinement

# From linux/prctl.h, linux/seccomp.h and linux/filter.h.
_SET_PDEATHSIG, _SET_DUMPABLE, _GET_SECCOMP, _SET_NO_NEW_PRIVS = 1, 4, 21, 38
_FILTERING, _SET_MODE_FILTER, _ALL_THREADS = 2, 1, 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they stand in seccomp_data
_LOCAL = 1  # AF_UNIX
_X32 = 0x40000000
"""On x86_64 every call is there once more under a number with this bit."""


class _Calls(NamedTuple):
    """Numbers of system calls on one kind of processor.

    Attributes:
        architecture: how the kernel names it to a filter.
        others: io_uring_setup opens sockets past the filter; ptrace, process_vm_writev and
            pidfd_getfd borrow those of a process that has some.
        programs: execve and execveat, which start them.
    """

    architecture: int
    seccomp: int
    socket: int
    others: tuple[int, ...]
    programs: tuple[int, ...]


_CALLS: Mapping[str, _Calls] = MappingProxyType(
    {
        "x86_64": _Calls(0xC000003E, 317, 41, (425, 101, 311, 438), (59, 322)),
        "aarch64": _Calls(0xC00000B7, 277, 198, (425, 117, 271, 438), (221, 281)),
    }
)


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine(*, programs: bool = True) -> Confinement:
    """Give up the network for good, with all threads and all children to come.

    Sockets of the family AF_UNIX and pipes go on working; starting programs does where
    `programs` says so. Tells whether the system enforces it; where it cannot, nothing has
    changed.
    """
    # Loads msgspec, which a window and most commands can do without when they start.
    from onhand.domain.confinement import ENFORCED, Confinement  # noqa: PLC0415 - see above

    if sys.platform != "linux":
        return Confinement(reason=f"Onhand uses no sandbox of {_system()} yet")
    calls = _CALLS.get(os.uname().machine)
    if calls is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return Confinement(reason=f"no filter is known for {os.uname().machine}")
    library = ctypes.CDLL(None, use_errno=True)
    if _prctl(library, _SET_NO_NEW_PRIVS, 1):
        return Confinement(reason=_why("the kernel keeps rights open"))
    refused = calls.others if programs else (*calls.others, *calls.programs)
    steps = _filter(calls, refused)
    code = ctypes.create_string_buffer(steps)
    program = _Program(len(steps) // 8, ctypes.addressof(code))
    failed = library.syscall(
        ctypes.c_long(calls.seccomp),
        ctypes.c_ulong(_SET_MODE_FILTER),
        ctypes.c_ulong(_ALL_THREADS),
        ctypes.byref(program),
    )
    if failed or _prctl(library, _GET_SECCOMP) != _FILTERING:
        return Confinement(reason=_why("the kernel takes no seccomp filter"))
    return ENFORCED


def refuse_core_dumps() -> None:
    """Never write memory to a disk when this process crashes, as far as the system lets.

    On Linux other processes of the user cannot look into it either. A program that is
    started from this one gets that back, but for the limit.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    with suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        # A kernel that pipes dumps to a program does not heed the limit, but this.
        _prctl(ctypes.CDLL(None, use_errno=True), _SET_DUMPABLE, 0)


def end_with_parent(parent: int) -> None:
    """Let the system end this process with its parent, where it can; by its number.

    The parent here is the thread that started it, so this is for a child that its parent
    waits for.
    """
    if sys.platform != "linux":
        return
    _prctl(ctypes.CDLL(None, use_errno=True), _SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _filter(calls: _Calls, refused: tuple[int, ...]) -> bytes:
    """The filter's instructions: code, how far to jump if so and if not, operand."""
    count = len(refused)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, calls.architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, count + 3, 0, _X32),
        *((_EQUAL, count + 2 - each, 0, call) for each, call in enumerate(refused)),
        (_EQUAL, 0, 3, calls.socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _LOCAL),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _prctl(library: ctypes.CDLL, option: int, value: int = 0) -> int:
    rest = (ctypes.c_ulong(0),) * 3
    return int(library.prctl(option, ctypes.c_ulong(value), *rest))


def _why(what: str) -> str:
    return f"{what} ({os.strerror(ctypes.get_errno()).lower()})"


def _system() -> str:
    return {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)

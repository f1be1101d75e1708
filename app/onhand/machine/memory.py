"""Memory: what the system says is free, and every limit below that."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from onhand.domain.fit import Memory
from onhand.machine.control_groups import allowance

if TYPE_CHECKING:
    from onhand.machine.control_groups import Allowance

GROUP = "this session's control group"
DATA = "a process (ulimit -d)"


def free_memory() -> Memory:
    """What memory a new process could take now.

    psutil knows what each system calls available: `MemAvailable` on Linux, free and
    inactive pages on macOS, available physical memory on Windows.
    """
    system, swap = psutil.virtual_memory(), psutil.swap_memory()
    memory = Memory(free=system.available, swap=swap.free, most=system.total)
    return _limited(memory, allowance())


def _limited(memory: Memory, group: Allowance | None) -> Memory:
    """What is left below the limits of a control group and of `ulimit`."""
    free, swap, most, limit = memory.free, memory.swap, memory.most, ""
    if group is not None and group.limit < most:
        free, swap = min(free, group.free), min(swap, group.swap)
        most, limit = group.limit, GROUP
    data = _rlimit("RLIMIT_DATA")
    if data is not None and data < most:
        free, most, limit = min(free, data), data, DATA
    return Memory(
        free=free, swap=swap, most=most, limit=limit, addresses=_rlimit("RLIMIT_AS")
    )


def _rlimit(name: str) -> int | None:
    """A limit of this process, which its children inherit; None for none."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    soft, _ = resource.getrlimit(getattr(resource, name))
    return None if soft == resource.RLIM_INFINITY else soft


def killed_for_memory(counters: Path = Path("/proc/vmstat")) -> int:
    """How many processes Linux has ended for want of memory; 0 on other systems."""
    try:
        lines = counters.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = (line.split()[1] for line in lines if line.startswith("oom_kill "))
    return next((int(each) for each in found if each.isdigit()), 0)

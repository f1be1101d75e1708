"""The engine's own process: what it may use, and what it takes."""

from __future__ import annotations

import os


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def footprint() -> int:
    """Bytes of memory that this process takes."""
    import psutil  # noqa: PLC0415 - only who measures needs it

    return int(psutil.Process().memory_info().rss)

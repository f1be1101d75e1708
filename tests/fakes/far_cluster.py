"""A cluster of one worker that others have started; it prints its address and waits.

far_cluster.py
"""

from __future__ import annotations

import sys
from pathlib import Path

# The folder above this one, where workers look for what they are asked to do.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=1,
        processes=False,
        dashboard_address=None,
        host="127.0.0.1",
        protocol="tcp://",
    ) as cluster:
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        sys.stdin.read()

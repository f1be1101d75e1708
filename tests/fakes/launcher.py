"""How tests start the program: from the working copy, or a packaged one."""

from __future__ import annotations

import os
import sys

PROGRAM = "ONHAND_TEST_PROGRAM"
"""The environment variable with the path of a packaged `onhand` to run tests with."""

LAUNCHER: tuple[str, ...] = (
    (os.environ[PROGRAM],)
    if PROGRAM in os.environ
    else (sys.executable, "-P", "-m", "onhand")
)
"""What a command line begins with."""

"""How tests start the program: from the working copy, or a packaged one."""

from __future__ import annotations

import os
import sys

from fakes.starter import STARTER

PROGRAM = "ONHAND_TEST_PROGRAM"
"""The environment variable with the path of a packaged `onhand` to run tests with."""

LAUNCHER: tuple[str, ...] = (
    (os.environ[PROGRAM],)
    if PROGRAM in os.environ
    else (sys.executable, "-P", "-m", "onhand")
)
"""What a command line begins with."""

if PROGRAM in os.environ and STARTER.is_file():
    # A package carries no model; a test that takes this away from its children wants none.
    os.environ.setdefault("ONHAND_MODELS", str(STARTER.parent))

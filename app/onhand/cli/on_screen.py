"""The names of the commands that show something on the screen."""

from __future__ import annotations

WINDOW = "window"
QUICK = "quick"
ON_SCREEN = frozenset({WINDOW, QUICK})
"""They are not run here; nor is a line without a command, which opens the window."""

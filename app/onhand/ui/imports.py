"""Imports as Python makes them, without the look that PySide takes at each module."""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - this is what puts its own import in the place of Python's


def import_plainly() -> None:
    """Take off what PySide has put around every import, from now on; before more is loaded.

    For its switch `from __feature__ import snake_case` it reads the source of each module
    that anybody imports and looks for its own name, which takes longer than loading the
    module. Nothing here uses that switch. What it put aside, and what this puts back, still
    makes its classes when they are first wanted.
    """
    names = vars(builtins)
    names["__import__"] = names.get("__orig_import__", builtins.__import__)

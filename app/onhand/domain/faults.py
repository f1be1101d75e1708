"""Faults of the program in words that hold nothing of the user's: kind and place alone."""

from __future__ import annotations

import sys
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import TypeAlias

    Tell: TypeAlias = Callable[
        [type[BaseException], BaseException | None, TracebackType | None], None
    ]


def described(error: BaseException) -> str:
    """Kind and place of a failure; not its message, which may quote the user's text."""
    places = [
        f"{PurePath(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at {', '.join(places) or 'an unknown place'}"


def quiet_faults() -> Tell:
    """Have the interpreter tell faults that nobody caught in such words, to standard error.

    For processes whose standard error goes into a file. Returns what tells them, for the
    threads of whoever has some.
    """

    def tell(
        _: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            sys.stderr.write(f"{described(error.with_traceback(trace))}\n")
            sys.stderr.flush()

    sys.excepthook = tell
    sys.unraisablehook = lambda found: tell(
        found.exc_type, found.exc_value, found.exc_traceback
    )
    return tell

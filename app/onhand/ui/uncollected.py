"""Has Python delete no widget while Qt goes through all of them.

A style sheet for the application makes Qt take a list of the widgets that it dressed, dress
each anew and tell it so. What is told may be answered in Python, whose collector may then
come and delete a widget without a parent that nobody has any more, such as a dialog that is
closed; it stands in Qt's list still, and the program ends with a fault
(`QStyleSheetStyle::updateObjects` in Qt's src/widgets/styles/qstylesheetstyle.cpp).
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave garbage where it is meanwhile, on whatever thread it would be collected."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

"""Numbers as the user's language writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def decimal(value: float, places: int) -> str:
    """With so many places."""
    return _written(value, "f", places)


def brief(value: float, digits: int) -> str:
    """With so many digits that count, and with a power of ten where it is far from 1."""
    return _written(value, "g", digits)


def _written(value: float, form: str, precision: int) -> str:
    # A whole number would be taken for one without form. The stubs of Qt 6.9 say that the
    # form is a number; it is a letter.
    return QLocale().toString(float(value), form, precision)  # type: ignore[call-overload, no-any-return]

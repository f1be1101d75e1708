"""What the rings below say, in the user's language: errors, settings, sentences.

They speak English and know no Qt. Their texts are found in their source by
`packaging/translations.py`, and translated here, where they are shown. A sentence with
places in it is known again by what stands between the places.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

if TYPE_CHECKING:
    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task

_PLACE = re.compile(r"\{\d+\}")
_FIGURE = re.compile(r"(\d+)\.(\d+)( [kMG]B)?")
_JOINTS = (". ", "; ", ": ", ", ")
"""What stands between sentences that were put together, best first."""
_BUILT_IN = "onhand-"


def title(error: AppError) -> str:
    """What happened, without the case."""
    return QCoreApplication.translate("Errors", error.title)


def what(error: AppError) -> str:
    """What happened, with the case."""
    detail = error.detail
    return f"{title(error)}: {said(detail)}" if detail else title(error)


def way_out(error: AppError) -> str:
    """What can be done about it in the window."""
    return QCoreApplication.translate("Errors", error.hint_in_window)


def both(error: AppError) -> str:
    """What happened and the way out."""
    return f"{what(error)}. {way_out(error)}"


def setting(text: str) -> str:
    """The name or the explanation of a setting."""
    return QCoreApplication.translate("Settings", text)


def task_name(task: Task) -> str:
    """The name of a task: ours in the user's language, the user's as it is; or ""."""
    ours = (task.id or "").startswith(_BUILT_IN)
    return QCoreApplication.translate("Tasks", task.name) if ours else task.name


def catalogue(text: str) -> str:
    """What the catalogue says of a model."""
    return QCoreApplication.translate("Catalogue", text)


def said(text: str) -> str:
    """A sentence of the rings below; what is no such sentence stays as it is."""
    return _known(text) or _parts(text)


def _known(text: str) -> str:
    """The translation of a sentence, or ""."""
    whole = QCoreApplication.translate("Sentences", text)
    if whole != text:
        return whole
    for template, pieces, pattern in _templates():
        if all(piece in text for piece in pieces) and (found := pattern.fullmatch(text)):
            places = [said(each) for each in found.groups()]
            return QCoreApplication.translate("Sentences", template).format(*places)
    return ""


def _parts(text: str) -> str:
    """Sentences that were put together; a figure as the language writes it."""
    if figure := _FIGURE.fullmatch(text):
        whole, after, unit = figure.groups(default="")
        return f"{whole}{QLocale().decimalPoint()}{after}{unit}"
    for joint in _JOINTS:
        first, found, rest = text.partition(joint)
        if found:
            end = "." if joint == ". " else ""
            return f"{said(first + end).removesuffix(end)}{joint}{said(rest)}"
    name, space, rest = text.partition(" ")
    return f"{name}{space}{_known(rest) or rest}"


@cache
def _templates() -> list[tuple[str, list[str], re.Pattern[str]]]:
    """Sentences with places, those with the most words of their own first."""
    from onhand.ui.sentences import TEMPLATES  # noqa: PLC0415 - the window paints first

    found = []
    for each in TEMPLATES:
        pieces = _PLACE.split(each)
        pattern = "(.+?)".join(re.escape(piece) for piece in pieces)
        found.append((each, pieces, re.compile(pattern, re.DOTALL)))
    found.sort(key=lambda entry: (-sum(len(piece) for piece in entry[1]), entry[0]))
    return found

"""Changing the text of a task file, and leaving what its writer put there as it stands."""

from __future__ import annotations

import tomlkit
from tomlkit.exceptions import TOMLKitError

from onhand.domain.errors import TaskInvalid

_EXAMPLES = "examples"


def without_examples(text: str) -> str:
    """A task file's text without its examples; comments and order stay.

    Raises:
        TaskInvalid: it cannot be taken apart.
    """
    try:
        document = tomlkit.parse(text)
        if _EXAMPLES not in document:
            return text
        document.remove(_EXAMPLES)
        return document.as_string()
    except TOMLKitError as error:
        raise TaskInvalid(str(error)) from error

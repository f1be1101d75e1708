"""Failures around the desktop that the window lives on."""

from __future__ import annotations

from onhand.domain.errors import AppError


class ShortcutTaken(AppError):
    """The desktop gives a combination to one program, and that is another one."""

    code = "shortcut_taken"
    title = "Another program has this key combination already"
    hint = "Choose another one with 'onhand settings set quick_shortcut', or free this one."
    window_hint = "Choose another one in Preferences, or free it in the other program."
    exit_code = 5


class ShortcutImpossible(AppError):
    """The desktop gives no program a key combination."""

    code = "shortcut_impossible"
    title = "This desktop lets no program have a key combination for itself"
    hint = "Bind 'onhand quick' to a key in the settings of the desktop."
    window_hint = "Bind the command of the quick panel to a key in the desktop's settings."
    exit_code = 7


class NotAnswering(AppError):
    """An Onhand runs with this data folder and does not take what it is given."""

    code = "not_answering"
    title = "The Onhand that is running does not answer"
    hint = "Wait until it is done, or end it, and try again."
    exit_code = 5

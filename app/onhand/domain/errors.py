"""Failures that a person can do something about: a code, a sentence, a way out.

Anything that is not an `AppError` is a bug. Codes travel between processes and into output;
classes are rebuilt on this side by `AppError.from_code`.
"""

from __future__ import annotations

from typing import ClassVar


class AppError(Exception):
    """A known failure.

    Attributes:
        code: stable identifier, used in output and on the wire.
        title: what happened, one sentence without the final stop.
        hint: the way out on the command line, one or two sentences.
        window_hint: the way out in the window, where it is another one.
        exit_code: what a command ends with.
        detail: what this case adds to the title; never user text.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    hint: ClassVar[str] = "Try again."
    window_hint: ClassVar[str] = ""
    exit_code: ClassVar[int] = 1

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.title}: {self.detail}" if self.detail else self.title

    @property
    def hint_in_window(self) -> str:
        """The way out for somebody who has the window in front of them."""
        return self.window_hint or self.hint

    @staticmethod
    def from_code(code: str, detail: str) -> AppError:
        """Rebuild an error from another process; unknown codes become `EngineFailed`."""
        for known in all_errors():
            if known.code == code:
                return known(detail)
        return EngineFailed(f"{code}: {detail}")


def all_errors() -> list[type[AppError]]:
    """Every kind of failure, base class left out."""
    found: list[type[AppError]] = []
    waiting = list(AppError.__subclasses__())
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return found


class UsageError(AppError):
    """The command or the form was not filled in so that it can be run."""

    code = "usage"
    title = "This cannot be run as it stands"
    hint = "Run the command with --help to see what it takes."
    window_hint = "Complete what is missing and try again."
    exit_code = 2


class EmptyText(UsageError):
    """There is no text to work on."""

    code = "empty_text"
    title = "There is no text"
    hint = "Type or paste a text, or give one on standard input with '-'."
    window_hint = "Type or paste a text, or drop a file."


class TaskInvalid(UsageError):
    """A task, from a file or from options, breaks a rule."""

    code = "task_invalid"
    title = "The task cannot be used"
    hint = "Mend what is named here; the README describes the task file."
    window_hint = "Mend what is named here."


class TaskUnknown(UsageError):
    """No task has this name."""

    code = "task_unknown"
    title = "There is no such task"
    hint = "'onhand tasks list' shows the tasks; a path to a task file works as well."
    window_hint = "Choose one of the tasks in the list."


class TaskNotOwn(UsageError):
    """A task that came with the program is to be deleted."""

    code = "task_not_own"
    title = "This task cannot be deleted"
    hint = "It came with the program. Only tasks of your own can be deleted."
    window_hint = hint


class JobChanged(UsageError):
    """An unfinished batch job is to be resumed with another input, task or model."""

    code = "job_changed"
    title = "The unfinished job of this output began differently"
    hint = (
        "Undo the change to go on with it; or keep the answers of rows that did not change"
        " with --update, begin anew with --replace, or choose another output."
    )
    window_hint = (
        "Undo the change to go on with it. Or tick above that rows that did not change keep"
        " their answers, or that the output is to be replaced, and run it again."
    )


class OutputExists(UsageError):
    """A batch would overwrite a file that no batch of ours has written."""

    code = "output_exists"
    title = "There is a file of this name already"
    hint = "Choose another output, or replace the file with --replace."
    window_hint = "Choose another output, or tick that it is to be replaced."


class RecordUnknown(UsageError):
    """No history entry has this number."""

    code = "record_unknown"
    title = "There is no such entry in the history"
    hint = "'onhand history search' shows the entries with their numbers."
    window_hint = "It may have been removed; search the history again."


class SettingInvalid(UsageError):
    """A setting does not exist or does not take this value."""

    code = "setting_invalid"
    title = "The setting cannot be changed like this"
    hint = "'onhand settings get' shows every setting and what it takes."
    window_hint = "Choose one of the offered values."


class ModelMissing(AppError):
    """The model that was asked for is not on this machine."""

    code = "model_missing"
    title = "The model is not on this machine"
    hint = (
        "'onhand models list' shows what is here; --model also takes the path of a GGUF"
        " file."
    )
    window_hint = "Choose one of the models in Preferences."
    exit_code = 3


class ModelUnusable(AppError):
    """The file is not a model that the engine can load."""

    code = "model_unusable"
    title = "The model file cannot be used"
    hint = "Fetch or copy the file again, or choose another model."
    exit_code = 10


class EngineFailed(AppError):
    """The engine ended again and again, or answered nonsense."""

    code = "engine_failed"
    title = "The engine failed repeatedly"
    hint = "Try a smaller model; 'onhand doctor' tells what was tried."
    window_hint = (
        "Choose a smaller model in Preferences; what was tried stands there as well."
    )
    exit_code = 11


class EngineCrashed(EngineFailed):
    """The engine process ended in the middle of a request."""

    code = "engine_crashed"
    title = "The engine ended unexpectedly"
    hint = "Your text is still here. Run it again: the engine starts anew."
    window_hint = hint


class TextTooLong(AppError):
    """One indivisible piece of text does not fit into the model's context."""

    code = "too_long"
    title = "The text and the task do not fit into the model's memory"
    hint = (
        "Choose a model with a larger context, raise the setting 'context', or shorten the"
        " task."
    )
    window_hint = (
        "Choose a model with a larger context or raise the context in Preferences, or"
        " shorten the task."
    )
    exit_code = 2


class InputUnreadable(AppError):
    """The given bytes are not text."""

    code = "input_unreadable"
    title = "The input cannot be read as text"
    hint = "Save it as plain text (UTF-8) and try again."
    exit_code = 14


class DataFolderUnwritable(AppError):
    """Nothing can be kept."""

    code = "data_unwritable"
    title = "The data folder cannot be written"
    hint = "Mend the folder's permissions, or choose another one with --data-dir."
    window_hint = "Mend the folder's permissions and try again."
    exit_code = 6


class DataDamaged(AppError):
    """A file of ours does not hold what it should."""

    code = "data_damaged"
    title = "Stored data is damaged"
    hint = (
        "The file was left as it is. 'onhand history restore' puts the newest good backup"
        " in the history's place and keeps what was there."
    )
    window_hint = (
        "The file was left as it is; the newest good backup can be put in its place."
    )
    exit_code = 6


class DataTooNew(AppError):
    """The history was written by a newer version of the program."""

    code = "data_too_new"
    title = "The history comes from a newer version of Onhand"
    hint = "Update Onhand, or use another data folder with --data-dir. Nothing was changed."
    window_hint = "Update Onhand. Nothing was changed."
    exit_code = 6


class DiskFull(AppError):
    """There is no room left on the disk."""

    code = "disk_full"
    title = "The disk is full"
    hint = "Free some space and run it again; what was done so far is kept."
    exit_code = 8


class Locked(AppError):
    """Another process of ours is at the same work."""

    code = "locked"
    title = "Another Onhand is working on this"
    hint = "Wait for it to end, or stop it, and try again."
    exit_code = 5


class OutputUnwritable(AppError):
    """The result file cannot be written."""

    code = "output_unwritable"
    title = "The output cannot be written"
    hint = "Choose another place, or close the program that holds the file."
    exit_code = 2


class SystemLibraryMissing(AppError):
    """The operating system lacks a library that the window needs."""

    code = "system_library"
    title = "The window cannot open on this system"
    hint = "The command line works without it: 'onhand --help'."
    window_hint = "Install what is named here."
    exit_code = 2

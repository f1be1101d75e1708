"""Failures of running a model that exists and is whole: memory, and adapters."""

from __future__ import annotations

from onhand.domain.errors import AppError, ModelUnusable


class OutOfMemory(AppError):
    """The model needs more memory than it can have; noticed before loading it, or later."""

    code = "out_of_memory"
    title = "There is not enough memory for the model"
    hint = (
        "Close other programs, choose a smaller model ('onhand models list' tells what"
        " fits), or lower the setting 'context'. 'onhand settings set check_memory no'"
        " loads it all the same."
    )
    window_hint = (
        "Close other programs, choose a smaller model, or lower the context in Preferences."
        " Switching off 'Check memory' there loads it all the same."
    )
    exit_code = 11


class AdapterUnusable(ModelUnusable):
    """The adapter that a task names is not there, is none, or is made for another model."""

    code = "adapter_unusable"
    title = "The task's adapter cannot be used"
    hint = "Choose the model that it was made for, or take 'adapter' out of the task."
    window_hint = hint
    exit_code = 10

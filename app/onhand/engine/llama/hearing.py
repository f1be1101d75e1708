"""What llama.cpp says of memory in its log, which is heard and never kept."""

from __future__ import annotations

ERROR = 4
"""The level of errors (`ggml_log_level`, ggml/include/ggml.h)."""

_SIGNS = (b"allocat", b"memory", b"bad_alloc")


class Hearing:
    """A log callback that notes one thing: that there was no memory.

    llama.cpp may print prompts in its log, so nothing of it goes anywhere.
    """

    def __init__(self) -> None:
        self.short_of_memory = False

    def __call__(self, level: int, text: bytes | None, _data: object) -> None:
        """Listen to a line."""
        if level == ERROR and text is not None and any(each in text for each in _SIGNS):
            self.short_of_memory = True

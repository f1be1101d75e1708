"""Prefixes of prompts that stay decoded, so that only the text is left to be read.

Each has a sequence of its own; a text goes on in a fork of it. The least recently used
goes when there are too many, or when a request needs their room. Where a request names a
cache they are looked for in its files before they are decoded; files are written between
requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import TextTooLong
from onhand.engine.llama.states import restore, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.primitives import Prompt
    from onhand.engine.llama.context import Context
    from onhand.engine.llama.prefix_files import PrefixFiles
    from onhand.engine.llama.prompting import Assembler

KEPT = 6
"""Prefixes that are kept at most."""

SHARE = 0.25
"""Of the context that all prefixes but the one in use may take."""

WORTH = 16
"""Tokens from which on a prefix is looked for in files, and saved."""


class Prefixes:
    """The decoded prefixes of the last prompts."""

    def __init__(self, context: Context, assembler: Assembler) -> None:
        self._context = context
        self._assembler = assembler
        # Sequences by the tokens that they hold, least recently used first.
        self._kept: dict[tuple[int, ...], int] = {}
        self._files: PrefixFiles | None = None
        self._lasting: Prompt | None = None
        # Those that came from files, with whether that may be seen there.
        self._tried: dict[tuple[int, ...], tuple[PrefixFiles, bool]] = {}
        # Those to be written, and those that need not be.
        self._unsaved: dict[tuple[int, ...], PrefixFiles] = {}
        self._saved: set[tuple[int, ...]] = set()

    def keep_in(self, files: PrefixFiles | None, lasting: Prompt | None) -> None:
        """Say where to look for prefixes from now on, and which prompt's may be saved."""
        self._files = files
        self._lasting = lasting

    def of(self, prompt: Prompt, needs: int) -> tuple[int, int]:
        """The sequence that holds a prompt's prefix, and its length in tokens.

        Args:
            prompt: what stands in front of the text.
            needs: tokens that shall fit behind it; other prefixes make room for them. More
                than the context has is no error here.

        Raises:
            Cancelled, TextTooLong: as for decoding; the prefix is not kept then.
        """
        tokens = tuple(self._assembler.prefix(prompt))
        size = self._context.size
        if len(tokens) >= size:
            raise TextTooLong(f"the task takes {len(tokens)} of {size} tokens")
        sequence = self._kept.pop(tokens, None)
        missing = len(tokens) if sequence is None else 0
        while self._kept and (
            len(self._kept) >= KEPT
            or sum(map(len, self._kept)) > size * SHARE
            or self._context.room < min(needs, size - len(tokens)) + missing
        ):
            self._context.drop(self._kept.pop(next(iter(self._kept))))
        if sequence is None:
            sequence = self._restored(tokens, may_be_seen=prompt == self._lasting)
        if sequence is None:
            sequence = self._context.take()
            self._context.feed(sequence, tokens, 0, output=False)
        self._kept[tokens] = sequence
        if self._files is not None and prompt == self._lasting:
            self._note_unsaved(tokens, self._files)
        return sequence, len(tokens)

    @property
    def unsettled(self) -> bool:
        """Whether `settle` has something to do."""
        return bool(self._tried or self._unsaved)

    def settle(self, go_on: Callable[[], bool]) -> None:
        """Bring the files up to date, between two requests.

        What is not done when `go_on` turns false is left for the next time.
        """
        for tokens, (files, may_be_seen) in self._tried.items():
            files.put_back(tokens, touch=may_be_seen)
        self._tried = {}
        while self._unsaved and go_on():
            tokens, files = next(iter(self._unsaved.items()))
            # One that went since would have to be decoded again: not worth it.
            if tokens in self._kept:
                state = state_of(self._context, self._kept[tokens])
                if state and not files.write(tokens, state, go_on):
                    return
                self._saved.add(tokens)
            del self._unsaved[tokens]

    def recover(self) -> None:
        """Leave nothing but the prefixes in the context, after a request broke off."""
        self._context.drop_all_but(self._kept.values())

    def change(self) -> None:
        """Leave nothing decoded, because the model says something else from now on."""
        for tokens, (files, may_be_seen) in self._tried.items():
            files.put_back(tokens, touch=may_be_seen)
        self._tried, self._unsaved, self._saved = {}, {}, set()
        self._kept = {}
        self._context.clear()

    def forget(self) -> None:
        """Leave nothing in the context at all, and drop files that may be to blame."""
        for tokens, (files, _) in self._tried.items():
            files.drop(tokens)
        self._tried, self._unsaved = {}, {}
        self._kept = {}
        self._context.clear()

    def _restored(self, tokens: tuple[int, ...], *, may_be_seen: bool) -> int | None:
        """A sequence that holds these tokens, from a file; None where there is none."""
        if self._files is None or len(tokens) < WORTH:
            return None
        state = self._files.take(tokens)
        if state is None:
            return None
        sequence = restore(self._context, state, len(tokens))
        if sequence is None:
            self._files.drop(tokens)
            return None
        self._tried[tokens] = (self._files, may_be_seen)
        self._saved.add(tokens)
        return sequence

    def _note_unsaved(self, tokens: tuple[int, ...], files: PrefixFiles) -> None:
        if len(tokens) >= WORTH and tokens not in self._saved:
            self._unsaved[tokens] = files

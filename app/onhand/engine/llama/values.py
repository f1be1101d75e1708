"""The values that may be copied from a text, as sequences of tokens that share beginnings.

A value is spelled as the model would write it, on one line, together with the mark that
leads to it: a quotation mark and a plus may be one token (token healing, Lundberg 2023,
"The Art of Prompt Design"). The text stays as it is, so a value stands in it by
construction and its offsets come for free.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.whole_words import NO_WORD_BEFORE, UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onhand.domain.primitives import Blank
    from onhand.engine.llama.model import Model

_LETTER = rf"[^\W{UNSPACED}]"
_WORD = re.compile(
    rf"https?://\S+|{NO_WORD_BEFORE}(?<![.+-])(?:{_LETTER}|[.+-]){{1,64}}@"
    rf"(?:{_LETTER}|[.-]){{1,255}}{_LETTER}"
    rf"|\d+(?:[.,:/-]\d+)*(?:[^\W\d{UNSPACED}]+)?|[{UNSPACED}]"
    rf"|{_LETTER}+(?:['’]{_LETTER}+)?|[^\w\s]"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_RUNS_ON = re.compile(f"(?<=[{UNSPACED}])[{UNSPACED}]")
_JOINER = "\u200d"
_SKIN = "\U0001f3fb\U0001f3ff"
_LINE_END = re.compile(r"\s*\n\s*")
_WIDE = "\uff0c\u3001\uff1b\uff1a"
"""Commas, semicolon and colon of Chinese and Japanese texts."""

_NEVER_FIRST = frozenset(f",.;:!?)]}}'\"”’|=-/*_%&>{_WIDE}。！？\uff09】」』》")
_NEVER_LAST = frozenset(f",;:!?([{{'\"“‘|=-/*_@#&<$£€+{_WIDE}\uff08【「『《")

WORDS = 32
"""Words of a value at most; a mark counts as a word."""

WORDS_OVER_LINES = 60
"""Likewise for a value that may run over line ends."""

CHARACTER = 0.5
"""How much of a word a character is where no spaces tell words apart."""

CHARACTERS = 24
"""After so many words a value ends between two such characters no more: longer ones end at
a mark or a blank, and looking at all of them takes long."""

LINE_ENDS = 5
"""Line ends within a value at most."""

Place = tuple[int, int]


@dataclass(frozen=True)
class _Spelling:
    """Tokens, and what is complete after how many of them."""

    tokens: tuple[int, ...]
    places: Mapping[int, Place]


@dataclass(frozen=True)
class Node:
    """A beginning that some spellings share: `path` are its tokens."""

    path: tuple[int, ...]
    spellings: tuple[_Spelling, ...]
    whole: bool = False
    """Whether a spelling is complete at its last token alone."""

    def children(self) -> dict[int, Node]:
        """Every token that goes on, and where it leads."""
        depth = len(self.path)
        found: dict[int, list[_Spelling]] = {}
        for spelling in self.spellings:
            if len(spelling.tokens) > depth:
                found.setdefault(spelling.tokens[depth], []).append(spelling)
        return {
            token: Node((*self.path, token), tuple(spellings), self.whole)
            for token, spellings in found.items()
        }

    @property
    def is_forced(self) -> bool:
        """Whether no value ends here and there is just one way on."""
        depth = len(self.path)
        following = {
            spelling.tokens[depth]
            for spelling in self.spellings
            if len(spelling.tokens) > depth
        }
        return len(following) == 1 and not self.places()

    @property
    def is_settled(self) -> bool:
        """Whether only one value begins like this, and its end is known."""
        return self.whole and len({spelling.tokens for spelling in self.spellings}) == 1

    def value(self) -> tuple[Place, ...]:
        """Where the one value stands that begins like this."""
        return tuple(
            place for spelling in self.spellings for place in spelling.places.values()
        )

    def places(self) -> tuple[Place, ...]:
        """Where the value stands that is complete here; none where it is not."""
        depth = len(self.path)
        return tuple(
            spelling.places[depth]
            for spelling in self.spellings
            if depth in spelling.places
        )


class Values:
    """Spells the values of one text; equal blanks share their work."""

    def __init__(self, model: Model, text: str, lead: str = "") -> None:
        """`lead` stands directly in front of every value, and belongs to its spelling."""
        self._model = model
        self._text = text
        self._lead = lead
        self._words = _words_of(text)
        self._known: dict[tuple[tuple[Place, ...], bool], Node] = {}

    def root(self, blank: Blank) -> Node:
        """All values that a blank may get."""
        key = (blank.spans, blank.multiline)
        if key not in self._known:
            if blank.spans:
                spellings = [self._spelling([span]) for span in blank.spans]
            else:
                spellings = list(self._runs(multiline=blank.multiline))
            self._known[key] = Node((), tuple(spellings), whole=bool(blank.spans))
        return self._known[key]

    def _runs(self, *, multiline: bool) -> Iterator[_Spelling]:
        """Any run of whole words that neither begins nor ends with a stray mark."""
        for first, (start, end) in enumerate(self._words):
            if self._text[start:end] in _NEVER_FIRST:
                continue
            ends = self._ends(first, multiline=multiline)
            if not ends:
                continue
            whole = self._spelling([(start, end) for end in ends])
            yield whole
            # A shorter value may be spelled otherwise than the beginning of a longer one.
            apart = set(ends) - {end for _, end in whole.places.values()}
            for other in sorted(apart):
                yield self._spelling([(start, other)])

    def _ends(self, first: int, *, multiline: bool) -> list[int]:
        """Where a value that begins with a word may end."""
        most = WORDS_OVER_LINES if multiline else WORDS
        ends: list[int] = []
        line_ends, size = 0, 0.0
        for index in range(first, len(self._words)):
            start, end = self._words[index]
            size += CHARACTER if _UNSPACED.match(self._text, start) else 1
            if index > first:
                line_ends += self._text.count("\n", self._words[index - 1][1], start)
            if size > most or line_ends > (LINE_ENDS if multiline else 0):
                break
            runs_on = index - first >= CHARACTERS and _RUNS_ON.match(self._text, end)
            if not runs_on and self._text[start:end] not in _NEVER_LAST:
                ends.append(end)
        return ends

    def _spelling(self, places: Sequence[Place]) -> _Spelling:
        """The tokens of the longest of some values with the same start.

        Shorter ones are complete where a token ends just with them.
        """
        longest = self._spelled(places[-1])
        tokens = tuple(self._model.tokens(longest))
        after, size = {}, 0
        for count, token in enumerate(tokens, 1):
            size += len(self._model.piece(token))
            after[size] = count
        complete = {
            after[length]: place
            for place in places
            if (length := len(self._spelled(place).encode(errors="replace"))) in after
        }
        if places[-1] not in complete.values():  # bytes that no token spells on its own
            complete[len(tokens)] = places[-1]
        return _Spelling(tokens, complete)

    def _spelled(self, place: Place) -> str:
        return self._lead + _LINE_END.sub(" ", self._text[slice(*place)])


def _words_of(text: str) -> list[Place]:
    """Words and single marks; what one character is made of is never taken apart."""
    words: list[Place] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if words and words[-1][1] == start and _goes_on(text, start):
            words[-1] = (words[-1][0], end)
        else:
            words.append((start, end))
    return words


def _goes_on(text: str, at: int) -> bool:
    """Whether what begins here belongs to the word before: an accent, a joiner."""
    before, here = text[at - 1], text[at]
    if _JOINER in (before, here) or _is_mark(here) or _SKIN[0] <= here <= _SKIN[-1]:
        return True
    # A vowel sign of Thai ends no word more than a letter does.
    return _is_mark(before) and here.isalnum() and not _UNSPACED.match(here)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")

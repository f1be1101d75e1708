"""What of a text is to be masked: by its form, by lists of words, by the local model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.mask_patterns import patterns_of
from onhand.domain.masking import Found, MaskKind, apart, words_in
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import Extract, Field
from onhand.services.extracting import Extractor
from onhand.services.reading_parts import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.settings import Settings
    from onhand.services.masking_ports import Identifiers
    from onhand.services.ports import Engine

_FIELDS = {
    "person": (MaskKind.PERSON, "names of people, without 'Mr' or 'Dr'"),
    "organisation": (MaskKind.ORGANISATION, "companies and other organisations"),
    "place": (MaskKind.PLACE, "cities, streets, regions and countries"),
}

NAMES = Extract(
    instruction="Find all names in this text.",
    fields=tuple(
        Field(name=name, description=words, many=True)
        for name, (_, words) in _FIELDS.items()
    ),
)

SHORTEST = 2
"""Letters of a name that is masked wherever it stands."""


class FindMasks:
    """Finds what could be masked; what it misses, the user sees before it is sent."""

    def __init__(self, identifiers: Identifiers, engine: Engine) -> None:
        self._identifiers = identifiers
        self._extract = Extractor(engine, Reader(engine))

    def formed(self, text: str, settings: Settings) -> list[Found]:
        """What has a form, and the words of the user's and the organisation's lists.

        Raises:
            MaskPatternUnusable: what the organisation wants masked cannot be found.
        """
        words = (*listed(settings.masked_words), *listed(settings.organisation_words))
        patterns = patterns_of(settings.organisation_patterns)
        return [
            *self._identifiers.find(text),
            *self._identifiers.by_patterns(text, patterns),
            *words_in(text, words, MaskKind.WORD),
        ]

    def names(
        self, text: str, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> list[Found]:
        """Names as the local model finds them, in every place where they stand.

        Raises:
            EngineFailed, ModelUnusable, TextTooLong: nobody can look.
            Cancelled: the user stopped it.
        """
        if not text.strip():
            return []
        extracted = self._extract(NAMES, text, cancel, on_progress)
        found: list[Found] = []
        for name, values in extracted.answer.fields.items():
            kind, _ = _FIELDS[name]
            found += words_in(text, _names(each.text for each in values), kind)
        return found

    def all(self, text: str, settings: Settings, cancel: CancelToken) -> tuple[Found, ...]:
        """Both, without overlaps; raises as `names`."""
        return apart(text, [*self.formed(text, settings), *self.names(text, cancel)])


def listed(words: str) -> tuple[str, ...]:
    """The words of a list, which has commas or line ends between them."""
    return tuple(
        each.strip() for each in words.replace("\n", ",").split(",") if each.strip()
    )


def _names(values: Iterable[str]) -> Iterable[str]:
    """What is worth masking everywhere: it has a letter, and more than one."""
    for value in values:
        name = value.strip(" \t\n.,;:!?\"'()[]")
        if len(name) >= SHORTEST and any(each.isalpha() for each in name):
            yield name

"""Identifiers that have a form: addresses, numbers, keys; by checksums where there are any.

Numbers of persons and firms are checked by python-stdnum, telephone numbers by phonenumbers
(Google's libphonenumber). What has no checksum is masked when it looks like one: a mask too
many can be taken off, one too few cannot be taken back. What an organisation adds is
searched by RE2, which takes no expression that could go on for ever.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from onhand.domain.address_forms import addresses_in, networks_in
from onhand.domain.cloud_errors import MaskPatternUnusable
from onhand.domain.masking import Found, MaskKind
from onhand.domain.phone_forms import (
    BLANKS,
    DASHES,
    is_date_or_decimal,
    is_set_apart,
    phone_runs,
    without_extension,
)
from onhand.domain.whole_words import NO_WORD_BEFORE, NO_WORD_BEHIND, UNSPACED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from onhand.domain.mask_patterns import MaskPattern

MOST_TEXT = 200_000
"""Code points of one piece; a longer text is searched in pieces that overlap."""

OVERLAP = 300
"""No identifier is longer."""

MOST_SEARCHED = 4_000
"""Code points of a piece in which patterns of an organisation are searched.

RE2 needs time in proportion to what it reads, but may read to the end for each match.
"""

MOST_MEMORY = 1 << 20
"""Bytes that an expression may take; one that takes more would also take long."""

_NO_LETTER_BEFORE = rf"(?<![^\W_{UNSPACED}])"
_KEY = re.compile(
    rf"{_NO_LETTER_BEFORE}(?:(?:sk|pk|rk|gh[oprsu]|github_pat|glpat|xox[abps]|hf|pypi)"
    r"[-_][-_A-Za-z0-9]{12,200}|AKIA[0-9A-Z]{16}|AIza[-_A-Za-z0-9]{35}"
    r"|eyJ[-_A-Za-z0-9]{8,}\.[-_A-Za-z0-9]{8,}\.[-_A-Za-z0-9]{8,})"
)
_PASSWORD = re.compile(
    rf"{_NO_LETTER_BEFORE}(?:password|passwort|kennwort|passphrase|passcode|pwd?|pin"
    # As a file of settings has it, with a quotation mark in between.
    r"|mot de passe|contraseña)(?!\w)(?:[\"']?\s*[:=]\s*"
    r"|\s+(?:is|ist|lautet|est|es)(?:\s*[:=]\s*|\s+))(\S{3,100})",
    re.IGNORECASE,
)
_IBAN = re.compile(
    # Looked for at each place: "KW23 an DE89…" begins like one too early.
    rf"{NO_WORD_BEFORE}(?=([A-Z]{{2}}\d{{2}}(?:[\s.{DASHES}]{{0,2}}[A-Z\d]){{11,30}}))",
    re.IGNORECASE,
)
_ENDED = rf"{NO_WORD_BEHIND}(?![.,]\d)"
_CARD = re.compile(
    rf"{NO_WORD_BEFORE}(?<![.+])\d(?:[{BLANKS}{DASHES}]?\d){{11,18}}{_ENDED}"
)
_BETWEEN = rf"[.{BLANKS}{DASHES}]"
_CARDS_BESIDE = tuple(
    re.compile(rf"{NO_WORD_BEFORE}(?<![.+])(?=({digits}){_ENDED})")
    for digits in (
        rf"\d{{4}}(?:{_BETWEEN}\d{{4}}){{3}}",
        rf"\d{{4}}{_BETWEEN}\d{{6}}{_BETWEEN}\d{{4,5}}",
        r"\d{13,19}",
    )
)
"""In the groups that are usual, beside the month or the number that belong to the card."""

_SSN = re.compile(
    rf"{NO_WORD_BEFORE}(?<!-)\d{{3}}[- ]\d{{2}}[- ]\d{{4}}{NO_WORD_BEHIND}(?!-)"
)
_NINO = re.compile(
    rf"{NO_WORD_BEFORE}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){{3}} ?[A-D]"
    rf"{NO_WORD_BEHIND}"
)
_WRITTEN_ID = re.compile(
    rf"{NO_WORD_BEFORE}(?:(?=[A-Z.-]*\d)[A-Z0-9](?:[.-]?[A-Z0-9]){{6,20}}"
    rf"|\d(?:[ .-]?\d){{7,20}}){NO_WORD_BEHIND}"
)

FEWEST_TOGETHER = 9
"""Digits of one whose digits nothing separates; fewer are taken for another number."""

REGIONS = ("US", "GB", "DE", "FR", "IT", "ES", "AT", "CH", "NL", "PL", "SE")
"""Where a number without its country may be at home, if nothing separates its digits."""


class FormIdentifiers:
    """The port `Identifiers`; the libraries are loaded for the first text."""

    def find(self, text: str) -> list[Found]:
        """See `Identifiers`."""
        return _in_pieces(text, self._searches, MOST_TEXT)

    def by_patterns(self, text: str, patterns: Sequence[MaskPattern]) -> list[Found]:
        """See `Identifiers`."""
        searches = [_search_of(each) for each in patterns]
        # RE2 reads UTF-8, in which half a character cannot stand.
        return _in_pieces(_HALF.sub("\ufffd", text), searches, MOST_SEARCHED)

    @property
    def _searches(self) -> tuple[Callable[[str], Iterator[Found]], ...]:
        return (
            *(addresses_in, networks_in, _keys),
            *(self._ibans, self._cards, self._persons, self._phones),
        )

    def _ibans(self, text: str) -> Iterator[Found]:
        for match in _IBAN.finditer(text):
            # A word may follow: the longest beginning that is right counts.
            written = match[1]
            while len(written) >= 15:  # the shortest there is, Norway's
                if written[-1].isalnum() and self._iban(written):
                    start = match.start()
                    yield Found(start, start + len(written), MaskKind.IBAN)
                    break
                written = written[:-1]

    def _cards(self, text: str) -> Iterator[Found]:
        for match in _CARD.finditer(text):
            if self._luhn(_digits(match[0])):
                yield Found(*match.span(), MaskKind.CARD)
        for pattern in _CARDS_BESIDE:
            for match in pattern.finditer(text):
                if self._luhn(_digits(match[1])):
                    yield Found(*match.span(1), MaskKind.CARD)

    def _persons(self, text: str) -> Iterator[Found]:
        for pattern in (_SSN, _NINO):
            yield from (Found(*each.span(), MaskKind.ID) for each in pattern.finditer(text))
        for match in _WRITTEN_ID.finditer(text):
            # Another number may stand beside it.
            for start, end in (match.span(), *_groups(match)):
                if self._is_person(text[start:end]):
                    yield Found(start, end, MaskKind.ID)

    def _is_person(self, written: str) -> bool:
        bare = written.translate(_BARE)
        if sum(each.isdigit() for each in bare) < 5 or is_date_or_decimal(written):
            return False
        return any(check(bare) for check in self._checks)

    def _phones(self, text: str) -> Iterator[Found]:
        for start, end in phone_runs(text):
            if self._is_phone(without_extension(text[start:end])):
                yield Found(start, end, MaskKind.PHONE)

    def _is_phone(self, number: str) -> bool:
        if is_set_apart(number):
            return True
        if len(number) < FEWEST_TOGETHER:
            return False
        return any(self._is_number_of(number, region) for region in REGIONS)

    @cached_property
    def _is_number_of(self) -> Callable[[str, str], bool]:
        # Takes a moment to load, and only a text that goes to a cloud model needs it.
        import phonenumbers  # noqa: PLC0415

        def is_number_of(number: str, region: str) -> bool:
            try:
                parsed = phonenumbers.parse(number, region)
            except phonenumbers.NumberParseException:
                return False
            return bool(phonenumbers.is_valid_number(parsed))

        return is_number_of

    @cached_property
    def _iban(self) -> Callable[[str], bool]:
        from stdnum import iban  # noqa: PLC0415 - see above

        # The structure of a country may change; the checksum does not.
        def is_iban(written: str) -> bool:
            number = re.sub(r"[\W_]", "", written).upper()
            return bool(iban.is_valid(number, check_country=False))

        return is_iban

    @cached_property
    def _luhn(self) -> Callable[[str], bool]:
        from stdnum import luhn  # noqa: PLC0415 - see above

        return lambda digits: bool(luhn.is_valid(digits)) and len(set(digits)) > 1

    @cached_property
    def _checks(self) -> tuple[Callable[[str], bool], ...]:
        """Numbers of persons and firms whose checksum leaves little to chance."""
        from stdnum.be import nn  # noqa: PLC0415 - see above
        from stdnum.br import cpf  # noqa: PLC0415
        from stdnum.ch import ssn  # noqa: PLC0415
        from stdnum.de import idnr  # noqa: PLC0415
        from stdnum.dk import cpr  # noqa: PLC0415
        from stdnum.es import dni, nie  # noqa: PLC0415
        from stdnum.eu import vat  # noqa: PLC0415
        from stdnum.fi import hetu  # noqa: PLC0415
        from stdnum.fr import nir  # noqa: PLC0415
        from stdnum.gb import nhs  # noqa: PLC0415
        from stdnum.it import codicefiscale  # noqa: PLC0415
        from stdnum.nl import bsn  # noqa: PLC0415
        from stdnum.no import fodselsnummer  # noqa: PLC0415
        from stdnum.pl import pesel  # noqa: PLC0415
        from stdnum.pt import nif  # noqa: PLC0415
        from stdnum.se import personnummer  # noqa: PLC0415

        first = (nn, cpf, ssn, idnr, cpr, dni, nie, hetu, nir, nhs, codicefiscale, bsn)
        modules = (*first, fodselsnummer, pesel, nif, personnummer)
        return (*(each.is_valid for each in modules), lambda number: _is_vat(vat, number))


_BARE = str.maketrans("", "", " -./")
_HALF = re.compile("[\ud800-\udfff]")


def _groups(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The parts of a number that blanks separate, each long enough to be one."""
    for each in re.finditer(r"\S{8,}", match[0]):
        yield match.start() + each.start(), match.start() + each.end()


def _digits(text: str) -> str:
    return "".join(str(int(each)) for each in text if each.isdecimal())


def _in_pieces(
    text: str, searches: Sequence[Callable[[str], Iterator[Found]]], size: int
) -> list[Found]:
    """What searches find in pieces of a text that overlap."""
    found: set[Found] = set()
    for start in range(0, max(1, len(text)), size):
        piece = text[start : start + size + OVERLAP]
        found |= {
            Found(each.start + start, each.end + start, each.kind, each.name)
            for search in searches
            for each in search(piece)
        }
    return sorted(found)


def _search_of(pattern: MaskPattern) -> Callable[[str], Iterator[Found]]:
    """Searches for a pattern; raises `MaskPatternUnusable`."""
    # Only an organisation that has patterns needs it.
    import re2  # noqa: PLC0415

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        expression = re2.compile(pattern.expression, options)
    except (re2.error, UnicodeError) as error:
        why = error.args[0] if error.args else ""
        told = why.decode(errors="replace") if isinstance(why, bytes) else str(error)
        raise MaskPatternUnusable(f"{pattern.name}: {told}") from error

    def search(text: str) -> Iterator[Found]:
        for match in expression.finditer(text):
            if match.start() < match.end():
                yield Found(match.start(), match.end(), MaskKind.PATTERN, pattern.name)

    return search


def _is_vat(vat: ModuleType, number: str) -> bool:
    """Whether a number begins with its country and is right there."""
    return number[:2].isalpha() and bool(vat.is_valid(number))


def _keys(text: str) -> Iterator[Found]:
    yield from (Found(*each.span(), MaskKind.KEY) for each in _KEY.finditer(text))
    yield from (Found(*each.span(1), MaskKind.KEY) for each in _PASSWORD.finditer(text))

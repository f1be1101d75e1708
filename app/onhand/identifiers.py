"""Identifiers that have a form: addresses, numbers, keys; by checksums where there are any.

Numbers of persons and firms are checked by python-stdnum, telephone numbers by phonenumbers
(Google's libphonenumber). What has no checksum is masked when it looks like one: a mask too
many can be taken off, one too few cannot be taken back. What an organisation adds is
searched by RE2, which takes no expression that could go on for ever.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cached_property
from typing import TYPE_CHECKING

from onhand.domain.cloud_errors import MaskPatternUnusable
from onhand.domain.masking import Found, MaskKind

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

_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_URL = re.compile(r"(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>\"'\])}]{2,2000}", re.IGNORECASE)
_KEY = re.compile(
    r"\b(?:(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abps]|hf|pypi)[-_][-_A-Za-z0-9]{12,200}"
    r"|AKIA[0-9A-Z]{16}|AIza[-_A-Za-z0-9]{35}"
    r"|eyJ[-_A-Za-z0-9]{8,}\.[-_A-Za-z0-9]{8,}\.[-_A-Za-z0-9]{8,})"
)
_PASSWORD = re.compile(
    r"\b(?:password|passwort|kennwort|passcode|pin|mot de passe|contraseña)\b"
    r"(?:\s*[:=]\s*|\s+(?:is|ist|lautet|est|es)\s+)(\S{3,100})",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE)
_IP4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_MAC = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![\w:-])")
_CARD = re.compile(r"(?<![\w.+])\d(?:[ -]?\d){11,18}(?!\w|[.,]\d)")
_SSN = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D](?!\w)")
_WRITTEN_ID = re.compile(
    r"(?<!\w)(?:(?=[A-Z.-]*\d)[A-Z0-9](?:[.-]?[A-Z0-9]){6,20}|\d(?:[ .-]?\d){7,20})(?!\w)"
)
_DECIMAL = re.compile(r"^\d{1,3}[.,]\d+$")
_RUN = re.compile(
    r"(?<![\w.:/$€£-])(?<!\d,)(?:\+\s?)?\(?\d[\d()./\u2011\u2013 -]{4,24}\d"
    r"(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\w%€$£]|[.,:]\d|-\d)"
)
_DATE = re.compile(
    r"^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2}))"
    r"(?:\s+\d{1,2})?$"
)
_YEARS = re.compile(r"^(?:1[89]|20)\d\d\s?[-–/]\s?(?:(?:1[89]|20)\d\d|\d\d)$")
_ZIP = re.compile(r"^[1-9]\d{4}[ -]\d{2,4}$")
"""A postal code with its extension, or with a house number behind it."""

_ADDRESS = re.compile(r"^[1-9]\d{3} \d{3,4}$")
_NAMED = re.compile(r"^ [^\W\d_a-z]")
"""Two groups of digits and a name in capitals: numbers of a house and of its street."""

_MONEY = re.compile(
    r"^\s?(?:€|\$|£|%|EUR|USD|GBP|CHF|dollars?|euros?|pounds?)", re.IGNORECASE
)

FEWEST, MOST = 7, 15
"""Digits of a telephone number."""

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
        return (_addresses, _keys, self._accounts, _networks, self._persons, self._phones)

    def _accounts(self, text: str) -> Iterator[Found]:
        for match in _IBAN.finditer(text):
            # A word in capitals may follow: the longest beginning that is right counts.
            written = match[0]
            while len(written) >= 15:  # the shortest there is, Norway's
                if self._iban(written):
                    start = match.start()
                    yield Found(start, start + len(written), MaskKind.IBAN)
                    break
                written = written[:-1].rstrip()
        for match in _CARD.finditer(text):
            if self._luhn(match[0].translate(_BARE)):
                yield Found(*match.span(), MaskKind.CARD)

    def _persons(self, text: str) -> Iterator[Found]:
        for pattern in (_SSN, _NINO):
            yield from (Found(*each.span(), MaskKind.ID) for each in pattern.finditer(text))
        for match in _WRITTEN_ID.finditer(text):
            bare = match[0].translate(_BARE)
            if sum(each.isdigit() for each in bare) < 5:
                continue
            if _DATE.match(match[0]) or _DECIMAL.match(match[0]):
                continue
            if any(check(bare) for check in self._checks):
                yield Found(*match.span(), MaskKind.ID)

    def _phones(self, text: str) -> Iterator[Found]:
        for match in _RUN.finditer(text):
            written = match[0].rstrip(" (")
            if _MONEY.match(text[match.end() : match.end() + 8]):
                continue
            if _ADDRESS.match(written) and _NAMED.match(text[match.end() :]):
                continue
            if self._is_phone(written):
                start = match.start()
                yield Found(start, start + len(written), MaskKind.PHONE)

    def _is_phone(self, written: str) -> bool:
        number = re.split(r"x|ext", written)[0].strip()
        digits = re.sub(r"\D", "", number)
        if not FEWEST <= len(digits) <= MOST:
            return False
        if any(form.match(number) for form in (_DATE, _YEARS, _ZIP, _DECIMAL)):
            return False
        if number.startswith("+") or len(digits) < len(number):
            return True
        if len(digits) < FEWEST_TOGETHER:
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
        return lambda written: bool(iban.is_valid(written.upper(), check_country=False))

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


def _addresses(text: str) -> Iterator[Found]:
    for pattern, kind in ((_EMAIL, MaskKind.EMAIL), (_URL, MaskKind.URL)):
        for match in pattern.finditer(text):
            written = match[0].rstrip(".,;:!?'-_*")
            yield Found(match.start(), match.start() + len(written), kind)


def _keys(text: str) -> Iterator[Found]:
    yield from (Found(*each.span(), MaskKind.KEY) for each in _KEY.finditer(text))
    yield from (Found(*each.span(1), MaskKind.KEY) for each in _PASSWORD.finditer(text))


def _networks(text: str) -> Iterator[Found]:
    yield from (Found(*each.span(), MaskKind.IP) for each in _MAC.finditer(text))
    for pattern in (_IP4, _IP6):
        for match in pattern.finditer(text):
            try:
                ipaddress.ip_address(match[0].split("/")[0])
            except ValueError:
                continue
            if re.search(r"[\da-fA-F]{2}|\.", match[0]):
                yield Found(*match.span(), MaskKind.IP)

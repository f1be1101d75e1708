"""Identifiers that have a form: addresses, numbers, keys; by checksums where there are any.

Numbers of persons and firms are checked by python-stdnum, telephone numbers by phonenumbers
(Google's libphonenumber). What has no checksum is masked when it looks like one: a mask too
many can be taken off, one too few cannot be taken back.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cached_property
from typing import TYPE_CHECKING

from onhand.domain.masking import Found, MaskKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

MOST_TEXT = 200_000
"""Code points of one piece; a longer text is searched in pieces that overlap."""

OVERLAP = 300
"""No identifier is longer."""

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
        found: set[Found] = set()
        for start in range(0, max(1, len(text)), MOST_TEXT):
            piece = text[start : start + MOST_TEXT + OVERLAP]
            found |= {
                Found(each.start + start, each.end + start, each.kind)
                for search in self._searches
                for each in search(piece)
            }
        return sorted(found)

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

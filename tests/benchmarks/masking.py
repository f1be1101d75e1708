"""How much of what names a person the masks cover, and what they cover too much.

    uv run --no-sync python tests/benchmarks/masking.py ROWS.jsonl [--names MODEL]

ROWS has a text and `spans` of [start, end, label] a line, as presidio_pii has. An
identifier counts as found when a mask covers all of it; a mask counts as right when it
touches anything that is labelled at all (`any`), or something of its own kind (`same`).
`--names` looks for persons, places and organisations with a model of the model folder,
which takes seconds a row.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.masking import MaskKind, apart, mask
from onhand.identifiers import FormIdentifiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.masking import Found

KINDS = {
    "EMAIL_ADDRESS": MaskKind.EMAIL,
    "DOMAIN_NAME": MaskKind.URL,
    "IBAN_CODE": MaskKind.IBAN,
    "CREDIT_CARD": MaskKind.CARD,
    "US_SSN": MaskKind.ID,
    "IP_ADDRESS": MaskKind.IP,
    "PHONE_NUMBER": MaskKind.PHONE,
    "PERSON": MaskKind.PERSON,
    "ORGANIZATION": MaskKind.ORGANISATION,
    "GPE": MaskKind.PLACE,
}
STRUCTURED = frozenset(KINDS) - {"PERSON", "ORGANIZATION", "GPE"}


def main() -> None:
    """Count, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--names", metavar="MODEL", default="")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.rows.read_text("utf-8").splitlines()]
    with ExitStack() as stack:
        look = looking(given.names, stack)
        Count(rows[: given.limit], look, misses=given.misses).tell()


def looking(model: str, stack: ExitStack) -> Callable[[str], list[Found]]:
    """What finds all that is to be masked in a text."""
    identifiers = FormIdentifiers()
    if not model:
        return identifiers.find
    from onhand.bootstrap import open_services  # noqa: PLC0415 - most runs need no engine
    from onhand.domain.progress import CancelToken  # noqa: PLC0415
    from onhand.host import Paths  # noqa: PLC0415

    folder = stack.enter_context(tempfile.TemporaryDirectory())
    services = stack.enter_context(open_services(Paths.of(Path(folder)), model=model))
    services.models.select()

    def look(text: str) -> list[Found]:
        return services.cloud.escalate.look_for(text, CancelToken())

    return look


class Count:
    """What was found of what is there."""

    def __init__(
        self, rows: list[dict], look: Callable[[str], list[Found]], *, misses: bool
    ) -> None:
        self.there: Counter[str] = Counter()
        self.covered: Counter[str] = Counter()
        self.masks: Counter[MaskKind] = Counter()
        self.same: Counter[MaskKind] = Counter()
        self.any: Counter[MaskKind] = Counter()
        self.exact = 0
        self.rows = len(rows)
        self.misses = misses
        for number, row in enumerate(rows, 1):
            self._add(row, apart(row["text"], look(row["text"])))
            sys.stderr.write(f"\r{number}")

    def _add(self, row: dict, found: tuple[Found, ...]) -> None:
        text, spans = row["text"], row["spans"]
        masked = mask(text, found)
        self.exact += masked.restored(masked.text) == text
        for start, end, label in spans:
            if label not in KINDS:
                continue
            self.there[label] += 1
            hit = any(each.start <= start and end <= each.end for each in found)
            self.covered[label] += hit
            if self.misses and not hit and label in STRUCTURED:
                say(f"missed {label} {text[start:end]!r} in {text!r}")
        for each in found:
            touched = [
                label
                for start, end, label in spans
                if each.start < end and start < each.end
            ]
            self.masks[each.kind] += 1
            self.any[each.kind] += bool(touched)
            right = any(KINDS.get(label) == each.kind for label in touched)
            self.same[each.kind] += right
            if self.misses and not right:
                say(f"other {each.kind} {text[each.start : each.end]!r} {touched}")

    def tell(self) -> None:
        """Print it."""
        say(f"\n{'kind':14}{'there':>7}{'recall':>9}{'masks':>7}{'same':>8}{'any':>8}")
        for label, kind in KINDS.items():
            say(
                f"{kind:14}{self.there[label]:7}"
                f"{share(self.covered[label], self.there[label]):>9}{self.masks[kind]:7}"
                f"{share(self.same[kind], self.masks[kind]):>8}"
                f"{share(self.any[kind], self.masks[kind]):>8}"
            )
        there = sum(self.there[each] for each in STRUCTURED)
        covered = sum(self.covered[each] for each in STRUCTURED)
        kinds = {KINDS[each] for each in STRUCTURED}
        masks = sum(self.masks[each] for each in kinds)
        say(
            f"{'structured':14}{there:7}{share(covered, there):>9}{masks:7}"
            f"{share(sum(self.same[each] for each in kinds), masks):>8}"
            f"{share(sum(self.any[each] for each in kinds), masks):>8}"
        )
        say(f"round trip exact: {self.exact} of {self.rows}")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def share(part: int, whole: int) -> str:
    """A share in percent."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


if __name__ == "__main__":
    main()

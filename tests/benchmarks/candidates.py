"""How many values of a typed field are among the spans that are recognised.

    python tests/benchmarks/candidates.py ROWS.jsonl FIELD TYPE [--library NAME[:REGION]]

Rows have a "text" and "fields", values by the name of the field. Printed is how many of
them are recognised just as they are, among how many spans, and how many spans there are in
rows without such a value; and the time. With `--library` the same for phonenumbers, with
the region of numbers that name none, or for dateparser, which must be installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from onhand.domain.candidates import candidates_of
from onhand.domain.tasks import Field, FieldType


def finder(kind: FieldType, library: str):
    """What finds the values in a text."""
    name, _, region = library.partition(":")
    if name == "phonenumbers":
        from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415 - if asked for

        return lambda text: [
            match.raw_string
            for match in PhoneNumberMatcher(text, region or None, Leniency.POSSIBLE, 9999)
        ]
    if name == "dateparser":
        from dateparser.search import search_dates  # noqa: PLC0415 - likewise

        return lambda text: [
            found for found, _ in search_dates(text, languages=["en"]) or ()
        ]
    field = Field(name="value", type=kind)
    return lambda text: [text[slice(*span)] for span in candidates_of(field, text) or ()]


def main() -> None:
    """Recognise and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=Path)
    parser.add_argument("field")
    parser.add_argument("type", type=FieldType)
    parser.add_argument("--library", default="")
    parser.add_argument("--limit", type=int, default=10**9)
    arguments = parser.parse_args()
    find = finder(arguments.type, arguments.library)
    lines = arguments.rows.read_text().splitlines()
    rows = [json.loads(line) for line in lines][: arguments.limit]
    values = hits = spans = others = strays = 0
    begin = time.perf_counter()
    for row in rows:
        found = find(row["text"])
        right = row["fields"].get(arguments.field, [])
        values += len(right)
        hits += sum(each in found for each in right)
        spans += len(found) if right else 0
        strays += 0 if right else len(found)
        others += not right
    each = (time.perf_counter() - begin) / len(rows) * 1000
    sys.stdout.write(
        f"{hits} of {values} values among {spans} spans; {strays} spans in {others} rows"
        f" without; {each:.2f} ms a row\n"
    )


if __name__ == "__main__":
    main()

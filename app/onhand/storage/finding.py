"""Finds records by the words that they hold, and by what they are narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from onhand.storage.folding import fold
from onhand.storage.records import COLUMNS, FROM_RECORDS, JOINED, read_record
from onhand.storage.search_index import holds, indexed_to
from onhand.storage.stored_json import encode_time, storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from onhand.domain.tasks import Kind
    from onhand.services.history_ports import Narrowed, Record

LARGEST = 2**63 - 1
"""The largest number that SQLite takes."""

SHORTEST_INDEXED = 3
"""Letters of the shortest word that the index of texts finds; others have their own."""

MOST_WORDS = 64
LONGEST_WORD = 200
"""A pasted page is searched by its longest words, and those by their beginning."""

MODEL, LANE = (f"json_extract(records.outcome, '$.{key}')" for key in ("model", "lane"))

FEW_DAYS = 60
"""Days with entries: of a longer span up to now, the newest entries are mostly part."""

_DAY = "substr(at, 1, 10)"
_FROM_INDEX = {
    index: f"{COLUMNS} FROM {index} CROSS JOIN records"
    f" ON records.id = {index}.rowid {JOINED}"
    for index in ("search", "grams")
}
_HOLDS_SHORT = "(instr(search.text, ?) OR instr(search.answer, ?) OR instr(search.task, ?))"
_FIRST = (
    "WITH RECURSIVE days(day) AS ("  # noqa: S608 - names of ours
    f" SELECT min({_DAY}) FROM records WHERE {_DAY} >= ?"
    f" UNION ALL SELECT (SELECT min({_DAY}) FROM records WHERE {_DAY} > days.day)"
    f" FROM days WHERE days.day IS NOT NULL LIMIT {FEW_DAYS})"
    f" SELECT CASE count(*) WHEN {FEW_DAYS} THEN 0 ELSE"
    f" min((SELECT min(id) FROM records WHERE {_DAY} = days.day)) END FROM days"
)
_LAST = (
    "WITH RECURSIVE days(day) AS ("  # noqa: S608 - names of ours
    f" SELECT max({_DAY}) FROM records WHERE {_DAY} <= ?"
    f" UNION ALL SELECT (SELECT max({_DAY}) FROM records WHERE {_DAY} < days.day)"
    " FROM days WHERE days.day IS NOT NULL)"
    f" SELECT max((SELECT max(id) FROM records WHERE {_DAY} = days.day)) FROM days"
)
"""The first and the last number of the days of a span, by jumps through their index.

Numbers mostly follow the time, so these spare a walk through all entries. Where a clock was
set back they do not, which is why all days are asked and not only the one at the edge.
"""


class _Condition(NamedTuple):
    holds: str
    values: tuple[str | int, ...]


def find(  # noqa: PLR0913 - what `SqliteHistory.search` is asked, by keyword
    connection: sqlite3.Connection,
    words: str,
    *,
    kind: Kind | None,
    limit: int,
    before: int | None,
    only: Narrowed,
) -> list[Record]:
    """What `SqliteHistory.search` gives."""
    wanted = _wanted(words)
    narrowed = [*_narrowing(kind, only)]
    below = LARGEST if before is None else before
    if not wanted:
        return _select(connection, "records", narrowed, below, limit)
    indexed = indexed_to(connection)
    newer = [*narrowed, _Condition("records.id > ?", (indexed,))]
    found = [
        record
        for record in _select(connection, "records", newer, below, LARGEST)
        if holds(record, wanted)
    ][: max(limit, 0)]
    if len(found) == limit:
        return found
    index, matching = _matching(wanted)
    below = min(below, indexed + 1)
    rest = _select(connection, index, [*matching, *narrowed], below, limit - len(found))
    return [*found, *rest]


def _select(
    connection: sqlite3.Connection,
    source: str,
    conditions: Sequence[_Condition],
    below: int,
    limit: int,
) -> list[Record]:
    """Records that meet all conditions, with numbers below one, newest first."""
    number = f"{source}.rowid"
    holding = " AND ".join([*(each.holds for each in conditions), f"{number} < ?"])
    values = [value for each in conditions for value in each.values]
    rows = connection.execute(
        f"{_FROM_INDEX.get(source, FROM_RECORDS)} WHERE {holding}"
        f" ORDER BY {number} DESC LIMIT ?",
        (*values, below, min(limit, LARGEST)),
    )
    return [read_record(row) for row in rows]


def _matching(wanted: Sequence[str]) -> tuple[str, list[_Condition]]:
    """The index that finds these words, and what it has to match."""
    long = [word for word in wanted if len(word) >= SHORTEST_INDEXED]
    short = [word for word in wanted if len(word) < SHORTEST_INDEXED]
    if not long:
        pairs = " ".join(_pair(word) for word in short)
        return "grams", [_Condition("grams MATCH ?", (pairs,))]
    quoted = " ".join(_quoted(word) for word in long)
    match = _Condition("search MATCH ?", (quoted,))
    return "search", [match, *(_Condition(_HOLDS_SHORT, (word,) * 3) for word in short)]


def _narrowing(kind: Kind | None, only: Narrowed) -> Iterator[_Condition]:
    if kind is not None:
        yield _Condition("records.kind = ?", (kind,))
    if only.task_id is not None:
        yield _Condition("records.task_id = ?", (storable(only.task_id),))
    if only.lane is not None:
        yield _Condition(f"{LANE} = ?", (only.lane,))
    if only.model is not None:
        yield _Condition(f"{MODEL} = ?", (storable(only.model),))
    if only.since is not None:
        yield _Condition("records.at >= ?", (encode_time(only.since),))
        yield _Condition(f"records.id >= ({_FIRST})", (_day(only.since),))
    if only.until is not None:
        yield _Condition("records.at < ?", (encode_time(only.until),))
        yield _Condition(f"records.id <= ({_LAST})", (_day(only.until),))


def _day(at: datetime) -> str:
    return encode_time(at)[:10]


def _wanted(words: str) -> list[str]:
    distinct = dict.fromkeys(fold(words).split())
    longest_first = sorted(distinct, key=len, reverse=True)
    return [word[:LONGEST_WORD] for word in longest_first[:MOST_WORDS]]


def _pair(word: str) -> str:
    """A word of one letter or two, as the index of them has it."""
    return '"' + "x".join(f"{ord(letter):x}" for letter in word) + '"'


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'

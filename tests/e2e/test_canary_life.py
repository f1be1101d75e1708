"""Words planted in a real run, with crashes: nowhere in clear, and nowhere once forgotten.

The same at length: `tests/benchmarks/canaries.py`.
"""

from __future__ import annotations

import base64
import gzip
import sys
import zipfile
from urllib.parse import quote

import pytest

from fakes.canaries import canary, forms_in, hits, ways_in
from fakes.canary_life import WAYS, Life
from fakes.starter import needs_starter

pytestmark = pytest.mark.e2e


@needs_starter[0]
@needs_starter[1]
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_nothing_lies_in_clear_and_nothing_is_left_when_it_is_forgotten(tmp_path):
    life = Life(tmp_path, rows=4)
    life.live()
    assert life.leaks() == []
    assert list(life.work.iterdir()) == [], "a crash left a file"
    logs = {each.name for each in life.paths.logs.iterdir()}
    assert {"engine.log", "crash.log"} <= logs, "nothing has crashed"
    assert list(life.paths.prefixes.iterdir()), "no prefix was kept"
    assert_the_search_would_find_it(life)
    key = life.key()
    life.forget()
    assert life.leaks(key) == []


def assert_the_search_would_find_it(life):
    places = {each.place for each in hits(life.watched, life.key())}
    copies = [each for each in life.paths.backups.iterdir() if each.suffix == ".db"]
    assert len(copies) >= 2
    for each in (life.paths.database, *copies):
        assert each.relative_to(life.watched).as_posix() in places
    asked = b"".join(each.read_bytes() for each in life.wanted.iterdir())
    assert ways_in(asked, WAYS) >= {"pipe", "row", "document", "example"}
    assert hits(life.paths.tasks), "an own task lies in clear, which the search sees"


SECRET = f"so {canary('text')} it is"
WRITTEN = {
    "utf-8": SECRET.encode(),
    "shouted": SECRET.upper().encode(),
    "utf-16": SECRET.encode("utf-16"),
    "latin-1": SECRET.encode("latin-1"),
    "url": quote(SECRET).encode(),
    "json": b'"so qzv\\u00f6geltext it is"',
    "html": SECRET.encode("ascii", "xmlcharrefreplace"),
    "hex": SECRET.encode().hex().encode(),
    "base64": base64.b64encode(SECRET.encode()),
    "base64, shifted": base64.b64encode(b"x" + SECRET.encode()),
    "base64, shifted twice": base64.b64encode(b"xx" + SECRET.encode()),
    "base64 of utf-16": base64.b64encode(SECRET.encode("utf-16-le")),
    "folded for a search": b"so qzvogeltext",
    "gzip": gzip.compress(SECRET.encode()),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_the_search_finds_a_word_however_it_is_written(content, tmp_path):
    assert forms_in(content)
    (tmp_path / "file").write_bytes(b"\0\xff before " + content)
    if not content.startswith(b"\x1f"):
        assert hits(tmp_path)
    with zipfile.ZipFile(tmp_path / "file", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", content)
    if not content.startswith(b"\x1f"):
        assert hits(tmp_path)


def test_the_search_finds_a_word_in_a_name(tmp_path):
    (tmp_path / canary("text")).mkdir()
    assert [each.form for each in hits(tmp_path)] != []


def test_other_words_are_not_found():
    assert forms_in("Vögel und qzvogt, qzv&ouml; und so weiter".encode()) == set()

"""What every place for a draft does."""

from __future__ import annotations

import pytest

from fakes.drafts import FakeDrafts
from fakes.histories import open_database
from fakes.stores import NOON
from onhand.storage.drafts import SqliteDrafts


@pytest.fixture(params=["fake", "sqlite"])
def drafts(request, tmp_path):
    if request.param == "fake":
        yield FakeDrafts()
        return
    database = open_database(tmp_path / "history.db")
    yield SqliteDrafts(database)
    database.close()


def test_the_last_text_is_there_until_it_is_taken_away(drafts):
    assert drafts.load() == ""
    for text in ("I was ch", "I was charged\n\U0001f600"):
        drafts.save(text, NOON)
        assert drafts.load() == text
    drafts.save("", NOON)
    assert drafts.load() == ""

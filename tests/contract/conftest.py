"""What several of these tests stand on."""

from __future__ import annotations

import pytest

from fakes.histories import open_database


@pytest.fixture
def database(tmp_path):
    """An empty history."""
    database = open_database(tmp_path / "history.db")
    yield database
    database.close()

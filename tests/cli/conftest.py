"""A desk to run commands at."""

from __future__ import annotations

import pytest

from fakes.command_line import Desk


@pytest.fixture
def desk(monkeypatch, tmp_path):
    return Desk(monkeypatch, tmp_path / "desk")

"""Pins say where a version is taken, and no more than that."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "packaging" / "pins"
OLD, NEW = "python_full_version < '3.12'", "python_full_version >= '3.12'"
LINUX, MAC, WINDOWS = (f"sys_platform == '{each}'" for each in ("linux", "darwin", "win32"))


def lines(pythons, systems):
    return [f"{python} and {system}" for python in pythons for system in systems]


EVERYWHERE = lines([OLD, NEW], [LINUX, MAC, WINDOWS])


@pytest.fixture(scope="module")
def pins():
    loader = SourceFileLoader("pins", str(PROGRAM))
    module = module_from_spec(spec_from_loader("pins", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("markers", "told"),
    [
        ([], ""),
        (lines([OLD], [LINUX, MAC, WINDOWS]), f" ; {OLD}"),
        (lines([OLD, NEW], [LINUX]), f" ; {LINUX}"),
        (lines([OLD, NEW], [MAC, WINDOWS]), f" ; {MAC} or {WINDOWS}"),
        (lines([NEW], [MAC, WINDOWS]), f" ; {NEW} and ({MAC} or {WINDOWS})"),
        (EVERYWHERE, ""),
    ],
)
def test_a_version_is_pinned_where_it_is_taken(pins, markers, told):
    assert pins.marker_of(markers, EVERYWHERE) == told

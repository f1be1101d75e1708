"""The catalogue: `models.json` says of every model what is needed to find and judge it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.catalog import Tier, read_catalog
from onhand.domain.errors import DataDamaged

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = (REPOSITORY / "models.json").read_bytes()
MODELS = read_catalog(DATA).models


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_model_is_described_in_full(model):
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", model.id)
    assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
    assert model.file.endswith(".gguf")
    assert "/" not in model.file
    assert model.title
    assert model.licence
    assert model.good_for
    assert not model.good_for.endswith(".")
    assert model.bytes > 1_000_000
    assert model.context >= 2048
    assert model.kv_bytes > 0
    assert set(model.languages) == {code for code in model.languages if len(code) == 2}
    assert list(model.languages) == sorted(set(model.languages))


def test_no_two_models_are_mixed_up():
    for name in ("id", "title", "file", "sha256"):
        values = {getattr(model, name).casefold() for model in MODELS}
        assert len(values) == len(MODELS)


def test_the_smallest_model_comes_first():
    assert [model.bytes for model in MODELS] == sorted(model.bytes for model in MODELS)
    tiers = [list(Tier).index(model.tier) for model in MODELS]
    assert tiers == sorted(tiers)


def test_one_starter_model_comes_with_a_distribution_for_developers():
    starters = [model.distribution for model in MODELS if model.distribution]
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(starters) == 1
    assert any(
        line.startswith(f"{starters[0]}==") for line in project["dependency-groups"]["dev"]
    )


def test_the_readme_knows_every_model():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for model in MODELS:
        assert f"| `{model.id}` | `{model.file}` |" in readme


def changed(**values: object) -> bytes:
    whole = json.loads(DATA)
    whole["models"][0] |= values
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"schema": 1, "models": [{"id": "\xff"}]}',
        b"[" * 100_000,
        DATA[:-20],
        changed(tier="giant"),
        changed(bytes="98 MB"),
        changed(colour="red"),
    ],
)
def test_a_catalogue_that_is_none_is_refused(data):
    with pytest.raises(DataDamaged, match=r"models\.json"):
        read_catalog(data)


@given(st.binary())
@example(DATA)
def test_any_bytes_are_a_catalogue_or_refused(data):
    try:
        read_catalog(data)
    except DataDamaged:
        return
    assert json.loads(data)["schema"] == 1

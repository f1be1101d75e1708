"""The catalogue: `models.json` says of every model what is needed to find and judge it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.catalog import (
    Catalog,
    ChatFamily,
    ModelKind,
    ModelSource,
    Tier,
    read_catalog,
)
from onhand.domain.errors import DataDamaged

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = (REPOSITORY / "models.json").read_bytes()
MODELS = read_catalog(DATA).models
SCHEMA = json.loads((REPOSITORY / "resources" / "models.schema.json").read_bytes())


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
    assert list(model.languages or ()) == sorted(set(model.languages or ()))
    assert model.languages or model.language_claim
    if model.kind == ModelKind.CHAT:
        assert model.context >= 2048


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


def test_every_tier_has_an_alternative_and_there_are_embedding_models():
    for tier in Tier:
        chat = [
            each for each in MODELS if each.tier == tier and each.kind == ModelKind.CHAT
        ]
        assert len(chat) >= 2
        assert len([each for each in chat if each.can_be_fetched]) >= 2
    assert [each for each in MODELS if each.kind == ModelKind.EMBEDDING]


def test_what_can_be_fetched_is_named_by_a_commit_and_never_by_a_branch():
    for model in MODELS:
        assert model.can_be_fetched == (model.source != ModelSource.FILE)
        pattern = r"[\w.-]+/[\w.-]+/resolve/[0-9a-f]{40}/[\w.-]+\.gguf"
        assert bool(re.fullmatch(pattern, model.url_path)) == model.can_be_fetched


def test_the_memory_that_a_model_needs_grows_with_its_context():
    starter = next(model for model in MODELS if model.id == "smollm2-135m")
    assert starter.memory(4096) == 98_362_432 + 23_040 * 4096 + 200_000_000
    embedding = next(model for model in MODELS if model.kind == ModelKind.EMBEDDING)
    assert embedding.memory(512) == embedding.bytes + 100_000_000


def test_the_text_of_every_licence_comes_with_the_program():
    for model in MODELS:
        text = REPOSITORY / "resources" / "licences" / f"{model.licence}.txt"
        assert len(text.read_text(encoding="utf-8")) > 1000


def test_a_model_is_found_by_its_id_the_start_of_one_its_file_and_its_content():
    catalog = read_catalog(DATA)
    coder = next(model for model in MODELS if model.id == "qwen2.5-coder-0.5b")
    assert catalog.fitting("QWEN2.5-coder-0.5B") == (coder,)
    assert len(catalog.fitting("qwen3")) > 1
    assert catalog.fitting("gpt") == ()
    assert catalog.by_file(coder.file.upper()) == coder
    assert catalog.by_file("other.gguf") is None
    assert catalog.by_content(coder.bytes, coder.sha256.upper()) == coder
    assert catalog.by_content(coder.bytes + 1, coder.sha256) is None
    assert catalog.by_content(coder.bytes, "0" * 64) is None


def faults(whole: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(whole)]


def test_the_catalogue_follows_its_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert faults(json.loads(DATA)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "Big Model"),
        ("tier", "giant"),
        ("kind", "vision"),
        ("source", "torrent"),
        ("repo", "just-a-name"),
        ("revision", "main"),
        ("revision", None),
        ("file", "../model.gguf"),
        ("file", "model.bin"),
        ("bytes", 0),
        ("bytes", "98 MB"),
        ("sha256", "b179"),
        ("licence", "Research only"),
        ("licence_url", "http://example.org/licence"),
        ("kv_bytes", 0),
        ("chat_format", "alpaca"),
        ("languages", ["English"]),
        ("languages", []),
        ("good_for", ""),
        ("colour", "red"),
        ("pooling", "max"),
    ],
)
def test_an_entry_that_breaks_a_rule_does_not_pass_the_schema(name, value):
    whole = json.loads(DATA)
    model = next(each for each in whole["models"] if each["source"] == "hub")
    model[name] = value
    assert faults(whole)


def test_an_entry_that_lacks_something_does_not_pass_the_schema():
    for name in SCHEMA["$defs"]["model"]["required"]:
        whole = json.loads(DATA)
        del whole["models"][0][name]
        assert faults(whole), name


def kinds(described: dict[str, object]) -> set[str]:
    """The JSON types that a schema allows, whichever way it is written."""
    parts = described.get("anyOf", [described])
    found: set[str] = set()
    for part in parts:
        if "enum" in part:
            found |= {"null" if each is None else "string" for each in part["enum"]}
        elif isinstance(part.get("type"), list):
            found |= set(part["type"])
        elif "type" in part:
            found.add(part["type"])
        else:
            found.add("string")  # a reference to one of the enumerations
    return found


def test_the_schema_and_the_type_describe_the_same():
    theirs = msgspec.json.schema(Catalog)["$defs"]
    ours = SCHEMA["$defs"]["model"]
    assert set(theirs["ModelSpec"]["properties"]) == set(ours["properties"])
    assert set(theirs["ModelSpec"]["required"]) <= set(ours["required"])
    for name, described in ours["properties"].items():
        assert kinds(described) == kinds(theirs["ModelSpec"]["properties"][name]), name
    for name, values in {
        "tier": Tier,
        "kind": ModelKind,
        "source": ModelSource,
        "chat_format": ChatFamily,
    }.items():
        assert set(ours["properties"][name]["enum"]) - {None} == {
            str(each) for each in values
        }


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

"""What every model store does."""

from __future__ import annotations

import os

import msgspec
import pytest

from fakes.stores import FakeModels
from onhand.domain.catalog import Catalog, ModelSpec, Tier
from onhand.domain.errors import ModelMissing
from onhand.services.ports import InstalledModel
from onhand.storage.model_files import ModelFiles

SIZES = {"tiny-135m.gguf": 5, "mid-1.5b.gguf": 20, "mid-3b.gguf": 30, "mid.gguf": 40}
KNOWN = ModelSpec(
    id="tiny-135m.gguf",
    title="Tiny",
    tier=Tier.TINY,
    file="tiny-135m.gguf",
    bytes=5,
    sha256="",
    licence="MIT",
    context=512,
    kv_bytes=1,
    languages=None,
    good_for="tests",
)


@pytest.fixture(params=["fake", "files"])
def models(request, tmp_path):
    for name, size in SIZES.items():
        (tmp_path / name).write_bytes(b"x" * size)
    if request.param == "fake":
        return FakeModels(
            *(
                InstalledModel(
                    id=name,
                    title=name.removesuffix(".gguf"),
                    path=tmp_path / name,
                    bytes=size,
                )
                for name, size in SIZES.items()
            )
        )
    catalog = tmp_path / "models.json"
    # Only a model of the catalogue is the default: nobody gets a stranger unasked.
    catalog.write_bytes(msgspec.json.encode(Catalog(schema=1, models=(KNOWN,))))
    return ModelFiles(catalog=catalog, folders=[tmp_path])


def test_all_are_listed_smallest_first(models, tmp_path):
    listed = [(each.id, each.bytes, each.path) for each in models.installed()]
    assert listed == [(name, size, tmp_path / name) for name, size in SIZES.items()]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("tiny-135m.gguf", "tiny-135m.gguf"),
        ("tiny", "tiny-135m.gguf"),
        ("TINY", "tiny-135m.gguf"),
        ("mid-1", "mid-1.5b.gguf"),
        ("mid.gguf", "mid.gguf"),
        ("", "tiny-135m.gguf"),
    ],
)
def test_a_model_is_found_by_its_id_or_an_unambiguous_start(models, wanted, found):
    assert models.find(wanted).id == found


def test_a_file_is_told_from_another_one_of_its_name(tmp_path):
    path = tmp_path / "own.gguf"
    path.write_bytes(b"x" * 9)
    os.utime(path, ns=(10**18, 10**18))
    catalog = tmp_path / "models.json"
    catalog.write_bytes(msgspec.json.encode(Catalog(schema=1, models=())))
    models = ModelFiles(catalog=catalog, folders=[tmp_path])
    stamp = models.find("own").stamp
    assert stamp == models.find(str(path)).stamp
    os.utime(path, ns=(10**18, 10**18 + 1000))
    later = models.find("own").stamp
    path.write_bytes(b"x" * 8)
    os.utime(path, ns=(10**18, 10**18))
    assert len({"", stamp, later, models.find("own").stamp}) == 4


def test_a_file_of_the_catalogue_is_told_by_what_it_must_be(tmp_path):
    path = tmp_path / KNOWN.file
    path.write_bytes(b"x" * KNOWN.bytes)
    catalog = tmp_path / "models.json"
    known = msgspec.structs.replace(KNOWN, sha256="ab" * 32)
    catalog.write_bytes(msgspec.json.encode(Catalog(schema=1, models=(known,))))
    models = ModelFiles(catalog=catalog, folders=[tmp_path])
    stamp = models.find("").stamp
    os.utime(path, ns=(10**18, 10**18))
    assert models.find("").stamp == stamp == "ab" * 32


def test_a_model_is_found_by_its_path(models, tmp_path):
    model = models.find(str(tmp_path / "mid-3b.gguf"))
    assert (model.path, model.bytes) == (tmp_path / "mid-3b.gguf", 30)


@pytest.mark.parametrize("wanted", ["mid", "mid-"])
def test_an_ambiguous_start_is_refused_with_what_it_fits(models, wanted):
    with pytest.raises(ModelMissing, match=r"mid-1\.5b\.gguf, mid-3b\.gguf"):
        models.find(wanted)


@pytest.mark.parametrize("wanted", ["huge", "/nowhere/huge.gguf", "\0", "x" * 5000])
def test_what_is_not_there_is_said_to_be_missing(models, wanted):
    with pytest.raises(ModelMissing):
        models.find(wanted)

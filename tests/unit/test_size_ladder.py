"""The size ladder: the catalogue and what is here in one list, and which one to propose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.shelf import FITS, STEPS, step
from fakes.stores import FakeModels, FakeSettings, FakeTunings
from onhand.domain.catalog import ModelKind, ModelSpec, Tier
from onhand.domain.errors import ModelMissing
from onhand.domain.fit import Fit, Verdict
from onhand.domain.layouts import Comparison, Layout, Speed, Tuning
from onhand.domain.receipts import Receipt
from onhand.domain.size_ladder import proposed
from onhand.domain.trust import Trust
from onhand.services.models import Models
from onhand.services.ports import InstalledModel
from onhand.services.size_ladder import SizeLadder


def spec(name, tier, size, **more):
    values = {
        "file": f"{name}.gguf",
        "sha256": "0" * 64,
        "licence": "Apache-2.0",
        "context": 4096,
        "kv_bytes": 1000,
        "languages": ("en",),
        "good_for": "tests",
        "repo": "owner/name",
        "revision": "0" * 40,
    }
    return ModelSpec(id=name, title=name.title(), tier=tier, bytes=size, **(values | more))


CATALOG = (
    spec("starter", Tier.TINY, 100, distribution="wheel", repo=None, revision=None),
    spec("finder", Tier.TINY, 150, kind=ModelKind.EMBEDDING),
    spec("small", Tier.SMALL, 500, languages=None, language_claim="many languages"),
    spec("large", Tier.LARGE, 2500),
)


def here(name, size, folder="/own"):
    return InstalledModel(
        id=name, title=name.title(), path=Path(f"{folder}/{name}.gguf"), bytes=size
    )


class Shelf:
    """The user's own folder.

    Attributes:
        damaged: files with damaged chunks.
        looks: what is known of files, by name.
    """

    def __init__(self) -> None:
        self.damaged: set[str] = set()
        self.looks: dict[str, Trust] = {}

    def holds(self, path):
        return path.parent == Path("/own")

    def receipt(self, name):
        if name not in self.damaged:
            return None
        return Receipt(
            file=name, bytes=1, sha256="", chunk_bytes=1, chunks=(), source="", at="",
            licence="", verified=True, damaged=(3,),
        )  # fmt: skip

    def look(self, path):
        if path.name == "gone.gguf":
            raise ModelMissing("it went away")
        return self.looks.get(path.name, Trust.VERIFIED)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def tunings():
    return FakeTunings()


@pytest.fixture
def ladder(shelf, tunings):
    def make(*installed):
        models = Models(
            store=FakeModels(*installed),
            settings=FakeSettings(),
            engine=None,
            tunings=tunings,
            wanted="",
        )

        def estimate(model):
            return replace(FITS, needs=2 * model.bytes)

        found = SizeLadder(
            known=lambda: CATALOG,
            models=models,
            files=shelf,
            look=shelf.look,
            estimate=estimate,
        )
        return {each.model: each for each in found()}

    return make


def test_every_chat_model_and_every_file_is_there_smallest_first(ladder):
    found = ladder(here("starter", 100, "/wheel"), here("mine", 300))
    assert list(found) == ["starter", "mine", "small", "large"]
    assert [each.here for each in found.values()] == [True, True, False, False]
    assert [each.own for each in found.values()] == [False, True, False, False]
    assert [each.known for each in found.values()] == [True, False, True, True]
    assert [each.in_use for each in found.values()] == [True, False, False, False]
    assert [each.fit.needs for each in found.values()] == [200, 600, 1000, 5000]
    assert found["starter"].starter
    assert not found["starter"].can_be_fetched
    assert found["small"].can_be_fetched
    assert (found["small"].languages, found["small"].language_claim) == (
        (),
        "many languages",
    )


def test_a_machine_without_any_model_has_a_ladder_too(ladder):
    found = ladder()
    assert list(found) == ["starter", "small", "large"]
    assert not any(each.here or each.in_use for each in found.values())


def test_the_model_in_use_may_be_tuned(ladder, tunings):
    tunings.known["starter"] = Tuning(
        layout=Layout.Q4_0,
        file="/layouts/starter.gguf",
        machine="here",
        before=Speed(read=1, write=1),
        after=Speed(read=2, write=2),
        comparison=Comparison(texts=1, same=1),
    )
    found = ladder(here("starter", 100, "/wheel"), here("small", 500))
    assert found["starter"].tuned
    assert not found["small"].tuned


def test_what_is_known_of_a_file_is_told(ladder, shelf):
    shelf.looks = {"mine.gguf": Trust.UNVERIFIED, "small.gguf": Trust.WRONG}
    shelf.damaged = {"large.gguf"}
    found = ladder(
        *(
            here(name, size)
            for name, size in (("mine", 3), ("small", 500), ("large", 2500))
        ),
        here("gone", 7),
    )
    assert found["mine"].trust is Trust.UNVERIFIED
    assert not found["mine"].damaged
    assert found["small"].damaged
    assert found["large"].damaged
    assert found["gone"].trust is Trust.UNCHECKED


TOO_LARGE = Fit(verdict=Verdict.TOO_LARGE, needs=9, free=1)


def test_the_largest_tier_that_fits_is_proposed_and_what_is_here_goes_first():
    medium = step("other-1b", "Other", "medium", 1_000)
    assert proposed([medium, *STEPS]).model == "larger-1.5b"
    away = [replace(each, here=False) for each in STEPS]
    assert proposed([medium, *away]).model == "other-1b"
    tight = [
        replace(each, fit=TOO_LARGE) if each.tier == "medium" else each for each in away
    ]
    assert proposed(tight).model == "smaller-0.5b"
    assert proposed([]) is None


@given(st.lists(st.sampled_from(list(Verdict)), min_size=5, max_size=5))
def test_nothing_that_does_not_fit_is_ever_proposed(verdicts):
    steps = [
        replace(each, fit=replace(each.fit, verdict=verdict))
        for each, verdict in zip(STEPS, verdicts, strict=True)
    ]
    best = proposed(steps)
    assert best is None or best.fit.verdict is Verdict.FITS

"""Bringing in models, and which of them may be loaded: over real files."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes.adapters import adapter
from fakes.stores import FakeClock
from fakes.tiny_gguf import tiny_gguf
from onhand.domain.catalog import Catalog, ModelSpec, Tier
from onhand.domain.engine_errors import AdapterUnusable
from onhand.domain.errors import AppError, Locked, ModelMissing, ModelUnusable, UsageError
from onhand.domain.model_errors import Unverified, UnverifiedForbidden, WrongChecksum
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.trust import Trust
from onhand.gguf.reader import read_header
from onhand.services.admitting import AdmitModels, Doorkeeper
from onhand.services.import_models import Consent, ImportModels, Vetting
from onhand.services.ports import InstalledModel
from onhand.storage.checked_files import KEPT, CheckedFilesFile
from onhand.storage.model_shelf import ModelShelf
from onhand.storage.model_sources import ModelSources

KNOWN = tiny_gguf(seed=1)
OTHER = tiny_gguf(seed=2, name="other")
SPEC = ModelSpec(
    id="tiny",
    title="Tiny",
    tier=Tier.TINY,
    file="Tiny.gguf",
    bytes=len(KNOWN),
    sha256=hashlib.sha256(KNOWN).hexdigest(),
    licence="MIT",
    context=512,
    kv_bytes=1,
    languages=("en",),
    good_for="tests",
)
YES = Consent(unverified=True)


class Files:
    """As much of a model store as importing takes."""

    def find(self, wanted):
        path = Path(wanted)
        return InstalledModel(
            id=path.name, title=path.stem, path=path, bytes=path.stat().st_size
        )


class CountingSources(ModelSources):
    """Counts how often a file was read whole."""

    def __init__(self):
        self.read = 0

    def sha256(self, path, cancel, *more):
        self.read += 1
        return super().sha256(path, cancel, *more)


class Bench:
    """Everything, over one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.models = folder / "models"
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.allowed = True
        self.headers = 0
        self.shelf = ModelShelf(self.models, folder / "locks", reserve=0)
        self.sources = CountingSources()
        self.checked = CheckedFilesFile(folder / "checked.json")
        self.importing = ImportModels(
            vetting=Vetting(catalog=self.catalog, header=self.header, allows=self.allows),
            shelf=self.shelf,
            sources=self.sources,
            store=Files(),
            clock=FakeClock(),
        )

    def catalog(self):
        return Catalog(schema=1, models=(SPEC,))

    def header(self, path):
        self.headers += 1
        return read_header(path)

    def allows(self):
        return self.allowed

    def admit(self):
        """A new one, as after a restart."""
        return AdmitModels(
            catalog=self.catalog,
            shelf=self.shelf,
            sources=self.sources,
            checked=CheckedFilesFile(self.folder / "checked.json"),
            header=self.header,
        )

    def door(self):
        return Doorkeeper(
            self.admit(), made_here=self.models / "layouts", allows=self.allows
        )

    def put(self, name, data):
        path = self.stick / name
        path.write_bytes(data)
        return path

    def take(self, path, consent=None):
        return self.importing(path, consent or Consent(), CancelToken())

    def lying(self):
        return sorted(
            each.relative_to(self.models).as_posix()
            for each in self.models.rglob("*")
            if each.is_file()
        )


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@contextmanager
def nothing_comes(bench, kind):
    with pytest.raises(kind):
        yield
    assert bench.lying() == []


def flipped(data, number):
    copy = bytearray(data)
    copy[number % len(data)] ^= 1 << number % 8
    return bytes(copy)


def test_a_model_of_the_catalogue_is_taken_with_a_receipt(bench):
    path = bench.put("TINY.GGUF", KNOWN)
    [taken] = bench.take(path)
    assert taken.model.path == bench.models / "Tiny.gguf"
    assert bench.lying() == ["Tiny.gguf", "receipts/Tiny.gguf.json"]
    receipt = bench.shelf.receipt("Tiny.gguf")
    assert (receipt.verified, receipt.licence) == (True, "MIT")
    assert receipt.source == f"the file {path}"
    assert path.read_bytes() == KNOWN
    assert bench.headers == 0


def test_a_model_of_the_catalogue_is_known_by_its_bytes_whatever_its_name(bench):
    [taken] = bench.take(bench.put("model-final.gguf", KNOWN))
    assert taken.model.path.name == "Tiny.gguf"
    assert bench.admit()(taken.model.path) is Trust.VERIFIED


def test_a_hundred_of_a_hundred_flipped_bits_are_refused(bench):
    for number in range(100):
        path = bench.put("Tiny.gguf", flipped(KNOWN, number * 4999))
        with nothing_comes(bench, WrongChecksum):
            bench.take(path, YES)
        with pytest.raises(WrongChecksum) as caught:
            bench.door()(path)
        assert caught.value.exit_code == 4


def test_a_file_of_another_length_is_refused_without_being_read(bench):
    path = bench.put("Tiny.gguf", KNOWN[:-1])
    with nothing_comes(bench, WrongChecksum):
        bench.take(path, YES)
    with pytest.raises(WrongChecksum, match="bytes instead of"):
        bench.door()(path)
    assert bench.admit().look(path) is Trust.WRONG
    assert bench.sources.read == 0


def test_an_unknown_model_needs_consent(bench):
    path = bench.put("other.gguf", OTHER)
    with nothing_comes(bench, Unverified):
        bench.take(path)
    [taken] = bench.take(path, YES)
    assert bench.shelf.receipt("other.gguf").verified is False
    assert bench.shelf.receipt("other.gguf").licence == "mit"
    assert bench.admit().look(taken.model.path) is Trust.UNVERIFIED
    bench.door()(taken.model.path)


def test_an_unknown_model_may_be_forbidden(bench):
    path = bench.put("other.gguf", OTHER)
    bench.allowed = False
    with nothing_comes(bench, UnverifiedForbidden):
        bench.take(path, YES)
    with pytest.raises(UnverifiedForbidden) as caught:
        bench.door()(path)
    assert caught.value.exit_code == 7
    bench.door()(bench.put("Tiny.gguf", KNOWN))


def test_an_unknown_file_that_is_no_model_is_refused(bench):
    path = bench.put("other.gguf", OTHER[:3000])
    with nothing_comes(bench, ModelUnusable):
        bench.take(path, YES)
    with pytest.raises(ModelUnusable):
        bench.door()(path)


@pytest.mark.parametrize("allowed", [True, False])
def test_what_is_no_model_is_told_as_that_before_anybody_asks_for_consent(bench, allowed):
    bench.allowed = allowed
    path = bench.put("letter.gguf", b"Dear Sir or Madam")
    with nothing_comes(bench, ModelUnusable):
        bench.take(path)


def test_the_header_of_an_adapter_is_read_once_before_it_is_used(bench):
    door, path = bench.door(), bench.put("adapter.gguf", adapter())
    door.vet_adapter(path)
    read = bench.headers
    door.vet_adapter(path)
    assert bench.headers == read == 1
    bench.put("adapter.gguf", adapter(strength=1.0))
    door.vet_adapter(path)
    assert bench.headers == 2


@pytest.mark.parametrize(
    "content", [b"Dear Sir", adapter()[:200], adapter(kind="model"), OTHER]
)
def test_what_is_no_adapter_never_gets_to_the_engine(bench, content):
    path = bench.put("adapter.gguf", content)
    with pytest.raises(AdapterUnusable) as caught:
        bench.door().vet_adapter(path)
    assert caught.value.exit_code == 10


def test_an_adapter_that_is_not_there_is_left_to_the_engine(bench):
    bench.door().vet_adapter(bench.stick / "gone.gguf")


def test_a_digest_that_was_given_must_be_that_of_the_file(bench):
    path = bench.put("other.gguf", OTHER)
    right = hashlib.sha256(OTHER).hexdigest()
    with nothing_comes(bench, WrongChecksum):
        bench.take(path, Consent(sha256="0" * 64, unverified=True))
    with nothing_comes(bench, Unverified):
        bench.take(path, Consent(sha256=right))
    bench.take(path, Consent(sha256=right.upper(), unverified=True))
    assert bench.shelf.receipt("other.gguf").sha256 == right
    with pytest.raises(WrongChecksum):
        bench.take(bench.put("Tiny.gguf", KNOWN), Consent(sha256=right))


@pytest.mark.parametrize("digest", ["abc", "z" * 64, "0" * 63])
def test_what_is_no_digest_is_refused(bench, digest):
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        bench.take(bench.put("other.gguf", OTHER), Consent(sha256=digest))


def test_a_folder_is_taken_one_by_one_and_one_failure_stops_nothing(bench):
    bench.put("Tiny.gguf", KNOWN)
    bench.put("broken.gguf", OTHER[:4000])
    bench.put("other.gguf", OTHER)
    bench.put("notes.txt", b"x")
    outcomes = bench.take(bench.stick, YES)
    assert [each.source.name for each in outcomes] == [
        "Tiny.gguf",
        "broken.gguf",
        "other.gguf",
    ]
    assert [type(each.error) for each in outcomes] == [
        type(None),
        ModelUnusable,
        type(None),
    ]
    with pytest.raises(UsageError, match="belongs to one file"):
        bench.take(bench.stick, Consent(sha256="0" * 64))


def test_a_folder_without_models_and_a_path_to_nothing_are_told(bench):
    for path in (bench.stick, bench.stick / "none.gguf"):
        with pytest.raises(ModelMissing):
            bench.take(path)


def test_a_file_that_already_lies_in_the_folder_is_compared_in_place(bench):
    bench.models.mkdir()
    (bench.models / "Tiny.gguf").write_bytes(KNOWN)
    bench.take(bench.models / "Tiny.gguf")
    assert bench.lying() == ["Tiny.gguf", "receipts/Tiny.gguf.json"]
    assert bench.shelf.receipt("Tiny.gguf").verified


def test_a_place_that_another_holds_is_left_alone(bench):
    path = bench.put("Tiny.gguf", KNOWN)
    wanted = bench.importing._expected(path, Consent(), CancelToken())
    with bench.shelf.claim(wanted), pytest.raises(Locked):
        bench.take(path)


def test_a_stopped_import_leaves_nothing(bench):
    stopped = CancelToken()
    stopped.cancel()
    path = bench.put("Tiny.gguf", KNOWN)
    with nothing_comes(bench, Cancelled):
        bench.importing(path, Consent(), stopped)


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_under_another_name_is_known_by_its_bytes(bench):
    link = bench.stick / "link.gguf"
    link.symlink_to(bench.put("Tiny.gguf", KNOWN))
    assert bench.admit()(link) is Trust.VERIFIED


def test_a_file_is_read_once_and_again_when_it_changed(bench):
    path = bench.put("Tiny.gguf", KNOWN)
    assert bench.admit().look(path) is Trust.UNCHECKED
    for _ in range(3):
        bench.door()(path)
        assert bench.admit().look(path) is Trust.VERIFIED
    assert bench.sources.read == 1
    before = path.stat()
    path.write_bytes(flipped(KNOWN, 70_000))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(WrongChecksum):
        bench.door()(path)
    assert bench.admit().look(path) is Trust.WRONG


def test_what_came_with_a_receipt_is_not_read_again_until_it_changed(bench):
    [taken] = bench.take(bench.put("other.gguf", OTHER), YES)
    bench.door()(taken.model.path)
    assert bench.sources.read <= 1
    taken.model.path.write_bytes(flipped(OTHER, 70_000))
    with pytest.raises(WrongChecksum):
        bench.door()(taken.model.path)


def test_the_header_of_an_unknown_file_is_read_once(bench):
    path = bench.put("other.gguf", OTHER + b"\0")
    for _ in range(3):
        bench.door()(path)
    assert bench.headers == 1


def test_layouts_that_were_made_here_pass(bench):
    bench.allowed = False
    bench.door()(bench.models / "layouts" / "tiny.q8_0.gguf")


def test_a_file_that_is_gone_is_left_to_the_engine(bench):
    bench.door()(bench.stick / "none.gguf")


def test_a_memory_that_cannot_be_kept_or_read_is_no_failure(bench):
    path = bench.put("Tiny.gguf", KNOWN)
    (bench.folder / "checked.json").mkdir()
    door = bench.door()
    door(path)
    door(path)
    assert bench.sources.read == 1


def test_what_was_found_out_longest_ago_is_forgotten_first(bench, tmp_path):
    known = bench.admit()
    path = bench.put("Tiny.gguf", KNOWN)
    known(path)
    checked = bench.checked.load(path)
    for number in range(KEPT):
        bench.checked.save(tmp_path / str(number), checked)
    assert CheckedFilesFile(tmp_path / "checked.json").load(path) is None
    assert CheckedFilesFile(tmp_path / "checked.json").load(tmp_path / "0") == checked


def test_every_failure_of_an_import_is_one_of_ours(bench):
    names = ["..gguf", "con.gguf", "a" * 300, "Tiny.gguf.gguf"]
    for name in names:
        try:
            path = bench.put(name, OTHER)
        except OSError:
            continue
        with pytest.raises(AppError):
            bench.take(path)

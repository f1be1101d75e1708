"""Model packs: who signed them, every byte of them, and nothing left of those refused."""

from __future__ import annotations

import hashlib
import os
import random
import stat
import warnings
import zipfile

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.histories import open_database
from fakes.tiny_gguf import tiny_gguf
from onhand.domain.errors import ModelMissing, TaskInvalid, UsageError
from onhand.domain.model_errors import KeyUnusable, PackDamaged, SignerUnknown
from onhand.domain.packs import (
    MANIFEST,
    SIGNATURE,
    as_fingerprint,
    fingerprint,
    read_manifest,
    read_signature,
)
from onhand.domain.progress import Cancelled, CancelToken
from onhand.host import Paths
from onhand.services.make_pack import Contents
from onhand.signatures import Ed25519Signatures
from onhand.storage.model_shelf import ModelShelf
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.task_examples import TaskExamples
from onhand.trust_wiring import admit_models, pack_models

OTHER = tiny_gguf(seed=3)
TASK = b'kind = "summarise"\nname = "Short"\ninstruction = "Shorten."\n'
POLICY = b"[models]\nallow_unverified = false\n"


class Machine:
    """A data folder, with all that packs need of it."""

    def __init__(self, folder):
        self.paths = Paths(data=folder)
        history = open_database(self.paths.database)
        shelf = OwnTasks(self.paths.tasks, TaskExamples(history))
        self.packs = pack_models(self.paths, shelf)

    def take(self, path, accepted=""):
        return self.packs.take(path, accepted, CancelToken())

    def lying(self):
        """Every file, but for locks."""
        return sorted(
            each.relative_to(self.paths.data).as_posix()
            for each in self.paths.data.rglob("*")
            if each.is_file() and each.parent.name != "locks"
        )


@pytest.fixture
def maker(tmp_path):
    found = Machine(tmp_path / "maker")
    found.paths.models.mkdir(parents=True)
    (found.paths.models / "other.gguf").write_bytes(OTHER)
    return found


@pytest.fixture
def taker(tmp_path):
    return Machine(tmp_path / "taker")


def make(maker, path, *, key=None, **more):
    contents = Contents(
        **{"models": ["other.gguf"], "tasks": [("short.toml", TASK)], "policy": POLICY}
        | more
    )
    return maker.packs.make(path, contents, key or maker.packs.own_key(), CancelToken())


@pytest.fixture
def pack(maker, tmp_path):
    path = tmp_path / "office.onhandpack"
    return path, make(maker, path).fingerprint


def test_a_pack_brings_models_tasks_and_a_policy(pack, taker):
    path, signer = pack
    taken = taker.take(path, signer)
    assert [model.path.read_bytes() for model in taken.models] == [OTHER]
    assert [task.name for task in taken.tasks] == ["Short"]
    assert taken.policy.read_bytes() == POLICY
    assert taken.policy_text == POLICY.decode()
    receipt = ModelShelf(taker.paths.models, taker.paths.locks).receipt("other.gguf")
    assert receipt.verified
    assert receipt.chunks == (hashlib.sha256(OTHER).hexdigest(),)
    assert signer in receipt.source
    assert admit_models(taker.paths)(taken.models[0].path) == "verified"


def test_a_signer_who_was_accepted_once_is_trusted_from_then_on(pack, taker):
    path, signer = pack
    with pytest.raises(SignerUnknown, match=signer) as caught:
        taker.take(path)
    assert caught.value.exit_code == 7
    assert taker.lying() == []
    taker.take(path, signer)
    taker.take(path)


def test_one_s_own_packs_are_taken(pack, maker):
    assert [model.id for model in maker.take(pack[0]).models] == ["other.gguf"]


def test_another_fingerprint_than_that_of_the_signer_changes_nothing(pack, taker):
    with pytest.raises(SignerUnknown):
        taker.take(pack[0], "0" * 64)
    assert taker.lying() == []


def test_one_changed_byte_anywhere_is_refused_and_leaves_nothing(pack, taker, tmp_path):
    path, signer = pack
    whole = path.read_bytes()
    model = whole.index(OTHER[:64])
    chance = random.Random(1)  # noqa: S311 - the same places each time
    places = [*range(0, model, 41), *range(model + len(OTHER), len(whole), 13)]
    places += [chance.randrange(model, model + len(OTHER)) for _ in range(40)]
    changed = tmp_path / "changed.onhandpack"
    for place in places:
        copy = bytearray(whole)
        copy[place] ^= 1 << place % 8
        changed.write_bytes(copy)
        with pytest.raises((PackDamaged, SignerUnknown)) as caught:
            taker.take(changed, signer)
        assert caught.value.exit_code == 4, place
        assert taker.lying() == []


def test_a_pack_that_is_cut_off_or_grown_is_refused(pack, taker, tmp_path):
    path, signer = pack
    whole = path.read_bytes()
    other = tmp_path / "other.onhandpack"
    for content in (b"", b"PK", whole[:-1], whole[:-64], whole[:5000], whole + b"\0"):
        other.write_bytes(content)
        with pytest.raises(PackDamaged):
            taker.take(other, signer)
    assert taker.lying() == []


def test_a_pack_that_a_stranger_signed_anew_is_refused(pack, taker, tmp_path):
    _, signer = pack
    thief = Machine(tmp_path / "thief")
    thief.paths.models.mkdir(parents=True)
    (thief.paths.models / "other.gguf").write_bytes(tiny_gguf(seed=4))
    make(thief, tmp_path / "forged.onhandpack")
    with pytest.raises(SignerUnknown):
        taker.take(tmp_path / "forged.onhandpack", signer)


def test_a_pack_that_is_not_there_is_missing(taker, tmp_path):
    with pytest.raises(ModelMissing):
        taker.take(tmp_path / "none.onhandpack")


def test_a_stopped_import_leaves_nothing(pack, taker):
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        taker.packs.take(pack[0], pack[1], stopped)
    assert taker.lying() == []


def test_a_stopped_pack_leaves_nothing(maker, tmp_path):
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        maker.packs.make(
            tmp_path / "x.onhandpack",
            Contents(models=["other.gguf"]),
            maker.packs.own_key(),
            stopped,
        )
    assert not list(tmp_path.glob("*.onhandpack*"))


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"models": ["none"]}, ModelMissing),
        ({"tasks": [("x.toml", b"kind = 3")]}, TaskInvalid),
        ({"tasks": [("x.toml", TASK), ("x.toml", TASK)]}, UsageError),
        ({"policy": b"not = = toml"}, UsageError),
        ({"tasks": [("../x.toml", TASK)]}, PackDamaged),
    ],
)
def test_what_cannot_be_packed_is_told(maker, tmp_path, more, kind):
    with pytest.raises(kind):
        make(maker, tmp_path / "x.onhandpack", **more)
    assert not (tmp_path / "x.onhandpack").exists()


class Hostile:
    """Signs whatever it is given, as somebody could whose packs are trusted."""

    def __init__(self, pack, maker):
        self.path, self.signer = pack
        self.key = maker.packs.own_key()
        with zipfile.ZipFile(self.path) as archive:
            self.entries = [
                (zipfile.ZipInfo(info.filename), archive.read(info))
                for info in archive.infolist()
            ]

    def write(self, target, *, compress=zipfile.ZIP_STORED, edit=lambda data: data):
        with zipfile.ZipFile(target, "w") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # two of one name
            for info, data in self.entries:
                archive.writestr(info, data, compress_type=info.compress_type or compress)
            archive.comment = bytes(64)
        whole = edit(target.read_bytes())[:-64]
        digest = hashlib.sha256(whole).digest()
        target.write_bytes(whole + self.key.sign(b"onhand pack, whole\n" + digest))
        return target


@pytest.fixture
def hostile(pack, maker):
    return Hostile(pack, maker)


def refused(hostile, taker, target, **how):
    hostile.write(target, **how)
    with pytest.raises(PackDamaged):
        taker.take(target, hostile.signer)
    assert taker.lying() == []


def test_a_pack_that_was_signed_by_hand_is_taken(hostile, taker, tmp_path):
    target = hostile.write(tmp_path / "again.onhandpack")
    assert taker.take(target, hostile.signer).models


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x.gguf", "models/../../x.gguf", "models/", "C:\\x.gguf", ""]
)
def test_files_that_the_manifest_does_not_name_are_refused(hostile, taker, tmp_path, name):
    hostile.entries.append((zipfile.ZipInfo(name), b""))
    refused(hostile, taker, tmp_path / "x.onhandpack")


def test_a_file_that_stands_in_it_twice_is_refused(hostile, taker, tmp_path):
    hostile.entries.append(hostile.entries[-1])
    refused(hostile, taker, tmp_path / "x.onhandpack")


def test_links_and_folders_are_refused(hostile, taker, tmp_path):
    for mode in (stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO):
        hostile.entries[-1][0].external_attr = (mode | 0o644) << 16
        refused(hostile, taker, tmp_path / "x.onhandpack")


def test_compressed_files_are_refused_and_so_are_bombs(hostile, taker, tmp_path):
    for kind in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA):
        refused(hostile, taker, tmp_path / "x.onhandpack", compress=kind)


def test_a_model_that_is_missing_is_refused(hostile, taker, tmp_path):
    del hostile.entries[-1]
    refused(hostile, taker, tmp_path / "x.onhandpack")


def test_a_model_of_another_size_or_content_is_refused(hostile, taker, tmp_path):
    info, data = hostile.entries[-1]
    hostile.entries[-1] = (info, data + b"x")
    refused(hostile, taker, tmp_path / "x.onhandpack")
    hostile.entries[-1] = (info, data[:-1] + bytes([data[-1] ^ 1]))
    target = hostile.write(tmp_path / "x.onhandpack")
    with pytest.raises(Exception, match="SHA-256") as caught:
        taker.take(target, hostile.signer)
    assert caught.value.exit_code == 4
    assert not list(taker.paths.models.glob("*gguf*"))


def test_a_task_of_another_content_is_refused(hostile, taker, tmp_path):
    place = next(
        n for n, (info, _) in enumerate(hostile.entries) if "tasks/" in info.filename
    )
    info, data = hostile.entries[place]
    hostile.entries[place] = (info, data.replace(b"Shorten", b"Lengthe"))
    refused(hostile, taker, tmp_path / "x.onhandpack")


def test_a_list_of_entries_that_claims_to_be_huge_is_refused(hostile, taker, tmp_path):
    def grown(data):
        end = len(data) - 64 - 22
        return data[: end + 10] + b"\xff\xff" + data[end + 12 :]

    refused(hostile, taker, tmp_path / "x.onhandpack", edit=grown)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_any_file_that_calls_itself_a_pack_is_refused(taker, tmp_path, data):
    path = tmp_path / "any.onhandpack"
    path.write_bytes(data)
    with pytest.raises(PackDamaged):
        taker.take(path)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_manifest_and_no_signature(data):
    for read in (read_manifest, read_signature):
        with pytest.raises(PackDamaged):
            read(data)


@pytest.mark.parametrize(
    "edit",
    [
        {"file": "../x.gguf"},
        {"file": "x.exe"},
        {"file": "a..gguf"},
        {"chunks": []},
        {"chunk_bytes": 0},
        {"sha256": "00"},
        {"bytes": -1},
    ],
)
def test_a_manifest_that_breaks_a_rule_is_refused(pack, edit):
    with zipfile.ZipFile(pack[0]) as archive:
        whole = msgspec.json.decode(archive.read(MANIFEST))
        assert read_signature(archive.read(SIGNATURE))
    whole["models"][0] |= edit
    with pytest.raises(PackDamaged):
        read_manifest(msgspec.json.encode(whole))
    for other in ({"schema": 2}, {"models": whole["models"] * 101}, {"colour": "red"}):
        with pytest.raises(PackDamaged):
            read_manifest(msgspec.json.encode(whole | other))


def test_keys_are_made_once_kept_private_and_read_again(tmp_path):
    signatures = Ed25519Signatures()
    path = tmp_path / "keys" / "office.pem"
    key = signatures.create(path)
    assert signatures.load(path).public == key.public
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(KeyUnusable):
        signatures.create(path)
    signature = key.sign(b"text")
    assert signatures.verify(key.public, signature, b"text")
    assert not signatures.verify(key.public, signature, b"test")
    assert not signatures.verify(b"short", signature, b"text")
    assert not signatures.verify(key.public, b"short", b"text")


@pytest.mark.parametrize(
    "content", [None, b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----"]
)
def test_what_is_no_key_is_told(tmp_path, content):
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeyUnusable):
        Ed25519Signatures().load(path)


def test_keys_of_another_kind_and_locked_ones_are_told(tmp_path):
    def pem(key, lock):
        return key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock
        )

    path = tmp_path / "key.pem"
    path.write_bytes(
        pem(ec.generate_private_key(ec.SECP256R1()), serialization.NoEncryption())
    )
    with pytest.raises(KeyUnusable, match="another kind"):
        Ed25519Signatures().load(path)
    locked = serialization.BestAvailableEncryption(b"secret")
    path.write_bytes(pem(ed25519.Ed25519PrivateKey.generate(), locked))
    with pytest.raises(KeyUnusable, match="password"):
        Ed25519Signatures().load(path)


def test_a_fingerprint_is_read_however_it_is_grouped():
    found = fingerprint(b"x" * 32)
    grouped = ":".join(found[n : n + 4] for n in range(0, 64, 4)).upper()
    assert as_fingerprint(grouped) == as_fingerprint(f" {found} ") == found
    assert as_fingerprint(found[:-1]) is None

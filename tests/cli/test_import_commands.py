"""`models import`, `models info` and `models pack`, as far as the command line goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.stores import STARTER
from onhand.domain.catalog import ModelSpec, Tier
from onhand.domain.errors import DiskFull, ModelUnusable
from onhand.domain.model_errors import PackDamaged, SignerUnknown, Unverified
from onhand.domain.model_header import ModelHeader
from onhand.domain.packs import Manifest, PackedModel
from onhand.domain.receipts import Receipt
from onhand.domain.tasks import Summarise
from onhand.domain.trust import Trust
from onhand.services.describe_models import Description
from onhand.services.import_models import Consent, Imported
from onhand.services.import_pack import TakenPack
from onhand.services.make_pack import MadePack

SIGNER = "ab" * 32
SPEC = ModelSpec(
    id="tiny",
    title="Tiny",
    tier=Tier.TINY,
    file="Tiny.gguf",
    bytes=98_000_000,
    sha256="ab" * 32,
    licence="MIT",
    licence_url="https://example.org/mit",
    context=512,
    kv_bytes=1000,
    languages=None,
    language_claim="119 languages",
    good_for="tests",
)


def test_a_model_is_imported(desk):
    desk.import_models.outcomes = [Imported(source=Path("/stick/x.gguf"), model=STARTER)]
    said = desk.run("models import /stick/x.gguf")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{STARTER.id}: ")
    assert said.out.endswith(", verified\n")
    assert desk.import_models.asked == [(Path("/stick/x.gguf"), Consent())]


def test_consent_and_a_digest_are_passed_on_and_an_unverified_model_is_told(desk):
    desk.import_models.outcomes = [Imported(source=Path("/x.gguf"), model=STARTER)]
    desk.describe_models.trusts[STARTER.id] = Trust.UNVERIFIED
    said = desk.run("models import /x.gguf --unverified --sha256 abc --json")
    assert desk.import_models.asked[0][1] == Consent(sha256="abc", unverified=True)
    assert said.objects[0]["trust"] == "unverified"
    assert "nobody vouches" in said.err


def test_a_model_that_failed_in_a_folder_is_told_and_decides_the_exit_code(desk):
    desk.import_models.outcomes = [
        Imported(source=Path("/stick/a.gguf"), model=STARTER),
        Imported(source=Path("/stick/b.gguf"), error=ModelUnusable("cut off")),
    ]
    said = desk.run("models import /stick --json")
    assert said.code == 10
    assert [each["error"] and each["error"]["code"] for each in said.objects] == [
        None,
        "model_unusable",
    ]
    assert "b.gguf" in said.err


@pytest.mark.parametrize("error", [Unverified("x.gguf"), DiskFull("full")])
def test_an_import_that_failed_is_told_with_the_way_out(desk, error):
    desk.import_models.failing = error
    said = desk.run("models import x.gguf")
    assert said.code == error.exit_code
    assert error.hint in said.err


def test_everything_about_a_model_of_the_catalogue_is_told(desk):
    desk.describe_models.known["tiny"] = Description(spec=SPEC)
    said = desk.run("models info tiny")
    assert "licence url: https://example.org/mit" in said.out
    assert "languages: 119 languages" in said.out
    assert "here: no" in said.out
    told = desk.run("models info tiny --json").objects[0]
    assert told["memory"] == SPEC.memory(512)
    assert told["path"] is None


def test_where_a_model_came_from_is_told(desk):
    receipt = Receipt(
        file="x.gguf",
        bytes=5,
        sha256="cd" * 32,
        chunk_bytes=1,
        chunks=("a", "b"),
        source="the file /stick/x.gguf",
        at="2026-01-01T00:00:00+00:00",
        licence="",
        verified=False,
    )
    desk.describe_models.known["x.gguf"] = Description(
        installed=STARTER,
        trust=Trust.UNVERIFIED,
        receipt=receipt,
        header=ModelHeader(architecture="llama", parameters=7),
        own=True,
    )
    said = desk.run("models info x.gguf")
    assert "came from: the file /stick/x.gguf, 2026-01-01" in said.out
    assert "architecture: llama" in said.out
    assert "in your own folder" in said.out
    assert "nobody vouches" in said.err


def test_a_model_that_nobody_knows_is_told(desk):
    assert desk.run("models info gpt").code == 3


def test_an_answer_of_an_unverified_model_is_remarked_on(desk):
    for model in desk.models.installed():
        desk.describe_models.trusts[model.id] = Trust.UNVERIFIED
    said = desk.run("classify text --label a --label b")
    assert "is unverified" in said.err
    assert "unverified" not in desk.run("classify text --label a --label b --quiet").err


MADE = MadePack(
    path=Path("x.onhandpack"),
    manifest=Manifest(
        schema=1,
        made="2026",
        models=(
            PackedModel(
                id="tiny",
                title="Tiny",
                file="Tiny.gguf",
                bytes=1,
                sha256="",
                chunk_bytes=1,
                chunks=(),
                licence="MIT",
            ),
        ),
    ),
    fingerprint=SIGNER,
)


@pytest.mark.parametrize(
    ("option", "key"),
    [
        ("", "own key"),
        ("--key k.pem", "key in k.pem"),
        ("--new-key k.pem", "new key in k.pem"),
    ],
)
def test_a_pack_is_signed_with_the_key_that_was_named(desk, option, key):
    desk.packs.made = MADE
    said = desk.run(f"models pack x.onhandpack tiny {option}")
    assert said.out.splitlines() == ["x.onhandpack: tiny", f"signed by {SIGNER}"]
    [(out, contents, used)] = desk.packs.asked
    assert (out, list(contents.models), used) == (Path("x.onhandpack"), ["tiny"], key)


def test_files_that_go_into_a_pack_are_read(desk, tmp_path):
    desk.packs.made = MADE
    for name in ("task.toml", "policy.toml"):
        (tmp_path / name).write_bytes(name.encode())
    given = f"--task {tmp_path}/task.toml --policy {tmp_path}/policy.toml"
    line = f"models pack x.onhandpack {given}"
    assert desk.run(f"{line} --json").objects[0]["fingerprint"] == SIGNER
    contents = desk.packs.asked[0][1]
    assert contents.tasks == [("task.toml", b"task.toml")]
    assert contents.policy == b"policy.toml"
    (tmp_path / "task.toml").write_bytes(b"x" * 1_000_001)
    assert desk.run(line).code == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("models pack x.onhandpack", 2),
        ("models pack x.onhandpack tiny --key a --new-key b", 2),
        ("models pack x.onhandpack tiny --task /nowhere/task.toml", 14),
        ("models import x.onhandpack --trust abc", 2),
    ],
)
def test_what_cannot_be_packed_or_trusted_is_told(desk, line, code):
    assert desk.run(line).code == code


def test_what_a_pack_brought_is_shown(desk):
    desk.packs.taken = TakenPack(
        fingerprint=SIGNER,
        models=(STARTER,),
        tasks=(Summarise(name="Short", instruction="Shorten."),),
        licences=("MIT.txt",),
        bare=("Short",),
        policy=Path("/data/policies/pack.toml"),
        policy_text="a = 1\n",
    )
    said = desk.run(f"models import x.onhandpack --trust '{SIGNER.upper()}'")
    assert said.code == 0
    assert "Instruction: Shorten." in said.out
    assert "policy: a = 1" in said.out
    assert "Nothing applies it yet" in said.err
    assert "The examples of 'Short' were not kept" in said.err
    assert desk.packs.asked == [(Path("x.onhandpack"), SIGNER)]
    told = desk.run("models import x.onhandpack --json").objects[0]
    assert (told["models"], told["licences"]) == ([STARTER.id], ["MIT.txt"])


@pytest.mark.parametrize("error", [PackDamaged("x"), SignerUnknown(SIGNER)])
def test_a_pack_that_is_refused_is_told(desk, error):
    desk.packs.failing = error
    said = desk.run("models import x.onhandpack")
    assert said.code == error.exit_code
    assert str(error) in said.err

"""Updates from files: who signed them, what they are for, and every byte of them."""

from __future__ import annotations

import dataclasses
import platform
from importlib.metadata import version
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from building import Unbuildable
from building.updates import CARRIED, make_release_key, write_update
from fakes.stores import FakeSettings
from fakes.updates import Releaser
from onhand.domain.errors import AppError, SettingInvalid
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.settings import Settings
from onhand.domain.update_errors import (
    UpdateDamaged,
    UpdateForOthers,
    UpdateNotNewer,
    UpdatesForbidden,
    UpdateSignerUnknown,
    UpdateUnsigned,
)
from onhand.domain.updates import (
    MACHINES,
    MOST_BYTES,
    SUFFIX,
    Update,
    is_newer,
    read_claim,
    read_update,
)
from onhand.services.check_update import CheckUpdate
from onhand.services.update_ports import Here
from onhand.signatures import Ed25519Signatures
from onhand.storage.update_files import UpdateFiles
from onhand.trust_wiring import check_update

needs_machine = pytest.mark.skipif(
    MACHINES.get(platform.machine().lower()) != "x86_64", reason="packages are for PCs"
)


@pytest.fixture
def releaser(tmp_path):
    return Releaser(tmp_path / "releases")


def here(**changed):
    found = Here(version="0.1.0", system="linux", machine="x86_64", key="")
    return dataclasses.replace(found, **changed)


@pytest.fixture
def check(releaser):
    """Checks as a program does that carries the releaser's key."""
    return checker(key=releaser.fingerprint)


def checker(settings=None, **changed):
    made = CheckUpdate(
        files=UpdateFiles(),
        signatures=Ed25519Signatures(),
        settings=FakeSettings(settings or Settings()),
        here=lambda: here(**changed),
    )
    return lambda path, **more: made(path, **{"cancel": CancelToken(), **more})


@pytest.fixture
def package(releaser):
    return releaser.release(ending="amd64.deb")


def beside(package):
    return package.with_name(package.name + SUFFIX)


def test_a_package_and_what_vouches_for_it_are_one_update(check, package, releaser):
    told = []
    for path in (package, beside(package)):
        found = check(path, on_progress=told.append)
        assert found.package == package
        assert (found.version, found.installed) == ("9.0", "0.1.0")
        assert found.signer == releaser.fingerprint
    assert told[-1].done == told[-1].total == package.stat().st_size


def test_one_changed_byte_of_either_is_refused(check, package):
    for path in (package, beside(package)):
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 150)):
            changed = bytearray(whole)
            changed[place] ^= 1
            path.write_bytes(changed)
            with pytest.raises((UpdateDamaged, UpdateSignerUnknown)):
                check(package)
        path.write_bytes(whole)
    check(package)


def test_a_package_that_grew_or_shrank_is_refused(check, package):
    whole = package.read_bytes()
    for other in (whole[:-1], whole + b"\0", b""):
        package.write_bytes(other)
        with pytest.raises(UpdateDamaged, match="changed after it was signed"):
            check(package)
    package.unlink()
    with pytest.raises(UpdateDamaged, match="there is no file"):
        check(beside(package))


def test_a_package_with_nothing_beside_it_is_unsigned(check, package):
    beside(package).unlink()
    with pytest.raises(UpdateUnsigned) as caught:
        check(package)
    assert caught.value.exit_code == 4


def test_the_key_of_somebody_else_is_refused(package, tmp_path, releaser):
    other = Releaser(tmp_path / "other")
    with pytest.raises(UpdateSignerUnknown, match=releaser.fingerprint) as caught:
        checker(key=other.fingerprint)(package)
    assert caught.value.exit_code == 7


def test_a_program_without_a_key_takes_nothing(package):
    with pytest.raises(UpdateSignerUnknown):
        checker()(package)


def test_an_organisation_s_own_key_is_taken_where_it_is_set(package, releaser):
    settings = Settings(update_key=releaser.fingerprint)
    assert checker(settings)(package).version == "9.0"
    with pytest.raises(SettingInvalid, match="64 digits"):
        Settings(update_key="mine")


def test_one_who_signs_with_an_unknown_key_and_names_a_known_one_is_refused(
    check, package, tmp_path
):
    other = Releaser(tmp_path / "other").release(ending="amd64.deb")
    known = msgspec.json.decode(beside(package).read_bytes())
    forged = msgspec.json.decode(beside(other).read_bytes()) | {"key": known["key"]}
    beside(other).write_bytes(msgspec.json.encode(forged))
    with pytest.raises(UpdateDamaged, match="changed after it was signed"):
        check(other)


@pytest.mark.parametrize("old", ["0.1.0", "0.1", "0.0.9"])
def test_what_is_not_newer_is_refused(check, releaser, old):
    with pytest.raises(UpdateNotNewer, match=rf"{old} after 0\.1\.0"):
        check(releaser.release(old, "amd64.deb"))


@pytest.mark.parametrize("ending", ["arm64.deb", "setup-amd64.exe", "arm64.pkg"])
def test_what_is_for_another_computer_is_refused(check, releaser, ending):
    with pytest.raises(UpdateForOthers):
        check(releaser.release(ending=ending))


def test_a_package_under_another_name_is_refused(check, package, releaser):
    other = package.with_name("other.deb")
    package.rename(other)
    beside(package).rename(beside(other))
    with pytest.raises(UpdateDamaged, match="signed as"):
        check(other)


def test_nothing_is_looked_at_where_updates_are_off(tmp_path):
    with pytest.raises(UpdatesForbidden) as caught:
        checker(Settings(allow_updates=False))(tmp_path / "missing")
    assert caught.value.exit_code == 7


def test_a_check_can_be_stopped(check, package):
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        check(package, cancel=stopped)


def test_folders_missing_files_and_large_ones_are_told(check, package, tmp_path):
    for path in (tmp_path, tmp_path / "missing.deb", tmp_path / f"missing{SUFFIX}"):
        with pytest.raises(UpdateDamaged, match="there is no file"):
            check(path)
    beside(package).write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(UpdateDamaged, match="cannot be read"):
        check(package)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_other_content_is_no_update(content):
    for read in (read_claim, read_update):
        with pytest.raises(UpdateDamaged):
            read(content)


DESCRIBED = {
    "schema": 1,
    "version": "1.0",
    "system": "linux",
    "machine": "x86_64",
    "file": "a.deb",
    "bytes": 1,
    "sha256": "0" * 64,
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": 2},
        {"version": "newest"},
        {"file": "../a.deb"},
        {"file": ""},
        {"bytes": -1},
        {"bytes": 1.5},
        {"sha256": "0" * 63},
        {"more": 1},
    ],
)
def test_a_description_that_breaks_a_rule_is_refused(wrong):
    assert isinstance(read_update(msgspec.json.encode(DESCRIBED)), Update)
    with pytest.raises(UpdateDamaged):
        read_update(msgspec.json.encode(DESCRIBED | wrong))


@given(st.lists(st.integers(0, 10**9 - 1), min_size=1, max_size=6), st.data())
def test_versions_are_compared_as_numbers(numbers, data):
    spelled = ".".join(map(str, numbers))
    assert not is_newer(spelled, spelled)
    place = data.draw(st.integers(0, len(numbers) - 1))
    if numbers[place] < 10**9 - 1:
        higher = [*numbers[:place], numbers[place] + 1, *numbers[place + 1 :]]
        assert is_newer(".".join(map(str, higher)), spelled)
        assert not is_newer(spelled, ".".join(map(str, higher)))
    assert not is_newer(spelled, f"{spelled}.dev1+local")


def test_a_release_key_is_made_once_and_its_fingerprint_is_carried(tmp_path, capsys):
    (tmp_path / "resources").mkdir()
    key = tmp_path / "release.pem"
    make_release_key(tmp_path, key)
    carried = (tmp_path / CARRIED).read_text().strip()
    package = tmp_path / "onhand_9.0_amd64.deb"
    package.write_bytes(b"a package")
    write_update(tmp_path, package, "9.0", ["--key", str(key)])
    assert f"signed with {carried}, which the program carries" in capsys.readouterr().out
    assert checker(key=carried)(package).version == "9.0"
    with pytest.raises(Unbuildable):
        make_release_key(tmp_path, key)


@pytest.mark.parametrize("options", [[], ["--key"], ["--key", "missing.pem"]])
def test_an_update_without_a_key_is_not_made(tmp_path, options):
    package = tmp_path / "onhand_9.0_amd64.deb"
    package.write_bytes(b"a package")
    with pytest.raises(Unbuildable):
        write_update(tmp_path, package, "9.0", options)
    assert list(tmp_path.iterdir()) == [package]


@needs_machine
def test_the_program_knows_what_it_is(releaser):
    check = check_update(FakeSettings(Settings(update_key=releaser.fingerprint)))
    found = check(releaser.release(), CancelToken())
    assert found.installed == version("onhand")
    assert isinstance(found.package, Path)
    with pytest.raises(AppError, match="0 after"):
        check(releaser.release("0.0"), CancelToken())

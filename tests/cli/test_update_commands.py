"""`update check`: an update from a file, checked and never installed."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from fakes.policies import READERS
from fakes.updates import Releaser
from onhand.cli.update_commands import install_line
from onhand.domain.policies import read_policies
from onhand.domain.settings import Settings
from onhand.domain.updates import MACHINES, SUFFIX
from onhand.storage.settings_file import SettingsFile

pytestmark = pytest.mark.skipif(
    MACHINES.get(platform.machine().lower()) != "x86_64", reason="packages are for PCs"
)


@pytest.fixture
def releaser(tmp_path):
    return Releaser(tmp_path / "releases")


@pytest.fixture
def desk(desk, releaser):
    desk.settings.save(Settings(update_key=releaser.fingerprint))
    return desk


def test_it_says_what_it_is_and_how_it_is_installed(desk, releaser):
    package = releaser.release()
    said = desk.run(["update", "check", str(package)])
    assert said.code == 0
    assert f"{package.name}: onhand 9.0, whole and signed" in said.out
    assert f"signed by {releaser.fingerprint}" in said.out
    assert str(package) in said.err


def test_as_an_object(desk, releaser):
    package = releaser.release()
    [found] = desk.run(["update", "check", f"{package}{SUFFIX}", "--json"]).objects
    assert found["package"] == str(package)
    assert (found["version"], found["signer"]) == ("9.0", releaser.fingerprint)


def test_each_refusal_has_its_sentence_and_its_code(desk, releaser, tmp_path):
    damaged = releaser.release("9.1")
    damaged.write_bytes(b"something else")
    unsigned = releaser.release("9.2")
    unsigned.with_name(unsigned.name + SUFFIX).unlink()
    foreign = Releaser(tmp_path / "other").release()
    for path, code, sentence in (
        (damaged, 4, "was changed after it was signed"),
        (unsigned, 4, "This package is not signed"),
        (foreign, 7, "is signed with a key that is not known here"),
        (releaser.release("0.0.1"), 2, "is not newer than this program"),
        (releaser.release("9.3", "arm64.deb"), 2, "is for another kind of computer"),
        (tmp_path / "missing.deb", 4, "there is no file"),
    ):
        said = desk.run(["update", "check", str(path)])
        assert (said.code, said.out) == (code, ""), path
        assert sentence in said.err


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_organisation_can_forbid_it_and_name_its_own_key(
    desk, releaser, tmp_path, reader
):
    package = releaser.release()
    for number, (allowed, code) in enumerate(((True, 0), (False, 7))):
        folder = tmp_path / str(number)
        folder.mkdir()
        values = {"AllowUpdates": allowed, "UpdateKey": releaser.fingerprint}
        held = read_policies(reader(folder, values).read())
        desk.settings = SettingsFile(folder / "settings.json", held)
        said = desk.run(["update", "check", str(package)])
        assert said.code == code
    assert "Updates from files may not be used here" in said.err
    assert desk.run("settings set allow_updates yes").code == 7


def test_the_line_that_installs_is_that_of_the_system():
    assert install_line(Path("/x y/a.deb")) == "sudo apt-get install '/x y/a.deb'"
    assert install_line(Path("/x/a.rpm")) == "sudo dnf install /x/a.rpm"
    assert install_line(Path("/x/a.exe")) == f'"{Path("/x/a.exe")}"'

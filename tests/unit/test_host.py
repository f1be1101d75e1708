"""Folders and screen of this computer."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from onhand.domain.catalog import read_catalog
from onhand.domain.errors import DataFolderUnwritable, SystemLibraryMissing
from onhand.domain.task_file import read_task
from onhand.host import (
    Paths,
    SystemClock,
    as_missing_library,
    find_data,
    own_command,
    raise_if_no_screen,
)


def test_a_packaged_program_starts_children_of_the_kind_with_streams():
    for name in ("onhand", "onhand-desktop"):
        argv = own_command("engine", f"/usr/lib/onhand/{name}", packaged=True)
        assert argv == ["/usr/lib/onhand/onhand", "engine"]
    windows = own_command("net", str(Path("folder", "onhand-desktop.exe")), packaged=True)
    assert windows == [str(Path("folder", "onhand.exe")), "net"]
    assert own_command("net", "python3") == ["python3", "-P", "-m", "onhand", "net"]


def test_everything_lies_in_the_folder_that_was_chosen(tmp_path):
    paths = Paths.of(tmp_path / "chosen")
    paths.prepare()
    paths.prepare()
    places = (paths.database, paths.settings, paths.ladder, paths.engine_log)
    assert all(place.is_relative_to(tmp_path / "chosen") for place in places)
    assert paths.models.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="folders have other rights there")
def test_only_their_owner_can_look_into_new_folders(tmp_path):
    paths = Paths.of(tmp_path / "chosen")
    paths.prepare()
    for folder in (paths.data, paths.tasks, paths.models, paths.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_usual_folder_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Paths.of(None).data.name == "onhand"


def test_a_relative_folder_is_that_of_the_moment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Paths.of(Path("here")).data == tmp_path / "here"


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderUnwritable, match="file"):
        Paths.of(tmp_path / "file" / "data").prepare()
    with pytest.raises(DataFolderUnwritable):
        Paths.of(tmp_path / "file").prepare()


def test_models_are_looked_for_in_more_folders(monkeypatch, tmp_path):
    monkeypatch.setenv("ONHAND_MODELS", os.pathsep.join(["/a", "", " ", "/b"]))
    paths = Paths.of(tmp_path)
    assert paths.model_folders() == (tmp_path / "models", Path("/a"), Path("/b"))
    monkeypatch.delenv("ONHAND_MODELS")
    assert paths.model_folders() == (tmp_path / "models",)


def test_the_files_beside_the_program_are_found_and_can_be_used():
    data = find_data()
    catalog = read_catalog((data / "models.json").read_bytes())
    assert {"smollm2-135m", "qwen2.5-coder-1.5b"} <= {model.id for model in catalog.models}
    assert [model.bytes for model in catalog.models] == sorted(
        model.bytes for model in catalog.models
    )


@pytest.mark.parametrize(
    "path",
    sorted((find_data() / "resources" / "tasks").glob("*.toml")),
    ids=lambda p: p.stem,
)
def test_a_built_in_task_can_be_used_and_has_a_name_and_an_identity(path):
    task = read_task(path.read_text(encoding="utf-8"))
    assert task.name
    assert task.id == f"onhand-{path.stem}"


def test_the_clock_knows_its_zone():
    assert SystemClock().now().utcoffset() is not None


def test_a_missing_library_is_named_with_the_way_to_get_it():
    failure = ImportError("libEGL.so.1: cannot open shared object file: No such file")
    missing = as_missing_library(failure)
    assert missing is not None
    assert missing.detail.startswith("libEGL.so.1 is missing")
    assert "apt-get install libegl1 libgl1 libxkbcommon0" in missing.detail
    assert "dnf install" in missing.detail
    assert as_missing_library(ImportError("cannot import name 'QtGui'")) is None


@pytest.fixture
def linux(monkeypatch):
    """A Linux without any screen."""
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_a_linux_without_a_screen_is_told_so(linux):
    with pytest.raises(SystemLibraryMissing, match="DISPLAY"):
        raise_if_no_screen()


@pytest.mark.parametrize(
    ("name", "value"), [("QT_QPA_PLATFORM", "offscreen"), ("WAYLAND_DISPLAY", "wayland-0")]
)
def test_a_screen_of_another_kind_is_left_to_qt(linux, name, value):
    linux.setenv(name, value)
    raise_if_no_screen()


def test_other_systems_always_have_a_screen(linux):
    linux.setattr("sys.platform", "darwin")
    raise_if_no_screen()

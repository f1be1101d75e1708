"""Where a database is in danger: network drives and folders that programs synchronise."""

from __future__ import annotations

import pytest

from onhand.machine.shared_place import NETWORK, Mount, mounts_here, shared_place


def nothing():
    return []


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - Some Company", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Personal)", "Dropbox"),
        ("dropbox", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("My Drive", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"),
        ("Library/CloudStorage/GoogleDrive-me@example.org", "Google Drive"),
        ("iCloudDrive", "iCloud Drive"),
        ("Nextcloud", "Nextcloud"),
    ],
)
def test_folders_of_programs_that_synchronise_are_known(tmp_path, folder, program):
    assert shared_place(tmp_path / folder / "onhand", nothing) == program


@pytest.mark.parametrize("folder", ["onhand", "Dropboxes", "My Driver", "one drive", "Box"])
def test_other_folders_are_not(tmp_path, folder):
    assert shared_place(tmp_path / folder / "onhand", nothing) == ""


@pytest.mark.parametrize(
    ("mark", "program"), [(".dropbox", "Dropbox"), (".stfolder", "Syncthing")]
)
def test_what_programs_leave_at_the_top_is_known(tmp_path, mark, program):
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    (tmp_path / "mine" / mark).write_text("")
    assert shared_place(tmp_path / "mine" / "deep" / "onhand", nothing) == program


def test_the_folder_that_windows_names_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "anything"))
    assert shared_place(tmp_path / "anything" / "onhand", nothing) == "OneDrive"
    assert shared_place(tmp_path / "other", nothing) == ""


def test_a_link_into_such_a_folder_is_followed(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "Dropbox")
    assert shared_place(tmp_path / "link" / "onhand", nothing) == "Dropbox"


@pytest.mark.parametrize(
    "kind", [*sorted(NETWORK), "fuse.sshfs", "fuse.rclone", "CIFS", "fuse.glusterfs"]
)
def test_a_network_drive_is_known_by_the_kind_of_its_file_system(tmp_path, kind):
    mounts = [Mount("/", "ext4"), Mount(str(tmp_path / "home"), kind)]
    assert kind in shared_place(tmp_path / "home" / "me", lambda: mounts)
    assert shared_place(tmp_path / "homes" / "me", lambda: mounts) == ""


def test_the_nearest_file_system_counts_and_of_two_the_last(tmp_path):
    inner = str(tmp_path / "home" / "disk")
    mounts = [Mount(inner, "ext4"), Mount("/", "nfs4")]
    assert shared_place(tmp_path / "home" / "disk" / "me", lambda: mounts) == ""
    mounts = [Mount(inner, "ext4"), Mount(inner, "nfs4")]
    assert "nfs4" in shared_place(tmp_path / "home" / "disk" / "me", lambda: mounts)


def test_this_computer_has_file_systems_and_the_root_is_one():
    assert "/" in {each.point for each in mounts_here()} or mounts_here()

"""Where policies lie on each system: what is read, in which order, and what is wrong."""

from __future__ import annotations

import json
import os
import plistlib
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.reg_file import RegFile, exported
from onhand.domain.policies import Level, read_policies
from onhand.policies.json_folders import FOLDER, MOST_BYTES, JsonFolders
from onhand.policies.managed_preferences import DOMAIN, ManagedPreferences
from onhand.policies.registry import (
    KEY,
    MACHINE,
    RECOMMENDED,
    USER,
    RegistryPolicies,
    WindowsRegistry,
)
from onhand.policies.system import system_policies


def put(folder, level, name, content):
    (folder / level).mkdir(parents=True, exist_ok=True)
    path = folder / level / name
    path.write_bytes(
        content if isinstance(content, bytes) else json.dumps(content).encode()
    )
    return path


def test_files_are_read_by_name_and_the_first_value_of_a_key_holds(tmp_path):
    put(tmp_path, "managed", "20-more.json", {"Context": 2048, "Threads": 2})
    put(tmp_path, "managed", "10-first.json", {"Context": 1024})
    put(tmp_path, "recommended", "site.json", {"Threads": 4, "Appearance": "dark"})
    put(tmp_path, "managed", "notes.txt", b"not a policy")
    policies = read_policies(JsonFolders(tmp_path).read())
    assert policies.problems == ()
    assert policies.managed["context"].value == 1024
    assert policies.managed["context"].place.endswith("10-first.json")
    assert policies.managed["threads"].value == 2
    assert policies.recommended["appearance"].level is Level.RECOMMENDED


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b" " * (MOST_BYTES + 1), "too large"),
    ],
)
def test_a_file_that_is_no_policy_is_reported_and_the_others_hold(
    tmp_path, content, problem
):
    put(tmp_path, "managed", "1.json", content)
    put(tmp_path, "managed", "2.json", {"Context": 1024})
    policies = read_policies(JsonFolders(tmp_path).read())
    assert problem in policies.problems[0]
    assert "1.json" in policies.problems[0]
    assert policies.managed["context"].value == 1024


def test_a_folder_in_the_place_of_a_file_is_reported(tmp_path):
    (tmp_path / "managed" / "a.json").mkdir(parents=True)
    assert "a.json" in read_policies(JsonFolders(tmp_path).read()).problems[0]


def test_without_any_place_there_are_no_policies(tmp_path):
    assert JsonFolders(tmp_path / "gone").read() == []
    assert ManagedPreferences("somebody", tmp_path).read() == []
    assert RegistryPolicies(RegFile(exported({}))).read() == []


def test_the_machines_registry_comes_before_the_users_and_managed_before_recommended():
    registry = RegFile(
        exported(
            {
                rf"{USER}\{KEY}": {"Context": 1024, "Model": 'a\\b "c"'},
                rf"{MACHINE}\{KEY}": {"Context": 2048, "KeepHistory": 0},
                rf"{MACHINE}\{RECOMMENDED}": {"Appearance": "dark", "Context": 512},
            }
        )
    )
    policies = read_policies(RegistryPolicies(registry).read())
    assert policies.problems == ()
    assert policies.managed["context"].value == 2048
    assert policies.managed["context"].place == rf"{MACHINE}\{KEY}"
    assert policies.managed["keep_history"].value is False
    assert policies.managed["model"].value == 'a\\b "c"'
    assert policies.recommended["appearance"].value == "dark"


def test_a_key_that_may_not_be_read_is_reported():
    registry = RegFile(exported({rf"{USER}\{KEY}": {"Context": 1024}}))
    registry.forbidden.add(MACHINE)
    policies = read_policies(RegistryPolicies(registry).read())
    assert rf"{MACHINE}\{KEY}: Access is denied" in policies.problems
    assert policies.managed["context"].value == 1024


@pytest.mark.skipif(sys.platform == "win32", reason="there it has a registry")
def test_a_system_without_a_registry_has_an_empty_one():
    assert WindowsRegistry().values(MACHINE, KEY) == {}


@pytest.mark.parametrize("form", list(plistlib.PlistFormat))
def test_the_machines_preferences_come_before_the_users_in_both_forms(tmp_path, form):
    (tmp_path / "ann").mkdir()
    machine = {"Context": 1024, "PayloadUUID": "1"}
    for folder, values in (
        (tmp_path, machine),
        (tmp_path / "ann", {"Context": 2048, "KeepHistory": False}),
    ):
        (folder / f"{DOMAIN}.plist").write_bytes(plistlib.dumps(values, fmt=form))
    policies = read_policies(ManagedPreferences("ann", tmp_path).read())
    assert policies.problems == ()
    assert policies.managed["context"].value == 1024
    assert policies.managed["keep_history"].value is False
    assert (
        "context"
        not in read_policies(ManagedPreferences("b", tmp_path / "x").read()).managed
    )


BOMB = b"""<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "aaaaaaaaaa">]>
<plist><dict><key>Model</key><string>&a;</string></dict></plist>"""


@pytest.mark.parametrize(
    "content", [b"", b"bplist00", b"<plist>", BOMB, b"bplist00" + bytes(40)]
)
def test_a_list_that_is_broken_is_reported(tmp_path, content):
    (tmp_path / f"{DOMAIN}.plist").write_bytes(content)
    policies = read_policies(ManagedPreferences("ann", tmp_path).read())
    assert len(policies.problems) == 1
    assert policies.managed == {}


@given(st.binary(max_size=200))
def test_any_bytes_are_policies_or_reported(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    put(folder, "managed", "a.json", content)
    (folder / f"{DOMAIN}.plist").write_bytes(b"bplist00" + content)
    for source in (JsonFolders(folder), ManagedPreferences("ann", folder)):
        read_policies(source.read())


@pytest.mark.skipif(sys.platform != "linux", reason="the place of Linux")
def test_neither_environment_nor_home_move_the_place(monkeypatch, tmp_path):
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "HOME", "ONHAND_POLICIES"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    source = system_policies()
    assert isinstance(source, JsonFolders)
    assert source._folder == FOLDER == Path("/etc/onhand/policies")
    assert os.fspath(FOLDER).startswith("/etc/")

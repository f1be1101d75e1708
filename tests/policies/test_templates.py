"""The templates for administrators: current, well formed, and taken by the readers."""

from __future__ import annotations

import json
import plistlib
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from onhand.domain.policies import policy_keys, read_policies
from onhand.domain.settings import Settings
from onhand.policies.json_folders import JsonFolders
from onhand.policies.managed_preferences import DOMAIN, ManagedPreferences
from onhand.policies.registry import KEY, RECOMMENDED

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
FOLDER = PACKAGING / "policies"
SPACE = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
KEYS = policy_keys()


def test_the_templates_are_current():
    argv = [sys.executable, str(PACKAGING / "policy_templates.py"), "check"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_json_sample_holds_every_key_and_is_taken(tmp_path):
    (tmp_path / "managed").mkdir()
    content = (FOLDER / "onhand.json").read_bytes()
    (tmp_path / "managed" / "onhand.json").write_bytes(content)
    policies = read_policies(JsonFolders(tmp_path).read())
    assert policies.problems == ()
    assert policies.managed.keys() == {key.setting for key in KEYS}
    assert policies.over(Settings(context=512)) == Settings()
    assert list(json.loads(content)) == [key.name for key in KEYS]


@pytest.mark.parametrize("form", ["plist", "mobileconfig"])
def test_the_preferences_hold_every_key_and_are_taken(tmp_path, form):
    values = plistlib.loads((FOLDER / f"{DOMAIN}.plist").read_bytes())
    if form == "mobileconfig":
        profile = plistlib.loads((FOLDER / "onhand.mobileconfig").read_bytes())
        [values] = profile["PayloadContent"]
        assert values["PayloadType"] == DOMAIN
    (tmp_path / f"{DOMAIN}.plist").write_bytes(plistlib.dumps(values))
    policies = read_policies(ManagedPreferences("ann", tmp_path).read())
    assert policies.problems == ()
    assert policies.managed.keys() == {key.setting for key in KEYS}


def test_the_group_policies_name_every_key_at_the_place_that_is_read():
    root = ElementTree.parse(FOLDER / "onhand.admx").getroot()  # noqa: S314 - our own
    found = {}
    for policy in root.iter(f"{SPACE}policy"):
        elements = policy.find(f"{SPACE}elements")
        name = policy.get("valueName") or elements[0].get("valueName")
        found.setdefault(policy.get("key"), set()).add(name)
    names = {key.name for key in KEYS}
    assert found == {KEY: names, RECOMMENDED: names}


def test_every_text_that_the_group_policies_refer_to_is_there():
    admx = (FOLDER / "onhand.admx").read_text()
    root = ElementTree.parse(FOLDER / "en-US" / "onhand.adml").getroot()  # noqa: S314
    strings = {each.get("id") for each in root.iter(f"{SPACE}string")}
    shown = {each.get("id") for each in root.iter(f"{SPACE}presentation")}
    for each in admx.split("$(string.")[1:]:
        assert each.partition(")")[0] in strings
    for each in admx.split("$(presentation.")[1:]:
        assert each.partition(")")[0] in shown

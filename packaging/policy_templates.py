#!/usr/bin/env python3
"""Writes the policy templates for administrators from the program's table of settings.

packaging/policy_templates.py write    write packaging/policies anew
packaging/policy_templates.py check    tell what is not current; status 1
"""

from __future__ import annotations

import json
import plistlib
import sys
import uuid
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from onhand.domain.policies import Level, PolicyKey, policy_keys
from onhand.policies.managed_preferences import DOMAIN
from onhand.policies.registry import KEY, RECOMMENDED

FOLDER = Path(__file__).resolve().parent / "policies"
NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
CATEGORIES = {
    Level.MANAGED: ("Onhand", KEY),
    Level.RECOMMENDED: ("Recommended", RECOMMENDED),
}
UNIQUE = uuid.uuid5(uuid.NAMESPACE_DNS, DOMAIN)
LARGEST = 1_000_000


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit status."""
    match arguments:
        case ["write"]:
            for name, content in templates().items():
                (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
                (FOLDER / name).write_bytes(content)
            return 0
        case ["check"]:
            stale = [
                name for name, content in templates().items() if _differs(name, content)
            ]
            print(*(f"not current: {name}" for name in stale), sep="\n", file=sys.stderr)
            return int(bool(stale))
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def templates() -> dict[str, bytes]:
    """Every file by its path in the folder; the values are the defaults."""
    keys = policy_keys()
    values = {key.name: _plain(key.default) for key in keys}
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{DOMAIN}.policies",
        "PayloadUUID": str(uuid.uuid5(UNIQUE, "profile")).upper(),
        "PayloadDisplayName": "Onhand",
        "PayloadScope": "System",
        "PayloadContent": [
            {
                "PayloadType": DOMAIN,
                "PayloadVersion": 1,
                "PayloadIdentifier": f"{DOMAIN}.policies.settings",
                "PayloadUUID": str(uuid.uuid5(UNIQUE, "settings")).upper(),
                "PayloadDisplayName": "Onhand",
                **values,
            }
        ],
    }
    return {
        "onhand.json": f"{json.dumps(values, indent=2)}\n".encode(),
        f"{DOMAIN}.plist": plistlib.dumps(values, sort_keys=False),
        "onhand.mobileconfig": plistlib.dumps(profile, sort_keys=False),
        "onhand.admx": _as_xml(_admx(keys)),
        "en-US/onhand.adml": _as_xml(_adml(keys)),
    }


def _differs(name: str, content: bytes) -> bool:
    path = FOLDER / name
    return not path.is_file() or path.read_bytes() != content


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value


def _admx(keys: tuple[PolicyKey, ...]) -> Element:
    root = _root("policyDefinitions")
    spaces = SubElement(root, "policyNamespaces")
    SubElement(spaces, "target", prefix="onhand", namespace="Onhand.Policies.Onhand")
    SubElement(spaces, "using", prefix="windows", namespace="Microsoft.Policies.Windows")
    SubElement(root, "resources", minRequiredRevision="1.0")
    categories = SubElement(root, "categories")
    for name, _ in CATEGORIES.values():
        shown = SubElement(
            categories, "category", name=name, displayName=f"$(string.Category{name})"
        )
        if name != "Onhand":
            SubElement(shown, "parentCategory", ref="Onhand")
    policies = SubElement(root, "policies")
    for level, (category, registry_key) in CATEGORIES.items():
        for key in keys:
            _add_policy(policies, key, level, category, registry_key)
    return root


def _add_policy(
    policies: Element, key: PolicyKey, level: Level, category: str, registry_key: str
) -> None:
    name = key.name if level is Level.MANAGED else f"{key.name}Recommended"
    policy = SubElement(
        policies,
        "policy",
        {
            "name": name,
            "class": "Both",
            "displayName": f"$(string.{key.name})",
            "explainText": f"$(string.{key.name}Help)",
            "presentation": f"$(presentation.{key.name})",
            "key": registry_key,
        },
    )
    SubElement(policy, "parentCategory", ref=category)
    SubElement(policy, "supportedOn", ref="windows:SUPPORTED_Windows_10_0")
    if isinstance(key.default, bool):
        policy.set("valueName", key.name)
        for tag, value in (("enabledValue", "1"), ("disabledValue", "0")):
            SubElement(SubElement(policy, tag), "decimal", value=value)
        return
    elements = SubElement(policy, "elements")
    where = {"id": key.name, "valueName": key.name}
    if key.choices:
        choice = SubElement(elements, "enum", where, required="true")
        for each in key.choices:
            item = SubElement(choice, "item", displayName=f"$(string.{key.name}_{each})")
            SubElement(SubElement(item, "value"), "string").text = each
    elif isinstance(key.default, int):
        SubElement(elements, "decimal", where, minValue="0", maxValue=str(LARGEST))
    else:
        SubElement(elements, "text", where)


def _adml(keys: tuple[PolicyKey, ...]) -> Element:
    root = _root("policyDefinitionResources")
    SubElement(root, "displayName").text = "Onhand"
    SubElement(root, "description").text = "Settings of Onhand"
    resources = SubElement(root, "resources")
    strings = SubElement(resources, "stringTable")
    words = {"CategoryOnhand": "Onhand", "CategoryRecommended": "Recommended"}
    for key in keys:
        words |= {key.name: key.title, f"{key.name}Help": key.help}
        words |= {f"{key.name}_{each}": each for each in key.choices}
    for name, text in words.items():
        SubElement(strings, "string", id=name).text = text
    presentations = SubElement(resources, "presentationTable")
    for key in keys:
        shown = SubElement(presentations, "presentation", id=key.name)
        if key.choices:
            SubElement(shown, "dropdownList", refId=key.name).text = key.title
        elif isinstance(key.default, int) and not isinstance(key.default, bool):
            SubElement(
                shown, "decimalTextBox", refId=key.name, defaultValue=str(key.default)
            ).text = key.title
        elif not isinstance(key.default, bool):
            SubElement(
                SubElement(shown, "textBox", refId=key.name), "label"
            ).text = key.title
    return root


def _root(name: str) -> Element:
    return Element(name, xmlns=NAMESPACE, revision="1.0", schemaVersion="1.0")


def _as_xml(root: Element) -> bytes:
    indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root) + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

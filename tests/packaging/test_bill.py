"""The bill of materials: complete, of what is in the folder, and the same each time."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from building import Unbuildable
from building.components import components, licence_text, spdx
from building.folder import FOLDER
from building.origins import (
    COLLECTED,
    Installed,
    Origin,
    attributed,
    origins,
    read_collected,
)
from building.sbom import bill, licences_page

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = tomllib.loads(
    (ROOT / "packaging" / "components.toml").read_text(encoding="utf-8")
)
NATIVES = BY_HAND["native"]
NEVER_CARRIED = {
    "colorama",
    "diskcache",
    "hf-xet",
    "jinja2",
    "markupsafe",
    "pip",
    "pywin32-ctypes",
}


def runtime() -> list[str]:
    """The distributions that the program depends on and that are here."""
    text = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE)) - NEVER_CARRIED)
    found = []
    for name in names:
        try:
            found.append(distribution(name).name)
        except PackageNotFoundError:  # of another system, or another Python
            continue
    return found


@pytest.fixture(scope="module")
def everything():
    """All components that can be told without a folder."""
    ours = Origin(name="onhand", kind="ours", files=["onhand.host"])
    return components(ROOT, [ours, *(Origin(name=name, kind="pypi") for name in runtime())])


def test_every_component_has_version_licence_and_text(everything):
    assert len(everything) > 60
    for each in everything:
        assert each.version, each.name
        assert spdx(each.licence) == each.licence, each.name
        assert len(each.text) > 100, each.name


def test_what_is_inside_of_others_is_listed_with_them(everything):
    inside = {(each.name, each.inside) for each in everything if each.inside}
    assert {
        ("llama.cpp", "llama-cpp-python"),
        ("SQLCipher", "sqlcipher3"),
        ("OpenSSL", "sqlcipher3"),
        ("OpenSSL", "cryptography"),
        ("Qt", "PySide6-Essentials"),
        ("ICU", "PySide6-Essentials"),
        ("OpenBLAS", "numpy"),
    } <= inside
    assert any(each.purl.startswith("pkg:cargo/") for each in everything)


@pytest.mark.parametrize(
    "native", NATIVES, ids=lambda each: f"{each['name']} in {each['in']}"
)
def test_a_carrier_that_changes_is_looked_into_again(native):
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = {
        line.partition(" ")[0].lower()
        for line in pins["tool"]["uv"]["constraint-dependencies"]
    }
    assert native["in"].lower() in pinned
    assert licence_text(ROOT, native["licence"])


def test_another_version_of_a_carrier_stops_the_build(tmp_path):
    (tmp_path / "packaging").mkdir()
    text = (ROOT / "packaging" / "components.toml").read_text(encoding="utf-8")
    (tmp_path / "packaging" / "components.toml").write_text(
        text.replace("sqlcipher3==", "sqlcipher3==0."), encoding="utf-8"
    )
    with pytest.raises(Unbuildable, match="SQLCipher was looked at in sqlcipher3==0"):
        components(tmp_path, [Origin(name="sqlcipher3", kind="pypi")])


def test_a_component_without_a_licence_stops_the_build():
    with pytest.raises(Unbuildable, match="libc6 lacks its licence"):
        components(ROOT, [Origin(name="libc6", kind="deb", version="1")])


def test_the_bill_is_valid_and_the_same_each_time(everything):
    text = bill(ROOT, everything)
    assert text == bill(ROOT, list(reversed(everything)))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = json.loads(text)
    assert found["metadata"]["component"]["name"] == "onhand"
    listed = found["components"]
    assert len(listed) == len(everything) - 1
    assert all(each["version"] and each["licenses"] for each in listed)


def test_all_licences_stand_on_the_page_and_none_twice(everything):
    page = licences_page("0.1.0", everything)
    for each in everything:
        assert f"{each.name} {each.version}" in page
    assert "GNU LESSER GENERAL PUBLIC LICENSE\n" in page
    assert "GNU GENERAL PUBLIC LICENSE\n" in page
    assert "The same text as that of" in page


def test_each_file_is_of_the_component_that_installed_it():
    import msgspec  # noqa: PLC0415 - any will do

    import onhand  # noqa: PLC0415 - likewise

    own = Path(onhand.__file__).parent
    site = Path(msgspec.__file__).parent
    library = Path(json.__file__)
    collected = [
        ("onhand.host", str(own / "host.py")),
        ("onhand/_data/models.json", str(ROOT / "models.json")),
        ("msgspec", str(site / "__init__.py")),
        ("json", str(library)),
    ]
    found = {each.name: each for each in attributed(collected, Installed(ROOT))}
    assert found["onhand"].files == ["onhand.host", "onhand/_data/models.json"]
    assert found["msgspec"].version == distribution("msgspec").version
    assert found["CPython"].version.startswith("3.")
    assert found["CPython"].files == ["json"]


def test_a_file_that_nobody_knows_stops_the_build(tmp_path):
    stray = tmp_path / "stray.so"
    stray.write_bytes(b"")
    with pytest.raises(Unbuildable, match=r"nobody knows where .*stray\.so comes from"):
        attributed([("stray.so", str(stray))], Installed(ROOT))


def test_a_file_in_the_folder_that_was_not_collected_stops_the_build(tmp_path):
    inside = tmp_path / FOLDER / "_internal"
    inside.mkdir(parents=True)
    (tmp_path / FOLDER / "onhand").write_bytes(b"")
    (inside / "known.py").write_bytes(b"")
    (tmp_path / COLLECTED).parent.mkdir(parents=True)
    listed = [("known.py", json.__file__), ("link.so.1", "place/link.so.1")]
    (tmp_path / COLLECTED).write_text(json.dumps(listed), encoding="utf-8")
    assert [each.name for each in origins(tmp_path)] == ["CPython"]
    (inside / "stowaway.so").write_bytes(b"")
    with pytest.raises(Unbuildable, match=r"nobody knows why: stowaway\.so"):
        origins(tmp_path)


@pytest.mark.skipif(
    not (ROOT / COLLECTED).is_file() or not (ROOT / FOLDER / "onhand").is_file(),
    reason="'packaging/build folder' was not run",
)
def test_the_folder_that_was_built_is_listed_whole():
    if not all(Path(source).exists() for _, source in read_collected(ROOT)):
        pytest.skip("the folder was built in a root, whose files are not here")
    assert {"onhand", "CPython", "llama_cpp_python"} <= {
        each.name for each in origins(ROOT)
    }


def test_expressions_are_spdx_or_nothing():
    assert spdx("MIT") == "MIT"
    assert spdx("LGPL-3.0-only OR GPL-2.0-only") == "LGPL-3.0-only OR GPL-2.0-only"
    assert spdx("Copyright 2016 Google Inc.") == ""
    assert spdx("") == ""

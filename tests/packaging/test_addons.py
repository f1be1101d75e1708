"""Add-ons for devices, made from a source that stands in for the engine's.

No device was at hand; what is shown is that the recipe builds the module that is asked for,
from the right sources, and where the package puts it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from building import Unbuildable
from building.addons import MODULES, build_addon
from onhand.engine.llama import devices

PINS = '[project]\nversion = "0.1.0"\ndependencies = ["llama-cpp-python==1.2.3"]\n'
RECIPE = """\
cmake_minimum_required(VERSION 3.13)
project(stand_in C)
if (GGML_VULKAN AND GGML_BACKEND_DL AND NOT GGML_NATIVE)
  add_library(ggml-vulkan MODULE module.c)
endif ()
"""
needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, ("cmake", "cc", "dpkg-deb"))), reason="it takes a compiler"
)


@pytest.fixture
def root(tmp_path):
    found = tmp_path / "root"
    found.mkdir()
    (found / "pyproject.toml").write_text(PINS)
    return found


@pytest.fixture
def source(tmp_path, monkeypatch):
    code = tmp_path / "source" / "vendor" / "llama.cpp"
    code.mkdir(parents=True)
    (code / "CMakeLists.txt").write_text(RECIPE)
    (code / "module.c").write_text("int ggml_backend_init(void) { return 0; }\n")
    (code / "LICENSE").write_text("MIT License\n")
    (tmp_path / "source" / "PKG-INFO").write_text("Name: llama\nVersion: 1.2.3\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "glslc").write_text("#!/bin/sh\n")
    (tools / "glslc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    return tmp_path / "source"


@needs_tools
def test_the_module_is_where_the_engine_looks_for_it(root, source, tmp_path):
    package = build_addon(root, "vulkan", source)
    assert package.name.startswith("onhand-vulkan_0.1.0_")
    dpkg = shutil.which("dpkg-deb") or "dpkg-deb"
    subprocess.run([dpkg, "--extract", package, tmp_path / "there"], check=True)
    folder = tmp_path / "there" / MODULES.lstrip("/")
    assert set(devices.modules([folder])) == {"vulkan"}
    assert (tmp_path / "there/usr/share/doc/onhand-vulkan/copyright").is_file()
    fields = subprocess.run(
        [dpkg, "--field", package], check=True, capture_output=True, text=True
    ).stdout
    assert "Depends: onhand (= 0.1.0)\n" in fields
    assert "mesa-vulkan-drivers" in fields


def test_sources_of_another_version_are_refused(root, source):
    (source / "PKG-INFO").write_text("Version: 1.2.4\n")
    for place in (source, source / "vendor", Path("/nowhere")):
        with pytest.raises(Unbuildable, match=r"llama-cpp-python 1\.2\.3"):
            build_addon(root, "vulkan", place)


def test_an_unknown_kind_is_refused(root, source):
    with pytest.raises(Unbuildable, match="cuda and vulkan"):
        build_addon(root, "metal", source)


@needs_tools
def test_a_build_that_fails_is_told(root, source):
    (source / "vendor" / "llama.cpp" / "module.c").write_text("no C\n")
    with pytest.raises(Unbuildable, match="cmake: "):
        build_addon(root, "vulkan", source)

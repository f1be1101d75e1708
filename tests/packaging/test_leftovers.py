"""What stays in the folder of the packaged program, and what it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from building import Unbuildable
from building.checking import (
    missing_libraries,
    oldest_cxx,
    oldest_gcc,
    oldest_glibc,
    system_needs,
)
from building.elf import as_numbers, glibc, is_elf, needs
from building.leftovers import QT, UNUSED_PACKAGES, is_wanted, trimmed

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads libraries of Linux")


@pytest.fixture
def library(tmp_path):
    """Makes a library that needs others."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no C compiler here")

    def make(name: str, *others: Path) -> Path:
        target = tmp_path / name
        argv = [
            compiler,
            "-shared",
            "-x",
            "c",
            "-",
            "-o",
            str(target),
            f"-Wl,-soname,{name}",
        ]
        argv += ["-Wl,--no-as-needed", "-x", "none", *map(str, others)]
        text = f"int {name.partition('.')[0]}(void) {{ return 1; }}"
        subprocess.run(argv, input=text, text=True, check=True)
        return target

    return make


@pytest.mark.parametrize(
    "place",
    [
        f"{QT}/plugins/platforms/libqwayland-egl.so",
        f"{QT}/plugins/platformthemes/libqgtk3.so",
        f"{QT}/plugins/tls/libqopensslbackend.so",
        f"{QT}/plugins/networkinformation/libqglib.so",
        f"{QT}/plugins/sqldrivers/libqsqlite.so",
        f"{QT}/lib/libQt6Network.so.6",
        f"{QT}/qml/QtQuick/libqtquick2plugin.so",
        f"{QT}/translations/qtbase_fr.qm",
        "PySide6/QtNetwork.abi3.so",
        "PySide6\\Qt\\plugins\\tls\\qschannelbackend.dll",
        "libX11.so.6",
        "libstdc++.so.6",
        "libfontconfig.so.1",
        "libxkbcommon-x11.so.0",
    ],
)
def test_what_is_never_used_or_belongs_to_the_system_is_left_out(place):
    assert not is_wanted(place)


@pytest.mark.parametrize(
    "place",
    [
        f"{QT}/plugins/platforms/libqxcb.so",
        f"{QT}/plugins/platforms/libqwayland.so",
        f"{QT}/plugins/platforms/libqwayland-generic.so",
        f"{QT}/plugins/platforms/libqoffscreen.so",
        f"{QT}/plugins/platforms/qwindows.dll",
        f"{QT}/plugins/imageformats/libqsvg.so",
        f"{QT}/translations/qtbase_de.qm",
        "PySide6/QtDBus.abi3.so",
        "PySide6/QtWidgets.abi3.so",
        "libxcb-cursor.so.0",
        "bin/libggml-cpu-haswell.so",
        "onhand/_data/models.json",
    ],
)
def test_what_is_used_stays(place):
    assert is_wanted(place)


@linux
def test_a_library_stays_only_while_something_that_stays_needs_it(library):
    deep = library("libdeep.so.1")
    used = library("libused.so.1", deep)
    idle = library("libidle.so.1", deep)
    module = library("module.so", used)
    entries = [
        ("module.so", str(module), "EXTENSION"),
        ("libused.so.1", str(used), "BINARY"),
        ("libdeep.so.1", "parts/libdeep.so.1", "SYMLINK"),
        ("parts/libdeep.so.1", str(deep), "BINARY"),
        ("libidle.so.1", str(idle), "BINARY"),
        ("data.txt", "data.txt", "DATA"),
    ]
    kept = [place for place, _, _ in trimmed(entries)]
    assert kept == [
        "module.so",
        "libused.so.1",
        "libdeep.so.1",
        "parts/libdeep.so.1",
        "data.txt",
    ]


@linux
def test_a_library_that_nobody_has_is_told(library, tmp_path):
    lost = library("liblost.so.7")
    module = library("module.so", lost)
    lost.unlink()
    assert needs(module) == ("liblost.so.7", *needs(module)[1:])
    assert missing_libraries(tmp_path, [module]) == [(module, "liblost.so.7")]


@linux
def test_what_a_file_needs_of_the_system_is_read_from_it():
    python = Path(sys.executable).resolve()
    assert is_elf(python)
    assert glibc(python) >= (2, 2)
    assert oldest_glibc([python]) == glibc(python)
    assert list(system_needs([python])["libc.so.6"]) == [python]
    text = Path(__file__)
    assert not is_elf(text)
    assert needs(text) == glibc(text) == ()
    assert oldest_glibc([]) == ()


@linux
def test_the_oldest_cxx_library_is_that_of_what_is_called(tmp_path):
    compiler = shutil.which("c++") or shutil.which("g++")
    if compiler is None:
        pytest.skip("there is no C++ compiler here")
    target = tmp_path / "lib.so"
    argv = [compiler, "-shared", "-fPIC", "-x", "c++", "-", "-o", str(target)]
    text = "#include <iostream>\nvoid say() { std::cout << 1; }"
    subprocess.run(argv, input=text, text=True, check=True)
    assert oldest_cxx([target]) >= (3, 4)
    assert oldest_cxx([]) == ()


@pytest.mark.parametrize(
    ("marks", "gcc"), [((3, 4, 21), "8"), ((3, 4, 28), "9.3"), ((3, 4, 30), "12")]
)
def test_gcc_is_told_by_the_highest_mark(monkeypatch, marks, gcc):
    monkeypatch.setattr("building.checking.glibcxx", lambda path: marks)
    assert oldest_gcc([Path("library")]) == gcc


def test_a_mark_that_nobody_knows_stops_the_build(monkeypatch):
    monkeypatch.setattr("building.checking.glibcxx", lambda path: (3, 4, 99))
    with pytest.raises(Unbuildable, match=r"GLIBCXX_3\.4\.99"):
        oldest_gcc([Path("library")])


def test_versions_compare_as_numbers():
    assert as_numbers("2.9") < as_numbers("2.34")


def test_every_language_of_the_window_keeps_its_texts_of_qt():
    spoken = {
        each.stem.removeprefix("onhand_")
        for each in (ROOT / "resources" / "translations").glob("*.qm")
    }
    for language in spoken - {"en"}:
        assert is_wanted(f"{QT}/translations/qtbase_{language}.qm")


def test_nothing_is_left_out_that_the_program_depends_on():
    requirements = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
    needed = {
        line.partition("==")[0].replace("-", "_").lower()
        for line in requirements.splitlines()
        if "==" in line and not line.startswith((" ", "-"))
    }
    assert {"sqlite_utils", "pluggy", "numpy"} <= needed
    left_out = {
        each.partition(".")[0].lower() for each in UNUSED_PACKAGES if "." not in each
    }
    # What llama.cpp's Python package and the hub's client want, and what we never let run.
    assert needed & left_out == {"diskcache", "hf_xet", "jinja2", "markupsafe"}

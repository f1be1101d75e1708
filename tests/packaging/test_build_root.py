"""The root that packages for old systems are built in: what it is made from, and when."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from building import Unbuildable
from building.build_root import (
    Notes,
    build_inside,
    check_sums,
    make_root,
    read_plan,
    root_steps,
    source_lines,
)
from building.old_engine import engine_origin, flags, lead_inside

ROOT = Path(__file__).resolve().parents[2]


def test_every_source_is_pinned_by_name_and_sum():
    plan = read_plan(ROOT)
    assert set(plan["source"]) == {"openssl", f"python{plan['python']}"}
    for name, source in plan["source"].items():
        files = {each: value for each, value in source.items() if each != "version"}
        assert any(".orig." in each for each in files), name
        assert f"{name}_{source['version']}.debian.tar.xz" in files
        assert all(len(value) == 64 for value in files.values())


def test_a_source_that_is_another_one_is_told(tmp_path):
    (tmp_path / "one.tar").write_bytes(b"one")
    right = hashlib.sha256(b"one").hexdigest()
    check_sums(tmp_path, {"one.tar": right})
    with pytest.raises(Unbuildable, match=r"one\.tar is not the file whose sum stands in"):
        check_sums(tmp_path, {"one.tar": "0" * 64})
    with pytest.raises(Unbuildable, match=r"two\.tar did not come"):
        check_sums(tmp_path, {"two.tar": right})


def test_packages_are_of_the_old_one_and_sources_of_the_newer_one():
    plan = {"suite": "older", "sources": "newer"}
    assert source_lines("mirror/debian", plan).splitlines() == [
        "deb mirror/debian older main",
        "deb mirror/debian-security older-security main",
        "deb-src mirror/debian newer main",
        "deb-src mirror/debian-security newer-security main",
    ]


def test_a_step_is_done_again_only_when_it_would_make_something_else(tmp_path):
    made = []
    notes = Notes(tmp_path)
    for version in ("1", "1", "2"):
        notes.once("engine", version, lambda version=version: made.append(version))
    assert made == ["1", "2"]

    def fails():
        raise Unbuildable("no")

    with pytest.raises(Unbuildable):
        notes.once("engine", "3", fails)
    assert not any(notes.has("engine", version) for version in "23")


def test_a_root_of_other_pins_is_none(tmp_path):
    with pytest.raises(Unbuildable, match=f"'packaging/build root {tmp_path}' makes it"):
        build_inside(ROOT, tmp_path, ["folder"])
    with pytest.raises(Unbuildable, match="update is not done in a root; folder, check"):
        build_inside(ROOT, tmp_path, ["folder", "update"])


def test_what_was_made_of_older_sources_is_no_root(tmp_path):
    notes, plan = Notes(tmp_path), read_plan(ROOT)
    steps = root_steps(ROOT, plan)
    for step, made in steps.items():
        notes.once(step, made if step != "openssl" else "older", lambda: None)
    with pytest.raises(Unbuildable, match=r"no root for these pins \(openssl\)"):
        build_inside(ROOT, tmp_path, ["folder"])
    assert [*steps] == ["packages", "openssl", f"python{plan['python']}", "engine"]


def test_only_an_administrator_makes_a_root(tmp_path, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Unbuildable, match="by an administrator"):
        make_root(ROOT, tmp_path)


def test_the_engine_comes_from_the_pinned_source_by_the_projects_settings():
    origin = engine_origin(ROOT)
    pinned, settings = origin.split()[0], (ROOT / "pyproject.toml").read_text("utf-8")
    assert pinned in settings
    assert "--hash=sha256:" in origin
    assert "GGML_CPU_ALL_VARIANTS" in origin


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc here")
def test_the_engine_sees_the_libraries_of_the_old_system_alone(tmp_path):
    gcc = tmp_path / "usr" / "lib" / "gcc" / "x86_64-linux-gnu" / "10"
    gcc.mkdir(parents=True)
    (gcc / "libgcc.a").touch()
    told = flags(tmp_path, tmp_path / "source")
    for name in ("CFLAGS", "CXXFLAGS", "LDFLAGS"):
        assert f"--sysroot={tmp_path}" in told[name]
    assert f"-L{gcc}" in told["LDFLAGS"]
    assert "-nostdinc++" in told["CXXFLAGS"]
    assert f"-isystem {tmp_path}/usr/include/c++/10 " in told["CXXFLAGS"]
    assert f"-ffile-prefix-map={tmp_path}/source=" in told["CFLAGS"]
    with pytest.raises(Unbuildable, match="one was expected here"):
        flags(tmp_path / "empty", tmp_path)


def test_links_of_the_root_lead_to_its_own_libraries(tmp_path):
    libraries = tmp_path / "usr" / "lib" / "x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    (libraries / "libold.so.1").write_text("of the root")
    (libraries / "libold.so").symlink_to("/lib/x86_64-linux-gnu/libold.so.1")
    (libraries / "libnear.so").symlink_to("libold.so.1")
    lead_inside(tmp_path)
    for name in ("libold.so", "libnear.so"):
        assert (libraries / name).read_text() == "of the root"
    assert str((libraries / "libnear.so").readlink()) == "libold.so.1"

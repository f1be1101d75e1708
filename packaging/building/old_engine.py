"""The engine's wheel for an old C library: today's compiler, yesterday's libraries.

The compilers of an old Debian do not know newer processors. So this machine's compiles,
with the headers and libraries of the old one: what it makes asks for nothing newer.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from building import Unbuildable
from building.tools import run, tool

if TYPE_CHECKING:
    from collections.abc import Iterable

WHEELS = "/wheels"
ENGINE = "llama-cpp-python"
REQUIREMENTS = Path("packaging", "requirements.txt")
LEAST_COMPILER = 11
"""The version of GCC that knows all processors that there is a module for."""


def engine_origin(root: Path) -> str:
    """What the wheel comes from: the pinned source, and how it is built."""
    settings = _settings(root)
    tools = settings["build-constraint-dependencies"]
    options = settings["config-settings-package"][ENGINE]
    return "\n".join([*_requirement(root), *tools, repr(options)])


def build_engine(root: Path, folder: Path) -> None:
    """Build the wheel into the root in `folder`, from the source that is pinned.

    Raises:
        Unbuildable: the compiler is too old or missing, the source is not the pinned one,
            or it does not compile.
    """
    _raise_if_too_old()
    lead_inside(folder)
    source = _unpacked(root, folder / "build" / "engine")
    settings = _settings(root)
    limits = folder / "build" / "engine" / "build-tools.txt"
    limits.write_text("\n".join(settings["build-constraint-dependencies"]), "utf-8")
    wheels = folder / WHEELS.lstrip("/")
    shutil.rmtree(wheels, ignore_errors=True)
    options = settings["config-settings-package"][ENGINE]
    argv = [tool("uv"), "build", "--wheel", "--python", sys.executable]
    argv += ["--build-constraints", str(limits), "--out-dir", str(wheels)]
    for name, value in options.items():
        argv += ["--config-setting", f"{name}={value}"]
    env = {**os.environ, **flags(folder, source)}
    done = subprocess.run(
        [*argv, str(source)], env=env, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise Unbuildable(f"{ENGINE}: {(done.stdout + done.stderr)[-2000:]}")
    shutil.rmtree(source)


def flags(folder: Path, source: Path) -> dict[str, str]:
    """What the compiler is told so that it sees the libraries in `folder` and no others."""
    gcc = _only(folder.glob("usr/lib/gcc/*-linux-gnu/*/libgcc.a")).parent
    machine, version = gcc.parent.name, gcc.name
    headers, libraries = folder / "usr" / "include", folder / "usr" / "lib" / machine
    # Where the source lies must not stand in what is made from it.
    c = f"--sysroot={folder} -ffile-prefix-map={source}={ENGINE}"
    cxx = (
        f"{c} -nostdinc++ -isystem {headers / 'c++' / version}"
        f" -isystem {headers / machine / 'c++' / version}"
    )
    return {
        "CC": tool("gcc"),
        "CXX": tool("g++"),
        "CFLAGS": c,
        "CXXFLAGS": cxx,
        # Else the compiler looks beside itself first, at libraries of this machine.
        "LDFLAGS": f"--sysroot={folder} -B{libraries} -L{gcc} -L{libraries}",
    }


def lead_inside(folder: Path) -> None:
    """Have links to libraries lead into the root, from outside of it as well."""
    for place in ("lib64", "usr/lib/*-linux-gnu"):
        for link in folder.glob(f"{place}/*.so*"):
            if link.is_symlink() and link.readlink().is_absolute():
                target = folder / str(link.readlink()).lstrip("/")
                link.unlink()
                link.symlink_to(os.path.relpath(target, link.parent.resolve()))


def _raise_if_too_old() -> None:
    said = subprocess.run(
        [tool("gcc"), "-dumpversion"], check=True, capture_output=True, text=True
    ).stdout
    if int(said.split(".")[0]) < LEAST_COMPILER:
        raise Unbuildable(
            f"GCC {said.strip()} does not know all processors: {LEAST_COMPILER} or newer"
            " is needed"
        )


def _unpacked(root: Path, place: Path) -> Path:
    """The source distribution, fetched, compared with the pinned sums, and unpacked."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    wanted = place / "requirement.txt"
    wanted.write_text("\n".join(_requirement(root)) + "\n", encoding="utf-8")
    pip = next(
        each
        for each in _settings(root)["constraint-dependencies"]
        if each.startswith("pip==")
    )
    run([
        *(tool("uv"), "run", "--no-project", "--python", sys.executable, "--with", pip),
        *("python", "-m", "pip", "download", "--no-deps", "--no-binary", ENGINE),
        *("--require-hashes", "--requirement", str(wanted), "--dest", str(place)),
    ])  # fmt: skip
    with tarfile.open(_only(place.glob("*.tar.gz"))) as archive:
        archive.extractall(place, filter="data")
    return _only(each.parent for each in place.glob("*/PKG-INFO"))


def _requirement(root: Path) -> list[str]:
    """The lines about the engine among the pinned requirements."""
    text = (root / REQUIREMENTS).read_text(encoding="utf-8")
    found = re.search(rf"^{ENGINE}==(?:.*\\\n)*.*$", text, re.MULTILINE)
    if found is None:
        raise Unbuildable(f"{REQUIREMENTS} does not pin {ENGINE}; 'packaging/pins write'")
    return found[0].splitlines()


def _settings(root: Path) -> dict[str, Any]:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["tool"]["uv"])


def _only(found: Iterable[Path]) -> Path:
    listed = sorted(found)
    if len(listed) != 1:
        raise Unbuildable(f"one was expected here, there are {len(listed)}: {listed[:3]}")
    return listed[0]

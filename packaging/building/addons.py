"""Packages for CUDA and Vulkan beside that of the program: one module of kernels each.

The program's engine looks for `libggml-cuda.so` and `libggml-vulkan.so` in the folder with
the modules for processors, and tries what it finds in a process of its own. So an add-on is
that file, built from the sources that the engine was built from.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from building import Unbuildable
from building.debian import Control, Tree, architecture
from building.elf import needs
from building.folder import FOLDER, epoch
from building.places import DOCUMENTS, PLACE
from building.tools import run, tool
from building.versions import project_version

MODULES = f"{PLACE}/_internal/bin"
WORK = Path("build")
OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON",
    "-DGGML_BACKEND_DL=ON", "-DGGML_NATIVE=OFF", "-DLLAMA_CURL=OFF",
    "-DLLAMA_BUILD_COMMON=OFF", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_TOOLS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_SERVER=OFF",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Addon:
    """What a kind of device needs.

    Attributes:
        compiler: the program that its kernels are made with.
        libraries: Debian packages by the libraries that the module needs.
        drivers: Debian packages, one of which has the driver.
    """

    option: str
    compiler: str
    libraries: dict[str, str]
    drivers: str


ADDONS = {
    "cuda": Addon(
        option="-DGGML_CUDA=ON",
        compiler="nvcc",
        libraries={
            "libcudart.so.12": "libcudart12 | cuda-cudart-12-9",
            "libcublas.so.12": "libcublas12 | libcublas-12-9",
            "libcublasLt.so.12": "libcublaslt12 | libcublas-12-9",
        },
        drivers="libcuda1 | nvidia-driver-libs",
    ),
    "vulkan": Addon(
        option="-DGGML_VULKAN=ON",
        compiler="glslc",
        libraries={"libvulkan.so.1": "libvulkan1"},
        drivers="mesa-vulkan-drivers | nvidia-vulkan-icd",
    ),
}


def build_addon(root: Path, kind: str, source: Path) -> Path:
    """Build the module from the unpacked sources of llama-cpp-python, and pack it.

    Raises:
        Unbuildable: a tool is missing, the sources are not those of the engine, the build
            fails, or the module needs a library that no package is known for.
    """
    addon = ADDONS.get(kind)
    if addon is None:
        raise Unbuildable(f"there are add-ons for {' and '.join(ADDONS)}")
    _raise_if_other_sources(root, source)
    tool(addon.compiler)
    module = _built(addon, kind, source, root / WORK / f"addon-{kind}")
    version = project_version(root)
    control = Control(
        name=f"onhand-{kind}",
        version=version,
        architecture=architecture(),
        summary=f"the engine of Onhand on {kind.upper() if kind == 'cuda' else 'Vulkan'}",
        description=("A device is used where it is faster than the processor.",),
        relations={
            "Depends": ", ".join([f"onhand (= {version})", *_packages(addon, module)]),
            "Recommends": addon.drivers,
        },
    )
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch, "tree"), epoch(root))
        tree.copy(module, f"{MODULES}/{module.name}")
        licence = source / "vendor" / "llama.cpp" / "LICENSE"
        tree.copy(licence, f"{Path(DOCUMENTS).parent}/{control.name}/copyright")
        (root / FOLDER.parent).mkdir(exist_ok=True)
        package = tree.build(control, {}, root / FOLDER.parent)
    print(f"build: {package}, {package.stat().st_size / 1e6:.1f} MB")
    return package


def _raise_if_other_sources(root: Path, source: Path) -> None:
    pinned = re.search(
        r'"llama-cpp-python==([\d.]+)"', (root / "pyproject.toml").read_text("utf-8")
    )
    about = source / "PKG-INFO"
    found = re.search(r"^Version: (\S+)$", _text(about), re.MULTILINE)
    if pinned is None or found is None or pinned[1] != found[1]:
        wanted = pinned[1] if pinned else "the pinned version"
        raise Unbuildable(
            f"{source} does not hold the source distribution of llama-cpp-python {wanted}"
        )


def _built(addon: Addon, kind: str, source: Path, place: Path) -> Path:
    cmake = tool("cmake")
    shutil.rmtree(place, ignore_errors=True)
    code = str(source / "vendor" / "llama.cpp")
    run([cmake, "-S", code, "-B", str(place), *OPTIONS, addon.option])
    jobs = str(os.cpu_count() or 1)
    run([cmake, "--build", str(place), "--target", f"ggml-{kind}", "--parallel", jobs])
    found = sorted(place.rglob(f"libggml-{kind}.so"))
    if not found:
        raise Unbuildable(f"the build made no libggml-{kind}.so")
    return found[0]


def _packages(addon: Addon, module: Path) -> list[str]:
    """What the module needs beside what the program's package has, and the driver."""
    found = []
    for name in needs(module):
        if name.startswith(("libggml", "libcuda.so", "libc.so", "libm.so", "ld-linux")):
            continue
        if name in {"libstdc++.so.6", "libgcc_s.so.1", "libdl.so.2", "libpthread.so.0"}:
            continue
        if name not in addon.libraries:
            raise Unbuildable(f"{module.name} needs {name}, which no package is known for")
        found.append(addon.libraries[name])
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

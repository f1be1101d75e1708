"""Which builds of the kernels this machine could run, and loading one of them.

A portable build of llama.cpp keeps its CPU kernels in modules of their own, one for each
kind of processor, which are loaded by hand (`ggml_backend_load`,
ggml/include/ggml-backend.h). Each module says how well it suits the processor
(`ggml_backend_score`, ggml/src/ggml-backend-impl.h), but not whether it really runs.
"""

from __future__ import annotations

import ctypes
import hashlib
import platform
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import EngineFailed
from onhand.domain.ladder import Rung
from onhand.engine.llama import devices
from onhand.engine.llama.bindings import FOLDER
from onhand.engine.llama.model import Placement, shape_of

if TYPE_CHECKING:
    from onhand.engine.protocol import Load

_VARIANT = re.compile(r"^(?:lib)?ggml-cpu-(?P<name>[a-z0-9_.]+)\.(?:so|dll|dylib)$")


def rungs() -> tuple[Rung, ...]:
    """Every way to run a model here, best first on paper."""
    scored = sorted(
        ((_score(file), name) for name, file in _variants().items()), reverse=True
    )
    usable = [name for score, name in scored if score > 0]
    beside = devices.rungs(_device_modules())
    if not usable:
        return (*beside, Rung(), Rung(repack=False))
    return (
        *beside,
        *(Rung(variant=name) for name in usable),
        Rung(variant=usable[-1], repack=False),
    )


def load(rung: Rung) -> None:
    """Make the kernels of a rung available; once in a process.

    Raises:
        EngineFailed: the module does not load.
    """
    if not rung.variant:
        return
    # Only the registry inside libggml.so.0 is the one that llama.cpp asks: a wheel turns
    # symbolic links into copies, so that "libggml.so" would be a second library with a
    # registry of its own.
    library = _ggml()
    library.ggml_backend_load.restype = ctypes.c_void_p
    library.ggml_backend_load.argtypes = [ctypes.c_char_p]
    if not library.ggml_backend_load(str(_variants()[rung.variant]).encode()):
        raise EngineFailed(f"the module '{rung.variant}' does not load")


def place(load: Load) -> Placement:
    """Load the module of a rung's device, and see how much of a model goes on it.

    Raises:
        EngineFailed: there is no such device, or it is too small.
        ModelUnusable: the model's header cannot be read.
    """
    module = _device_modules().get(load.rung.device)
    if module is None:
        raise EngineFailed(f"there is no module for {load.rung.device}")
    device = devices.load(_ggml(), module)
    path = Path(load.model)
    layers, token = shape_of(path)
    tokens = load.context * token
    return Placement(
        device=device.handle,
        layers=devices.layers_on(device.free, path.stat().st_size, tokens, layers),
    )


def fingerprint() -> str:
    """A digest of processor and library, for which what is known of the rungs holds."""
    parts = [platform.machine(), _processor()]
    own = (*_variants().values(), *_device_modules().values())
    for file in (*sorted(_library_folder().iterdir()), *own):
        found = file.stat()
        parts.append(f"{file.name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _device_modules() -> dict[str, Path]:
    """The modules for devices; those of the processor's kernels are `_variants`."""
    return devices.modules(_folders())


def _folders() -> tuple[Path, ...]:
    return (FOLDER / "lib", FOLDER.parent / "bin", Path(sys.prefix) / "bin")


def _library_folder() -> Path:
    return FOLDER / "lib"


@cache
def _variants() -> dict[str, Path]:
    """The kernel modules of this build by name; none where the kernels are built in."""
    found: dict[str, Path] = {}
    for folder in _folders():
        for file in sorted(folder.glob("*ggml-cpu-*")):
            if match := _VARIANT.match(file.name):
                found.setdefault(match["name"], file)
    return found


def _score(file: Path) -> int:
    """How well a module suits this processor; 0: not at all."""
    try:
        score = ctypes.CDLL(str(file)).ggml_backend_score
    except (OSError, AttributeError):
        return 0
    score.restype = ctypes.c_int
    return int(score())


@cache
def _ggml() -> ctypes.CDLL:
    folder = _library_folder()
    names = ("libggml.so.0", "libggml.0.dylib", "libggml.dylib", "ggml.dll", "libggml.so")
    return ctypes.CDLL(
        str(next(folder / name for name in names if (folder / name).exists()))
    )


def _processor() -> str:
    """What the system says of the processor; on Linux with its instruction sets."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return platform.processor()
    kept = [
        line
        for line in lines
        if line.startswith(("model name", "flags", "Features", "CPU part"))
    ]
    return "\n".join(sorted(set(kept)))
